"""The filters of the list of participants: those about an enrolment speak of one and the same."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.participants import actions, filter_choices, people_list
from imp_wagtail.participants.filters import OF_ENROLMENT, ParticipantFilterSet
from imp_wagtail.participants.models import Cohort, Enrolment, Participant, StageProgress
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    ParticipantFactory,
    PathwayFactory,
    StageFactory,
    TrainingPageFactory,
    UserFactory,
    registrar,
)
from tests.participants.screens import listed, with_permissions
from tests.participants.support import asked, complete, imp, retreat, stage, store_state

pytestmark = pytest.mark.django_db

#: Every filter of the list.
FILTERS = [*OF_ENROLMENT, "country", "language"]


@pytest.fixture
def other() -> Pathway:
    return imp()


def filters_for(user: Any, **query: Any) -> ParticipantFilterSet:
    request = RequestFactory().get("/", query)
    request.user = user
    return ParticipantFilterSet(request.GET, request=request)


def offered(user: Any, name: str, **query: Any) -> list[str]:
    """The labels of a filter's choices."""
    return [str(label) for value, label in filters_for(user, **query).form.fields[name].choices if value]


@pytest.fixture
def people(pathway: Pathway, other: Pathway) -> None:
    """Ana: begun here, completed and withdrawn there. Bo: ready here, paused. Cleo: nothing begun there. Dee."""
    ana, bo, cleo = (
        ParticipantFactory(name=name, country=country, language=language)
        for name, country, language in (("Ana", "ES", "es"), ("Bo", "NL", "nl"), ("Cleo", "NL", "en"))
    )
    ParticipantFactory(name="Dee", country="", language="")
    retreat(EnrolmentFactory(participant=ana, pathway=pathway))
    done = EnrolmentFactory(participant=ana, pathway=other)
    complete(done, "preparation", "engagement", "completion")
    actions.set_status(done, "withdrawn", why="At their wish.", by=None)
    ready = EnrolmentFactory(participant=bo, pathway=pathway)
    for key in ("retreats", "practice"):
        actions.decide(ready, asked(pathway, key), outcome="met", reason="Seen.", by=None)
    actions.set_status(ready, "paused", why="At their wish.", by=None)
    EnrolmentFactory(participant=cleo, pathway=other)


@pytest.mark.usefixtures("people")
class TestOneFilter:
    def test_by_pathway(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, pathway=pathway.pk) == ["Ana", "Bo"]
        assert listed(staff, pathway=other.pk) == ["Ana", "Cleo"]

    def test_by_the_stage_at_which_people_stand(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, stage=stage(pathway, "preparation").pk) == ["Ana", "Bo"]
        assert listed(staff, stage=stage(pathway, "engagement").pk) == []
        assert listed(staff, stage=stage(other, "preparation").pk) == ["Cleo"]

    @pytest.mark.parametrize(
        ("state", "found"),
        [("not_started", ["Cleo"]), ("in_progress", ["Ana"]), ("ready", ["Bo"]), ("completed", ["Ana"])],
    )
    def test_by_the_state_of_the_current_stage_or_of_all(self, staff: Client, state: str, found: list[str]) -> None:
        assert listed(staff, state=state) == found

    def test_by_the_state_of_one_stage(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        assert listed(staff, stage=stage(other, "preparation").pk, state="completed") == ["Ana"]
        assert listed(staff, stage=stage(pathway, "preparation").pk, state="completed") == []
        assert listed(staff, stage=stage(pathway, "engagement").pk, state="not_started") == ["Ana", "Bo"]

    def test_by_status(self, staff: Client) -> None:
        assert [listed(staff, status=status) for status in ("active", "paused", "withdrawn")] == [
            ["Ana", "Cleo"],
            ["Bo"],
            ["Ana"],
        ]

    def test_by_country_and_by_language(self, staff: Client) -> None:
        assert (listed(staff, country="NL"), listed(staff, country="FR")) == (["Bo", "Cleo"], [])
        assert (listed(staff, language="nl"), listed(staff, language="fr")) == (["Bo"], [])

    def test_lists_nobody_twice(self, staff: Client) -> None:
        assert listed(staff) == ["Ana", "Bo", "Cleo", "Dee"]
        assert listed(staff, status="active") == ["Ana", "Cleo"]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("query", "in_turn"),
    [
        ({"status": "active"}, True),
        ({"state": "in_progress", "country": "NL"}, True),
        ({"hand": "letters-due"}, True),
        ({"hand": "ready"}, False),
        ({"window": "open"}, False),
    ],
)
def test_the_same_people_are_shown_whether_they_are_gathered_or_asked_in_turn(
    staff: Client, pathway: Pathway, monkeypatch: pytest.MonkeyPatch, query: dict[str, str], in_turn: bool
) -> None:
    query = {**query, "pathway": str(pathway.pk)}
    gathered = listed(staff, **query)
    asked_in_turn: list[bool] = []
    monkeypatch.setattr(people_list, "MANY", -1)
    monkeypatch.setattr(
        ParticipantFilterSet,
        "asks_in_turn",
        property(lambda filters: bool(asked_in_turn), lambda filters, value: asked_in_turn.append(value)),
    )

    assert listed(staff, **query) == gathered
    assert bool(asked_in_turn) is in_turn


