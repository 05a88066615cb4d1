"""How entries are made and changed: refused with a reason, done once, and logged."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Consent, Listing, Teacher
from tests.directory.support import DAY, LISTED, TOMORROW, graduate, list_teacher, log_of
from tests.factories import EnrolmentFactory, ParticipantFactory, TownFactory, registrar

pytestmark = pytest.mark.django_db


def test_listing_makes_an_entry_with_address_languages_consent_and_history() -> None:
    participant = graduate(name="Zoë O’Brien")
    teacher = list_teacher(participant, about="Small groups.", website="https://example.org")
    stored = Teacher.objects.get(pk=teacher.pk)

    assert (stored.name, stored.slug, stored.place) == ("Zoë O’Brien", "zoë-obrien", "Zwolle, Netherlands")
    assert (stored.about, stored.website) == ("Small groups.", "https://example.org")
    assert (stored.teaches_online, stored.teaches_in_person) == (True, False)
    assert list(stored.consents.values_list("purpose", "version", "given_on", "note", "ended_on")) == [
        ("profile", 1, DAY, "E-mail of that day", None)
    ]
    assert stored.language_names == ["Dutch", "English"]
    assert stored.is_listed
    assert log_of(participant) == [
        ("imp.teacher.list", {"what": "Zoë O’Brien", "after": "1 January 2025"}),
        (
            "imp.teacher.consent",
            {"what": "Zoë O’Brien: Public profile, version 1 of the text", "after": "1 January 2025"},
        ),
    ]


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
    assert len(log_of(participant)) == len(LISTED)


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

    assert log_of(teacher.participant)[len(LISTED) :] == [
        (
            "imp.teacher.change",
            {
                "what": "Town, Country, Languages, Teaches in person",
                "before": "Zwolle; Netherlands; Dutch, English; no",
                "after": "Utrecht; Belgium; French; yes",
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
    assert len(log_of(teacher.participant)) == len(LISTED)


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
    assert len(log_of(teacher.participant)) == len(LISTED)


def test_listing_records_each_purpose_and_runs_for_one_period() -> None:
    teacher = list_teacher(graduate(), purposes=["photo", "sharing", "photo"])
    today = timezone.localdate()

    assert list(teacher.consents.values_list("purpose", "given_on")) == [
        ("profile", DAY), ("photo", DAY), ("sharing", DAY),
    ]  # fmt: skip
    assert (teacher.renewed_on, teacher.listed_until) == (today, today + dt.timedelta(days=365))


def test_where_listings_do_not_run_out_none_has_a_last_day(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_DAYS": 0}

    assert list_teacher(graduate()).listed_until is None


def test_a_decision_of_staff_lists_somebody_without_a_completed_pathway() -> None:
    participant = ParticipantFactory(name="Anna")
    teacher = list_teacher(participant, recognised_why=" Taught us all. ")

    assert (teacher.is_listed, teacher.recognised_on) == (True, timezone.localdate())
    assert log_of(participant)[0] == (
        "imp.teacher.list",
        {"what": "Anna", "after": "1 January 2025", "why": "Taught us all."},
    )


def test_an_address_that_the_directory_needs_for_itself_is_given_to_nobody() -> None:
    assert list_teacher(graduate(name="Map")).slug == "map-2"


def test_listing_twice_with_a_point_on_the_map_is_the_same_point() -> None:
    """What is stored is blurred: it is compared with what was typed, blurred alike."""
    participant = graduate()
    point = {"spot": 5, "latitude": 52.51234, "longitude": 6.09123}

    assert list_teacher(participant, **point) == list_teacher(participant, **point)
    assert (Teacher.objects.get().latitude, Teacher.objects.get().longitude) != (52.51234, 6.09123)


def test_a_town_in_another_country_is_refused() -> None:
    with pytest.raises(ValidationError) as refused:
        list_teacher(graduate(), located_in=TownFactory(country="BE"))

    assert list(refused.value.message_dict) == ["located_in"]


def test_what_is_refused_leaves_no_consent_and_no_listing() -> None:
    with pytest.raises(ValidationError):
        list_teacher(graduate(), languages=[])

    assert not Consent.objects.exists()
    assert not Listing.objects.exists()
