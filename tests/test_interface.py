"""The interface speaks the reader's language: the public's by what their browser prefers, staff's by their account."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from wagtail.users.models import UserProfile

from imp_wagtail.core.words import in_a_row, quoted
from tests.factories import EnrolmentFactory, registrar
from tests.test_catalogues import LANGUAGES

each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.django_db
@each_language
def test_the_public_reads_its_own_language(client: Client, settings: object, language: str) -> None:
    settings.LANGUAGES = [("en", "English"), *((code, code) for code in LANGUAGES)]
    address = reverse("imp_letters:verify")

    page = client.get(address, headers={"accept-language": language}).text

    with override(language):
        heading = gettext("Check a letter")
    assert heading != "Check a letter"
    assert heading in page
    assert f'lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"' in page


@pytest.mark.django_db
@each_language
def test_staff_read_theirs(client: Client, language: str) -> None:
    enrolment = EnrolmentFactory()
    somebody = registrar()
    UserProfile.objects.update_or_create(user=somebody, defaults={"preferred_language": language})
    client.force_login(somebody)

    page = client.get(reverse("imp_participants:record", args=[enrolment.participant_id])).text

    with override(language):
        words = [gettext("Edit details"), gettext("Private notes")]
    assert not {"Edit details", "Private notes"} & set(words)
    assert [word for word in words if word not in page] == []


@pytest.mark.parametrize(
    ("language", "named", "row"),
    [
        ("en", "“A”", "A, B"),
        ("fr", "«\u202fA\u202f»", "A, B"),
        ("de", "„A“", "A, B"),
        ("it", "«A»", "A, B"),
        ("ar", "«A»", "A، B"),
    ],
)
def test_titles_and_lists_are_punctuated_as_the_language_has_it(language: str, named: str, row: str) -> None:
    with override(language):
        assert quoted("A") == named
        assert in_a_row(["A", "", None, "B"]) == row