@pytest.mark.usefixtures("people")
def test_together_they_speak_of_one_and_the_same_enrolment(staff: Client, pathway: Pathway, other: Pathway) -> None:
    # Ana is on this pathway, and withdrawn, and has completed: but not here.
    assert listed(staff, pathway=pathway.pk, status="withdrawn") == []
    assert listed(staff, pathway=pathway.pk, state="completed") == []
    assert listed(staff, status="active", state="completed") == []
    assert listed(staff, pathway=other.pk, stage=stage(pathway, "preparation").pk) == []
    assert listed(staff, pathway=other.pk, state="in_progress") == []
    assert listed(staff, status="withdrawn", state="in_progress") == []
    # And of hers that fit:
    assert listed(staff, pathway=other.pk, status="withdrawn", state="completed") == ["Ana"]
    assert listed(staff, pathway=pathway.pk, status="active", state="in_progress", country="ES") == ["Ana"]


class TestWindows:
    @pytest.fixture(autouse=True)
    def windows(self, pathway: Pathway, other: Pathway) -> None:
        """Ana: one stage overdue here, not yet open there. Bo: another stage overdue. Cleo: completed in time."""
        day = timezone.localdate()
        long_ago, yesterday, tomorrow = day - dt.timedelta(400), day - dt.timedelta(1), day + dt.timedelta(1)
        rows = [
            ("Ana", pathway, "completion", {"opens_on": long_ago, "closes_on": yesterday}),
            ("Ana", other, "completion", {"opens_on": tomorrow, "closes_on": day + dt.timedelta(400)}),
            ("Bo", pathway, "engagement", {"opens_on": long_ago, "closes_on": yesterday}),
            ("Cleo", pathway, "completion", {"opens_on": long_ago, "closes_on": yesterday, "state": "completed"}),
        ]
        for name, own, key, fields in rows:
            person = Participant.objects.filter(name=name).first() or ParticipantFactory(name=name)
            enrolment = EnrolmentFactory(participant=person, pathway=own)
            StageProgress.objects.filter(enrolment=enrolment, stage__key=key).update(**fields)

    def test_are_found_by_their_state_whatever_the_stage(self, staff: Client) -> None:
        assert listed(staff, window="overdue") == ["Ana", "Bo"]
        assert listed(staff, window="not_yet_open") == ["Ana"]
        assert (listed(staff, window="open"), listed(staff, window="closing_soon")) == ([], [])

    def test_are_those_of_the_stage_where_one_is_chosen(self, staff: Client, pathway: Pathway) -> None:
        wanted = {"window": "overdue", "state": "not_started"}

        assert listed(staff, stage=stage(pathway, "completion").pk, **wanted) == ["Ana"]
        assert listed(staff, stage=stage(pathway, "engagement").pk, **wanted) == ["Bo"]

    def test_speak_of_the_same_enrolment_as_the_others(self, staff: Client, other: Pathway) -> None:
        assert listed(staff, window="overdue", pathway=other.pk) == []
        assert listed(staff, window="not_yet_open", pathway=other.pk, status="active") == ["Ana"]


