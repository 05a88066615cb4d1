"""Directory entries when two records of one person become one."""

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry

from imp_wagtail.directory import actions
from imp_wagtail.directory.actions import end_consent, publish
from imp_wagtail.directory.details import keep_languages
from imp_wagtail.directory.models import (
    Consent,
    Course,
    DirectoryMail,
    Enquiry,
    FeedEntry,
    Listing,
    Qualification,
    Teacher,
)
from imp_wagtail.participants.duplicates.merging import KEEP, OTHER, merge
from imp_wagtail.participants.models import Participant
from tests.factories import (
    ConsentFactory,
    CourseFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    TeacherFactory,
    TownFactory,
    registrar,
)

pytestmark = pytest.mark.django_db

JUNE = dt.date(2025, 6, 1)


def entry(name: str, *languages: str, **details: Any) -> Teacher:
    """An entry of a person of the same name, without standing of their own."""
    participant = ParticipantFactory(name=name)
    teacher = TeacherFactory(participant=participant, name=name, slug=name.lower(), standing=False, **details)
    keep_languages(teacher, list(languages or ["en"]))
    return teacher


def graduated(teacher: Teacher) -> None:
    """The person behind an entry completes a pathway, so that it is listed."""
    EnrolmentFactory(participant=teacher.participant)
    teacher.participant.enrolments.update(completed_on=JUNE, may_be_listed_on=JUNE)
    publish(teacher)


def photo(title: str) -> Any:
    return get_image_model().objects.create(title=title, file=get_test_image_file())


def test_the_entry_follows_its_person() -> None:
    teacher, kept = entry("Anna", about="Teaches."), ParticipantFactory(name="Ana")
    merge(kept, teacher.participant, by=None)

    teacher.refresh_from_db()
    assert (teacher.participant, teacher.name, teacher.slug, teacher.about) == (kept, "Anna", "anna", "Teaches.")


def test_the_entry_of_the_record_kept_stays_where_it_is() -> None:
    teacher, other = entry("Ana"), ParticipantFactory(name="Anna")
    merge(teacher.participant, other, by=None)
    assert Teacher.objects.get() == teacher


def test_a_listing_stands_on_what_either_record_completed() -> None:
    teacher, kept = entry("Anna"), ParticipantFactory(name="Ana")
    day = dt.date(2024, 12, 1)
    EnrolmentFactory(participant=kept)
    merge(kept, teacher.participant, by=None)
    kept.enrolments.update(completed_on=day, may_be_listed_on=day)
    assert Teacher.objects.listed().get() == teacher


