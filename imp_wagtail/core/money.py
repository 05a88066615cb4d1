"""Amounts of money, and currencies by their names, in the reader's language."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.core import get_global
from babel.numbers import format_currency, get_currency_precision
from django.db import models
from django.utils.translation import gettext_lazy as _

from .localities import current_locale


class CurrencyField(models.CharField):
    """An ISO 4217 code of three capital letters; the choices are named in the active language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("verbose_name", _("currency"))
        kwargs["max_length"] = 3
        kwargs["choices"] = currency_choices
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"], kwargs["choices"]
        return name, path, args, kwargs


@lru_cache(maxsize=1)
def _in_use() -> frozenset[str]:
    """The codes of what is legal tender somewhere today; CLDR has those of the past beside them."""
    histories = get_global("territory_currencies").values()
    return frozenset(code for history in histories for code, _from, until, tender in history if tender and not until)


@lru_cache(maxsize=64)
def _currencies(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale).currencies
    pairs = ((code, f"{code} – {names.get(code, code)}") for code in _in_use())
    return tuple(sorted(pairs))


def currency_choices() -> tuple[tuple[str, str], ...]:
    """``(ISO 4217 code, code and name)`` of every currency in use, sorted by code."""
    return _currencies(str(current_locale()))


def in_money(amount: Decimal, currency: str) -> str:
    """An amount as people write it: "€1,450", "1.450,50 €"; fractions only where there are any."""
    locale = current_locale()
    # CLDR's plain "en" would write foreign dollars as Americans do; this package's English is not American.
    locale = Locale("en", "GB") if str(locale) == "en" else locale
    is_whole = amount == amount.to_integral_value()
    digits = 0 if is_whole else get_currency_precision(currency)
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", f"0.{'0' * digits}" if digits else "0")
    return format_currency(amount, currency, format=pattern, locale=locale, currency_digits=False)