class TestHands:
    def test_find_those_who_need_one(self, staff: Client, pathway: Pathway) -> None:
        for name, state in (("Ana", "ready"), ("Bo", "in_progress")):
            enrolment = EnrolmentFactory(participant__name=name, pathway=pathway)
            store_state("preparation", state, enrolment)

        assert listed(staff, hand="ready") == ["Ana"]
        assert listed(staff, "index_results", hand="ready") == ["Ana"]

    def test_speak_of_the_same_enrolment_as_the_others(self, staff: Client, pathway: Pathway, other: Pathway) -> None:
        ana = EnrolmentFactory(participant__name="Ana", pathway=pathway)
        Enrolment.objects.filter(pk=ana.pk).update(outstanding=1, trained_on="2025-01-01")
        EnrolmentFactory(participant=ana.participant, pathway=other)

        assert listed(staff, hand="outstanding", pathway=pathway.pk) == ["Ana"]
        assert listed(staff, hand="outstanding", pathway=other.pk) == []

    def test_of_other_rooms_are_no_filter_for_who_may_not_see_them(self, client: Client) -> None:
        user = with_permissions("view_participant")
        client.force_login(user)
        ParticipantFactory(name="Ana")
        response = client.get(reverse("imp_participants:index"), {"hand": "letters-due"})

        assert "Letter due" not in offered(user, "hand")
        assert "Letter due" in offered(registrar(), "hand")
        assert list(response.context["filters"].form.errors) == ["hand"]


class TestCohortsAndTrainings:
    @pytest.fixture(autouse=True)
    def cohorts(self, pathway: Pathway) -> None:
        """Ana and Bo in one cohort of the training, Bo in another of it too, Cleo in none of it."""
        page = TrainingPageFactory(title="Training in person", starts=dt.date(2024, 5, 1), ends=dt.date(2024, 5, 10))
        first, second, other = (
            CohortFactory(pathway=pathway, title=title, training=training)
            for title, training in (("First", page), ("Second", page), ("Other", None))
        )
        groups = {"Ana": [first], "Bo": [first, second], "Cleo": [other]}
        for name, own in groups.items():
            enrolment = EnrolmentFactory(participant__name=name, pathway=pathway)
            for cohort in own:
                MembershipFactory(cohort=cohort, enrolment=enrolment)

    def cohort(self, title: str) -> Cohort:
        return Cohort.objects.get(title=title)

    def test_are_found_by_membership(self, staff: Client) -> None:
        assert listed(staff, cohort=self.cohort("First").pk) == ["Ana", "Bo"]
        assert listed(staff, cohort=self.cohort("Second").pk) == ["Bo"]
        assert listed(staff, training=self.cohort("First").training_id) == ["Ana", "Bo"]

    def test_speak_of_the_same_enrolment_as_the_others(self, staff: Client, other: Pathway) -> None:
        EnrolmentFactory(participant=Participant.objects.get(name="Ana"), pathway=other)

        assert listed(staff, cohort=self.cohort("First").pk, pathway=other.pk) == []

    def test_of_the_translated_page_are_those_of_the_training(self, staff: Client) -> None:
        french = Locale.objects.create(language_code="fr")
        translated = self.cohort("First").training.copy_for_translation(french, copy_parents=True)
        Cohort.objects.filter(title="Second").update(training=translated)

        assert listed(staff, training=translated.pk) == ["Ana", "Bo"]

    def test_are_offered_by_title_and_year(self) -> None:
        assert offered(registrar(), "cohort") == ["First", "Other", "Second"]
        assert offered(registrar(), "training") == ["Training in person, 2024"]

    def test_are_not_offered_to_who_may_see_no_cohorts(self) -> None:
        user = UserFactory()
        user.user_permissions.set(Permission.objects.filter(codename="view_participant"))

        assert (offered(user, "cohort"), offered(user, "training")) == ([], [])


class TestChoices:
    def test_are_the_countries_and_languages_in_use(self) -> None:
        for country, language in (("NL", "en"), ("ES", "es"), ("", ""), ("NL", "es")):
            ParticipantFactory(country=country, language=language)

        assert offered(registrar(), "country") == ["Netherlands", "Spain"]
        assert offered(registrar(), "language") == ["English", "Spanish"]

    def test_keep_an_address_true_when_the_last_one_has_moved_away(self, staff: Client) -> None:
        ParticipantFactory(country="NL")
        response = staff.get(reverse("imp_participants:index"), {"country": "FR"})

        assert offered(registrar(), "country", country="FR") == ["France", "Netherlands"]
        assert not response.context["filters"].form.errors
        assert list(response.context["object_list"]) == []

    def test_are_pathways_of_the_source_language_only(self, pathway: Pathway, other: Pathway) -> None:
        pathway.copy_for_translation(Locale.objects.create(language_code="fr")).save()

        assert offered(registrar(), "pathway") == ["IMP", "IMP"]
        assert offered(registrar(), "stage") == ["IMP · Preparation", "IMP · Engagement", "IMP · Completion"] * 2

    def test_are_escaped(self, staff: Client) -> None:
        for make in (PathwayFactory, CohortFactory):
            make(title="<script>'\"&")
        text = staff.get(reverse("imp_participants:index")).text

        assert "<script>'" not in text
        assert ">&lt;script&gt;&#x27;&quot;&amp;</option>" in text

    def test_a_pathway_without_stages_is_offered_too(self) -> None:
        StageFactory(pathway__title="With", title="First")
        PathwayFactory(title="Without")

        assert offered(registrar(), "pathway") == ["With", "Without"]
        assert offered(registrar(), "stage") == ["With · First"]


