"""From the preview's button to everybody done: once, whoever clicks how often, and whatever breaks in between."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from imp_wagtail.core import jobs
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from imp_wagtail.participants import actions
from imp_wagtail.participants.bulk import plans
from imp_wagtail.participants.bulk.acts import Enrol
from imp_wagtail.participants.bulk.plans import Plan
from imp_wagtail.participants.models import Cohort, Decision, Enrolment, Evidence, Participant, StageCompletion
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.participants.signals import progress_stored
from imp_wagtail.pathways.models import Pathway
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    ParticipantFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)
from tests.participants.bulk import address, done, shown_plan
from tests.participants.support import (
    asked,
    imp,
    retreat,
    stage,
    stored_progress_is_worked_out_progress,
    unchanged,
)
from tests.participants.test_access import with_permissions

pytestmark = pytest.mark.django_db

DAY = "2024-05-01"
EVERYBODY = "all"


@pytest.fixture
def by() -> Any:
    return registrar()


@pytest.fixture
def staff(client: Client, by: Any) -> Client:
    client.force_login(by)
    return client


@pytest.fixture
def pathway() -> Pathway:
    return imp()


@pytest.fixture
def people(pathway: Pathway) -> list[Enrolment]:
    return [EnrolmentFactory(pathway=pathway, participant__name=f"Person {number}") for number in range(1, 7)]


def retreats(pathway: Pathway, **values: str) -> dict[str, Any]:
    return {"requirement": asked(pathway, "retreats").pk, "date": DAY, "amount": "6", **values}


def counts(job: Job) -> dict[str, Any]:
    return {"state": job.state, "changed": job.changed, "left_out": job.left_out, "total": job.total}


class TestThePages:
    def test_the_form_says_how_many_are_selected(self, staff: Client, people: list[Enrolment]) -> None:
        for keys, words in (
            ([EVERYBODY], "6 people are selected."),
            ([people[0].participant], "1 person is selected."),
        ):
            assert words in staff.get(address("evidence", *keys)).text

    def test_the_preview_names_everybody_in_their_place_with_the_reason(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        retreat(people[0])
        actions.set_status(people[1], "withdrawn", why="So.", by=None)
        ParticipantFactory(name="Stranger")
        with unchanged():
            text = staff.post(address("evidence", EVERYBODY), retreats(pathway)).text
        will, cannot, so_already = (
            text.index("4 people will"),
            text.index("2 people cannot"),
            text.index("For 1 person"),
        )

        assert will < text.index("Person 6") < cannot
        assert cannot < text.index("Not on the pathway “IMP”.") < text.index("Stranger") < so_already
        assert cannot < text.index("This enrolment is withdrawn.") < text.index("Person 2") < so_already
        assert so_already < text.index("Person 1") < text.index("Do it for 4 people")
        assert "Two retreats · 1 May 2024 · 6 days" in text

    def test_the_preview_of_many_names_the_first_fifty(self, staff: Client, pathway: Pathway) -> None:
        Participant.objects.bulk_create(Participant(name=f"Person {number:02}") for number in range(60))
        text = staff.post(address("enrol", EVERYBODY), {"pathway": pathway.pk, "enrolled_on": DAY}).text

        assert ("Person 49" in text, "Person 50" in text, "… and 10 more" in text) == (True, False, True)
        assert "Do it for 60 people" in text

    def test_where_nobody_would_change_there_is_no_button(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        retreat(people[0])
        text = staff.post(address("evidence", people[0].participant), retreats(pathway)).text

        assert "Nobody will change" in text
        assert "Do it" not in text

    @pytest.mark.parametrize(
        ("values", "field"),
        [({"date": "2999-01-01"}, "date"), ({"amount": "3"}, "amount"), ({"requirement": "0"}, "requirement")],
    )
    def test_what_is_wrong_for_everybody_is_said_beside_the_field(
        self, staff: Client, pathway: Pathway, people: list[Enrolment], values: dict[str, str], field: str
    ) -> None:
        response = staff.post(address("evidence", EVERYBODY), retreats(pathway, **values))

        assert list(response.context["form"].errors) == [field]
        assert "plan" not in response.context

    def test_the_form_can_be_changed_again_and_has_kept_what_was_typed(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        sent = staff.post(address("evidence", EVERYBODY), retreats(pathway, detail="Gaia House")).context["sent"]
        response = staff.post(address("evidence", EVERYBODY), {**sent, "change": "1"})

        assert 'value="Gaia House"' in response.text
        assert "plan" not in response.context

    def test_the_preview_takes_as_many_queries_for_thirty_as_for_one(self, staff: Client, pathway: Pathway) -> None:
        url = address("evidence", EVERYBODY)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert staff.post(url, retreats(pathway)).status_code == 200
            return len(captured)

        EnrolmentFactory(pathway=pathway)
        queries()
        for_one = queries()
        for number in range(29):
            EnrolmentFactory(pathway=pathway, status="withdrawn" if number % 3 else "active")

        assert queries() == for_one

    def test_the_button_leads_to_the_work_and_that_back_to_the_list(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        url = address("evidence", EVERYBODY, next="/admin/training/participants/?country=NL")
        response = staff.post(url, {"plan": shown_plan(staff, url, retreats(pathway))})
        job = Job.objects.get()

        assert response.headers["Location"] == job_url(job)
        assert job.title == "Record evidence: Two retreats · 1 May 2024 · 6 days"
        assert job.return_url == "/admin/training/participants/?country=NL"

    def test_the_button_does_it_at_once_where_tasks_run_in_process(
        self, staff: Client, pathway: Pathway, people: list[Enrolment], django_capture_on_commit_callbacks: Any
    ) -> None:
        url = address("evidence", people[0].participant)
        with django_capture_on_commit_callbacks(execute=True):
            response = staff.post(url, {"plan": shown_plan(staff, url, retreats(pathway))})

        assert people[0].evidence.count() == 1
        assert "Done." in staff.get(response.headers["Location"]).text


class TestTheWork:
    def test_records_evidence(self, staff: Client, by: Any, pathway: Pathway, people: list[Enrolment]) -> None:
        retreat(people[0])
        ParticipantFactory(name="Stranger")
        job = done(staff, address("evidence", EVERYBODY), retreats(pathway, note="Seen."))

        assert counts(job) == {"state": "finished", "changed": 5, "left_out": 0, "total": 5}
        assert all(enrolment.evidence.count() == 1 for enrolment in people)
        assert people[1].evidence.get().recorded_by == by
        assert ModelLogEntry.objects.filter(action="imp.evidence.record", user=by).count() == 5
        assert stored_progress_is_worked_out_progress()
        assert "1 for whom it was so already, 1 who could not" in staff.get(job_url(job)).text

    def test_records_a_decision(self, staff: Client, by: Any, pathway: Pathway, people: list[Enrolment]) -> None:
        form = {"requirement": asked(pathway, "practice").pk, "outcome": "waived", "reason": "So.", "decided_on": DAY}
        done(staff, address("decide", people[0].participant, people[2].participant), form)
        decisions = Decision.objects.order_by("enrolment")

        assert [decision.enrolment for decision in decisions] == [people[0], people[2]]
        assert {(item.outcome, item.reason, str(item.decided_on), item.decided_by) for item in decisions} == {
            ("waived", "So.", DAY, by)
        }

    def test_completes_a_stage(self, staff: Client, by: Any, pathway: Pathway, people: list[Enrolment]) -> None:
        for enrolment in people[:2]:
            for key in ("retreats", "practice"):
                actions.decide(enrolment, asked(pathway, key), outcome="met", reason="Seen.", by=None)
        form = {"stage": stage(pathway, "preparation").pk, "completed_on": DAY}
        # The filter by which people are found no longer finds them when they are done.
        job = done(staff, address("complete", EVERYBODY, state="ready"), form)

        assert counts(job) == {"state": "finished", "changed": 2, "left_out": 0, "total": 2}
        completions = StageCompletion.objects.order_by("enrolment")
        assert [(item.enrolment, str(item.completed_on), item.completed_by) for item in completions] == [
            (enrolment, DAY, by) for enrolment in people[:2]
        ]

    def test_adds_to_a_cohort(self, staff: Client, pathway: Pathway, people: list[Enrolment]) -> None:
        cohort = CohortFactory(pathway=pathway)
        done(staff, address("cohort", EVERYBODY), {"cohort": cohort.pk})

        assert list(cohort.members.order_by("pk")) == people

    def test_enrols(self, staff: Client, pathway: Pathway, people: list[Enrolment]) -> None:
        other = imp()
        job = done(staff, address("enrol", EVERYBODY), {"pathway": other.pk, "enrolled_on": DAY})

        assert (
            job.changed == other.enrolments.filter(enrolled_on=DAY, progress__state="not_started").distinct().count()
        )
        assert job.changed == 6

    def test_is_done_once_however_often_it_is_clicked(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        url = address("evidence", EVERYBODY)
        plan = {"plan": shown_plan(staff, url, retreats(pathway))}
        addresses = {staff.post(url, plan).headers["Location"]}
        jobs.run(Job.objects.get().pk)
        addresses |= {staff.post(url, plan).headers["Location"] for _click in range(3)}

        assert addresses == {job_url(Job.objects.get())}
        assert Evidence.objects.count() == len(people)

    def test_sent_anew_from_the_form_finds_everybody_done(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        done(staff, address("evidence", EVERYBODY), retreats(pathway))
        context = staff.post(address("evidence", EVERYBODY), retreats(pathway)).context

        assert (context["will_change"].count, context["so_already"].count) == (0, 6)

    def test_concerns_those_who_were_shown_though_others_join_the_filter(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        url = address("evidence", EVERYBODY, country="NL")
        plan = shown_plan(staff, url, retreats(pathway))
        late = EnrolmentFactory(pathway=pathway)
        Participant.objects.filter(pk=people[0].participant_id).update(country="ES")
        staff.post(url, {"plan": plan})
        jobs.run(Job.objects.get().pk)

        assert (late.evidence.count(), people[0].evidence.count()) == (0, 1)

    def test_leaves_out_those_who_cannot_any_more_and_says_why(
        self, staff: Client, by: Any, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        url = address("evidence", EVERYBODY)
        plan = shown_plan(staff, url, retreats(pathway))
        actions.set_status(people[1], "withdrawn", why="So.", by=None)
        gone = people[2].participant_id
        people[2].participant.delete()
        retreat(people[3])
        staff.post(url, {"plan": plan})
        job = jobs.run(Job.objects.get().pk)

        assert counts(job) == {"state": "finished", "changed": 3, "left_out": 2, "total": 6}
        assert job.refusals == [
            ["Person 2", "This enrolment is withdrawn. Resume it first."],
            [f"Person {gone}, no longer on record", "Not on the pathway “IMP”."],
        ]
        assert people[3].evidence.count() == 1

    def test_leaves_everybody_alone_where_what_it_is_about_is_gone(
        self, staff: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        cohort = CohortFactory(pathway=pathway)
        url = address("cohort", EVERYBODY)
        plan = shown_plan(staff, url, {"cohort": cohort.pk})
        Cohort.objects.all().delete()
        staff.post(url, {"plan": plan})
        job = jobs.run(Job.objects.get().pk)

        assert counts(job) == {"state": "finished", "changed": 0, "left_out": 6, "total": 6}
        assert "That choice is not one of the available choices." in job.refusals[0][1]

    @pytest.mark.parametrize(
        "take_away",
        [
            lambda user: user.groups.clear(),
            lambda user: get_user_model().objects.filter(pk=user.pk).update(is_active=False),
            lambda user: user.delete(),
        ],
        ids=["rights", "account", "user"],
    )
    def test_ends_for_whoever_loses_the_right_in_between(
        self, staff: Client, by: Any, pathway: Pathway, people: list[Enrolment], take_away: Callable[[Any], None]
    ) -> None:
        url = address("evidence", EVERYBODY)
        staff.post(url, {"plan": shown_plan(staff, url, retreats(pathway))})
        job = jobs.run(Job.objects.get().pk, seconds=0)
        take_away(by)
        job = jobs.run(job.pk)

        assert counts(job) == {"state": "finished", "changed": 1, "left_out": 5, "total": 6}
        assert job.refusals[0] == ["Person 2", "Whoever started this may no longer do it."]
        assert Evidence.objects.count() == 1

    def test_names_nobody_who_was_erased_since_it_was_shown(self, by: Any) -> None:
        there, gone = ParticipantFactory(), ParticipantFactory()
        refused = [[person.pk, person.name, "Not completed."] for person in (there, gone)]
        plan = Plan("enrol", Enrol.work, "Enrol", {}, [], {"so_already": 0, "refused": 2}, refused, token="once")
        erase(gone, why="Asked for it.", by=None)

        job = plan.start(return_url="", by=by)

        assert job.params["refused"] == [[there.name, "Not completed."]]

    def test_holds_twenty_thousand_people(self, staff: Client, by: Any) -> None:
        keys = list(range(1_000_000, 1_020_000))
        plan = Plan("enrol", Enrol.work, "Enrol", {}, keys, {"so_already": 0, "refused": 0}, [], token="once")
        sealed = plan.sealed(by)
        staff.post(address("enrol", EVERYBODY), {"plan": sealed})

        assert Job.objects.get().items == keys
        assert len(sealed) < (settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) / 10


@contextmanager
def broken_at(place: int, error: BaseException) -> Iterator[None]:
    """The process dies in the middle of the work on the person in this place, when their evidence is written."""
    seen = []

    def die(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        seen.append(enrolment)
        if len(seen) == place:
            raise error

    progress_stored.connect(die)
    try:
        yield
    finally:
        progress_stored.disconnect(die)


def either_done_or_untouched(people: list[Enrolment]) -> list[bool]:
    """Who is done: evidence, history and progress all there; whoever is not has none of them."""
    found = []
    for enrolment in people:
        entries = ModelLogEntry.objects.for_instance(enrolment.participant).filter(action="imp.evidence.record")
        traces = {enrolment.evidence.count(), entries.count(), enrolment.progress.filter(state="in_progress").count()}
        assert len(traces) == 1
        found.append(traces == {1})
    assert stored_progress_is_worked_out_progress()
    return found


class TestAfterACrash:
    @pytest.fixture
    def job(self, staff: Client, pathway: Pathway, people: list[Enrolment]) -> Job:
        url = address("evidence", EVERYBODY)
        staff.post(url, {"plan": shown_plan(staff, url, retreats(pathway))})
        return Job.objects.get()

    @pytest.mark.parametrize("place", [1, 3, 6])
    def test_everyone_is_done_or_untouched_and_running_it_again_finishes(
        self, job: Job, people: list[Enrolment], place: int
    ) -> None:
        with broken_at(place, KeyboardInterrupt()), pytest.raises(KeyboardInterrupt):
            jobs.run(job.pk)
        assert either_done_or_untouched(people) == [number < place for number in range(1, 7)]

        assert counts(jobs.run(job.pk)) == {"state": "finished", "changed": 6, "left_out": 0, "total": 6}
        assert either_done_or_untouched(people) == [True] * 6

    def test_running_it_again_when_all_is_done_does_nothing(self, job: Job, people: list[Enrolment]) -> None:
        jobs.run(job.pk)
        with unchanged():
            jobs.run(job.pk)

    def test_an_error_about_one_person_leaves_that_one_out(self, job: Job, people: list[Enrolment]) -> None:
        with broken_at(3, RuntimeError("A defect.")):
            job = jobs.run(job.pk)

        assert counts(job) == {"state": "finished", "changed": 5, "left_out": 1, "total": 6}
        assert job.refusals == [["Person 3", "This failed. The site's log says why."]]
        assert either_done_or_untouched(people) == [True, True, False, True, True, True]

    def test_starting_anew_from_the_list_does_the_rest(
        self, staff: Client, job: Job, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        with broken_at(4, SystemExit()), pytest.raises(SystemExit):
            jobs.run(job.pk)
        anew = done(staff, address("evidence", EVERYBODY), retreats(pathway))

        assert counts(anew) == {"state": "finished", "changed": 3, "left_out": 0, "total": 3}
        assert counts(jobs.run(job.pk)) == {"state": "finished", "changed": 3, "left_out": 0, "total": 6}
        assert either_done_or_untouched(people) == [True] * 6


class TestWhoMay:
    @pytest.mark.parametrize("who", [editor, facilitator, UserFactory, lambda: with_permissions("view_participant")])
    @pytest.mark.parametrize("act", ["evidence", "decide", "complete", "cohort", "enrol", "no-such-action"])
    def test_others_are_refused_before_anything_is_looked_up(
        self, client: Client, people: list[Enrolment], who: Callable[[], Any], act: str
    ) -> None:
        client.force_login(who())
        with unchanged():
            for url in (address(act, EVERYBODY), address(act, people[0].participant), address(act, "999999")):
                for response in (client.get(url), client.post(url), client.post(url, {"plan": "x"})):
                    assert response.status_code == 302
                    assert "Person" not in client.get(response.headers["Location"], follow=True).text
        assert not Job.objects.exists()

    def test_who_may_not_change_cohorts_adds_nobody_to_one(self, client: Client, people: list[Enrolment]) -> None:
        client.force_login(with_permissions("view_participant", "change_participant"))

        assert client.get(address("cohort", EVERYBODY)).status_code == 302
        assert client.get(address("evidence", EVERYBODY)).status_code == 200

    def test_what_is_no_action_is_not_found(self, staff: Client, people: list[Enrolment]) -> None:
        assert staff.get(address("no-such-action", EVERYBODY)).status_code == 404

    def test_a_plan_is_of_use_to_whom_it_was_shown_only(
        self, client: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        url = address("evidence", EVERYBODY)
        client.force_login(registrar())
        plan = shown_plan(client, url, retreats(pathway))
        client.force_login(registrar())

        assert client.post(url, {"plan": plan}).headers["Location"] == url
        assert not Job.objects.exists()

    @pytest.mark.parametrize("spoilt", ["", "x", "a:b:c", None])
    def test_a_plan_that_was_touched_is_not_followed(
        self, staff: Client, pathway: Pathway, people: list[Enrolment], spoilt: str | None
    ) -> None:
        url = address("evidence", EVERYBODY)
        plan = shown_plan(staff, url, retreats(pathway))
        response = staff.post(
            url, {"plan": plan.replace(plan[3], "A" if plan[3] != "A" else "B") if spoilt is None else spoilt}
        )

        assert "What was shown is out of date." in staff.get(response.headers["Location"]).text
        assert not Job.objects.exists()

    def test_a_plan_of_another_day_is_looked_at_anew(
        self, staff: Client, pathway: Pathway, people: list[Enrolment], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        url = address("evidence", EVERYBODY)
        plan = shown_plan(staff, url, retreats(pathway))
        monkeypatch.setattr(plans, "BEST_BEFORE", dt.timedelta(seconds=-1))

        assert staff.post(url, {"plan": plan}).headers["Location"] == url
        assert not Job.objects.exists()

    def test_a_plan_does_nothing_under_the_address_of_another_action(
        self, client: Client, pathway: Pathway, people: list[Enrolment]
    ) -> None:
        """Whoever may not change cohorts cannot take the way round by another page."""
        user = registrar()
        client.force_login(user)
        url = address("cohort", EVERYBODY)
        plan = shown_plan(client, url, {"cohort": CohortFactory(pathway=pathway).pk})
        user.groups.clear()
        user.user_permissions.set(with_permissions("view_participant", "change_participant").user_permissions.all())

        assert client.post(address("evidence", EVERYBODY), {"plan": plan}).status_code == 302
        assert not Job.objects.exists()


def test_its_page_is_refused_to_whoever_has_lost_the_right(client: Client) -> None:
    user = registrar()
    left_alone = {"so_already": 0, "refused": 0}
    job = Job.objects.create(
        kind="imp_participants.bulk",
        state=Job.State.FINISHED,
        params={"left_alone": left_alone},
        refusals=[["Zoë Berg", "Paused."]],
        left_out=1,
        created_by=user,
    )
    client.force_login(user)
    assert "Zoë Berg" in client.get(job_url(job)).content.decode()

    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))

    pages = [client.get(job_url(job)), client.get(f"{job_url(job)}status/"), client.post(f"{job_url(job)}go-on/")]
    # Wagtail leads from what is refused to the admin's home.
    assert [page.status_code for page in pages] == [302, 302, 302]
