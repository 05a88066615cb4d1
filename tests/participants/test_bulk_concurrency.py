"""Two processes are at the same work at the same time, as when a page drives on what a worker does."""

import datetime as dt
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from imp_wagtail.core.models import Job
from imp_wagtail.participants.bulk.outlook import Outlook, Person
from imp_wagtail.participants.bulk.plans import plan_of
from imp_wagtail.participants.bulk.works import BulkWork
from imp_wagtail.participants.models import Evidence
from tests.factories import EnrolmentFactory, registrar
from tests.participants.bulk import act_of
from tests.participants.support import asked, imp, stored_progress_is_worked_out_progress
from tests.processes import at_work, connected, told_at_once

PEOPLE = 30


def waiting_job() -> Job:
    """Work on a number of people that nobody has begun."""
    pathway = imp()
    people = [EnrolmentFactory(pathway=pathway).participant for _ in range(PEOPLE)]
    data = {"requirement": asked(pathway, "retreats").pk, "date": dt.date(2024, 5, 1), "amount": 6}
    outlook = Outlook(will_change=[Person(person.pk, person.name) for person in people])
    plan = plan_of(act_of("evidence", data), {name: str(value) for name, value in data.items()}, outlook)
    # Not through ``start``, which takes the first steps at once where tasks run in process.
    return Job.objects.create(
        kind=BulkWork.kind,
        items=plan.items,
        total=len(plan.items),
        params={"act": plan.act, "data": plan.data, "left_alone": plan.left_alone},
        created_by=registrar(),
    )


@pytest.mark.django_db
def test_two_processes_do_everybody_once(shared_database: dict[str, Any]) -> None:
    with at_work("tests.participants.running_jobs.run_to_the_end", shared_database) as workers:
        with connected(shared_database):
            job = waiting_job()
        states = told_at_once(workers, [{"job": job.pk}] * 2)
    with connected(shared_database):
        job.refresh_from_db()
        recorded_for = sorted(Evidence.objects.values_list("enrolment__participant", flat=True))
        entries = ModelLogEntry.objects.filter(action="imp.evidence.record").count()
        progress_is_right = stored_progress_is_worked_out_progress()

    assert states == ["finished", "finished"]
    assert (job.changed, job.left_out, job.position) == (PEOPLE, 0, PEOPLE)
    assert recorded_for == sorted(job.items)
    assert entries == PEOPLE
    assert progress_is_right
