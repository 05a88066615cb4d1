"""What may be done with directory entries: refused with a reason, done once, and logged."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Course, Qualification, Teacher
from imp_wagtail.participants.models import Participant
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    TeacherFactory,
    registrar,
)

pytestmark = pytest.mark.django_db

DAY = dt.date(2025, 1, 1)
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
COURSE = {
    "title": "Eight weeks",
    "starts": dt.date(2099, 3, 1),
    "ends": dt.date(2099, 4, 26),
    "format": "online",
    "language": "nl",
    "place": "",
    "url": "",
}


def graduate(**values: Any) -> Participant:
    participant = ParticipantFactory(**values)
    EnrolmentFactory.create_batch(2, participant=participant)
    participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return participant


def list_teacher(participant: Participant, **values: Any) -> Teacher:
    return actions.list_teacher(
        participant,
        **{
            "consented_on": DAY,
            "consent_note": "E-mail of that day",
            "town": "Zwolle",
            "country": "NL",
            "languages": ["nl", "en"],
            "teaches_online": True,
            "teaches_in_person": False,
            "by": registrar(),
            **values,
        },
    )


def log_of(participant: Participant) -> list[tuple[str, dict]]:
    entries = ModelLogEntry.objects.for_instance(participant).order_by("timestamp", "pk")
    return [(entry.action, entry.data) for entry in entries]


def test_listing_makes_an_entry_with_address_languages_and_one_line_of_history() -> None:
    participant = graduate(name="Zoë O’Brien")
    teacher = list_teacher(participant, about="Small groups.", website="https://example.org")
    stored = Teacher.objects.get(pk=teacher.pk)

    assert (stored.name, stored.slug, stored.place) == ("Zoë O’Brien", "zoë-obrien", "Zwolle, Netherlands")
    assert (stored.about, stored.website) == ("Small groups.", "https://example.org")
    assert (stored.teaches_online, stored.teaches_in_person) == (True, False)
    assert (stored.consented_on, stored.consent_note) == (DAY, "E-mail of that day")
    assert stored.language_names == ["Dutch", "English"]
    assert stored.is_listed
    assert log_of(participant) == [("imp.teacher.list", {"what": "Zoë O’Brien", "after": "2025-01-01"})]


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        (
            {"consented_on": None},
            "consented_on",
            "Give the day on which consent was given; without it, no listing.",
        ),
        ({"consented_on": TOMORROW}, "consented_on", "This date lies in the future."),
        ({"country": ""}, "country", "Say in which country; people look for teachers by it."),
        ({"country": "XX"}, "country", "Value 'XX' is not a valid choice."),
        ({"languages": []}, "languages", "Choose at least one language."),
        ({"languages": ["nl", "qq"]}, "languages", "“qq” is not the code of a language."),
        ({"teaches_online": False}, "teaches_in_person", "Choose at least one: online, in person, or both."),
        ({"website": "javascript:alert(1)"}, "website", "Enter a valid URL."),
        (
            {"name": "x" * 161},
            "name",
            "Ensure this value has at most 160 characters (it has 161).",
        ),
        (
            {"consent_note": "x" * 241},
            "consent_note",
            "Ensure this value has at most 240 characters (it has 241).",
        ),
    ],
)
def test_listing_is_refused_beside_the_field(values: dict[str, Any], field: str, message: str) -> None:
    participant = graduate()
    with pytest.raises(ValidationError) as refused:
        list_teacher(participant, **values)

    assert refused.value.message_dict == {field: [message]}
    assert not Teacher.objects.exists()
    assert log_of(participant) == []


def test_names_that_a_database_may_take_for_one_get_addresses_of_their_own() -> None:
    """To MariaDB "zoe" and "zoë" are the same, and of the same address there is one."""
    teachers = [list_teacher(graduate(name=name)) for name in ("Zoë", "Zoe", "Zoé")]

    assert [Teacher.objects.get(slug=teacher.slug) for teacher in teachers] == teachers


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        list_teacher(graduate(), country="", languages=[], teaches_online=False, website="nowhere")

    assert sorted(refused.value.message_dict) == ["country", "languages", "teaches_in_person", "website"]


@pytest.mark.parametrize("state", [{}, {"completed_on": DAY, "status": "withdrawn"}])
def test_without_a_completed_pathway_nobody_is_listed(state: dict[str, Any]) -> None:
    participant = ParticipantFactory(name="Anna")
    EnrolmentFactory(participant=participant)
    participant.enrolments.update(**{"completed_on": None, **state})
    with pytest.raises(ValidationError, match="Anna has not completed what opens the directory"):
        list_teacher(participant)

    assert not Teacher.objects.exists()


def test_listing_twice_with_the_same_words_changes_nothing() -> None:
    participant = graduate()

    assert list_teacher(participant) == list_teacher(participant)
    assert len(log_of(participant)) == 1


@pytest.mark.parametrize("values", [{"town": "Utrecht"}, {"languages": ["nl"]}, {"consented_on": dt.date(2025, 1, 2)}])
def test_listing_twice_with_other_words_is_refused(values: dict[str, Any]) -> None:
    participant = graduate(name="Anna")
    list_teacher(participant)
    with pytest.raises(ValidationError, match="Anna has a directory entry already"):
        list_teacher(participant, **values)

    assert Teacher.objects.get().town == "Zwolle"


def test_listing_does_not_bring_back_somebody_whose_consent_ended() -> None:
    participant = graduate()
    actions.end_consent(list_teacher(participant), why="Asked for it.", by=registrar())
    with pytest.raises(ValidationError, match="directory entry already"):
        list_teacher(participant)

    assert not Teacher.objects.get().is_listed


def test_a_detail_that_there_is_not_is_the_caller_s_mistake() -> None:
    with pytest.raises(TypeError, match="a teacher has no slug"):
        list_teacher(graduate(), slug="mine")


def test_changes_are_one_line_of_history_that_says_from_what_to_what() -> None:
    teacher = list_teacher(graduate(name="Anna"))
    actions.update_teacher(
        teacher, town="Utrecht", country="BE", languages=["fr"], teaches_in_person=True, by=registrar()
    )

    assert log_of(teacher.participant)[1:] == [
        (
            "imp.teacher.change",
            {
                "what": "Town, Country, Languages, Teaches in person",
                "before": "Zwolle · Netherlands · Dutch, English · no",
                "after": "Utrecht · Belgium · French · yes",
            },
        )
    ]


def test_a_new_name_keeps_the_address_and_changes_how_it_is_found() -> None:
    teacher = list_teacher(graduate(name="Anna Vries"))
    actions.update_teacher(teacher, name="Ännä  Bakker", by=registrar())
    stored = Teacher.objects.get()

    assert (stored.name, stored.slug) == ("Ännä Bakker", "anna-vries")
    assert list(Teacher.objects.matching("bakker anna")) == [stored]
    assert not Teacher.objects.matching("vries").exists()


def test_saving_the_same_details_changes_nothing() -> None:
    teacher = list_teacher(graduate())
    rows = list(teacher.languages.values_list("pk", flat=True))
    actions.update_teacher(teacher, name=f" {teacher.name}", town="Zwolle", languages=["en", "nl"], by=registrar())

    assert list(teacher.languages.values_list("pk", flat=True)) == rows
    assert Teacher.objects.get().updated_at == teacher.updated_at
    assert len(log_of(teacher.participant)) == 1


def test_a_further_language_stands_after_those_that_were_there() -> None:
    teacher = list_teacher(graduate())
    actions.update_teacher(teacher, languages=["de", "en", "de", "nl"], by=registrar())

    assert Teacher.objects.get().language_names == ["Dutch", "English", "German"]


def test_a_refused_change_leaves_everything_as_it_was() -> None:
    teacher = list_teacher(graduate())
    with pytest.raises(ValidationError) as refused:
        actions.update_teacher(teacher, town="Utrecht", languages=["qq"], by=registrar())

    assert list(refused.value.message_dict) == ["languages"]
    assert (Teacher.objects.get().town, Teacher.objects.get().language_names) == ("Zwolle", ["Dutch", "English"])
    assert len(log_of(teacher.participant)) == 1


def test_consent_ends_with_a_day_and_a_reason() -> None:
    teacher = list_teacher(graduate(name="Anna"))
    actions.end_consent(teacher, on=dt.date(2025, 6, 1), why="Moved on.", by=registrar())

    assert Teacher.objects.get().consent_ended_on == dt.date(2025, 6, 1)
    assert log_of(teacher.participant)[1:] == [
        (
            "imp.teacher.end_consent",
            {"what": "Anna", "before": "2025-01-01", "after": "2025-06-01", "why": "Moved on."},
        )
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"why": "  "}, "why"),
        ({"why": "Asked.", "on": TOMORROW}, "on"),
        ({"why": "Asked.", "on": dt.date(2024, 12, 31)}, "on"),
    ],
)
def test_consent_does_not_end_without_sense(values: dict[str, Any], field: str) -> None:
    teacher = list_teacher(graduate())
    with pytest.raises(ValidationError) as refused:
        actions.end_consent(teacher, by=registrar(), **values)

    assert list(refused.value.message_dict) == [field]
    assert Teacher.objects.get().is_listed


def test_consent_that_was_never_given_cannot_end() -> None:
    with pytest.raises(ValidationError, match="no consent on record"):
        actions.end_consent(TeacherFactory(without_consent=True), why="Asked.", by=registrar())


def test_consent_ends_once() -> None:
    teacher = list_teacher(graduate())
    actions.end_consent(teacher, on=dt.date(2025, 6, 1), why="Asked.", by=registrar())
    actions.end_consent(teacher, on=dt.date(2025, 7, 1), why="Again.", by=registrar())

    assert Teacher.objects.get().consent_ended_on == dt.date(2025, 6, 1)
    assert len(log_of(teacher.participant)) == 2


def test_consent_given_anew_lists_again_and_is_logged_once() -> None:
    teacher = list_teacher(graduate(name="Anna"))
    actions.end_consent(teacher, on=dt.date(2025, 6, 1), why="Asked.", by=registrar())
    for _time in range(2):
        actions.renew_consent(teacher, consented_on=dt.date(2025, 9, 1), consent_note="Letter", by=registrar())
    stored = Teacher.objects.get()

    assert (stored.is_listed, stored.consent_note, stored.consent_ended_on) == (True, "Letter", None)
    assert log_of(teacher.participant)[2:] == [
        ("imp.teacher.renew_consent", {"what": "Anna", "before": "2025-06-01", "after": "2025-09-01"})
    ]


@pytest.mark.parametrize("day", [None, TOMORROW, dt.date(2025, 5, 31)])
def test_consent_is_not_renewed_without_a_later_day(day: dt.date | None) -> None:
    teacher = list_teacher(graduate())
    actions.end_consent(teacher, on=dt.date(2025, 6, 1), why="Asked.", by=registrar())
    with pytest.raises(ValidationError) as refused:
        actions.renew_consent(teacher, consented_on=day, by=registrar())

    assert list(refused.value.message_dict) == ["consented_on"]
    assert not Teacher.objects.get().is_listed


def test_a_course_is_added_once_and_logged_with_its_dates() -> None:
    teacher = TeacherFactory()
    courses = {actions.add_course(teacher, **COURSE, by=registrar()).pk for _time in range(2)}

    assert len(courses) == 1
    assert log_of(teacher.participant) == [
        ("imp.course.add", {"what": "Eight weeks", "after": "1 March – 26 April 2099"})
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ends": dt.date(2099, 2, 28)}, "ends"),
        ({"title": ""}, "title"),
        ({"language": "qq"}, "language"),
        ({"format": "telepathy"}, "format"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"starts": None}, "starts"),
    ],
)
def test_a_course_that_makes_no_sense_is_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.add_course(TeacherFactory(), **{**COURSE, **values}, by=registrar())

    assert list(refused.value.message_dict) == [field]
    assert not Course.objects.exists()


def test_a_course_is_removed_once() -> None:
    course = CourseFactory(title="Eight weeks")
    for _time in range(2):
        actions.remove_course(Course(pk=course.pk, **COURSE, teacher=course.teacher), by=registrar())

    assert not Course.objects.exists()
    assert log_of(course.teacher.participant) == [
        ("imp.course.remove", {"what": "Eight weeks", "before": "1 March – 26 April 2099"})
    ]


def test_a_qualification_is_added_once_and_removed_once() -> None:
    teacher = TeacherFactory()
    held = {"sort": "accredited", "title": "Accredited", "body": "A register", "awarded_on": DAY}
    qualification = actions.add_qualification(teacher, **held, by=registrar())
    assert actions.add_qualification(teacher, **held, by=registrar()) == qualification
    pk = qualification.pk
    for _time in range(2):
        actions.remove_qualification(Qualification(pk=pk, teacher=teacher, **held), by=registrar())

    assert not Qualification.objects.exists()
    assert log_of(teacher.participant) == [
        ("imp.qualification.add", {"what": "Accredited", "after": "independently accredited"}),
        ("imp.qualification.remove", {"what": "Accredited", "before": "independently accredited"}),
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"sort": "accredited", "body": ""}, "body"),
        ({"sort": "self-declared"}, "sort"),
        ({"awarded_on": TOMORROW}, "awarded_on"),
        ({"awarded_on": DAY, "valid_until": dt.date(2024, 12, 31)}, "valid_until"),
    ],
)
def test_a_qualification_that_makes_no_sense_is_refused(values: dict[str, Any], field: str) -> None:
    held = {"sort": "completed", "title": "Teacher", "body": "An institute", **values}
    with pytest.raises(ValidationError) as refused:
        actions.add_qualification(TeacherFactory(), **held, by=registrar())

    assert list(refused.value.message_dict) == [field]
    assert not Qualification.objects.exists()


def test_the_last_day_of_an_accreditation_still_counts() -> None:
    today = timezone.localdate()

    assert QualificationFactory(valid_until=today).is_current
    assert not QualificationFactory(valid_until=today - dt.timedelta(days=1)).is_current
    assert QualificationFactory(valid_until=None).is_current


@pytest.mark.parametrize("change", ["add_course", "remove_course", "add_qualification"])
def test_what_belongs_to_an_entry_dates_the_entry_anew(change: str) -> None:
    course = CourseFactory()
    Teacher.objects.update(updated_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    match change:
        case "add_course":
            actions.add_course(course.teacher, **COURSE, by=registrar())
        case "remove_course":
            actions.remove_course(course, by=registrar())
        case "add_qualification":
            actions.add_qualification(course.teacher, sort="attended", title="A course", by=registrar())

    assert Teacher.objects.get().updated_at.date() >= timezone.localdate() - dt.timedelta(days=1)
