"""Fields for countries and languages."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from imp_wagtail.core.fields import CountryField, LanguageField, LanguagesField, language_names


def test_a_country_is_one_that_exists() -> None:
    assert CountryField().clean("NL", None) == "NL"
    for wrong in ("nl", "Netherlands", "EU", "ZZ"):
        with pytest.raises(ValidationError):
            CountryField().clean(wrong, None)


def test_a_language_is_one_that_exists() -> None:
    assert LanguageField().clean("es", None) == "es"
    for wrong in ("ES", "Spanish", "zz"):
        with pytest.raises(ValidationError):
            LanguageField().clean(wrong, None)


@pytest.mark.parametrize("field", [CountryField, LanguageField])
def test_migrations_hold_no_names(field: type[models.Field]) -> None:
    _name, _path, _args, kwargs = field(blank=True).deconstruct()

    assert set(kwargs) <= {"blank", "verbose_name"}


def test_choices_are_named_in_the_readers_language() -> None:
    field = CountryField()
    for reader, name in (("en", "Netherlands"), ("fr", "Pays-Bas")):
        with translation.override(reader):
            assert dict(field.flatchoices)["NL"] == name


@pytest.mark.parametrize("wrong", ["en", {"en": True}, ["en", "zz"], [""], [None], [["en"]], [{}], 7])
def test_languages_are_a_list_of_codes(wrong: Any) -> None:
    with pytest.raises(ValidationError):
        LanguagesField().clean(wrong, None)


def test_languages_keep_their_order() -> None:
    assert LanguagesField().clean(["nl", "en"], None) == ["nl", "en"]
    assert language_names(["nl", "en"]) == ["Dutch", "English"]


def test_no_language_is_accepted_only_where_it_may_be_empty() -> None:
    assert LanguagesField(blank=True).clean([], None) == []
    with pytest.raises(ValidationError):
        LanguagesField().clean([], None)


def test_a_form_offers_languages_by_name_and_refuses_others() -> None:
    field = LanguagesField(blank=True).formfield()

    assert field.clean(["es", "en"]) == ["es", "en"]
    assert field.clean([]) == []
    assert dict(field.choices)["es"] == "Spanish"
    with pytest.raises(ValidationError):
        field.clean(["zz"])
