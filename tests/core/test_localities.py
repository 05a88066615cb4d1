"""Names of countries and languages, in the reader's language."""

import pytest
from django.utils import translation

from imp_wagtail.core.localities import (
    country_choices,
    country_name,
    language_choices,
    language_name,
)


@pytest.mark.parametrize(
    ("reader", "country", "language"),
    [
        ("en", "Netherlands", "Spanish"),
        ("en-gb", "Netherlands", "Spanish"),
        ("fr", "Pays-Bas", "Espagnol"),
        ("ar", "هولندا", "الإسبانية"),
        # A language that Unicode does not know, and none at all, are read as English.
        ("tlh", "Netherlands", "Spanish"),
        (None, "Netherlands", "Spanish"),
    ],
)
def test_names_follow_the_reader(reader: str | None, country: str, language: str) -> None:
    context = translation.override(reader) if reader else translation.override(None, deactivate=True)
    with context:
        assert (country_name("NL"), language_name("es")) == (country, language)


def test_an_unknown_code_is_named_by_itself() -> None:
    assert (country_name("QQ"), language_name("qq"), country_name("")) == ("QQ", "qq", "")


@pytest.mark.parametrize("code", ["EU", "UN", "XA", "ZZ", "QO", "001"])
def test_groupings_and_placeholders_are_no_countries(code: str) -> None:
    assert code not in dict(country_choices())


@pytest.mark.parametrize("code", ["GB", "NL", "TW", "XK", "PS"])
def test_countries_may_be_chosen(code: str) -> None:
    assert code in dict(country_choices())


@pytest.mark.parametrize("code", ["en", "ar", "he", "zh", "nb", "cy"])
def test_languages_may_be_chosen(code: str) -> None:
    assert code in dict(language_choices())


@pytest.mark.parametrize("code", ["root", "mul", "ie", "tlh", "en_GB"])
def test_scripts_regions_and_invented_codes_may_not(code: str) -> None:
    assert code not in dict(language_choices())


@pytest.mark.parametrize("choices", [country_choices, language_choices])
def test_choices_are_sorted_by_name_and_hold_each_code_once(choices: object) -> None:
    pairs = choices()
    names = [name.casefold() for _code, name in pairs]

    assert names == sorted(names)
    assert len({code for code, _name in pairs}) == len(pairs) > 150
