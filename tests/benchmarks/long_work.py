"""Long work, done to its end: a bulk action, an import, a recomputation of everyone."""

import re
from collections.abc import Iterator
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job
from imp_wagtail.participants.importing import steps
from imp_wagtail.participants.models import Enrolment, PeopleImport, StageProgress
from imp_wagtail.pathways.models import Pathway, Requirement
from imp_wagtail.pathways.rules import Kind

from . import targets
from .lines import Browser, Line
from .sheet import sheet
from .worker import Order

GROUP = "Long work"

#: What the page of a bulk action keeps in a hidden field until its button is pressed.
PLAN = re.compile(r'name="plan" value="([^"]+)"')


def long_work(order: Order, browser: Browser) -> Iterator[Line]:
    """The lines that are run once, in this order."""
    pathway = Pathway.objects.in_source_language().order_by("key")[0]
    bulk = BulkEvidence(browser, pathway, order.bulk)
    people = Import(browser, pathway, order.imported)
    yield Line(GROUP, f"bulk action on {order.bulk:,}: who will change", bulk.preview, is_long=True)
    yield Line(GROUP, f"bulk action on {order.bulk:,}", bulk.act, is_long=True, prepare=bulk.preview)
    yield Line(GROUP, "recomputation of all: nothing differs", recompute, is_long=True)
    yield Line(GROUP, "recomputation of all: nothing stored", recompute, is_long=True, prepare=forget_progress)
    yield Line(
        GROUP, f"import of {order.imported:,}", people.act, targets.IMPORT, is_long=True, prepare=people.make_file
    )


class BulkEvidence:
    """One more piece of evidence for many people, by the list's bulk action."""

    def __init__(self, browser: Browser, pathway: Pathway, count: int) -> None:
        self.browser = browser
        active = Enrolment.objects.filter(pathway=pathway, status=Enrolment.Status.ACTIVE).order_by("pk")
        self.people = list(active.values_list("participant", flat=True)[:count])
        counted = Requirement.objects.filter(stage__pathway=pathway, kind=Kind.COUNT, each_min=None)
        today = timezone.localdate().isoformat()
        self.form = {"requirement": counted[0].pk, "date": today, "amount": "1", "detail": "Benchmark"}
        self.address = reverse("imp_participants:bulk", args=["evidence"])

    def _post(self, form: dict[str, object]) -> HttpResponse:
        return self.browser.client.post(self.address, form, query_params={"id": self.people})

    def preview(self) -> None:
        page = self._post(self.form).content.decode()
        self.plan = unescape(PLAN.search(page)[1])  # type: ignore[index]

    def act(self) -> None:
        self._post({"plan": self.plan})
        job = to_its_end(Job.objects.order_by("pk").last())
        if job.changed != len(self.people):
            raise RuntimeError(f"The bulk action changed {job.changed}, not {len(self.people)}: {job.refusals[:3]}")


class Import:
    """People with their histories, from a spreadsheet: read, checked, and taken in, as the screens do it."""

    def __init__(self, browser: Browser, pathway: Pathway, count: int) -> None:
        self.by, self.pathway, self.count = browser.user, pathway, count

    def make_file(self) -> None:
        self.file = SimpleUploadedFile("people.xlsx", sheet(self.pathway, self.count))

    def act(self) -> None:
        people = steps.begin(steps.read_upload(self.file), self.pathway, filename="people.xlsx", by=self.by)
        people.namesakes = PeopleImport.Namesakes.OTHERS
        people.save(update_fields=["namesakes"])
        to_its_end(steps.check(people, people.matching, by=self.by))
        job = to_its_end(steps.import_all(people, by=self.by))
        if job.changed != self.count:
            raise RuntimeError(f"The import took in {job.changed}, not {self.count}: {job.refusals[:3]}")


def to_its_end(job: Job) -> Job:
    """Do what a worker would, or the page of the job slice by slice."""
    return jobs.run(job.pk)


def recompute() -> None:
    call_command("imp_recompute", verbosity=0, stdout=Silence())


def forget_progress() -> None:
    StageProgress.objects.all().delete()


class Silence:
    """Where the command's report of every difference goes: it is not the terminal that is measured."""

    def write(self, text: str) -> None:
        pass
