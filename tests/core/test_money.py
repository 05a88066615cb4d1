"""Amounts of money as people write them."""

from decimal import Decimal

import pytest
from django.utils import translation

from imp_wagtail.core.money import currency_choices, in_money


class TestInMoney:
    @pytest.mark.parametrize(
        ("language", "amount", "currency", "words"),
        [
            ("en", "1450", "EUR", "€1,450"),
            ("en", "1450.5", "EUR", "€1,450.50"),
            ("en", "0.05", "GBP", "£0.05"),
            ("en", "20", "USD", "US$20"),
            ("de", "1450.5", "EUR", "1.450,50\xa0€"),
            ("fr", "1450", "EUR", "1\u202f450\xa0€"),
            ("nl", "1450", "EUR", "€\xa01.450"),
            ("en", "12345", "JPY", "JP¥12,345"),
            ("en", "10.5", "KWD", "KWD10.500"),
        ],
    )
    def test_it_is_written_as_the_reader_s_language_has_it(
        self, language: str, amount: str, currency: str, words: str
    ) -> None:
        with translation.override(language):
            assert in_money(Decimal(amount), currency) == words


class TestCurrencies:
    def test_there_are_those_in_use_today_and_none_of_the_past(self) -> None:
        codes = {code for code, _name in currency_choices()}
        assert {"EUR", "GBP", "CHF", "ILS"} <= codes
        assert not codes & {"DEM", "FRF", "XXX", "XAU"}

    def test_they_are_named_in_the_reader_s_language(self) -> None:
        with translation.override("fr"):
            assert dict(currency_choices())["GBP"] == "GBP – livre sterling"
