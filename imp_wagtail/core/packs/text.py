"""Plain text in packs, as rich text in pages."""

import re

from django.utils.html import escape

BULLET = re.compile(r"^[-*] +")
NUMBER = re.compile(r"^\d+[.)] +")


def rich_text(text: str) -> str:
    """Paragraphs divided by empty lines, and simple lists, as the rich text that Wagtail stores.

    Everything else is text as it stands: markup in a pack shows as itself.
    """
    return "".join(_paragraph(chunk.split("\n")) for chunk in re.split(r"\n\s*\n", text.strip()) if chunk.strip())


def _paragraph(lines: list[str]) -> str:
    lines = [line.strip() for line in lines]
    for mark, tag in ((BULLET, "ul"), (NUMBER, "ol")):
        if mark.match(lines[0]):
            return f"<{tag}>{''.join(f'<li>{escape(item)}</li>' for item in _items(lines, mark))}</{tag}>"
    return f"<p>{escape(' '.join(lines))}</p>"


def _items(lines: list[str], mark: re.Pattern[str]) -> list[str]:
    """The entries of a list; a line without the mark goes on with the entry before it."""
    items: list[str] = []
    for line in lines:
        if mark.match(line):
            items.append(mark.sub("", line))
        else:
            items[-1] += f" {line}"
    return items
