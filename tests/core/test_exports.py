"""Cells that spreadsheet programs leave alone."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from imp_wagtail.core.exports import neutralised


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_text_that_would_run_as_a_formula_is_made_text(start: str) -> None:
    assert neutralised(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x0b", "\x1f"])
def test_signs_that_no_spreadsheet_can_hold_are_left_out_before_anything_else(sign: str) -> None:
    assert neutralised(f"An{sign}a") == "Ana"
    assert neutralised(f"{sign}=1+1") == "'=1+1"


@pytest.mark.parametrize(
    "value", ["", "Ana", "1-1", "a=b", " =1", -5, Decimal("-1.5"), dt.date(2024, 1, 1), None, True]
)
def test_anything_else_stays_as_it_is(value: Any) -> None:
    assert neutralised(value) is value
