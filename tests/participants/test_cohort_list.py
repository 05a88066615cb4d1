"""The list of cohorts: what is to tick, the filters, the days; and a cohort's history."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Attendance, Cohort, Session
from tests.factories import (
    CohortFactory,
    MembershipFactory,
    PathwayFactory,
    SessionFactory,
    TrainingPageFactory,
    facilitator,
)
from tests.participants.screens import queries_of

pytestmark = pytest.mark.django_db

INDEX = "/admin/training/cohorts/"
TODAY = dt.date(2026, 6, 15)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> dt.date:
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2026, 6, 15, 10, tzinfo=dt.UTC))
    return TODAY


def titles(client: Client, **query: Any) -> list[str]:
    return [cohort.title for cohort in client.get(INDEX, query).context["object_list"]]


def cohort(title: str, *days: int, members: int = 2, ticked: tuple[int, ...] = (), **details: Any) -> Cohort:
    """A cohort with sessions so many days from today, at some of which both members are ticked."""
    made = CohortFactory(title=title, **details)
    people = [one.enrolment for one in MembershipFactory.create_batch(members, cohort=made)]
    for day in days:
        session = SessionFactory(cohort=made, date=TODAY + dt.timedelta(days=day))
        if day in ticked:
            Attendance.objects.bulk_create(Attendance(session=session, enrolment=one) for one in people)
    return made


class TestWhatIsToTick:
    def test_is_a_session_that_has_passed_and_at_which_no_member_is_ticked(self, today: dt.date) -> None:
        made = cohort("Group", -3, -2, -1, 0, 1, ticked=(-2,))

        assert [(row.date - today).days for row in made.sessions.to_tick()] == [-3, -1]
        assert [row.is_to_tick for row in made.sessions.all()] == [True, False, True, False, False]

    def test_is_nothing_without_members(self, today: dt.date) -> None:
        made = cohort("Group", -1, members=0)

        assert not made.is_to_tick
        assert not Cohort.objects.to_tick().exists()

    def test_ends_with_one_tick_also_of_somebody_who_left(self, today: dt.date) -> None:
        made = cohort("Group", -1)
        membership = made.memberships.first()
        cohort_actions.mark_attendance(made.sessions.get(), present=[membership.enrolment], by=None)
        cohort_actions.leave_cohort(membership, by=None)

        assert not made.is_to_tick

    def test_ends_when_the_session_is_removed_that_nobody_came_to(self, today: dt.date) -> None:
        made = cohort("Group", -1)
        assert made.is_to_tick
        cohort_actions.remove_session(made.sessions.get(), by=None)

        assert not made.is_to_tick

    def test_finds_each_cohort_once_however_many_rows_it_has(self, today: dt.date) -> None:
        due = [cohort("A", -5, -4, -3, ticked=(-4,)), cohort("B", -1, members=3)]
        done = [cohort("C", -2, -1, ticked=(-2, -1)), cohort("D", 0, 1), cohort("E"), cohort("F", -1, members=0)]

        assert list(Cohort.objects.to_tick().order_by("title")) == due
        assert [one.is_to_tick for one in [*due, *done]] == [True] * 2 + [False] * 4

    def test_follows_the_site_s_own_day(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """In Amsterdam the day ends at 22:00 UTC in summer."""
        made = cohort("Group", 0)
        for hour, is_to_tick in ((dt.datetime(2026, 6, 15, 21, 59), False), (dt.datetime(2026, 6, 15, 22, 0), True)):
            monkeypatch.setattr(timezone, "now", lambda hour=hour: hour.replace(tzinfo=dt.UTC))
            assert made.is_to_tick == is_to_tick

    def test_is_marked_on_the_cohort_s_page(self, staff: Client, today: dt.date) -> None:
        made = cohort("Group", -2, -1, 1, ticked=(-2,))
        response = staff.get(f"{INDEX}{made.pk}/")

        assert [column.is_to_tick for column in response.context["grid"].columns] == [False, True, False]
        assert response.text.count('class="imp-grid__to-tick"') == 1
        assert "Where it did not take place, or nobody came, remove it." in response.text


class TestTheFilters:
    def test_to_tick_shows_the_cohorts_that_wait(self, staff: Client, today: dt.date) -> None:
        cohort("Waits", -2, -1)
        cohort("Done", -2, ticked=(-2,))

        assert titles(staff, to_tick="true") == ["Waits"]
        assert titles(staff) == ["Done", "Waits"]
        assert "2 sessions" in staff.get(INDEX).text

    def test_kind_and_pathway_and_training_narrow_together(self, staff: Client) -> None:
        pathway, training = PathwayFactory(), TrainingPageFactory()
        cohort("One", kind="training", pathway=pathway, training=training)
        cohort("Two", kind="training", pathway=pathway)
        cohort("Three", kind="seminar", pathway=pathway, training=training)

        assert titles(staff, kind="training", pathway=pathway.pk) == ["One", "Two"]
        assert titles(staff, kind="training", pathway=pathway.pk, training=training.pk) == ["One"]
        assert titles(staff, kind="supervision") == []

    def test_a_training_is_found_in_every_language(self, staff: Client) -> None:
        english = TrainingPageFactory(title="Training in Spain")
        other = TrainingPageFactory(title="Formation en Espagne")
        type(other).objects.filter(pk=other.pk).update(translation_key=english.translation_key, locale=french())
        other.refresh_from_db()
        cohort("English", training=english)
        cohort("French", training=other)

        assert titles(staff, training=english.pk) == ["English", "French"]

    @pytest.mark.parametrize(
        "query", [{"kind": "choir"}, {"training": "0"}, {"pathway": "x"}, {"to_tick": "maybe"}, {"training": "9" * 40}]
    )
    def test_what_means_nothing_is_no_error(self, staff: Client, query: dict[str, str]) -> None:
        cohort("One")

        assert staff.get(INDEX, query).status_code == 200

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("supervisión", ["Supervision Córdoba 2026"]),
            ("2026 cordoba", ["Supervision Córdoba 2026"]),
            ("cordoba 2027", []),
            ("%", []),
            ("", ["Spring", "Supervision Córdoba 2026"]),
        ],
    )
    def test_titles_are_found_by_words_in_any_order_and_spelling(
        self, staff: Client, text: str, found: list[str]
    ) -> None:
        cohort("Supervision Córdoba 2026")
        cohort("Spring")

        assert titles(staff, q=text) == found

    def test_a_facilitator_is_offered_the_trainings_of_their_own_cohorts(self, client: Client) -> None:
        user = facilitator()
        own, other = TrainingPageFactory(title="Own"), TrainingPageFactory(title="Leakable training")
        cohort("My group", training=own).facilitators.add(user)
        cohort("Other group", training=other)
        client.force_login(user)

        assert "Leakable training" not in client.get(INDEX).text
        assert titles(client, training=own.pk) == ["My group"]
        assert "Other group" not in titles(client, training=other.pk)


def french() -> Any:
    from wagtail.models import Locale

    return Locale.objects.get_or_create(language_code="fr")[0]


class TestTheRows:
    def test_say_when_the_first_the_last_and_the_next_session_is(self, staff: Client, today: dt.date) -> None:
        cohort("Group", -30, -1, 5, 12)
        [row] = staff.get(INDEX).context["object_list"]
        text = staff.get(INDEX).text

        assert (row.starts_on, row.ends_on, row.next_on) == (
            dt.date(2026, 5, 16),
            dt.date(2026, 6, 27),
            dt.date(2026, 6, 20),
        )
        assert (row.member_count, row.session_count, row.to_tick_count) == (2, 4, 2)
        assert "16 May – 27 June 2026" in text
        assert "20 June 2026" in text

    @pytest.mark.parametrize(
        ("ordering", "order"),
        [
            ("starts_on", ["Early", "Late", "None"]),
            ("-starts_on", ["Late", "Early", "None"]),
            ("next_on", ["Early", "Late", "None"]),
            ("-title", ["None", "Late", "Early"]),
            ("starts_on__year", ["Early", "Late", "None"]),
        ],
    )
    def test_can_be_put_in_order(self, staff: Client, today: dt.date, ordering: str, order: list[str]) -> None:
        for title, days in (("None", ()), ("Late", (9, 10)), ("Early", (-9, 1, 3))):
            cohort(title, *days)

        assert titles(staff, ordering=ordering) == order

    def test_of_the_same_title_keep_their_order(self, staff: Client) -> None:
        made = [CohortFactory(title="Same") for _number in range(5)]

        assert list(staff.get(INDEX).context["object_list"]) == made

    def test_with_every_filter_take_as_many_queries_for_thirty_as_for_one(self, staff: Client, today: dt.date) -> None:
        pathway, training = PathwayFactory(), TrainingPageFactory()
        query = {"to_tick": "true", "kind": "training", "pathway": pathway.pk, "training": training.pk, "q": "group"}

        cohort("Group", -2, -1, 3, kind="training", pathway=pathway, training=training)
        for_one = queries_of(staff, INDEX, **query)
        for _number in range(29):
            cohort("Group", -2, -1, 3, kind="training", pathway=pathway, training=training)
        assert len(titles(staff, **query)) == 30

        assert queries_of(staff, INDEX, **query) == for_one


class TestTheHistory:
    def test_of_a_cohort_says_what_was_done_to_it(self, staff: Client) -> None:
        made = cohort("Group")
        [session] = cohort_actions.add_sessions(made, first=dt.date(2024, 5, 1), count=1, every_days=1, by=None)
        session.title = "Evening"
        cohort_actions.save_session(session, by=None)
        cohort_actions.remove_session(session, why="Cancelled", by=None)
        where = reverse("imp_cohorts:history", args=[made.pk])
        text = staff.get(where).text

        assert where in staff.get(f"{INDEX}{made.pk}/").text
        for line in (
            "Sessions added: 1 May 2024",
            "Session changed: 1 May 2024, title (– → Evening)",
            "Session removed: 1 May 2024 · Evening. Cancelled",
        ):
            assert line in text

    def test_is_not_for_facilitators(self, client: Client) -> None:
        user = facilitator()
        made = cohort("Group")
        made.facilitators.add(user)
        client.force_login(user)
        for name in ("history", "history_results"):
            where = reverse(f"imp_cohorts:{name}", args=[made.pk])
            missing = reverse(f"imp_cohorts:{name}", args=[999_999])
            assert [client.get(each).status_code for each in (where, missing)] == [302, 302]
            assert where not in client.get(f"{INDEX}{made.pk}/").text


def test_a_session_is_named_by_day_and_title() -> None:
    assert Session(date=dt.date(2024, 3, 9)).name == "9 March 2024"
    assert Session(date=dt.date(2024, 3, 9), title="Day 2").name == "9 March 2024 · Day 2"
