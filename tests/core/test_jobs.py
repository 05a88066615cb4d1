"""Long work: every record is done wholly or not at all, and exactly once, whatever breaks in between."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks import task_backends
from django_tasks.backends.dummy import DummyBackend

from imp_wagtail.core import jobs
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from tests.core.works import Crash, Tally
from tests.factories import UserFactory, registrar
from tests.processes import at_work, connected, told_at_once

pytestmark = pytest.mark.django_db

COUNT = 6


def users(*fates: str) -> list[int]:
    """Users with these fates, or as many as need be with none."""
    return [UserFactory(first_name=fate, last_name="").pk for fate in fates or [""] * COUNT]


def waiting(items: list[int], *, kind: str = "tests.tally", **values: Any) -> Job:
    """A job that has been started and whose first step has not been taken."""
    by = values.pop("by", None)
    return jobs.start(kind, title="Tally", items=items, token=uuid4().hex, by=by, **values)


def strokes(items: list[int]) -> list[str]:
    return [get_user_model().objects.get(pk=pk).last_name for pk in items]


def shape(job: Job) -> tuple[str, int, int, int]:
    job.refresh_from_db()
    return job.state, job.position, job.changed, job.left_out


@pytest.mark.parametrize("kind", ["tests.tally", "tests.tally_together"])
class TestRunning:
    def test_does_each_record_once(self, kind: str) -> None:
        items = users()
        bystander = UserFactory(last_name="")
        job = waiting(items, kind=kind)
        assert strokes(items) == [""] * COUNT

        assert jobs.run(job.pk).state == Job.State.FINISHED
        assert strokes([*items, bystander.pk]) == ["|"] * COUNT + [""]
        assert shape(job) == ("finished", COUNT, COUNT, 0)
        assert (job.percent, job.refusals) == (100, [])
        assert job.finished_at >= job.created_at

    def test_again_does_nothing_more(self, kind: str) -> None:
        by = registrar()
        items = users()
        job = waiting(items, kind=kind, by=by)
        for _time in range(3):
            jobs.run(job.pk)

        assert strokes([*items, by.pk]) == ["|"] * COUNT + ["!"]

    def test_counts_what_was_so_already_as_neither_changed_nor_left_out(self, kind: str) -> None:
        job = waiting(users("", "so already", ""), kind=kind)
        jobs.run(job.pk)

        assert shape(job) == ("finished", 3, 2, 0)

    def test_without_records_is_over_at_once(self, kind: str) -> None:
        job = waiting([], kind=kind)
        jobs.run(job.pk)

        assert shape(job) == ("finished", 0, 0, 0)
        assert job.percent == 100

    def test_goes_on_after_a_crash_and_doubles_nothing(self, kind: str) -> None:
        items = users("", "", "", "", "crash", "")
        job = waiting(items, kind=kind)
        with pytest.raises(Crash):
            jobs.run(job.pk)
        assert strokes(items) == ["|"] * 4 + [""] * 2
        assert shape(job) == ("running", 4, 4, 0)

        get_user_model().objects.filter(first_name="crash").update(first_name="")
        jobs.run(job.pk)

        assert strokes(items) == ["|"] * COUNT
        assert shape(job) == ("finished", COUNT, COUNT, 0)

    def test_takes_at_least_one_step_and_no_more_when_there_is_no_time(self, kind: str) -> None:
        items = users()
        job = waiting(items, kind=kind)
        jobs.run(job.pk, seconds=0)

        assert 0 < job.__class__.objects.get(pk=job.pk).position < COUNT
        for _step in range(COUNT + 1):
            jobs.run(job.pk, seconds=0)
        assert shape(job) == ("finished", COUNT, COUNT, 0)
        assert strokes(items) == ["|"] * COUNT


class TestLeavingOut:
    def test_of_what_is_refused_says_why_and_takes_back_what_it_changed(self) -> None:
        items = users("", "refused", "")
        job = waiting(items)
        jobs.run(job.pk)

        assert strokes(items) == ["|", "", "|"]
        assert shape(job) == ("finished", 3, 2, 1)
        assert job.refusals == [[f"user {items[1]}", "This field is required."]]

    def test_of_what_breaks_goes_on_and_tells_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        items = users("broken", "")
        job = waiting(items)
        jobs.run(job.pk)

        assert strokes(items) == ["", "|"]
        assert shape(job) == ("finished", 2, 1, 1)
        assert job.refusals == [[f"user {items[0]}", "This failed. The site's log says why."]]
        assert "broken on purpose" in caplog.text

    def test_of_several_together_leaves_out_the_one_that_is_refused(self) -> None:
        items = users("", "refused", "so already", "", "", "")
        job = waiting(items, kind="tests.tally_together")
        jobs.run(job.pk)

        assert strokes(items) == ["|", "", "", "|", "|", "|"]
        assert shape(job) == ("finished", 6, 4, 1)
        assert job.refusals == [[f"user {items[1]}", "This field is required."]]

    def test_of_several_together_that_are_all_refused_tells_each(self) -> None:
        items = users(*["refused"] * 5)
        job = waiting(items, kind="tests.tally_together")
        jobs.run(job.pk)

        assert shape(job) == ("finished", 5, 0, 5)
        assert [name for name, _reason in job.refusals] == [f"user {pk}" for pk in items]

    def test_counts_all_and_tells_the_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "MOST_REFUSALS", 2)
        items = users(*["refused"] * 4)
        job = waiting(items)
        jobs.run(job.pk)

        assert job.__class__.objects.get(pk=job.pk).left_out == 4
        assert shape(job) == ("finished", 4, 0, 4)
        assert [name for name, _reason in job.refusals] == [f"user {pk}" for pk in items[:2]]

    def test_is_told_in_the_language_of_whoever_started_it(self) -> None:
        with translation.override("fr"):
            job = waiting(users("refused"))
            in_french = translation.gettext("This field is required.")
        jobs.run(job.pk)

        job.refresh_from_db()
        [[_name, reason]] = job.refusals
        assert reason == in_french != "This field is required."
        assert translation.get_language() == "en"


@pytest.mark.parametrize("kind", ["tests.tally", "tests.tally_together"])
class TestGivingWay:
    """The database takes a transaction back, because of somebody else's: that passes."""

    def test_once_is_tried_again(self, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        deadlocks = iter([True])
        monkeypatch.setattr(Tally, "fate", lambda work, name: give_way(next(deadlocks, False)))
        items = users()
        job = waiting(items, kind=kind)
        jobs.run(job.pk)

        assert strokes(items) == ["|"] * COUNT
        assert shape(job) == ("finished", COUNT, COUNT, 0)

    def test_again_and_again_leaves_the_record_out(
        self, kind: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(Tally, "fate", lambda work, name: give_way(name == "locked"))
        items = users("", "locked", "")
        job = waiting(items, kind=kind)
        jobs.run(job.pk)

        assert strokes(items) == ["|", "", "|"]
        assert shape(job) == ("finished", 3, 2, 1)
        assert job.refusals == [[f"user {items[1]}", "This failed. The site's log says why."]]
        assert "deadlock detected" in caplog.text


def give_way(deadlocked: bool) -> None:
    if deadlocked:
        raise OperationalError("deadlock detected")


class TestStarting:
    def test_takes_the_first_step_after_the_transaction(
        self, django_capture_on_commit_callbacks: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 60)  # however slow the machine, one step is enough for all
        items = users()
        with django_capture_on_commit_callbacks(execute=True):
            job = waiting(items)
            assert strokes(items) == [""] * COUNT

        assert shape(job) == ("finished", COUNT, COUNT, 0)

    def test_twice_with_one_token_leads_to_the_same_job(self, django_capture_on_commit_callbacks: Callable) -> None:
        items, others = users(), users("", "")
        by = registrar()
        start = {"title": "Tally", "token": "one-form", "by": by}
        with django_capture_on_commit_callbacks(execute=True) as callbacks:
            first = jobs.start("tests.tally", items=items, **start)
            second = jobs.start("tests.tally", items=others, **start)

        assert (first, Job.objects.count(), len(callbacks)) == (second, 1, 1)
        assert strokes(items + others) == ["|"] * COUNT + [""] * 2

    def test_wants_work_that_is_known(self) -> None:
        with pytest.raises(KeyError):
            jobs.start("tests.unheard_of", title="", items=[], token="one", by=None)

    def test_cuts_a_title_that_is_too_long(self) -> None:
        job = jobs.start("tests.tally", title="x" * 300, items=[], token="one", by=None)

        assert len(job.title) == 240

    def test_works_for_a_slice_of_time_where_tasks_run_in_the_request(
        self, django_capture_on_commit_callbacks: Callable, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 0)
        with django_capture_on_commit_callbacks(execute=True):
            job = waiting(users())

        assert shape(job) == ("running", 1, 1, 0)
        assert jobs.has_stopped(job)


class TestCancelling:
    def test_leaves_the_rest_alone_and_keeps_what_is_done(self) -> None:
        by = registrar()
        items = users()
        job = waiting(items, by=by)
        jobs.run(job.pk, seconds=0)
        jobs.cancel(job)
        jobs.run(job.pk)

        assert shape(job) == ("cancelled", 1, 1, 0)
        assert strokes([*items, by.pk]) == ["|"] + [""] * (COUNT - 1) + ["!"]

    def test_twice_is_once(self) -> None:
        by = registrar()
        job = waiting(users(), by=by)
        other = Job.objects.get(pk=job.pk)
        jobs.cancel(job)
        jobs.cancel(other)

        assert strokes([by.pk]) == ["!"]

    def test_of_what_is_over_changes_nothing(self) -> None:
        job = waiting(users())
        jobs.run(job.pk)
        stale = job  # as the page had it before the last step
        jobs.cancel(stale)

        assert shape(job) == ("finished", COUNT, COUNT, 0)


@pytest.fixture
def worker() -> Iterator[DummyBackend]:
    """A site whose tasks are done by somebody else; here, by nobody."""
    before = task_backends["default"]
    backend = DummyBackend("default", {})
    task_backends["default"] = backend
    yield backend
    task_backends["default"] = before


def moved(job: Job, *, seconds_ago: float) -> Job:
    Job.objects.filter(pk=job.pk).update(moved_at=timezone.now() - dt.timedelta(seconds=seconds_ago))
    return Job.objects.get(pk=job.pk)


class TestHavingStopped:
    def test_is_what_a_job_has_that_nobody_drives_on(self) -> None:
        job = waiting(users())
        assert jobs.runs_in_process()
        assert jobs.has_stopped(job)

        assert not jobs.has_stopped(jobs.run(job.pk))

    def test_shows_after_a_while_where_there_is_a_worker(self, worker: DummyBackend) -> None:
        job = waiting(users())
        assert not jobs.runs_in_process()

        assert not jobs.has_stopped(moved(job, seconds_ago=jobs.STALE_SECONDS - 5))
        assert jobs.has_stopped(moved(job, seconds_ago=jobs.STALE_SECONDS + 1))

    def test_asks_a_worker_once_in_a_while(self, worker: DummyBackend) -> None:
        job = waiting(users())
        jobs.push_on(job)
        assert worker.results == []

        job = moved(job, seconds_ago=jobs.STALE_SECONDS + 1)
        also = Job.objects.get(pk=job.pk)
        for _time in range(3):
            jobs.push_on(job)
        jobs.push_on(also)

        assert [result.args for result in worker.results] == [[job.pk]]
        assert shape(job) == ("waiting", 0, 0, 0)

    def test_ends_with_the_job(self, worker: DummyBackend) -> None:
        job = waiting(users())
        jobs.cancel(job)
        jobs.push_on(moved(job, seconds_ago=1000))

        assert worker.results == []

    def test_leaves_the_worker_to_do_all_of_it(self, worker: DummyBackend) -> None:
        job = waiting(users())
        jobs.carry_on.call(job.pk)

        assert shape(job) == ("finished", COUNT, COUNT, 0)


@pytest.fixture
def owner(client: Client) -> Any:
    """Whoever started the job, logged in."""
    user = registrar()
    client.force_login(user)
    return user


def address(name: str, job: Job) -> str:
    return reverse(f"imp_jobs:{name}", args=[job.pk])


class TestThePage:
    def test_shows_how_far_it_is(self, client: Client, owner: Any) -> None:
        job = waiting(users("", "refused", "so already", "", ""), by=owner)
        for _step in range(3):
            jobs.run(job.pk, seconds=0)
        text = client.get(job_url(job)).text

        assert "3 of 5 done" in text
        assert 'max="5" value="3"' in text
        assert f"<strong>user {job.items[1]}</strong>: This field is required." in text
        assert "Cancel the rest" in text

    def test_when_it_is_over_says_what_became_of_it_and_leads_back(self, client: Client, owner: Any) -> None:
        job = waiting(users("", "refused"), by=owner, return_url="/admin/training/participants/?p=2")
        jobs.run(job.pk)
        text = client.get(job_url(job)).text

        assert "Done." in text and "1 strokes in all" in text
        assert 'href="/admin/training/participants/?p=2"' in text
        assert "<button" not in text[text.index('id="imp-job"') :]

    def test_leads_to_what_became_of_it_once_it_is_over(
        self, client: Client, owner: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[Any] = []
        monkeypatch.setattr(
            Tally, "links", lambda work, user: asked.append(user) or [("/admin/strokes/", "To the strokes")]
        )
        job = waiting(users("", ""), by=owner, return_url="/admin/training/participants/")
        link = '<a class="button" href="/admin/strokes/">To the strokes</a>'
        assert link not in client.get(job_url(job)).text

        jobs.run(job.pk)
        assert link in client.get(job_url(job)).text
        assert link in client.get(address("status", job)).text
        assert 'href="/admin/training/participants/"' in client.get(job_url(job)).text
        assert set(asked) == {owner}

    def test_of_a_cancelled_job_says_so(self, client: Client, owner: Any) -> None:
        job = waiting(users(), by=owner)
        response = client.post(address("cancel", job), follow=True)

        assert "Cancelled. What was done stays done." in response.text
        assert shape(job)[0] == "cancelled"

    def test_writes_large_numbers_so_that_browsers_read_them(self, client: Client, owner: Any, settings: Any) -> None:
        settings.USE_THOUSAND_SEPARATOR = True
        job = waiting(users(), by=owner)
        Job.objects.filter(pk=job.pk).update(total=4000, position=1500)
        text = client.get(job_url(job)).text

        assert 'max="4000" value="1500"' in text
        assert "1,500 of 4,000 done" in text

    def test_goes_on_by_its_button_without_a_script(
        self, client: Client, owner: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 0)
        items = users("", "")
        job = waiting(items, by=owner)
        for step in range(3):
            page = client.get(job_url(job)).text
            assert f'action="{address("go_on", job)}"' in page, step
            response = client.post(address("go_on", job))
            assert response.url == job_url(job)

        assert shape(job) == ("finished", 2, 2, 0)
        assert "Done." in client.get(job_url(job)).text

    def test_gives_its_script_the_status_alone(
        self, client: Client, owner: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(jobs, "SLICE_SECONDS", 0)
        job = waiting(users("", ""), by=owner)
        answer = client.post(f"{address('go_on', job)}?fragment")
        assert "1 of 2 done" in answer.text and "<html" not in answer.text
        assert client.get(address("status", job)).text.count("1 of 2 done") == 1
        assert shape(job) == ("running", 1, 1, 0)

    def test_is_silent_for_screen_readers_but_for_the_news_of_its_script(self, client: Client, owner: Any) -> None:
        """What is renewed each second is no live region: the script tells quarters and the end."""
        job = waiting(users(), by=owner)
        fragment = client.get(address("status", job)).text

        assert "role=" not in fragment and "aria-live" not in fragment

    def test_asks_no_more_of_a_job_that_a_worker_is_at(self, client: Client, owner: Any, worker: DummyBackend) -> None:
        job = waiting(users(), by=owner)
        text = client.get(job_url(job)).text
        client.post(address("go_on", job))

        assert "Look again" in text and 'action="' + address("go_on", job) not in text
        assert worker.results == []

    @pytest.mark.parametrize("name", ["go_on", "cancel"])
    def test_changes_nothing_by_being_looked_at(self, client: Client, owner: Any, name: str) -> None:
        job = waiting(users(), by=owner)

        assert client.get(address(name, job)).status_code == 405
        assert shape(job) == ("waiting", 0, 0, 0)


def all_answers(client: Client, job: Job) -> list[HttpResponse]:
    looked = [client.get(address(name, job)) for name in ("job", "status")]
    return looked + [client.post(address(name, job)) for name in ("go_on", "cancel")]


class TestWhoMaySee:
    def test_nobody_finds_the_job_of_another(self, client: Client, owner: Any) -> None:
        job = waiting(users(), by=registrar())

        assert [response.status_code for response in all_answers(client, job)] == [404] * 4
        assert shape(job) == ("waiting", 0, 0, 0)

    def test_nor_a_job_that_is_nobodys(self, client: Client, owner: Any) -> None:
        assert {response.status_code for response in all_answers(client, waiting(users()))} == {404}

    def test_a_superuser_sees_all(self, client: Client) -> None:
        client.force_login(UserFactory(superuser=True))
        job = waiting(users(), by=registrar())

        assert [response.status_code for response in all_answers(client, job)] == [200, 200, 302, 302]

    def test_whoever_is_not_logged_in_is_asked_to(self, client: Client) -> None:
        job = waiting(users(), by=registrar())
        for response in all_answers(client, job):
            assert response.status_code == 302
            assert response.url.startswith(reverse("wagtailadmin_login"))
        assert shape(job) == ("waiting", 0, 0, 0)

    def test_whoever_lost_access_to_the_admin_lost_the_job_too(self, client: Client, owner: Any) -> None:
        job = waiting(users(), by=owner)
        owner.groups.clear()
        owner.user_permissions.add(Permission.objects.first())

        assert {response.status_code for response in all_answers(client, job)} == {302}
        assert shape(job) == ("waiting", 0, 0, 0)


def test_two_processes_at_one_job_do_each_record_once(shared_database: dict[str, Any]) -> None:
    with at_work("tests.core.works.run_to_the_end", shared_database) as workers:
        with connected(shared_database):
            by = registrar()
            items = users(*(["", "refused", "", "so already"] * 15))
            job = Job.objects.create(
                kind="tests.tally", title="Tally", items=items, total=len(items), language="en", created_by=by
            )
        states = told_at_once(workers, [{"job": job.pk}] * 2)
    with connected(shared_database):
        done, ended, found = strokes(items), strokes([by.pk]), shape(job)

    assert states == ["finished", "finished"]
    assert done == ["|", "", "|", ""] * 15
    assert ended == ["!"]
    assert found == ("finished", 60, 30, 15)
    assert len(job.refusals) == 15


def test_one_that_breaks_takes_none_of_those_done_together_with_it() -> None:
    items = users("", "broken", "", "")
    job = jobs.run(waiting(items, kind="tests.tally_together").pk)

    assert strokes(items) == ["|", "", "|", "|"]
    assert shape(job) == ("finished", 4, 3, 1)


def test_today_is_the_day_of_whoever_started_it(monkeypatch: pytest.MonkeyPatch) -> None:
    zones: list[str] = []
    monkeypatch.setattr(Tally, "fate", lambda work, name: zones.append(timezone.get_current_timezone_name()))
    with timezone.override("Pacific/Auckland"):
        job = waiting(users("one"))

    jobs.run(job.pk)
    assert zones == ["Pacific/Auckland"]
