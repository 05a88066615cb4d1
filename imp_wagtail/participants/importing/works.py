"""The long work of an import: to check a file part by part, and to write all of it in the last step."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job

from ..models import PeopleImport
from ..permissions import IMPORT_PARTICIPANTS, may_import
from . import storing
from .columns import Scheme, scheme_of
from .findings import Findings
from .grouping import Groups
from .lookups import look_up
from .planning import Planner
from .plans import Plan, Standing
from .resource import PeopleResource
from .tables import Table, some_of
from .writing import write

#: Rows of one step.
PART = 250
#: The last step of an import.
WRITE = "write"


def parts_of(table: Table) -> list[list[int]]:
    """The steps of a check: first place and the one after the last, each."""
    count = len(table.rows)
    return [[start, min(start + PART, count)] for start in range(0, count, PART)]


def taken(people_import: PeopleImport) -> set[str]:
    """Which people an import takes in, by their standing; the others are left out."""
    standings = {str(Standing.NEW)}
    if people_import.known == PeopleImport.Known.ADD:
        standings.add(Standing.KNOWN)
    if people_import.namesakes == PeopleImport.Namesakes.OTHERS:
        standings.add(Standing.NAMESAKE)
    return standings


@jobs.register
class CheckPeople(jobs.Work):
    """Checks the rows of a file; the items are the parts of the table. What it finds is kept with the job."""

    kind = "imp_participants.check_import"
    permissions = IMPORT_PARTICIPANTS
    title = gettext_lazy("Check of “%(file)s”")

    def do(self, items: list[Any]) -> int:
        for start, stop in items:
            self._check(start, stop)
        return 0

    def name_of(self, item: Any) -> str:
        return self.job.title

    def summary(self) -> str:
        return _("Nothing is imported yet. See what was found, and decide.")

    def over(self) -> None:
        """Whoever cancels wants nothing kept of it, unless everything was written by then."""
        self.job.refresh_from_db(fields=["state"])
        if self.job.state == Job.State.CANCELLED:
            for people_import in PeopleImport.objects.filter(job=self.job, finished_at=None):
                storing.forget(people_import)

    @cached_property
    def people_import(self) -> PeopleImport:
        return PeopleImport.objects.select_related("pathway").get(pk=self.job.params["import"])

    @cached_property
    def scheme(self) -> Scheme:
        return scheme_of(self.people_import.pathway)

    @cached_property
    def params(self) -> dict[str, Any]:
        """As they stand now; the job at hand may be older."""
        return Job.objects.values_list("params", flat=True).get(pk=self.job.pk)

    def _check(self, start: int, stop: int) -> None:
        findings = Findings.from_json(self.params["findings"])
        findings.add(self.plans(start, stop), self.scheme)
        self.keep(findings)

    def keep(self, findings: Findings) -> None:
        self.params["findings"] = findings.as_json()
        Job.objects.filter(pk=self.job.pk).update(params=self.params)

    def plans(self, start: int, stop: int, *, lock: bool = False) -> Iterator[Plan]:
        """What is to happen for the people whose first row lies in this part; a fixed number of queries."""
        file, groups = self.people_import.file, Groups.from_json(self.params["groups"])
        people = [groups.rows_of(leader) for leader in groups.leaders(start, stop)]
        places = [place for own in people for place in own]
        rows = some_of(file.storage, file.name, places)
        resource = PeopleResource(self.scheme, self.people_import.matching)
        read = dict(zip(places, resource.read(rows[place] for place in places), strict=True))
        wanted = [(row.values.get("name", ""), row.values.get("email", "")) for row in read.values()]
        planner = Planner(self.scheme, look_up(wanted, self.scheme.pathway, lock=lock))
        for own in people:
            namesake, clash = groups.namesakes.get(own[0]), groups.clashes.get(own[0])
            yield planner.plan([read[place] for place in own], namesake=namesake, clash=clash)


@jobs.register
class ImportPeople(CheckPeople):
    """Checks once more, because the record may have changed since, and then writes everything or nothing."""

    kind = "imp_participants.import"
    title = gettext_lazy("Import of “%(file)s”")

    def summary(self) -> str:
        people = self.job.changed
        return ngettext("%(n)d person imported.", "%(n)d people imported.", people) % {"n": people}

    def do(self, items: list[Any]) -> int:
        return self._write() if items == [WRITE] else super().do(items)

    def _write(self) -> int:
        by = self._started_by()
        people_import = PeopleImport.objects.select_for_update().get(pk=self.people_import.pk)
        standings = taken(people_import)
        plans = [plan for plan in self._all_plans() if plan.standing in standings]
        if self.job.left_out or any(remark.blocks for plan in plans for remark in plan.remarks):
            raise ValidationError(_("The record has changed since the file was checked. Check it again."))
        try:
            write(plans, self.scheme.rules, filename=people_import.filename, by=by)
        except IntegrityError as error:
            message = _("Somebody else is recording the same people at this moment. Check the file again.")
            raise ValidationError(message) from error
        people_import.finished_at = timezone.now()
        people_import.save(update_fields=["finished_at"])
        storing.forget_content(people_import)
        self._keep_numbers()
        return sum(plan.changes_anything for plan in plans)

    def _started_by(self) -> Any:
        """Asked anew: a right that was taken away meanwhile is gone at once. ``None`` for a script's import."""
        by = get_user_model().objects.filter(pk=self.job.created_by_id).first()
        if by is not None and not may_import(by):
            raise ValidationError(_("Whoever started this may no longer do it."))
        return by

    def _all_plans(self) -> Iterator[Plan]:
        """Everybody, with what is on record about them locked."""
        for part in self.job.items[:-1]:
            yield from self.plans(*part, lock=True)

    def _keep_numbers(self) -> None:
        """Of what was found, how many of what; nothing about anybody."""
        counts = Findings.from_json(self.params["findings"]).counts
        self.params["groups"] = Groups().as_json()
        self.keep(Findings(counts=counts))
