"""Consent: for each purpose by itself, versioned, dated, and gone at once."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Consent, ConsentText, Purpose, Teacher
from tests.directory.support import DAY, LISTED, TOMORROW, graduate, list_teacher, log_of
from tests.factories import TeacherFactory, registrar

pytestmark = pytest.mark.django_db

JUNE = dt.date(2025, 6, 1)
SEPTEMBER = dt.date(2025, 9, 1)


def rows(teacher: Teacher) -> list[tuple]:
    return list(teacher.consents.order_by("pk").values_list("purpose", "given_on", "ended_on"))


def stored() -> Teacher:
    return Teacher.objects.get()


def new_text(purpose: str = "profile", *, ends_in: int | None = None) -> int:
    """A new wording, and its version; earlier consents end in so many days."""
    end = timezone.localdate() + dt.timedelta(days=ends_in) if ends_in else None
    return actions.publish_text(purpose, {"en": "I agree."}, earlier_end_on=end, by=registrar())[0].version


class TestEnding:
    def test_has_a_day_and_a_reason(self) -> None:
        teacher = list_teacher(graduate(name="Anna"))
        actions.end_consent(teacher, on=JUNE, why="Moved on.", by=registrar())

        assert rows(teacher) == [("profile", DAY, JUNE)]
        assert log_of(teacher.participant)[len(LISTED) :] == [
            (
                "imp.teacher.end_consent",
                {
                    "what": "Anna: Public profile",
                    "before": "1 January 2025",
                    "after": "1 June 2025",
                    "why": "Moved on.",
                },
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
    def test_is_refused_without_sense(self, values: dict[str, Any], field: str) -> None:
        teacher = list_teacher(graduate())
        with pytest.raises(ValidationError) as refused:
            actions.end_consent(teacher, by=registrar(), **values)

        assert list(refused.value.message_dict) == [field]
        assert stored().is_listed

    @pytest.mark.parametrize("purpose", Purpose.values)
    def test_is_refused_where_none_was_given(self, purpose: str) -> None:
        with pytest.raises(ValidationError, match="no consent on record"):
            actions.end_consent(TeacherFactory(consent=False), purpose, why="Asked.", by=registrar())

    def test_happens_once(self) -> None:
        teacher = list_teacher(graduate())
        actions.end_consent(teacher, on=JUNE, why="Asked.", by=registrar())
        actions.end_consent(teacher, on=dt.date(2025, 7, 1), why="Again.", by=registrar())

        assert rows(teacher) == [("profile", DAY, JUNE)]
        assert len(log_of(teacher.participant)) == len(LISTED) + 1

    def test_of_one_purpose_leaves_the_others(self) -> None:
        teacher = list_teacher(graduate(), purposes=["photo", "map"])
        actions.end_consent(teacher, Purpose.PHOTO, why="Asked.", by=registrar())

        assert [purpose for purpose in Purpose.values if stored().agrees_to(purpose)] == ["profile", "map"]
        assert stored().is_listed

    def test_of_the_profile_ends_all_others_too(self) -> None:
        teacher = list_teacher(graduate(), purposes=["photo", "map", "sharing", "indexing"])
        actions.end_consent(teacher, on=JUNE, why="Asked.", by=registrar())

        assert rows(teacher) == [(purpose, DAY, JUNE) for purpose in Purpose.values]
        assert [action for action, _data in log_of(teacher.participant)].count("imp.teacher.end_consent") == 5

    def test_of_the_profile_cannot_come_before_another_consent_was_given(self) -> None:
        teacher = list_teacher(graduate())
        actions.record_consent(teacher, Purpose.PHOTO, on=SEPTEMBER, by=registrar())
        with pytest.raises(ValidationError, match="before it was given"):
            actions.end_consent(teacher, on=JUNE, why="Asked.", by=registrar())

        assert rows(teacher) == [("profile", DAY, None), ("photo", SEPTEMBER, None)]

    def test_reaches_a_consent_to_an_earlier_text(self) -> None:
        teacher = list_teacher(graduate())
        new_text(ends_in=1)
        ConsentText.objects.update(earlier_end_on=timezone.localdate())
        actions.end_consent(teacher, why="Asked.", by=registrar())

        assert stored().why_not_listed[0].startswith("consent ended on")


class TestRecording:
    def test_anew_lists_again_and_is_logged_once(self) -> None:
        teacher = list_teacher(graduate(name="Anna"))
        actions.end_consent(teacher, on=JUNE, why="Asked.", by=registrar())
        for _time in range(2):
            actions.record_consent(teacher, on=SEPTEMBER, note="Letter", by=registrar())

        assert stored().is_listed
        assert rows(teacher) == [("profile", DAY, JUNE), ("profile", SEPTEMBER, None)]
        assert log_of(teacher.participant)[len(LISTED) + 1 :] == [
            (
                "imp.teacher.consent",
                {
                    "what": "Anna: Public profile, version 1 of the text",
                    "before": "1 June 2025",
                    "after": "1 September 2025",
                },
            )
        ]

    @pytest.mark.parametrize("day", [None, TOMORROW, dt.date(2025, 5, 31)])
    def test_is_refused_without_a_later_day(self, day: dt.date | None) -> None:
        teacher = list_teacher(graduate())
        actions.end_consent(teacher, on=JUNE, why="Asked.", by=registrar())
        with pytest.raises(ValidationError) as refused:
            actions.record_consent(teacher, on=day, by=registrar())

        assert list(refused.value.message_dict) == ["on"]
        assert not stored().is_listed

    def test_says_the_later_day_in_words(self) -> None:
        with pytest.raises(ValidationError, match="There is a later date on record: 1 January 2025"):
            actions.record_consent(list_teacher(graduate()), on=dt.date(2024, 6, 1), by=registrar())

    def test_with_more_words_than_there_is_room_for_is_refused(self) -> None:
        teacher = TeacherFactory(consent=False)
        with pytest.raises(ValidationError) as refused:
            actions.record_consent(teacher, on=DAY, note="x" * 241, by=registrar())

        assert list(refused.value.message_dict) == ["note"]
        assert rows(teacher) == []

    def test_of_one_purpose_says_nothing_of_another(self) -> None:
        teacher = TeacherFactory(consent=False)
        actions.record_consent(teacher, Purpose.PHOTO, on=DAY, by=registrar())

        assert (stored().agrees_to("photo"), stored().has_consent, stored().is_listed) == (True, False, False)

    def test_as_a_later_confirmation_ends_the_one_before(self) -> None:
        teacher = list_teacher(graduate())
        actions.record_consent(teacher, on=JUNE, note="Asked again", by=registrar())

        assert rows(teacher) == [("profile", DAY, JUNE), ("profile", JUNE, None)]
        assert stored().consent_to("profile").given_on == JUNE

    def test_on_the_day_on_which_it_ended_counts(self) -> None:
        teacher = list_teacher(graduate())
        actions.end_consent(teacher, on=JUNE, why="By mistake.", by=registrar())
        actions.record_consent(teacher, on=JUNE, note="Asked again", by=registrar())

        assert stored().is_listed


class TestWordings:
    def test_a_new_one_goes_on_counting_the_consents_there_are_unless_it_ends_them(self) -> None:
        teacher = list_teacher(graduate())
        assert new_text() == 2
        assert stored().is_listed

        assert new_text(ends_in=9) == 3
        assert stored().is_listed
        assert teacher.listing.until == timezone.localdate() + dt.timedelta(days=8)

    def test_from_the_day_on_that_it_names_earlier_consents_count_no_more(self) -> None:
        list_teacher(graduate())
        new_text(ends_in=9)
        ConsentText.objects.update(earlier_end_on=timezone.localdate())

        assert stored().why_not_listed == ["consent was given to an earlier text"]
        assert not Teacher.objects.listed().exists()
        assert list(Teacher.objects.agreeing_to_earlier_text()) == [stored()]

    def test_consent_to_it_counts_and_says_its_version(self) -> None:
        teacher = list_teacher(graduate())
        new_text(ends_in=9)
        ConsentText.objects.update(earlier_end_on=timezone.localdate())
        actions.record_consent(teacher, on=timezone.localdate(), by=registrar())

        assert stored().is_listed
        assert stored().consent_to("profile").version == 2

    def test_consent_of_an_earlier_day_was_to_the_wording_of_that_day(self) -> None:
        """A form that was signed before the new wording was there cannot be to the new wording."""
        new_text(ends_in=9)
        ConsentText.objects.update(earlier_end_on=timezone.localdate())
        actions.record_consent(TeacherFactory(consent=False), on=DAY, by=registrar())

        assert stored().consents.get().version == 1
        assert not stored().is_listed

    def test_of_one_purpose_leaves_the_others(self) -> None:
        teacher = list_teacher(graduate(), purposes=["photo"])
        new_text("photo", ends_in=9)
        ConsentText.objects.update(earlier_end_on=timezone.localdate())

        assert (stored().is_listed, stored().agrees_to("photo")) == (True, False)
        assert teacher.listing.until == timezone.localdate() + dt.timedelta(days=8)

    @pytest.mark.parametrize(
        ("texts", "days", "field"), [({"en": " "}, None, "text"), ({"en": "I agree."}, 0, "earlier_end_on")]
    )
    def test_make_sense_or_are_refused(self, texts: dict[str, str], days: int | None, field: str) -> None:
        end = None if days is None else timezone.localdate() + dt.timedelta(days=days)
        with pytest.raises(ValidationError) as refused:
            actions.publish_text("profile", texts, earlier_end_on=end, by=registrar())

        assert list(refused.value.message_dict) == [field]
        assert not ConsentText.objects.exists()


class TestSettingAll:
    def test_gives_and_ends_what_differs_and_leaves_the_rest(self) -> None:
        teacher = list_teacher(graduate(), purposes=["photo", "map"])
        actions.set_consents(teacher, ["profile", "map", "sharing"], note="By the link", by=None)
        today = timezone.localdate()

        assert rows(teacher) == [
            ("profile", DAY, None), ("photo", DAY, today), ("map", DAY, None), ("sharing", today, None),
        ]  # fmt: skip

    def test_twice_changes_nothing_more(self) -> None:
        teacher = list_teacher(graduate())
        for _time in range(2):
            actions.set_consents(teacher, ["profile", "photo"], note="By the link", by=None)

        assert len(log_of(teacher.participant)) == len(LISTED) + 1

    def test_gives_consent_to_the_latest_wording(self) -> None:
        teacher = list_teacher(graduate())
        new_text()
        actions.set_consents(teacher, ["profile"], note="By the link", by=None)

        assert stored().consent_to("profile").version == 2

    def test_without_a_public_profile_leaves_nothing(self) -> None:
        teacher = list_teacher(graduate(), purposes=["photo"])
        actions.set_consents(teacher, ["photo", "map"], note="By the link", by=None)

        assert not Consent.objects.filter(ended_on=None).exists()

    def test_to_what_there_is_not_is_the_caller_s_mistake(self) -> None:
        with pytest.raises(ValueError, match="nonsense"):
            actions.set_consents(TeacherFactory(), ["nonsense"], note="", by=None)
