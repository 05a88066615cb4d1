"""Names in every script: how they are compared, and the addresses made from them."""

from unicodedata import category, combining, normalize

import pytest
from hypothesis import given
from hypothesis.strategies import text

from imp_wagtail.core.names import MOST_WORDS, PLAIN_LETTERS, folded, words_of
from imp_wagtail.directory.models import Teacher
from imp_wagtail.directory.names import address_of, canonical_address
from tests.factories import ParticipantFactory, TeacherFactory


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Zoë O’Brien-Łuk", "zoe o brien luk"),
        ("Ángela  ÍÑIGUEZ", "angela iniguez"),
        ("Søren Straße", "soren strasse"),
        ("İpek Çağlar", "ipek caglar"),
        ("Μαρία Παπάς", "μαρια παπασ"),
        ("ΜΑΡΙΑ ΠΑΠΑΣ", "μαρια παπασ"),
        ("Мария", "мария"),
        ("فَاطِمَة", "فاطمة"),
        ("王小明", "王小明"),
        ("!!! 😀", ""),
    ],
)
def test_a_name_is_compared_without_capitals_accents_and_punctuation(name: str, plain: str) -> None:
    assert folded(name) == plain


def test_a_composed_and_a_decomposed_name_are_the_same() -> None:
    assert folded("Zo\u00eb") == folded("Zoe\u0308")


@given(text())
def test_each_sign_is_folded_as_it_is_within_its_text(words: str) -> None:
    """The rule for a whole text, written out: signs are folded one by one, and what was found is kept."""
    small = normalize("NFKD", normalize("NFKD", words).casefold())
    plain = "".join(sign for sign in small if not combining(sign)).translate(PLAIN_LETTERS)

    assert folded(words) == " ".join("".join(sign if category(sign)[0] in "LMN" else " " for sign in plain).split())


def test_a_flood_of_words_is_cut() -> None:
    assert len(words_of(" ".join(f"w{number}" for number in range(5000)))) == MOST_WORDS


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Anna de Vries", "anna-de-vries"),
        ("王小明", "王小明"),
        ("فاطمة الزهراء", "فاطمة-الزهراء"),
        ("Μαρία Παπαδοπούλου", "μαρία-παπαδοπούλου"),
        ("Ingrid Bjørnstad", "ingrid-bjørnstad"),
        ("···", "teacher"),
    ],
)
def test_an_address_is_made_in_the_script_of_the_name(name: str, address: str) -> None:
    assert address_of(name) == address


@pytest.mark.parametrize(
    ("typed", "address"),
    [("Anna-Vries", "anna-vries"), ("zoe\u0308", "zo\u00eb"), ("a b", ""), ("\x00", ""), ("../x", ""), ("", "")],
)
def test_a_typed_address_is_brought_into_its_stored_form(typed: str, address: str) -> None:
    assert canonical_address(typed) == address


@pytest.mark.django_db
def test_the_folded_name_follows_every_save_in_bulk_too() -> None:
    teacher = TeacherFactory(name="Zoë")
    teacher.name = "Ángela"
    teacher.save()
    Teacher.objects.bulk_create(
        [Teacher(participant=ParticipantFactory(), name="Łukasz", slug="lukasz", country="PL")]
    )

    assert sorted(Teacher.objects.values_list("folded_name", flat=True)) == ["angela", "lukasz"]


@pytest.mark.django_db
def test_a_name_that_folding_lengthens_is_still_stored() -> None:
    assert len(TeacherFactory(name="ﷺ" * 160).folded_name) == 200