class TestTwoEntries:
    @pytest.fixture
    def ana(self) -> Teacher:
        return entry("Ana", "en", "es", town="Utrecht", about="", website="")

    @pytest.fixture
    def anna(self) -> Teacher:
        return entry(
            "Anna",
            "nl",
            "en",
            town="Sevilla",
            about="Teaches.",
            website="https://example.org",
            consent__note="By mail.",
        )

    def kept(self, ana: Teacher, anna: Teacher, **choices: str) -> Teacher:
        merge(ana.participant, anna.participant, choices=choices, by=None)
        teacher = Teacher.objects.get()
        assert teacher.participant == Participant.objects.get()
        return teacher

    def test_that_of_the_record_kept_stays_and_takes_what_it_leaves_open(self, ana: Teacher, anna: Teacher) -> None:
        teacher = self.kept(ana, anna)
        assert (teacher.pk, teacher.slug, teacher.town) == (ana.pk, "ana", "Utrecht")
        assert (teacher.about, teacher.website) == ("Teaches.", "https://example.org")
        assert [row.language for row in teacher.languages.all()] == ["en", "es", "nl"]

    def test_staff_may_choose_the_other_with_its_address_and_its_consent(self, ana: Teacher, anna: Teacher) -> None:
        end_consent(ana, on=JUNE, why="Asked.", by=None)
        teacher = self.kept(ana, anna, teacher=OTHER)
        assert (teacher.pk, teacher.slug, teacher.town, teacher.has_consent) == (anna.pk, "anna", "Sevilla", True)

    def test_consent_that_ended_on_the_entry_that_stays_has_ended(self, ana: Teacher, anna: Teacher) -> None:
        end_consent(ana, on=JUNE, why="Asked.", by=None)
        assert not self.kept(ana, anna).has_consent

    def test_courses_and_qualifications_of_both_are_kept_and_the_same_ones_once(
        self, ana: Teacher, anna: Teacher
    ) -> None:
        for teacher in (ana, anna):
            CourseFactory(teacher=teacher, title="Autumn")
            QualificationFactory(teacher=teacher, title="Accredited")
        CourseFactory(teacher=anna, title="Spring")
        QualificationFactory(teacher=anna, title="Trained")
        teacher = self.kept(ana, anna)

        assert sorted(teacher.courses.values_list("title", flat=True)) == ["Autumn", "Spring"]
        assert sorted(teacher.qualifications.values_list("title", flat=True)) == ["Accredited", "Trained"]
        assert (Course.objects.count(), Qualification.objects.count()) == (2, 2)

    def test_the_history_keeps_what_the_entry_that_went_said(self, ana: Teacher, anna: Teacher) -> None:
        end_consent(anna, on=JUNE, why="Asked.", by=None)
        by = registrar()
        merge(ana.participant, anna.participant, by=by)

        log = ModelLogEntry.objects.get(action="imp.teacher.merge")
        assert (log.user, log.object_id) == (by, str(ana.participant_id))
        assert "Anna; Sevilla" in log.data["before"]
        assert "Ana; Utrecht" in log.data["after"]
        assert log.data["why"] == (
            "The entry “anna” went: Public profile, consent of 1 January 2025, By mail., ended on 1 June 2025."
        )
        assert log.message.startswith("Two directory entries became one: Public name")

    def test_an_entry_that_nobody_consented_to_says_so_in_the_history(self, ana: Teacher, anna: Teacher) -> None:
        anna.consents.all().delete()
        merge(ana.participant, anna.participant, by=None)
        log = ModelLogEntry.objects.get(action="imp.teacher.merge")
        assert log.data["why"] == "The entry “anna” went: no consent on record."

    def test_the_only_photo_is_kept(self, ana: Teacher, anna: Teacher) -> None:
        own = photo("Own")
        Teacher.objects.filter(pk=anna.pk).update(photo=own)
        assert self.kept(ana, anna).photo == own

    def test_of_two_photos_the_one_that_goes_is_deleted_unless_it_is_used_elsewhere(
        self, ana: Teacher, anna: Teacher
    ) -> None:
        own, going, shared = photo("Own"), photo("Going"), photo("Shared")
        third = entry("Anne")
        entry("Somebody else", photo=shared)
        graduated(ana)
        for teacher, image in [(ana, own), (anna, going), (third, shared)]:
            Teacher.objects.filter(pk=teacher.pk).update(photo=image)
            ConsentFactory(teacher=teacher, purpose="photo")
            publish(teacher)
        merge(ana.participant, anna.participant, by=None)
        merge(ana.participant, third.participant, by=None)

        assert Teacher.objects.get(pk=ana.pk).photo == own
        assert set(get_image_model().objects.all()) == {own, shared}

    def test_consents_of_the_entry_that_went_go_with_it(self, ana: Teacher, anna: Teacher) -> None:
        for purpose in ("photo", "map"):
            ConsentFactory(teacher=anna, purpose=purpose)
        teacher = self.kept(ana, anna)

        assert [consent.purpose for consent in Consent.objects.all()] == ["profile"]
        assert not teacher.agrees_to("photo")
        log = ModelLogEntry.objects.get(action="imp.teacher.merge")
        assert "Photo, consent of 1 January 2025; Place on the map, consent of 1 January 2025" in log.data["why"]

    @pytest.mark.parametrize("choice", [KEEP, OTHER])
    def test_what_staff_decided_about_either_holds_for_the_person(
        self, ana: Teacher, anna: Teacher, choice: str
    ) -> None:
        actions.suspend(ana, why="A complaint.", by=None)
        actions.recognise(anna, why="Known to us.", by=None)
        teacher = self.kept(ana, anna, teacher=choice)

        assert (teacher.is_suspended, teacher.suspended_why) == (True, "A complaint.")
        assert (teacher.recognised_on, teacher.recognised_why) == (timezone.localdate(), "Known to us.")
        assert not Listing.objects.shown().exists()

    def test_where_somebody_is_is_taken_whole_from_one_of_them(self, ana: Teacher, anna: Teacher) -> None:
        """A town of one and a point of the other would be nowhere."""
        far = TownFactory(name="Sevilla", country="ES")
        Teacher.objects.filter(pk=anna.pk).update(country="ES", located_in=far, spot=5, latitude=37.4, longitude=-6.0)
        teacher = self.kept(ana, anna)

        assert (teacher.town, teacher.country, teacher.located_in) == ("Utrecht", "NL", None)
        assert (teacher.spot, teacher.latitude, teacher.longitude) == (0, None, None)

    def test_who_says_no_town_takes_the_place_of_the_other_in_the_same_country(
        self, ana: Teacher, anna: Teacher
    ) -> None:
        town = TownFactory(name="Sevilla")
        Teacher.objects.filter(pk=ana.pk).update(town="")
        Teacher.objects.filter(pk=anna.pk).update(located_in=town)

        teacher = self.kept(ana, anna)
        assert (teacher.town, teacher.located_in) == ("Sevilla", town)

    def test_partners_are_told_that_an_entry_went_and_of_its_courses_as_the_same(
        self, ana: Teacher, anna: Teacher
    ) -> None:
        for teacher in (ana, anna):
            graduated(teacher)
            ConsentFactory(teacher=teacher, purpose="sharing")
        course = CourseFactory(teacher=anna, title="Spring")
        publish(ana)
        assert FeedEntry.objects.filter(state="updated").count() == 3
        self.kept(ana, anna)

        told = {entry.uid: (entry.state, entry.teacher) for entry in FeedEntry.objects.all()}
        assert told == {ana.uid: ("updated", ana), anna.uid: ("deleted", None), course.uid: ("updated", ana)}
        assert [listing.teacher for listing in Listing.objects.filter(is_shown=True)] == [ana]
        assert FeedEntry.objects.get(uid=course.uid).data["teacher"] == str(ana.uid)

    def test_what_was_written_to_either_is_kept_and_reminders_go(self, ana: Teacher, anna: Teacher) -> None:
        enquiry = Enquiry.objects.create(teacher=anna, sender_name="Q", sender_email="q@example.org", token=uuid4())
        mail = {"to": "anna@example.org", "language": "en", "subject": "s", "text": "t"}
        kept = DirectoryMail.objects.create(teacher=anna, enquiry=enquiry, kind="enquiry", **mail)
        for teacher in (ana, anna):
            DirectoryMail.objects.create(teacher=teacher, kind="reminder", occasion="2027-01-01/14", **mail)
        teacher = self.kept(ana, anna)

        assert (Enquiry.objects.get().teacher, DirectoryMail.objects.get(pk=kept.pk).teacher) == (teacher, teacher)
        assert DirectoryMail.objects.filter(kind="reminder").count() == 1


def test_a_listing_is_shown_once_two_records_together_have_what_it_takes() -> None:
    teacher, kept = entry("Anna"), ParticipantFactory(name="Ana")
    EnrolmentFactory(participant=kept)
    kept.enrolments.update(completed_on=JUNE, may_be_listed_on=JUNE)
    assert not Listing.objects.exists()
    merge(kept, teacher.participant, by=None)

    assert Listing.objects.get().is_shown == Teacher.objects.get().is_listed
