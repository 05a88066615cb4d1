"""A form as a browser sends it: every field that the page shows, with the value that stands in it."""

from typing import Any

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse

#: What is sent only where it is chosen, or never by itself.
UNSENT = ("submit", "button", "reset", "image", "file")


def sent_by_browser(response: HttpResponse) -> dict[str, Any]:
    """What goes with the one form of a page whose button is pressed; the first button, where there are several."""
    assert response.status_code == 200
    [form] = BeautifulSoup(response.text, "html.parser").find_all("form", method="post")
    sent: dict[str, list[str]] = {}
    for field in form.find_all(["input", "select", "textarea"], attrs={"name": True}):
        if not field.has_attr("disabled"):
            sent.setdefault(field["name"], []).extend(_values(field))
    button = form.find("button", attrs={"name": True})
    if button:
        sent[button["name"]] = [button["value"]]
    return {name: values if len(values) > 1 else values[0] for name, values in sent.items() if values}


def _values(field: Tag) -> list[str]:
    match field.name:
        case "textarea":
            # A browser takes away the line end that a template begins with, and sends the others as two characters.
            return [field.text.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")]
        case "select":
            return _chosen(field)
    kind = field.get("type", "text")
    if kind in UNSENT or (kind in ("checkbox", "radio") and not field.has_attr("checked")):
        return []
    return [field.get("value", "on" if kind in ("checkbox", "radio") else "")]


def _chosen(select: Tag) -> list[str]:
    options = select.find_all("option")
    chosen = [option for option in options if option.has_attr("selected")]
    if not chosen and not select.has_attr("multiple"):
        chosen = options[:1]
    return [option.get("value", option.text) for option in chosen]
