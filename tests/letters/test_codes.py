"""Verification codes: guessed by nobody, typed by anybody."""

import pytest

from imp_wagtail.letters.codes import ALPHABET, fault, grouped, new_code, parse, within_address

CODE = "0123456789ABY"


def spoilt(code: str) -> list[str]:
    """Every code that differs from this one in a single character."""
    return [
        code[:place] + other + code[place + 1 :]
        for place in range(len(code))
        for other in ALPHABET
        if other != code[place]
    ]


def test_the_example_is_a_code() -> None:
    assert parse(CODE) == CODE


def test_new_codes_are_codes_and_differ() -> None:
    codes = {new_code() for _ in range(500)}

    assert len(codes) == 500
    assert all(parse(code) == code and set(code) <= set(ALPHABET) for code in codes)


# Named, because test workers compare the names of what they collected, and new codes differ.
@pytest.mark.parametrize(
    "code", [CODE, "ZZZZZZZZZZZZ9", *(new_code() for _ in range(3))], ids=["a", "b", "new", "new", "new"]
)
def test_every_single_mistyped_character_is_found(code: str) -> None:
    assert [wrong for wrong in spoilt(code) if parse(wrong)] == []


def test_two_neighbouring_characters_that_changed_places_are_found() -> None:
    swapped = [CODE[:i] + CODE[i + 1] + CODE[i] + CODE[i + 2 :] for i in range(len(CODE) - 2)]

    assert [wrong for wrong in swapped if parse(wrong)] == []


def test_a_code_is_printed_in_groups() -> None:
    assert grouped(CODE) == "0123-4567-89ABY"


@pytest.mark.parametrize(
    "typed",
    [
        "0123-4567-89ABY",
        "0123-4567-89aby",
        "o123 4567 89aby",
        "OI23-4567-89ABY",
        "0l23-4567-89ABY",
        " 0123 - 4567 - 89ABY \n",
        "0123–4567—89ABY",
        "０１２３－４５６７－８９ＡＢＹ",
        "\u200e0123\u00ad-4567-89ABY\u202c\ufeff",
        "0123\u00a04567\u200989ABY",
    ],
)
def test_a_code_is_read_however_it_was_typed_or_copied(typed: str) -> None:
    assert parse(typed) == CODE


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-",
        CODE[:-1],
        CODE + "0",
        "U" * 13,
        "*" * 13,
        "' OR 1=1 --  ",
        "<script>alert",
        "../../../etc/",
        "%00%00%00%00%",
        "٠١٢٣٤٥٦٧٨٩٠١٢",
        "0123-4567-89AB\N{LATIN SMALL LETTER SHARP S}",
        "0" * 5_000_000,
        " " * 5_000_000 + CODE,
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 64,
    ],
)
def test_what_no_letter_can_have_is_no_code_and_is_told_why(typed: str) -> None:
    assert parse(typed) is None
    assert fault(typed)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (CODE, ""),
        ("0123-4567-89AB", "A code has 13 characters, this has 12. Compare the code with the letter."),
        ("0123-4567-89ABYY", "A code has 13 characters, this has 14. Compare the code with the letter."),
        ("U123-4567-89ABY", "No code has “U” in it: look whether it is a V on the letter."),
        ("*123-4567-89ABY", "No code has “*” in it. Compare the code with the letter."),
        (
            "0123-4567-89ABX",
            "This code has a typing error: at least one character is not as on the letter. "
            "Often mistaken: 8 and B, 5 and S, 2 and Z, 6 and G, V and Y.",
        ),
    ],
)
def test_whoever_mistypes_a_code_reads_what_is_wrong_with_it(typed: str, why: str) -> None:
    assert fault(typed) == why


def test_two_characters_typed_for_their_lookalikes_are_no_mistake() -> None:
    assert parse("oI23-4567-89aby") == parse("0l23 4567 89ABY") == CODE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("https://www.example.org/verify/K7QF-2M9X-RT4WP/", "K7QF-2M9X-RT4WP"),
        ("https://www.example.org/en/verify/K7QF-2M9X-RT4WP", "K7QF-2M9X-RT4WP"),
        ("K7QF-2M9X-RT4WP", "K7QF-2M9X-RT4WP"),
        ("K7QF/2M9X/RT4WP", "K7QF/2M9X/RT4WP"),
        ("/verify/", ""),
        ("", ""),
    ],
)
def test_a_scanner_types_an_address_and_the_code_is_at_its_end(text: str, code: str) -> None:
    assert within_address(text) == code
