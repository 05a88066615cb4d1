"""Widgets that are drawn at once: Django renders templates for each of them, and for each of their options."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext


class ManyChoices(BaseChoiceIterator):
    """Pairs of value and label that nobody changes. Of a plain list, forms copy and check each pair several times."""

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        self.pairs = list(choices)

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        return iter(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "ManyChoices":
        return self


class LongSelect(forms.Select):
    """A select with all its options at once. Django renders a template for each of them."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = set(self.format_value(value))
        options = "".join(_option(str(key), label, chosen) for key, label in self.choices)
        own = flatatt({**self.build_attrs(self.attrs, attrs), "name": name})
        return mark_safe(f"<select{own}>{options}</select>")  # noqa: S308 - every part is escaped


class SeveralSelects(forms.SelectMultiple):
    """A few of many choices, in their order: a select for each that is chosen, and empty ones for more.

    A list in which one has to hold a key down is lost by a click; this is not, and works by keyboard alone.
    """

    #: Selects that there are in any case.
    at_least = 3

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = [str(key) for key in value or []]
        own = {**self.build_attrs(self.attrs, attrs), "name": name}
        return format_html_join(
            " ", "{}", ((self._select(own, chosen, place),) for place in range(max(self.at_least, len(chosen) + 1)))
        )

    def _select(self, own: dict[str, Any], chosen: list[str], place: int) -> SafeString:
        now = {chosen[place]} if place < len(chosen) else {""}
        attrs = {**own, "aria-label": gettext("Choice %(number)d") % {"number": place + 1}}
        if place:  # the label is the first one's
            attrs["id"] = f"{own.get('id', own['name'])}_{place}"
            attrs.pop("required", None)
        return mark_safe(  # noqa: S308 - every part is escaped
            f"<select{flatatt(attrs)}>{_option('', '–', now)}{_options(self.choices, now)}</select>"
        )

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        given = super().value_from_datadict(data, files, name) or []
        return list(dict.fromkeys(key for key in given if key))


def _options(choices: Iterable[tuple[Any, Any]], chosen: set[str]) -> str:
    """Options, and groups of them."""
    return "".join(
        f'<optgroup label="{escape(str(key))}">{_options(label, chosen)}</optgroup>'
        if isinstance(label, list | tuple)
        else _option(str(key), label, chosen)
        for key, label in choices
    )


def _option(key: str, label: Any, chosen: set[str]) -> str:
    return f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(str(label))}</option>'


class OneLine(forms.TextInput):
    """A line of text, of which Django makes three templates, one within the other."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        own = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt({**own, **self.build_attrs(self.attrs, attrs)}))
