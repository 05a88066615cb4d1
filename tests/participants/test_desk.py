"""The desk, on its own page and on the admin's home: numbers that are what the lists behind them show."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from imp_wagtail.core.models import Job
from imp_wagtail.participants import actions
from imp_wagtail.participants.desk import Desk, Figure
from imp_wagtail.participants.models import Enrolment, Participant, StageProgress
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    PathwayFactory,
    SessionFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)
from tests.participants.screens import queries_of, with_permissions
from tests.participants.support import PAST, complete, imp, retreat, store_state

pytestmark = pytest.mark.django_db

DESK, HOME = "imp_desk:index", "wagtailadmin_home"


def people(pathway: Pathway) -> None:
    """Two at the first stage, one of them paused; one at the second; one who completed, one who did and withdrew."""
    second = EnrolmentFactory(pathway=pathway, participant__name="Second")
    complete(second, "preparation")
    for name, status in (("First", "active"), ("Paused", "paused")):
        enrolment = EnrolmentFactory(pathway=pathway, participant__name=name)
        retreat(enrolment)
        if status != "active":
            actions.set_status(enrolment, status, why="At their wish.", by=None)
    for name, status in (("Done", "active"), ("Done and gone", "withdrawn")):
        enrolment = EnrolmentFactory(pathway=pathway, participant__name=name)
        complete(enrolment, "preparation", "engagement", "completion")
        if status != "active":
            actions.set_status(enrolment, status, why="At their wish.", by=None)


def counts(figures: list[Figure]) -> dict[str, int]:
    return {figure.label: figure.count for figure in figures}


class TestFigures:
    def test_say_how_many_stand_where_on_each_pathway(self, registrar_user: Any, pathway: Pathway) -> None:
        people(pathway)
        other = PathwayFactory(title="Another")
        # On two pathways at once: counted once on each.
        EnrolmentFactory(participant=Participant.objects.get(name="First"), pathway=imp())
        another, first, second = Desk(registrar_user).pathways

        assert (another.pathway, counts(another.bars)) == (other, {"Completed": 0})
        assert counts(first.bars) == {"Preparation": 1, "Engagement": 1, "Completion": 0, "Completed": 1}
        assert counts(first.others) == {"paused": 1, "withdrawn": 1}
        assert counts(second.bars) == {"Preparation": 1, "Engagement": 0, "Completion": 0, "Completed": 0}
        assert second.others == []

    def test_draw_the_longest_bar_in_full(self, registrar_user: Any, pathway: Pathway) -> None:
        EnrolmentFactory.create_batch(4, pathway=pathway)
        complete(EnrolmentFactory(pathway=pathway), "preparation")
        [figures] = Desk(registrar_user).pathways

        assert [bar.share for bar in figures.bars] == [100, 25, 0, 0]

    def test_are_of_the_source_languages_pathways_only(self, registrar_user: Any, pathway: Pathway) -> None:
        french = pathway.locale.__class__.objects.create(language_code="fr")
        pathway.copy_for_translation(french).save()

        assert [figures.pathway for figures in Desk(registrar_user).pathways] == [pathway]


def every_figure(user: Any) -> list[Figure]:
    desk = Desk(user)
    return [figure for found in desk.pathways for figure in [*found.bars, *found.others]] + desk.tasks


def test_every_number_is_that_of_the_list_behind_it(staff: Client, registrar_user: Any, pathway: Pathway) -> None:
    people(pathway)
    people(imp())
    cohort = CohortFactory(pathway=pathway)
    for enrolment in pathway.enrolments.all():
        MembershipFactory(cohort=cohort, enrolment=enrolment)
    SessionFactory.create_batch(2, cohort=cohort, date=PAST)
    first = Enrolment.objects.filter(participant__name="First")
    first.update(outstanding=1, trained_on=PAST)
    StageProgress.objects.filter(enrolment__in=first, stage__key="completion").update(opens_on=PAST, closes_on=PAST)
    store_state("preparation", "ready", *first)
    figures = every_figure(registrar_user)

    assert len([figure for figure in figures if figure.count]) >= 12
    for figure in figures:
        shown = staff.get(figure.url)
        assert (figure.label, shown.context["paginator"].count) == (figure.label, figure.count)
        assert shown.context["view"].is_filtering


def test_a_person_who_needs_a_hand_on_two_pathways_is_one(
    staff: Client, registrar_user: Any, pathway: Pathway
) -> None:
    ana = EnrolmentFactory(pathway=pathway)
    EnrolmentFactory(participant=ana.participant, pathway=imp())
    store_state("preparation", "ready")
    [ready] = [task for task in Desk(registrar_user).tasks if "ready" in task.url]

    assert (ready.count, ready.unit) == (1, "person")


def test_a_facilitators_cohorts_are_counted_for_whoever_sees_people_too(pathway: Pathway) -> None:
    """Somebody who sees participants, but of the cohorts their own only."""
    user = facilitator()
    user.user_permissions.add(Permission.objects.get(codename="view_participant"))
    own, others = CohortFactory(pathway=pathway), CohortFactory(pathway=pathway)
    own.facilitators.add(user)
    for cohort in (own, others):
        MembershipFactory(cohort=cohort)
        SessionFactory(cohort=cohort, date=PAST)
    [task] = [task for task in Desk(user).tasks if "to_tick" in task.url]

    assert (task.count, task.unit) == (1, "cohort")


@pytest.mark.parametrize("address", [DESK, HOME])
class TestOnTheScreen:
    def test_every_number_is_a_link(self, staff: Client, registrar_user: Any, pathway: Pathway, address: str) -> None:
        people(pathway)
        text = staff.get(reverse(address)).text
        links = {unescape(url) for url in re.findall(r'href="([^"]+)"', text)}
        figures = every_figure(registrar_user)

        assert {figure.url for figure in figures if figure.count} <= links
        if address == DESK:
            assert {figure.url for figure in figures} <= links

    def test_each_number_says_what_it_counts(self, staff: Client, pathway: Pathway, address: str) -> None:
        people(pathway)
        text = staff.get(reverse(address)).text

        assert '1<span class="w-sr-only">: Engagement</span></a>' in text
        assert "<caption>IMP</caption>" in text
        assert '<th scope="row">Engagement</th>' in text

    def test_bars_are_drawn_without_inline_styles(self, staff: Client, pathway: Pathway, address: str) -> None:
        people(pathway)
        text = staff.get(reverse(address)).text

        assert '<rect width="100" height="10"/>' in text
        assert 'style="' not in text[text.index("imp-desk") :]
        assert "imp_participants/desk.css" in text

    def test_titles_are_escaped(self, staff: Client, address: str) -> None:
        EnrolmentFactory(pathway=PathwayFactory(title="<script>alert(1)</script>"))

        assert "<script>alert(1)" not in staff.get(reverse(address)).text

    def test_it_takes_as_many_queries_for_many_as_for_one(self, staff: Client, pathway: Pathway, address: str) -> None:
        people(pathway)
        for_one = queries_of(staff, reverse(address))
        for _number in range(3):
            people(imp())

        assert Enrolment.objects.count() == 20
        assert queries_of(staff, reverse(address)) == for_one <= 28

    @pytest.mark.parametrize("who", [editor, facilitator])
    def test_others_see_nothing_of_it(
        self, client: Client, pathway: Pathway, address: str, who: Callable[[], Any]
    ) -> None:
        people(pathway)
        client.force_login(who())
        response = client.get(reverse(address), follow=True)

        assert "imp-desk" not in response.text
        assert "Engagement" not in response.text
        assert reverse(DESK) not in re.findall(r'"(/[^"]+)"', response.text)


@pytest.mark.parametrize("who", [editor, facilitator, UserFactory, None])
def test_the_page_is_refused_to_others(client: Client, who: Callable[[], Any] | None) -> None:
    if who:
        client.force_login(who())

    assert client.get(reverse(DESK)).status_code == 302


def test_it_is_the_first_item_of_the_menu(staff: Client) -> None:
    text = staff.get(reverse(HOME)).text
    items = [reverse(name) for name in (DESK, "imp_participants:index", "imp_cohorts:index")]
    places = [text.index(f'"{url}"') for url in items]

    assert places == sorted(places)


class TestBeginning:
    def test_says_what_to_do_first(self, staff: Client, pathway: Pathway) -> None:
        text = staff.get(reverse(DESK)).text

        assert "Nobody is on record yet" in text
        for address in ("imp_participants:add", "imp_people_import:begin", "imp_cohorts:add"):
            assert f'href="{reverse(address)}"' in text
        assert "IMP" in text
        assert "Where people stand" not in text
        assert "Nobody is on record yet." in staff.get(reverse(HOME)).text

    def test_asks_for_a_pathway_where_there_is_none(self, staff: Client) -> None:
        assert "There is no pathway yet." in staff.get(reverse(DESK)).text

    def test_leads_to_a_pathway_only_whoever_may_change_it(
        self, staff: Client, registrar_user: Any, pathway: Pathway
    ) -> None:
        address = reverse("wagtailsnippets_imp_pathways_pathway:edit", args=[pathway.pk])
        assert address not in staff.get(reverse(DESK)).text

        registrar_user.user_permissions.add(Permission.objects.get(codename="change_pathway"))
        assert address in staff.get(reverse(DESK)).text

    def test_offers_nothing_that_is_not_allowed(self, client: Client) -> None:
        client.force_login(with_permissions("view_participant"))
        text = client.get(reverse(DESK)).text

        assert "Nobody is on record yet" in text
        for address in ("imp_participants:add", "imp_people_import:begin", "imp_cohorts:add"):
            assert f'href="{reverse(address)}"' not in text

    def test_is_over_with_the_first_participant(self, staff: Client) -> None:
        ParticipantFactory()

        assert "Nobody is on record yet" not in staff.get(reverse(DESK)).text


def test_the_home_says_when_nobody_waits(staff: Client) -> None:
    ParticipantFactory()

    assert "Nobody waits for you." in staff.get(reverse(HOME)).text


def test_ones_own_work_that_is_not_over_is_shown(staff: Client, registrar_user: Any) -> None:
    def job(title: str, by: Any, state: str) -> Job:
        return Job.objects.create(kind="test", title=title, created_by=by, state=state, position=3, total=9)

    running = job("Forty letters", registrar_user, Job.State.RUNNING)
    job("Finished", registrar_user, Job.State.FINISHED)
    job("Cancelled", registrar_user, Job.State.CANCELLED)
    job("Somebody else’s", registrar(), Job.State.RUNNING)
    waiting = job("Waiting", registrar_user, Job.State.WAITING)

    assert Desk(registrar_user).jobs == [waiting, running]
    text = staff.get(reverse(DESK)).text
    assert f'<a href="{reverse("imp_jobs:job", args=[running.pk])}">Forty letters</a>' in text
    assert "3 of 9" in text
    assert "Somebody else" not in text
