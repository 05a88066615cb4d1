"""Everything on record for enrolments, as lines of one ledger, in one query."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.participants import actions, ledger
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.facts import facts_of, facts_of_many, rules_of
from imp_wagtail.participants.ledger import ATTENDANCE, COMPLETION, DECISION, EVERYTHING, EVIDENCE, EXTENSION, Line
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Extension, Membership
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind
from tests.factories import CohortFactory, EnrolmentFactory, MembershipFactory, SessionFactory, UserFactory
from tests.participants.support import PAST, asked, complete, imp, retreat, stage

pytestmark = pytest.mark.django_db

D = Decimal


@pytest.fixture
def ruth() -> Any:
    return UserFactory(username="ruth")


def lines(*enrolments: Enrolment, kinds: Any = EVERYTHING) -> list[Line]:
    return ledger.lines_of([enrolment.pk for enrolment in enrolments], kinds)


def attended(cohort: Cohort, enrolment: Enrolment, *days: dt.date, hours: Decimal | None = None) -> None:
    MembershipFactory(cohort=cohort, enrolment=enrolment)
    for day in days:
        session = SessionFactory(cohort=cohort, date=day, hours=hours)
        cohort_actions.mark_attendance(session, present=[enrolment], by=None)


class TestEachKindOfLine:
    def test_evidence(self, enrolment: Enrolment, ruth: Any) -> None:
        evidence = retreat(enrolment, days="6.5", detail="Ammerdown", note="Seen", by=ruth)
        [line] = lines(enrolment)

        assert line == Line(
            kind=EVIDENCE,
            pk=evidence.pk,
            enrolment=enrolment.pk,
            about=evidence.requirement_id,
            date=PAST,
            amount=D("6.5"),
            sort="",
            title="Ammerdown",
            text="Seen",
            who="",
            has_file=False,
        )
        assert isinstance(line.date, dt.date) and isinstance(line.amount, Decimal)

    def test_evidence_with_a_document(self, enrolment: Enrolment) -> None:
        retreat(enrolment, file=ContentFile(b"paper", name="paper.pdf"))

        assert [line.has_file for line in lines(enrolment)] == [True]

    @pytest.mark.parametrize("outcome", ["met", "equivalent", "waived", "refused"])
    def test_a_decision(self, enrolment: Enrolment, ruth: Any, outcome: str) -> None:
        requirement = asked(enrolment.pathway, "retreats")
        decision = actions.decide(enrolment, requirement, outcome=outcome, reason="Seen.", on=PAST, by=ruth)

        assert lines(enrolment) == [
            Line(DECISION, decision.pk, enrolment.pk, requirement.pk, PAST, None, outcome, "", "Seen.", "ruth", False)
        ]

    def test_a_completion(self, enrolment: Enrolment, ruth: Any) -> None:
        complete(enrolment, "preparation", by=ruth)
        own = stage(enrolment.pathway, "preparation")
        completion = enrolment.completions.get()

        assert lines(enrolment, kinds=[COMPLETION]) == [
            Line(COMPLETION, completion.pk, enrolment.pk, own.pk, PAST, None, "", "", "", "ruth", False)
        ]

    def test_an_extension(self, enrolment: Enrolment, ruth: Any) -> None:
        own, until = stage(enrolment.pathway, "completion"), dt.date(2030, 1, 15)
        extension = Extension.objects.create(
            enrolment=enrolment, stage=own, until=until, reason="Ill.", granted_on=PAST, granted_by=ruth
        )

        assert lines(enrolment) == [
            Line(EXTENSION, extension.pk, enrolment.pk, own.pk, until, None, "", "", "Ill.", "ruth", False)
        ]

    @pytest.mark.parametrize("hours", [D("1.5"), None])
    def test_attendance(self, enrolment: Enrolment, hours: Decimal | None) -> None:
        cohort = CohortFactory(pathway=enrolment.pathway, title="Evenings", kind=CohortKind.SUPERVISION)
        attended(cohort, enrolment, PAST, hours=hours)
        row = Attendance.objects.get()

        assert lines(enrolment, kinds=[ATTENDANCE]) == [
            Line(ATTENDANCE, row.pk, enrolment.pk, cohort.pk, PAST, hours, "supervision", "Evenings", "", "", False)
        ]

    def test_a_membership_says_how_many_sessions_were_held_until_today(self, enrolment: Enrolment) -> None:
        cohort = CohortFactory(pathway=enrolment.pathway, title="Evenings", kind=CohortKind.TRAINING)
        today = timezone.localdate()
        for days in (-400, 0, 1, 30):
            SessionFactory(cohort=cohort, date=today + dt.timedelta(days=days))
        MembershipFactory(cohort=cohort, enrolment=enrolment)
        row = Membership.objects.get()

        assert lines(enrolment) == [
            Line("membership", row.pk, enrolment.pk, cohort.pk, None, D(2), "training", "Evenings", "", "", False)
        ]

    def test_a_membership_of_a_group_that_has_not_met(self, enrolment: Enrolment) -> None:
        MembershipFactory(cohort__pathway=enrolment.pathway, enrolment=enrolment)

        assert [line.amount for line in lines(enrolment)] == [D(0)]


class TestWhatIsThere:
    def test_is_what_stands(self, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")
        own = stage(enrolment.pathway, "preparation")
        actions.reopen_stage(enrolment, own, why="A mistake.", by=None)
        for decision in enrolment.decisions.all():
            actions.revoke_decision(decision, why="A mistake.", by=None)
        Extension.objects.create(
            enrolment=enrolment, stage=own, until=PAST, reason="Ill.", granted_on=PAST, stands=None
        )

        assert lines(enrolment) == []

    def test_names_nobody_where_nobody_did_it(self, enrolment: Enrolment) -> None:
        complete(enrolment, "preparation")

        assert {line.who for line in lines(enrolment)} == {""}

    def test_is_what_hangs_on_these_enrolments_and_no_others(self, enrolment: Enrolment) -> None:
        other = EnrolmentFactory(pathway=enrolment.pathway)
        retreat(enrolment)
        retreat(other)

        assert [line.enrolment for line in lines(other)] == [other.pk]
        assert {line.enrolment for line in lines(enrolment, other)} == {enrolment.pk, other.pk}

    def test_of_nobody_is_nothing_and_asks_nothing(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert lines() == []
            assert facts_of_many([]) == []

    def test_is_what_was_asked_for(self, enrolment: Enrolment) -> None:
        fill(enrolment)

        assert {line.kind for line in lines(enrolment)} == set(EVERYTHING)
        assert {line.kind for line in lines(enrolment, kinds=ledger.FACTS)} == set(EVERYTHING) - {"membership"}
        assert {line.kind for line in lines(enrolment, kinds=[EVIDENCE])} == {EVIDENCE}

    def test_is_in_the_order_of_its_days_and_of_one_day_in_that_of_recording(self, enrolment: Enrolment) -> None:
        later, earlier = dt.date(2024, 6, 1), dt.date(2024, 3, 1)
        titles = [
            retreat(enrolment, date=day, detail=detail).detail
            for day, detail in ((later, "c"), (earlier, "a"), (later, "d"), (earlier, "b"))
        ]
        MembershipFactory(cohort__pathway=enrolment.pathway, cohort__title="last", enrolment=enrolment)

        assert [line.title for line in lines(enrolment)] == [*sorted(titles), "last"]


def fill(enrolment: Enrolment, count: int = 1) -> None:
    """Something of every kind, each so often."""
    cohort = CohortFactory(pathway=enrolment.pathway)
    days = [PAST + dt.timedelta(days=place) for place in range(count)]
    for day in days:
        retreat(enrolment, date=day)
    attended(cohort, enrolment, *days)
    complete(enrolment, "preparation", "engagement")
    Extension.objects.create(
        enrolment=enrolment,
        stage=stage(enrolment.pathway, "completion"),
        until=PAST,
        reason="Ill.",
        granted_on=PAST,
    )


def test_everything_is_read_in_one_query_whatever_there_is(pathway: Pathway, django_assert_num_queries: Any) -> None:
    people = [EnrolmentFactory(pathway=pathway) for _number in range(5)]
    fill(people[0])
    with django_assert_num_queries(1):
        alone = lines(people[0])
    for number, enrolment in enumerate(people[1:], start=2):
        fill(enrolment, count=number)
    with django_assert_num_queries(1):
        everybody = lines(*people)

    assert len(everybody) > 5 * len(alone)


def test_the_facts_of_many_on_several_pathways_are_read_in_two(django_assert_num_queries: Any) -> None:
    people = [EnrolmentFactory(pathway=imp()) for _number in range(3)]
    for enrolment in people:
        fill(enrolment)
    with django_assert_num_queries(2):
        found = facts_of_many(people[::-1])
        assert [facts.result.current for facts in found] == [2, 2, 2]

    assert [facts.enrolment for facts in found] == people[::-1]
    assert found == [facts_of(enrolment) for enrolment in people[::-1]]


def test_rules_are_read_with_everything_they_say(pathway: Pathway) -> None:
    with CaptureQueriesContext(connection) as queries:
        [*rules] = rules_of([pathway.pk])[pathway.pk]
        titles = {
            str(requirement.stage): [str(own) for own in item.requirements]
            for item in rules
            for requirement in item.requirements
        }

    assert len(queries) == 1
    assert titles == {
        str(own): [str(requirement) for requirement in own.requirements.all()] for own in pathway.stages.all()
    }
    for item in rules:
        for requirement in item.requirements:
            stored = asked(pathway, requirement.key)
            assert (requirement, requirement.rule) == (stored, stored.rule)


def test_a_stage_that_asks_for_nothing_has_no_requirements(pathway: Pathway) -> None:
    stage(pathway, "completion").requirements.all().delete()

    assert [len(item.requirements) for item in rules_of([pathway.pk])[pathway.pk]] == [3, 3, 0]
