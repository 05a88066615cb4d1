"""One entry in the admin: putting somebody in, showing, editing."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Teacher
from imp_wagtail.participants.models import Participant
from tests.browsing import sent_by_browser
from tests.directory.staff.screens import address
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    TeacherFactory,
    UserFactory,
    registrar,
)
from tests.participants.screens import errors, with_permissions

pytestmark = pytest.mark.django_db

ENTRY = {
    "name": "Anna de Vries",
    "town": "Zwolle",
    "country": "NL",
    "languages": ["nl", "en"],
    "teaches_online": "on",
    "about": "Small groups.",
    "website": "example.org",
}
CONSENT = {"consented_on": "2025-01-01", "consent_note": "E-mail"}


def hidden(form: Any) -> dict[str, Any]:
    """What a browser sends along unseen."""
    return {field.html_name: field.value() for field in form.hidden_fields()}


def graduate(**values: Any) -> Participant:
    participant = ParticipantFactory(**values)
    EnrolmentFactory(participant=participant)
    participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return participant


def test_the_form_for_listing_begins_with_the_town_as_the_place_on_the_map(staff: Client) -> None:
    assert sent_by_browser(staff.get(address("list", graduate().pk)))["spot"] == "0"


def test_the_form_for_listing_begins_with_what_is_known(staff: Client) -> None:
    participant = graduate(name="Anna", town="Zwolle", country="NL", language="nl")
    form = staff.get(address("list", participant.pk)).context["form"]

    assert {name: form[name].value() for name in ("name", "town", "country", "languages", "consented_on")} == {
        "name": "Anna", "town": "Zwolle", "country": "NL", "languages": ["nl"], "consented_on": None,
    }  # fmt: skip


def test_somebody_is_listed_from_the_record_and_the_entry_opens(staff: Client) -> None:
    participant = graduate()
    response = staff.post(address("list", participant.pk), {**ENTRY, **CONSENT})
    teacher = Teacher.objects.get()

    assert response.url == address("edit", teacher.pk)
    assert (teacher.participant, teacher.name, teacher.is_listed) == (participant, "Anna de Vries", True)
    assert (teacher.website, teacher.language_names) == ("https://example.org", ["Dutch", "English"])
    assert (teacher.teaches_online, teacher.teaches_in_person) == (True, False)


def test_two_of_one_name_who_are_listed_in_the_same_instant_are_both_listed_at_the_second_click(
    staff: Client, teacher: Teacher, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = address("list", graduate().pk)
    with monkeypatch.context() as race:
        # What the second one sees before the first has written.
        race.setattr("imp_wagtail.directory.actions.entries.free_address", lambda name: teacher.slug)
        response = staff.post(where, {**ENTRY, **CONSENT})
    assert errors(response) == ["__all__"]
    assert Teacher.objects.get() == teacher

    staff.post(where, {**ENTRY, **CONSENT})
    assert Teacher.objects.count() == 2


@pytest.mark.parametrize("has_standing", [True, False])
def test_the_form_for_listing_is_taken_as_a_browser_sends_it(staff: Client, has_standing: bool) -> None:
    participant = graduate() if has_standing else ParticipantFactory()
    form = staff.get(address("list", participant.pk)).context["form"]
    reason = {} if has_standing else {"recognised_why": "Trained us all."}
    staff.post(address("list", participant.pk), {**hidden(form), **ENTRY, **CONSENT, **reason})

    assert Teacher.objects.get().is_listed


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"consented_on": ""}, "consented_on"),
        ({"consented_on": "2999-01-01"}, "consented_on"),
        ({"consented_on": "yesterday"}, "consented_on"),
        ({"country": ""}, "country"),
        ({"country": "XX"}, "country"),
        ({"languages": []}, "languages"),
        ({"languages": ["klingon"]}, "languages"),
        ({"teaches_online": ""}, "teaches_in_person"),
        ({"name": ""}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
def test_a_mistake_in_the_form_is_said_beside_its_field_and_lists_nobody(
    staff: Client, values: dict[str, Any], field: str
) -> None:
    response = staff.post(address("list", graduate().pk), {**ENTRY, **CONSENT, **values})

    assert errors(response) == [field]
    assert not Teacher.objects.exists()


def test_somebody_without_a_completed_pathway_is_listed_only_by_a_decision_with_its_reason(staff: Client) -> None:
    bert = ParticipantFactory(name="Bert")
    for why in ("", "  "):
        refused = staff.post(address("list", bert.pk), {**ENTRY, **CONSENT, "recognised_why": why})
        assert errors(refused) == ["recognised_why"]
    assert not Teacher.objects.exists()

    staff.post(address("list", bert.pk), {**ENTRY, **CONSENT, "recognised_why": "Trained us all."})
    teacher = Teacher.objects.get()
    assert (teacher.is_listed, teacher.recognised_why) == (True, "Trained us all.")


def test_whoever_completed_a_pathway_is_asked_for_no_decision(staff: Client) -> None:
    assert "recognised_why" not in staff.get(address("list", graduate().pk)).context["form"].fields


def test_what_else_was_agreed_to_is_recorded_with_the_listing(staff: Client) -> None:
    staff.post(address("list", graduate().pk), {**ENTRY, **CONSENT, "purposes": ["photo", "indexing"]})

    assert [consent.purpose for consent in Teacher.objects.get().consents.all()] == ["profile", "photo", "indexing"]


def test_whoever_has_an_entry_gets_it_instead_of_a_second_form(staff: Client, teacher: Teacher) -> None:
    response = staff.get(address("list", teacher.participant.pk))

    assert response.url == address("edit", teacher.pk)


def test_an_entry_is_edited(staff: Client, teacher: Teacher) -> None:
    response = staff.post(address("edit", teacher.pk), ENTRY)
    stored = Teacher.objects.get()

    assert response.url == address("edit", teacher.pk)
    assert (stored.name, stored.place, stored.teaches_in_person) == ("Anna de Vries", "Zwolle, Netherlands", False)
    assert sorted(stored.language_names) == ["Dutch", "English"]
    assert stored.slug == teacher.slug


@pytest.mark.parametrize(
    ("values", "field"),
    [({"country": ""}, "country"), ({"languages": []}, "languages"), ({"teaches_online": ""}, "teaches_in_person")],
)
def test_a_mistake_in_an_edit_changes_nothing(
    staff: Client, teacher: Teacher, values: dict[str, Any], field: str
) -> None:
    response = staff.post(address("edit", teacher.pk), {**ENTRY, **values})

    assert errors(response) == [field]
    assert response.context["teacher"].name == "Before"
    assert (Teacher.objects.get().name, Teacher.objects.get().language_names) == ("Before", ["French"])


def test_the_entry_shows_its_courses_and_qualifications_and_where_the_public_sees_it(
    staff: Client, teacher: Teacher
) -> None:
    page = DirectoryPageFactory()
    CourseFactory(teacher=teacher, title="Coming course")
    CourseFactory(teacher=teacher, title="Old course", starts=dt.date(2020, 1, 1), ends=dt.date(2020, 2, 1))
    QualificationFactory(teacher=teacher, title="A certificate", valid_until=dt.date(2020, 1, 1))
    CourseFactory(title="Somebody else's")
    text = staff.get(address("edit", teacher.pk)).text

    for said in ("Coming course", "Old course", "over, no longer shown", "A certificate", "no longer valid"):
        assert said in text
    assert page.teacher_url(teacher) in text
    assert "Somebody else" not in text


def test_an_entry_that_is_not_listed_has_no_public_address(staff: Client) -> None:
    page = DirectoryPageFactory()
    teacher = TeacherFactory(consent=False)
    text = staff.get(address("edit", teacher.pk)).text

    assert "No consent on record." in text
    assert page.teacher_url(teacher) not in text


def test_an_entry_that_there_is_not_is_not_found(staff: Client) -> None:
    of_teacher = ("list", "edit", "public", "preview", "end_consent", "record_consent", "renew", "suspend", "resume")
    for name in (*of_teacher, "recognise", "end_recognition", "add_course", "add_qualification"):
        assert staff.get(address(name, 999)).status_code == 404
    for name in ("edit_course", "remove_course", "edit_qualification", "check_qualification", "remove_qualification"):
        assert staff.post(address(name, 999)).status_code == 404


def test_the_photo_is_asked_for_only_where_the_user_may_choose_images(client: Client, teacher: Teacher) -> None:
    client.force_login(with_permissions("change_teacher", "view_teacher"))
    assert "photo" not in client.get(address("edit", teacher.pk)).context["form"].fields

    client.force_login(UserFactory(superuser=True))
    assert "photo" in client.get(address("edit", teacher.pk)).context["form"].fields


def test_whoever_may_choose_no_image_saves_the_entry_and_leaves_its_photo(client: Client, teacher: Teacher) -> None:
    photo = get_image_model().objects.create(title="Portrait", file=get_test_image_file())
    Teacher.objects.update(photo=photo)
    client.force_login(with_permissions("change_teacher", "view_teacher"))
    form = client.get(address("edit", teacher.pk)).context["form"]
    client.post(address("edit", teacher.pk), {**hidden(form), **ENTRY})

    teacher.refresh_from_db()
    assert (teacher.name, teacher.photo) == (ENTRY["name"], photo)


def test_the_link_to_the_record_is_for_those_who_may_see_it(client: Client, teacher: Teacher) -> None:
    record = reverse("imp_participants:record", args=[teacher.participant.pk])

    client.force_login(with_permissions("change_teacher", "view_teacher"))
    assert record not in client.get(address("edit", teacher.pk)).text
    client.force_login(registrar())
    assert record in client.get(address("edit", teacher.pk)).text


def test_the_entry_says_what_was_agreed_to_and_until_when_it_is_listed(staff: Client) -> None:
    teacher = TeacherFactory(agrees_to=["photo"], listed_until=dt.date(2099, 5, 1), renewed_on=dt.date(2098, 5, 1))
    actions.end_consent(teacher, "photo", on=dt.date(2025, 6, 1), why="Asked.", by=None)
    response = staff.get(address("edit", teacher.pk))

    for said in ("until 1 May 2099", "1 May 2098", "Agreed on 1 January 2025 to version 1 of the text"):
        assert said in response.text
    assert [(line.purpose, line.counts, line.is_open) for line in response.context["consent_lines"]] == [
        ("profile", True, True),
        ("photo", False, False),
        ("map", False, False),
        ("sharing", False, False),
        ("indexing", False, False),
    ]
    assert "ended on 1 June 2025" in response.text
    assert response.text.count("Not agreed to.") == 3


def test_the_entry_says_level_and_check_of_a_qualification_and_state_of_a_course(
    staff: Client, teacher: Teacher
) -> None:
    by = UserFactory(username="somebody")
    QualificationFactory(teacher=teacher, level="Level 3", checked_on=dt.date(2025, 3, 1), checked_by=by)
    unchecked = QualificationFactory(teacher=teacher, checked_on=None)
    CourseFactory(teacher=teacher, state="full")
    text = staff.get(address("edit", teacher.pk)).text

    for said in ("Level 3", "checked on 1 March 2025", "(somebody)", "To be checked with its body"):
        assert said in text
    assert re.search(r">\s*full\s*<", text)
    assert text.count("/check/") == 1
    assert address("check_qualification", unchecked.pk) in text


@pytest.mark.parametrize(
    ("values", "offered", "not_offered"),
    [
        ({}, ["renew", "suspend"], ["resume", "recognise", "end_recognition"]),
        ({"suspended_on": dt.date(2025, 1, 1)}, ["renew", "resume"], ["suspend"]),
        ({"standing": False}, ["recognise"], ["end_recognition"]),
        ({"standing": False, "recognised_on": dt.date(2025, 1, 1)}, ["end_recognition"], ["recognise"]),
    ],
)
def test_the_entry_offers_what_can_be_decided(
    staff: Client, values: dict[str, Any], offered: list[str], not_offered: list[str]
) -> None:
    teacher = TeacherFactory(**values)
    text = staff.get(address("edit", teacher.pk)).text

    assert [name for name in offered if f'"{address(name, teacher.pk)}"' not in text] == []
    assert [name for name in not_offered if f'"{address(name, teacher.pk)}"' in text] == []


def test_the_photo_leads_to_where_its_focal_point_is_set_for_whoever_may(client: Client) -> None:
    photo = get_image_model().objects.create(title="Portrait", file=get_test_image_file())
    teacher = TeacherFactory(photo=photo)
    focal_point = f'<a href="{reverse("wagtailimages:edit", args=[photo.pk])}">Set the focal point'

    client.force_login(registrar())
    text = client.get(address("edit", teacher.pk)).text
    assert photo.get_rendition("fill-320x320").url in text
    assert "Not shown to the public: there is no consent to it." in text
    assert focal_point not in text

    client.force_login(UserFactory(superuser=True))
    assert focal_point in client.get(address("edit", teacher.pk)).text


def test_whoever_saves_second_is_told_what_the_first_one_changed(staff: Client, teacher: Teacher) -> None:
    seen = staff.get(address("edit", teacher.pk)).context["form"]["seen"].value()
    staff.post(address("edit", teacher.pk), ENTRY)
    response = staff.post(address("edit", teacher.pk), {**ENTRY, "name": "Bert", "seen": seen})

    assert "__all__" in errors(response)
    assert Teacher.objects.get().name == "Anna de Vries"


def test_an_entry_takes_as_many_queries_with_many_courses_as_with_one(staff: Client, teacher: Teacher) -> None:
    def add() -> None:
        CourseFactory(teacher=teacher)
        QualificationFactory(teacher=teacher, checked_on=dt.date(2025, 1, 1), checked_by=UserFactory())

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            staff.get(address("edit", teacher.pk))
        return len(captured)

    add()
    queries()
    one = queries()
    for _number in range(5):
        add()

    assert queries() == one


def test_whoever_may_not_see_records_lists_nobody_from_one(client: Client) -> None:
    participant = graduate(name="Leakable Person")
    client.force_login(with_permissions("add_teacher", "change_teacher", "view_teacher"))
    for response in (client.get(address("list", participant.pk)), client.post(address("list", participant.pk), ENTRY)):
        assert (response.status_code, "Leakable" in response.text) == (302, False)
