"""Long work in steps: every record is done wholly or not at all, and exactly once, whatever breaks in between.

A room describes its work as a subclass of ``Work``, registered under a name, and calls ``start``. The work is
driven through Django's tasks: a worker that a site runs does it to the end; where tasks run in the process of the
request, which is Wagtail's default, each request does as much as fits into ``SLICE_SECONDS``, and the job's page
asks for the next until it is over. Either may die at any time: whoever comes next goes on where it stopped.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task, task_backends
from django_tasks.backends.immediate import ImmediateBackend

from .models import Job

logger = logging.getLogger(__name__)

#: How long one request works on a job where there is no worker.
SLICE_SECONDS = 1.0
#: A job that a worker has not moved for so many seconds has stopped.
STALE_SECONDS = 30
#: Reasons that are kept to be shown; the number of what was left out is always told.
MOST_REFUSALS = 500

_works: dict[str, type["Work"]] = {}


class Work:
    """One kind of long work. Subclasses define ``do``; each is registered under its ``kind``."""

    #: Names the work in the database; stays as it is.
    kind = ""
    #: Records done in one transaction. Where one of several is refused or breaks, they are done one by one.
    batch = 1
    #: What whoever started it must still be allowed to, in order to see its page, which may name people.
    permissions: tuple[str, ...] = ()

    def __init__(self, job: Job) -> None:
        self.job = job

    def do(self, items: list[Any]) -> int:
        """Do these records, in a transaction that is open; returns how many changed.

        ``ValidationError`` takes back what they changed. A record that is refused by itself is left out, with the
        message as the reason; of several together it is not known which was meant, so each is tried by itself.
        """
        raise NotImplementedError

    def name_of(self, item: Any) -> str:
        """What a record is called where it is told why it was left out."""
        return str(item)

    def summary(self) -> str:
        """What the job's page says besides the numbers when it is over."""
        return ""

    def links(self, user: Any) -> list[tuple[str, str]]:
        """Where this user looks at what became of it when it is over: addresses, and what they are called."""
        return []

    def over(self) -> None:
        """Called once, in the transaction that ends the job: finished or cancelled."""


def register(work: type[Work]) -> type[Work]:
    """Make a kind of work known, as a decorator of its class."""
    _works[work.kind] = work
    return work


def work_of(job: Job) -> Work:
    return _works[job.kind](job)


def start(
    kind: str,
    *,
    title: str,
    items: Iterable[Any],
    params: dict[str, Any] | None = None,
    token: str,
    return_url: str = "",
    by: Any,
) -> Job:
    """Start long work on these records, keys that JSON can hold; its first step is taken after the transaction.

    The same ``token`` (of a form that was sent twice) leads to the job that was started first.
    """
    items = list(items)
    job, is_new = Job.objects.get_or_create(
        token=token,
        defaults={
            "kind": _works[kind].kind,
            "title": title[:240],
            "params": params or {},
            "items": items,
            "total": len(items),
            "return_url": return_url,
            "language": translation.get_language() or "",
            "time_zone": timezone.get_current_timezone_name(),
            "created_by": by,
        },
    )
    if is_new:
        transaction.on_commit(lambda: carry_on.enqueue(job.pk))
    return job


@task()
def carry_on(job_pk: int) -> None:
    """The task: work on a job, to its end by a worker, for a slice of time within a request."""
    run(job_pk, seconds=SLICE_SECONDS if runs_in_process() else None)


def runs_in_process() -> bool:
    """Whether tasks run within the request that asks for them."""
    return isinstance(task_backends[carry_on.backend], ImmediateBackend)


def run(job_pk: int, *, seconds: float | None = None) -> Job:
    """Work on a job to its end, or until the time is over; at least one step."""
    job = Job.objects.get(pk=job_pk)
    end = None if seconds is None else time.monotonic() + seconds
    with (
        translation.override(job.language or translation.get_language()),
        timezone.override(job.time_zone or timezone.get_default_timezone()),
    ):
        while not job.is_over:
            _take_step(job)
            if end is not None and time.monotonic() >= end:
                break
    return job


def cancel(job: Job) -> None:
    """End a job after the step that it is at; what is done stays done."""
    with transaction.atomic():
        ended = _open(job).update(state=Job.State.CANCELLED, finished_at=timezone.now())
        if ended:
            work_of(job).over()
    job.refresh_from_db()


