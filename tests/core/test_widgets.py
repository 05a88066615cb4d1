"""Widgets that are drawn without templates: the same to the reader as Django's own."""

import copy
from typing import Any

import pytest
from django import forms
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from imp_wagtail.core.widgets import LongSelect, ManyChoices, OneLine

CHOICES = [("", "Any"), (1, "One"), ("<2>", gettext_lazy("Yes")), (3, "\"Three\" & <b>'more'</b>")]


def rendered(widget: type[forms.Select], value: Any) -> Any:
    html = widget(attrs={"class": "long"}, choices=CHOICES).render("choice", value, {"id": "id_choice"})
    return parse_html(html)


@pytest.mark.parametrize("value", [None, "", 1, "1", "<2>", "nothing of these"])
def test_a_long_select_is_what_djangos_own_is(value: Any) -> None:
    assert rendered(LongSelect, value) == rendered(forms.Select, value)


def test_many_choices_are_neither_copied_nor_changed() -> None:
    choices = ManyChoices(CHOICES)
    field = copy.deepcopy(forms.ChoiceField(choices=choices))

    assert field.choices is choices
    assert (list(choices), len(choices)) == (CHOICES, 4)
    assert field.valid_value("1")
    assert not field.valid_value("4")


@pytest.mark.parametrize("value", [None, "", "plain", 7, '"><script>', gettext_lazy("Yes")])
@pytest.mark.parametrize("attrs", [{}, {"id": "id_a", "required": True, "disabled": False, "title": "<'&\">"}])
def test_a_line_of_text_is_what_djangos_own_is(value: Any, attrs: dict[str, Any]) -> None:
    own, djangos = (widget(attrs={"class": "long"}).render("a", value, attrs) for widget in (OneLine, forms.TextInput))

    assert parse_html(own) == parse_html(djangos)