@pytest.mark.usefixtures("people")
class TestNonsense:
    @pytest.mark.parametrize("name", FILTERS)
    @pytest.mark.parametrize("value", ["nonsense", "0", "999999", "-1", "' OR 1=1", "é", "9" * 40])
    def test_shows_nobody_and_says_why(self, staff: Client, name: str, value: str) -> None:
        response = staff.get(reverse("imp_participants:index"), {name: value})

        assert response.status_code == 200
        assert list(response.context["filters"].form.errors) == [name]
        assert list(response.context["object_list"]) == []
        assert "Nobody is shown, because a filter could not be used." in response.text
        assert f"<li>{response.context['filters'].form[name].label}: Select a valid choice." in response.text

    def test_shows_nobody_while_typing_either(self, staff: Client) -> None:
        response = staff.get(reverse("imp_participants:index_results"), {"stage": "nonsense", "q": "ana"})

        assert list(response.context["object_list"]) == []
        assert "Nobody is shown" in response.text

    def test_is_not_outvoted_by_filters_that_mean_something(self, staff: Client, pathway: Pathway) -> None:
        assert listed(staff, pathway=pathway.pk, stage="nonsense") == []

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_exports_nobody(self, staff: Client, kind: str) -> None:
        response = staff.get(reverse("imp_participants:index"), {"export": kind, "stage": "nonsense"})

        assert response.headers["Content-Type"].startswith("text/html")
        assert "Nobody is shown, because a filter could not be used." in response.text

    def test_as_a_search_finds_nobody(self, staff: Client) -> None:
        assert (listed(staff, q="\x00"), listed(staff, q="%%")) == ([], [])

    def test_that_is_no_filter_is_not_looked_up(self, staff: Client) -> None:
        assert len(listed(staff, user__password__startswith="pbkdf2", email="leak", notes__contains="x")) == 4


@pytest.mark.usefixtures("people")
def test_filters_are_shown_with_what_takes_them_off(staff: Client, pathway: Pathway) -> None:
    query = {"pathway": pathway.pk, "stage": stage(pathway, "preparation").pk, "status": "active", "hand": "ready"}
    shown = staff.get(reverse("imp_participants:index"), query).context["view"].active_filters

    assert [(found.field_label, found.value) for found in shown] == [
        ("Needs a hand", "Stage ready to complete"),
        ("Pathway", "IMP"),
        ("Stage", "IMP · Preparation"),
        ("Enrolment", "active"),
    ]
    for found, name in zip(shown, ["hand", "pathway", "stage", "status"], strict=True):
        assert f"{name}=" not in found.removed_filter_url


@pytest.mark.usefixtures("people")
def test_what_is_filtered_to_nobody_offers_everybody(staff: Client) -> None:
    text = staff.get(reverse("imp_participants:index"), {"country": "NL", "q": "nobody"}).text

    assert "No participants match your query." in text
    assert f'<a href="{reverse("imp_participants:index")}">Show everybody</a>' in text


def test_of_very_many_cohorts_the_latest_are_offered_and_the_one_asked_for(
    staff: Client, pathway: Pathway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filter_choices, "MOST_COHORTS", 2)
    oldest, _old, _late, latest = [CohortFactory(pathway=pathway, title=f"Cohort {place}") for place in range(4)]
    member = MembershipFactory(cohort=oldest).enrolment.participant

    offered = staff.get(reverse("imp_participants:index")).text
    assert latest.title in offered
    assert oldest.title not in offered
    assert listed(staff, cohort=oldest.pk) == [member.name]
    assert oldest.title in staff.get(reverse("imp_participants:index"), {"cohort": oldest.pk}).text
