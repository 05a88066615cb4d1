"""What the public sees follows from every change in its own transaction, and from nothing else."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.actions.publishing import publish_lapsed
from imp_wagtail.directory.models import Edition, FeedEntry, Listing, Purpose, Teacher
from imp_wagtail.participants.actions import set_status
from imp_wagtail.participants.personal.erasing import erase
from tests.directory.support import COURSE
from tests.factories import CourseFactory, QualificationFactory, TeacherFactory, TownFactory, registrar

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()
#: A moment at which it is 1 March for the site and 2 March in Auckland.
LATE = dt.datetime(2027, 3, 1, 22, tzinfo=dt.UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")
DAY = dt.timedelta(days=1)


def feed(state: str = "updated") -> list[tuple[str, Any]]:
    return list(FeedEntry.objects.filter(state=state).order_by("modified").values_list("kind", "uid"))


def writes(act: Any) -> list[str]:
    """The statements that change something, of one act."""
    with CaptureQueriesContext(connection) as captured:
        act()
    statements = [query["sql"] for query in captured]
    return [sql for sql in statements if sql.split()[0] in ("INSERT", "UPDATE", "DELETE")]


class TestWhatIsStored:
    def test_is_the_face_of_whoever_is_listed(self) -> None:
        teacher = TeacherFactory(name="Zoë", country="NL", town="Utrecht", speaks=["nl", "en"])
        CourseFactory(teacher=teacher, title="Eight weeks")
        listing = Listing.objects.get()

        assert (listing.teacher, listing.is_shown, listing.folded_name) == (teacher, True, "zoe")
        assert listing.face["languages"] == ["nl", "en"]
        assert [course["title"] for course in listing.face["courses"]] == ["Eight weeks"]

    @pytest.mark.parametrize("values", [{"consent": False}, {"standing": False}, {"suspended_on": TODAY}])
    def test_is_nothing_of_whoever_is_not(self, values: dict[str, Any]) -> None:
        TeacherFactory(agrees_to=Purpose.values[1:], **values)

        assert not Listing.objects.exists()
        assert not FeedEntry.objects.exists()

    def test_has_a_spot_only_with_consent_to_it(self) -> None:
        town = TownFactory()
        without = TeacherFactory(located_in=town)
        with_it = TeacherFactory(located_in=town, agrees_to=[Purpose.MAP])

        assert "spot" not in without.listing.face
        assert with_it.listing.face["spot"] == [town.latitude, town.longitude]

    def test_has_what_is_told_to_partners_only_with_consent_to_it(self) -> None:
        CourseFactory(teacher=TeacherFactory())
        sharing = TeacherFactory(agrees_to=[Purpose.SHARING])
        course = CourseFactory(teacher=sharing)

        assert feed() == [("teacher", sharing.uid), ("course", course.uid)]

    def test_has_no_accreditation_that_nobody_checked_and_none_that_ran_out(self) -> None:
        teacher = TeacherFactory(agrees_to=[Purpose.SHARING])
        QualificationFactory(teacher=teacher, title="Unchecked", checked_on=None)
        QualificationFactory(teacher=teacher, title="Ended", valid_until=TODAY - DAY)
        QualificationFactory(teacher=teacher, title="Today", valid_until=TODAY)

        told = FeedEntry.objects.get().data["qualifications"]
        for held in (teacher.listing.face["held"], told):
            assert [each["title"] for each in held if each["sort"] == "accredited"] == ["Today"]

    def test_never_has_an_address_to_write_to(self) -> None:
        teacher = TeacherFactory(participant__email="secret@example.org", agrees_to=Purpose.values[1:])

        assert "secret" not in str(teacher.listing.face)
        assert "secret" not in str(FeedEntry.objects.get().data)


class TestEditions:
    def test_are_taken_by_changes_that_the_public_sees_and_by_no_others(self) -> None:
        teacher = TeacherFactory(name="Anna", speaks=["en"])
        before = Edition.current()
        stored = Listing.objects.values().get()
        actions.update_teacher(teacher, website="https://example.org", by=registrar())
        actions.record_consent(teacher, Purpose.PHOTO, on=TODAY, by=registrar())
        actions.publish(teacher)
        assert (Edition.current(), Listing.objects.values().get()) == (before, stored)

        actions.update_teacher(teacher, town="Zwolle", by=registrar())
        assert Edition.current() == Listing.objects.get().number == before + 1

    def test_nothing_is_written_where_nothing_changes(self) -> None:
        teacher = TeacherFactory(agrees_to=Purpose.values[1:], located_in=TownFactory())
        CourseFactory(teacher=teacher)
        QualificationFactory(teacher=teacher)

        assert writes(lambda: actions.publish(teacher)) == []
        assert writes(actions.publish_all) == []
        assert actions.publish_all() == 0

    def test_what_is_new_is_written_once(self) -> None:
        teacher = TeacherFactory()
        Listing.objects.all().delete()
        statements = writes(lambda: actions.publish(teacher))

        assert len([sql for sql in statements if "imp_directory_listing" in sql]) == 1

    def test_many_take_one_number_each_in_the_order_of_the_entries(self) -> None:
        teachers = [TeacherFactory() for _number in range(3)]
        Listing.objects.all().delete()
        before = Edition.current()

        assert actions.publish_many(teacher.pk for teacher in reversed(teachers)) == 3
        assert list(Listing.objects.since(before).values_list("teacher", "number")) == [
            (teacher.pk, before + place) for place, teacher in enumerate(teachers, 1)
        ]

    def test_thirty_are_compared_in_as_many_queries_as_one(self) -> None:
        def queries(count: int) -> int:
            keys = [TeacherFactory(agrees_to=[Purpose.SHARING]).pk for _number in range(count)]
            with CaptureQueriesContext(connection) as captured:
                actions.publish_many(keys)
            return len(captured)

        assert queries(1) == queries(30)

    def test_times_of_the_feed_are_later_than_all_before_them(self) -> None:
        teacher = TeacherFactory(agrees_to=[Purpose.SHARING])
        for number in range(5):
            actions.add_course(teacher, **{**COURSE, "title": f"Course {number}"}, by=registrar())
        times = list(FeedEntry.objects.order_by("modified").values_list("modified", flat=True))

        assert len(set(times)) == 6
        assert Edition.objects.get().changed_at > max(times)


class TestLeaving:
    def test_withdrawn_sharing_leaves_a_tombstone_and_the_listing(self) -> None:
        teacher = TeacherFactory(agrees_to=[Purpose.SHARING])
        course = CourseFactory(teacher=teacher)
        actions.end_consent(teacher, Purpose.SHARING, why="Asked.", by=registrar())

        assert (feed("updated"), feed("deleted")) == ([], [("teacher", teacher.uid), ("course", course.uid)])
        assert [(entry.data, entry.until) for entry in FeedEntry.objects.all()] == [({}, None)] * 2
        assert Listing.objects.get().is_shown

    def test_a_course_that_is_removed_leaves_a_tombstone(self) -> None:
        course = CourseFactory(teacher=TeacherFactory(agrees_to=[Purpose.SHARING]))
        actions.remove_course(course, by=registrar())

        assert feed("deleted") == [("course", course.uid)]

    def test_whoever_comes_back_is_told_of_under_the_same_name(self) -> None:
        teacher = TeacherFactory(agrees_to=[Purpose.SHARING])
        actions.suspend(teacher, why="A complaint.", by=registrar())
        assert feed("deleted") == [("teacher", teacher.uid)]
        actions.resume(teacher, why="Settled.", by=registrar())

        assert (feed("updated"), FeedEntry.objects.count()) == ([("teacher", teacher.uid)], 1)

    def test_a_withdrawn_enrolment_takes_the_listing_with_it(self) -> None:
        teacher = TeacherFactory(agrees_to=[Purpose.SHARING])
        set_status(teacher.participant.enrolments.get(), "withdrawn", why="Left.", by=registrar())

        assert (Listing.objects.get().is_shown, Listing.objects.get().face) == (False, {})
        assert feed("deleted") == [("teacher", teacher.uid)]

    def test_erasing_leaves_names_that_say_nothing(self) -> None:
        teacher = TeacherFactory(name="Zyxwather", agrees_to=Purpose.values[1:], about="Zyxwather teaches")
        course = CourseFactory(teacher=teacher, title="Zyxwather’s course")
        erase(teacher.participant, why="At their wish.", by=registrar())

        assert not Teacher.objects.exists()
        assert feed("deleted") == [("teacher", teacher.uid), ("course", course.uid)]
        kept = [*FeedEntry.objects.values(), *Listing.objects.values()]
        assert [row["teacher_id"] for row in kept] == [None, None, None]
        assert "zyxwather" not in str(kept).lower()

    def test_unpublishing_what_is_not_shown_takes_no_edition(self) -> None:
        teacher = TeacherFactory()
        actions.end_consent(teacher, why="Asked.", by=registrar())
        before = Edition.current()
        actions.unpublish(teacher)

        assert Edition.current() == before


class TestWhatEndsByItself:
    def test_is_taken_out_when_its_day_has_passed(self) -> None:
        gone, stays = (TeacherFactory(agrees_to=[Purpose.SHARING]) for _number in range(2))
        Teacher.objects.filter(pk=gone.pk).update(listed_until=TODAY - DAY)
        Listing.objects.filter(teacher=gone).update(until=TODAY - DAY)
        assert list(Listing.objects.shown().values_list("teacher", flat=True)) == [stays.pk]

        assert actions.publish_lapsed() == 2
        assert list(Listing.objects.filter(is_shown=True).values_list("teacher", flat=True)) == [stays.pk]
        assert feed() == [("teacher", stays.uid)]
        assert actions.publish_lapsed() == 0

    def test_says_its_last_day(self) -> None:
        last = TODAY + 30 * DAY
        teacher = TeacherFactory(listed_until=last, agrees_to=[Purpose.SHARING])
        course = CourseFactory(teacher=teacher, starts=TODAY, ends=TODAY + DAY)
        QualificationFactory(teacher=teacher, valid_until=TODAY + 9 * DAY)

        assert Listing.objects.get().until == last
        assert dict(FeedEntry.objects.values_list("uid", "until")) == {
            teacher.uid: TODAY + 9 * DAY, course.uid: TODAY + DAY,
        }  # fmt: skip

    def test_a_course_that_is_over_leaves_the_feed(self) -> None:
        course = CourseFactory(teacher=TeacherFactory(agrees_to=[Purpose.SHARING]))
        type(course).objects.update(starts=TODAY - 9 * DAY, ends=TODAY - DAY)
        FeedEntry.objects.filter(uid=course.uid).update(until=TODAY - DAY)

        actions.publish_lapsed()

        assert feed("deleted") == [("course", course.uid)]


@pytest.mark.parametrize("publish", [actions.publish, lambda teacher: publish_lapsed()], ids=["a change", "a new day"])
def test_the_day_is_the_site_s_and_not_that_of_whoever_works_on_it(
    monkeypatch: pytest.MonkeyPatch, publish: Callable[[Teacher], Any]
) -> None:
    """A listing lasts to the end of its last day, whichever time zone the admin has for somebody."""
    monkeypatch.setattr(timezone, "now", lambda: LATE)
    teacher = TeacherFactory(listed_until=dt.date(2027, 3, 1), agrees_to=[Purpose.SHARING])
    with timezone.override(AUCKLAND):
        publish(teacher)

    assert Listing.objects.get().is_shown
    assert feed() == [("teacher", teacher.uid)]
