"""Widgets that are drawn without templates: the same to the reader as Django's own."""

import copy
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.http import QueryDict
from django.test.html import parse_html
from django.utils.translation import gettext_lazy

from imp_wagtail.core.widgets import LongSelect, ManyChoices, OneLine, SeveralSelects

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


class TestSeveralSelects:
    """A few of many choices, in their order."""

    def drawn(self, value: list[str] | None) -> BeautifulSoup:
        field = forms.MultipleChoiceField(
            choices=[("en", "English"), ("fr", "<French>"), ("Others", [("it", "Italian"), ("nl", "Dutch")])]
        )
        field.widget = SeveralSelects(choices=field.choices)
        return BeautifulSoup(field.widget.render("languages", value, {"id": "id_languages"}), "html.parser")

    def chosen(self, drawn: BeautifulSoup) -> list[str]:
        return [select.find("option", selected=True)["value"] for select in drawn.find_all("select")]

    @pytest.mark.parametrize(
        ("value", "chosen"),
        [
            (None, ["", "", ""]),
            (["fr"], ["fr", "", ""]),
            (["it", "en", "fr"], ["it", "en", "fr", ""]),
        ],
    )
    def test_there_is_one_for_each_and_room_for_more(self, value: list[str] | None, chosen: list[str]) -> None:
        assert self.chosen(self.drawn(value)) == chosen

    def test_each_has_a_name_for_those_who_hear_it_and_an_id_of_its_own(self) -> None:
        selects = self.drawn(["fr"]).find_all("select")
        assert [select["aria-label"] for select in selects] == ["Choice 1", "Choice 2", "Choice 3"]
        assert [select["id"] for select in selects] == ["id_languages", "id_languages_1", "id_languages_2"]

    def test_groups_and_signs_of_html_come_out_as_they_are(self) -> None:
        drawn = self.drawn([])
        assert [group["label"] for group in drawn.select("select")[0].find_all("optgroup")] == ["Others"]
        assert drawn.find("option", value="fr").get_text() == "<French>"

    def test_what_is_empty_or_chosen_twice_is_left_out(self) -> None:
        sent = QueryDict("languages=fr&languages=&languages=en&languages=fr")
        assert SeveralSelects().value_from_datadict(sent, {}, "languages") == ["fr", "en"]
