"""What a cell says: dates, numbers, countries and languages as people write them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils.translation import override

from imp_wagtail.participants.importing import cells
from imp_wagtail.participants.importing.dates import read_date

DAY = dt.date(2027, 10, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2027-10-31",
        "2027/10/31",
        "2027.10.31",
        "2027-10-31 00:00:00",
        "2027-10-31T09:30",
        "31.10.2027",
        "31. 10. 2027",
        "31/10/2027",
        "10/31/2027",
        "31-10-2027",
        "31 October 2027",
        "31st of October, 2027",
        "October 31, 2027",
        "Oct 31 2027",
        "31-Oct-2027",
        "Sunday, 31 October 2027",
        "  31  october  2027 ",
        "٣١/١٠/٢٠٢٧",
        "2027年10月31日",
    ],
)
def test_a_day_is_read_however_it_is_written_without_doubt(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "31 octobre 2027"), ("fr", "dimanche 31 oct. 2027"), ("de", "31. Oktober 2027"), ("ar", "٣١ أكتوبر ٢٠٢٧")],
)
def test_a_month_is_read_in_the_reader_s_language(language: str, text: str) -> None:
    with override(language):
        assert read_date(text) == DAY


def test_the_same_number_for_day_and_month_leaves_no_doubt() -> None:
    assert read_date("04/04/2027") == dt.date(2027, 4, 4)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("03/04/2027", "This may be 3 April 2027 or 4 March 2027."),
        ("3-4-2027", "This may be 3 April 2027 or 4 March 2027."),
        ("31/10/27", "Write the year with four digits."),
        ("30 February 2027", "There is no such day."),
        ("2027-13-01", "There is no such day."),
        ("0000-01-01", "There is no such day."),
        ("31/31/2027", "There is no such day."),
        ("October 2027", "the day is missing"),
        ("2027", "the day is missing"),
        ("45000", "This is not a date. Write it like 2027-10-31 or 31 October 2027."),
        ("soon", "This is not a date."),
        ("31 October 2027 or 2028", "This is not a date."),
        ("1 2 October 2027", "This is not a date."),
    ],
)
def test_a_day_in_doubt_is_refused_with_the_reason(text: str, saying: str) -> None:
    with pytest.raises(ValueError, match=saying.replace(".", r"\.")):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", "7"), ("7.5", "7.5"), ("7,5", "7.5"), ("7.50", "7.5"), ("1 000", "1000"), ("-3", "-3"), ("٧٫٥", "7.5")],
)
def test_a_number_is_read_with_comma_or_point(text: str, number: str) -> None:
    assert cells.read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("six", "This is not a number"),
        ("6 days", "without its unit"),
        ("1.000", "at most two digits after the comma"),
        ("1,000", "at most two digits after the comma"),
        ("99999", "too large"),
        ("1e3", "This is not a number"),
        ("nan", "This is not a number"),
    ],
)
def test_a_number_in_doubt_is_refused_with_the_reason(text: str, saying: str) -> None:
    with pytest.raises(ValueError, match=saying):
        cells.read_number(text)


@pytest.mark.parametrize("text", ["NL", "nl", "NLD", "Netherlands", "the netherlands", "Holland"])
def test_a_country_is_known_by_its_codes_and_its_names(text: str) -> None:
    assert cells.read_country(text) == "NL"


@pytest.mark.parametrize(("text", "code"), [("UK", "GB"), ("USA", "US"), ("Cote d'Ivoire", "CI"), ("Czechia", "CZ")])
def test_a_country_is_known_by_what_it_is_called_every_day(text: str, code: str) -> None:
    assert cells.read_country(text) == code


def test_a_country_and_a_language_are_known_in_the_reader_s_language_and_in_english() -> None:
    with override("fr"):
        assert [cells.read_country("Allemagne"), cells.read_country("Germany")] == ["DE", "DE"]
        assert [cells.read_language("néerlandais"), cells.read_language("Dutch")] == ["nl", "nl"]


@pytest.mark.parametrize(
    ("text", "code"), [("en", "en"), ("EN", "en"), ("en-GB", "en"), ("pt_BR", "pt"), ("eng", "en")]
)
def test_a_language_is_known_by_its_codes(text: str, code: str) -> None:
    assert cells.read_language(text) == code


def test_a_country_nearly_spelled_is_asked_back() -> None:
    with pytest.raises(ValueError, match="Did you mean “Germany”"):
        cells.read_country("Germny")


def test_several_languages_are_not_one() -> None:
    with pytest.raises(ValueError, match="This is not a language"):
        cells.read_language("nl, en")


@pytest.mark.parametrize("text", ["active", "Active", "ACTIVE"])
def test_a_status_is_known_however_it_is_written(text: str) -> None:
    assert cells.read_status(text) == "active"


def test_an_unknown_status_is_told_what_there_is() -> None:
    with pytest.raises(ValueError, match="Write one of: active, paused, withdrawn"):
        cells.read_status("gone")


@pytest.mark.parametrize("sign", ["\0", "\x07", "\x1b", "\x85", "\ud800", "�", "\uffff"])
def test_signs_that_no_record_can_keep_are_refused_by_their_number(sign: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(sign):04X}"):
        cells.read_text(f"Ana{sign}")


def test_what_looks_like_a_formula_is_text() -> None:
    assert cells.read_text("=HYPERLINK(1)") == "=HYPERLINK(1)"


def test_a_failed_formula_is_no_name() -> None:
    with pytest.raises(ValueError, match="A formula of the spreadsheet failed here"):
        cells.read_text("#REF!")


def test_line_breaks_stay_in_notes_only() -> None:
    assert cells.read_text("Ana\r\n Maria") == "Ana Maria"
    assert cells.read_lines("One\r\nTwo\n") == "One\nTwo"


def test_text_that_is_too_long_says_how_long() -> None:
    with pytest.raises(ValueError, match="This has 5 characters; at most 4 are kept"):
        cells.read_text("abcde", 4)


@pytest.mark.parametrize("text", ["ana", "ana@", "ana@example", "ana @example.org", "ana@example.org; b@example.org"])
def test_what_is_no_e_mail_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="This is not an e-mail address"):
        cells.read_email(text)
