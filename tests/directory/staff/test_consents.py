"""Consents of an entry in the admin, each purpose by itself."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Purpose, Teacher
from tests.directory.staff.screens import address
from tests.factories import ConsentFactory, ParticipantFactory, TeacherFactory
from tests.participants.screens import errors

pytestmark = pytest.mark.django_db


def test_consent_ends_and_is_given_anew(staff: Client, teacher: Teacher) -> None:
    staff.post(address("end_consent", teacher.pk), {"purpose": "profile", "on": "2025-06-01", "why": "Asked for it."})
    assert teacher.consents.get().ended_on == dt.date(2025, 6, 1)

    sent = {"purpose": "profile", "on": "2025-07-01", "note": "Letter"}
    response = staff.post(address("record_consent", teacher.pk), sent)
    stored = Teacher.objects.get()
    assert response.url == address("edit", teacher.pk)
    assert (stored.is_listed, stored.consent_to("profile").given_on) == (True, dt.date(2025, 7, 1))
    assert stored.consent_to("profile").note == "Letter"


def test_whoever_records_consent_reads_what_is_agreed_to(staff: Client, teacher: Teacher) -> None:
    actions.publish_text("photo", {"en": "My photo, in <print> too."}, by=None)
    people = ParticipantFactory(name="New")
    for where in (address("record_consent", teacher.pk), address("list", people.pk)):
        page = BeautifulSoup(staff.get(where).text, "html.parser")
        said = [each.get_text(" ", strip=True) for each in page.select("details.imp-wording-to-read")]

        assert len(said) == len(Purpose)
        assert said[0].startswith("What is agreed to : Public profile Version 1 My name, country and town")
        assert said[1] == "What is agreed to : Photo Version 2 My photo, in <print> too."


@pytest.mark.parametrize("language", ["nl", "fr"])
def test_the_wording_is_the_readers_else_the_sites(staff: Client, teacher: Teacher, language: str) -> None:
    Locale.objects.get_or_create(language_code="fr")
    actions.publish_text("photo", {"en": "My photo too.", "fr": "Ma photo aussi."}, by=None)

    text = staff.get(address("record_consent", teacher.pk), headers={"Accept-Language": language}).text
    assert ("Ma photo aussi." in text, "My photo too." in text) == (language == "fr", language != "fr")


def test_the_entry_says_what_a_newer_wording_asks_for(staff: Client) -> None:
    teacher = TeacherFactory(agrees_to=["photo"])
    said = "there is a newer text to agree to"
    assert said not in staff.get(address("edit", teacher.pk)).text
    actions.publish_text("photo", {"en": "My photo too."}, by=None)
    assert staff.get(address("edit", teacher.pk)).text.count(said) == 1
    staff.post(address("record_consent", teacher.pk), {"purpose": "photo", "on": timezone.localdate().isoformat()})
    assert said not in staff.get(address("edit", teacher.pk)).text


@pytest.mark.parametrize("purpose", Purpose.values[1:])
def test_each_other_purpose_is_recorded_and_ended_by_itself(staff: Client, teacher: Teacher, purpose: str) -> None:
    staff.post(address("record_consent", teacher.pk), {"purpose": purpose, "on": "2025-03-01"})
    assert [each for each in Purpose.values if Teacher.objects.get().agrees_to(each)] == ["profile", purpose]

    ended = {"purpose": purpose, "on": "2025-06-01", "why": "Asked for it."}
    response = staff.post(address("end_consent", teacher.pk), ended, follow=True)
    assert [each for each in Purpose.values if Teacher.objects.get().agrees_to(each)] == ["profile"]
    assert "Consent ended." in response.text
    assert "Nobody sees this entry any more" not in response.text


def test_the_end_of_the_profile_says_that_nobody_sees_the_entry(staff: Client, teacher: Teacher) -> None:
    ConsentFactory(teacher=teacher, purpose="photo")
    ended = {"purpose": "profile", "on": "2025-06-01", "why": "Asked for it."}

    assert "Nobody sees this entry any more" in staff.post(address("end_consent", teacher.pk), ended, follow=True).text
    assert not teacher.consents.filter(ended_on=None).exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"on": "2025-06-01", "why": ""}, "why"),
        ({"on": "2025-06-01", "why": "   "}, "why"),
        ({"on": "2999-06-01", "why": "Asked."}, "on"),
        ({"on": "2001-06-01", "why": "Asked."}, "on"),
        ({"on": "2025-06-01", "why": "Asked.", "purpose": "everything"}, "purpose"),
    ],
)
def test_a_mistake_in_ending_consent_is_said_beside_its_field(
    staff: Client, teacher: Teacher, values: dict[str, str], field: str
) -> None:
    assert errors(staff.post(address("end_consent", teacher.pk), {"purpose": "profile", **values})) == [field]
    assert Teacher.objects.get().is_listed


def test_what_was_never_agreed_to_cannot_end(staff: Client, teacher: Teacher) -> None:
    ended = {"purpose": "map", "on": "2025-06-01", "why": "Asked."}

    assert errors(staff.post(address("end_consent", teacher.pk), ended)) == ["__all__"]


@pytest.mark.parametrize("day", ["", "2999-01-01", "2000-01-01"])
def test_a_mistake_in_recording_consent_is_said_beside_its_field(staff: Client, teacher: Teacher, day: str) -> None:
    response = staff.post(address("record_consent", teacher.pk), {"purpose": "profile", "on": day})

    assert errors(response) == ["on"]
    assert teacher.consents.get().given_on == dt.date(2025, 1, 1)


def test_ending_consent_begins_with_today_and_recording_with_no_day(staff: Client, teacher: Teacher) -> None:
    assert staff.get(address("end_consent", teacher.pk)).context["form"]["on"].value() == timezone.localdate()
    assert staff.get(address("record_consent", teacher.pk)).context["form"]["on"].value() is None


@pytest.mark.parametrize(("asked", "chosen"), [("photo", "photo"), ("", "profile"), ("nonsense", "profile")])
def test_a_link_may_have_chosen_the_purpose(staff: Client, asked: str, chosen: str) -> None:
    teacher = TeacherFactory()
    for name in ("record_consent", "end_consent"):
        form = staff.get(address(name, teacher.pk), {"purpose": asked}).context["form"]
        assert form["purpose"].value() == chosen