def has_stopped(job: Job) -> bool:
    """Whether somebody must ask for the next step: no worker is on it, or none has moved it for a while."""
    if job.is_over:
        return False
    return runs_in_process() or (timezone.now() - job.moved_at).total_seconds() > STALE_SECONDS


def push_on(job: Job) -> None:
    """Ask for the next step of a job that has stopped, and for no other: of a worker, once in ``STALE_SECONDS``."""
    if not has_stopped(job):
        return
    if runs_in_process() or _open(job).filter(moved_at=job.moved_at).update(moved_at=timezone.now()):
        carry_on.enqueue(job.pk)
    job.refresh_from_db()


def _take_step(job: Job) -> None:
    """Do the next records, or end the job after the last; another process that is at it too is waited for."""
    work = work_of(job)
    items = job.items[job.position : job.position + work.batch]
    try:
        if items:
            _do(job, work, items)
        else:
            _finish(job, work)
    except OvertakenError:
        pass
    job.refresh_from_db(fields=["position", "state", "changed", "left_out", "refusals", "moved_at", "finished_at"])


def _do(job: Job, work: Work, items: list[Any]) -> None:
    try:
        _do_together(job, work, items)
    except OvertakenError:
        raise
    except Exception as error:
        if len(items) > 1:  # one of them must not take the others with it
            _do_one_by_one(job, work, items)
        else:
            _leave_out(job, work, items, _why(job, items, error))


def _why(job: Job, items: list[Any], error: Exception) -> str:
    """Why a record is left out, for whoever started the job; what broke is for the site's log."""
    if isinstance(error, ValidationError):
        return " ".join(error.messages)
    logger.error("Job %s (%s) failed at %s", job.pk, job.kind, items, exc_info=error)
    return _("This failed. The site's log says why.")


def _do_together(job: Job, work: Work, items: list[Any]) -> None:
    """Do these records in one transaction; once more where the database gave way to somebody else's.

    A deadlock, a transaction that cannot be put in order with another's, a lock that took too long to get: all of
    them pass, and all of them come as ``OperationalError``.
    """
    try:
        _do_once(job, work, items)
    except OperationalError as error:
        logger.warning("Job %s (%s) tries %s once more: %s", job.pk, job.kind, items, error)
        _do_once(job, work, items)


def _do_once(job: Job, work: Work, items: list[Any]) -> None:
    with transaction.atomic():
        _claim(job, len(items))
        changed = work.do(items)
        Job.objects.filter(pk=job.pk).update(changed=job.changed + changed)


def _do_one_by_one(job: Job, work: Work, items: list[Any]) -> None:
    for item in items:
        _do(job, work, [item])
        job.refresh_from_db(fields=["position", "changed", "left_out", "state"])


def _leave_out(job: Job, work: Work, items: list[Any], reason: str) -> None:
    """Move on past records that were refused, in a transaction of its own: theirs was taken back."""
    told = [[work.name_of(item), reason] for item in items]
    with transaction.atomic():
        _claim(job, len(items))
        # Read under the lock: an erasure may have taken a name out meanwhile, which must not come back.
        stored = Job.objects.values_list("refusals", flat=True).get(pk=job.pk)
        refusals = [*stored, *told][: max(MOST_REFUSALS, len(stored))]
        Job.objects.filter(pk=job.pk).update(left_out=job.left_out + len(items), refusals=refusals)


def _claim(job: Job, count: int) -> None:
    """Move the job on, first thing in the transaction: from here on its row is locked, on every database.

    Raises ``OvertakenError`` where another process has moved it, or it is over.
    """
    moved = (
        _open(job)
        .filter(position=job.position)
        .update(position=job.position + count, state=Job.State.RUNNING, moved_at=timezone.now())
    )
    if not moved:
        raise OvertakenError


def _finish(job: Job, work: Work) -> None:
    with transaction.atomic():
        now = timezone.now()
        if _open(job).update(state=Job.State.FINISHED, finished_at=now, moved_at=now):
            work.over()


def _open(job: Job) -> Any:
    return Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING])


class OvertakenError(Exception):
    """Another process has done this step."""
