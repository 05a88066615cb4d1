"""Widgets that are drawn at once: Django renders templates for each of them, and for each of their options."""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


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


def _option(key: str, label: Any, chosen: set[str]) -> str:
    return f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(str(label))}</option>'


class OneLine(forms.TextInput):
    """A line of text, of which Django makes three templates, one within the other."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        own = {"type": self.input_type, "name": name, "value": self.format_value(value)}
        return format_html("<input{}>", flatatt({**own, **self.build_attrs(self.attrs, attrs)}))
