"""A check and its import as the screens show them: how far they are, and what they come to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import tablib
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs
from imp_wagtail.core.exports import neutralised
from imp_wagtail.core.models import Job

from ..models import PeopleImport
from .findings import Findings, Told
from .plans import Standing
from .works import WRITE, ImportPeople, taken

#: Remarks, and namesakes, that the page itself shows; more are in the list to download.
MOST_SHOWN = 100


@dataclass(frozen=True)
class Headway:
    """How far a check or an import is."""

    job: Job

    @property
    def is_import(self) -> bool:
        return self.job.kind == ImportPeople.kind

    @property
    def rows(self) -> int:
        """Rows that are checked."""
        return self._rows(self.job.items[: self.job.position])

    @property
    def all_rows(self) -> int:
        return self._rows(self.job.items)

    @property
    def is_writing(self) -> bool:
        return self.job.items[self.job.position :] == [WRITE]

    @property
    def has_stopped(self) -> bool:
        return jobs.has_stopped(self.job)

    @staticmethod
    def _rows(items: list[Any]) -> int:
        return max((item[1] for item in items if item != WRITE), default=0)


class Preview:
    """What an import would do as it is set, or has done."""

    def __init__(self, people_import: PeopleImport) -> None:
        self.people_import = people_import
        self.job = people_import.job
        self.standings = taken(people_import)

    @cached_property
    def findings(self) -> Findings:
        return Findings.from_json(self.job.params["findings"])

    @property
    def failure(self) -> str:
        """Why the last try came to nothing; empty where it did not."""
        return self.job.refusals[0][1] if self.job.left_out and self.job.refusals else ""

    @cached_property
    def numbers(self) -> list[tuple[str, int]]:
        """What it comes to, in words and numbers."""
        found, own = self.findings, self.standings
        everybody = found.total("people", Standing)
        unchanged = found.total("unchanged", own)
        known = found.total("people", own & {Standing.KNOWN}) - unchanged
        return [
            (_("New people"), self.new),
            (_("Added to"), known),
            (_("On record as they are"), unchanged),
            (_("Left out"), everybody - found.total("people", own)),
            (_("Pieces of evidence"), found.total("evidence", own)),
            (_("Completed stages"), found.total("completions", own)),
            (_("Met without evidence"), self.decisions),
        ]

    @property
    def decisions(self) -> int:
        """Things that count as met because the stage that asks for them was completed."""
        return self.findings.total("decisions", self.standings)

    @property
    def new(self) -> int:
        return self.findings.total("people", self.standings - {Standing.KNOWN})

    @property
    def changed(self) -> int:
        """People who are added, or added to."""
        return self.findings.total("people", self.standings) - self.findings.total("unchanged", self.standings)

    @property
    def known(self) -> int:
        return self.findings.total("people", [Standing.KNOWN])

    @property
    def namesakes(self) -> int:
        return self.findings.total("people", [Standing.NAMESAKE])

    @property
    def shown_namesakes(self) -> list[Any]:
        return self.findings.namesakes[:MOST_SHOWN]

    @cached_property
    def problem_count(self) -> int:
        return sum(self.findings.problem_counts.get(standing, 0) for standing in self.standings)

    @cached_property
    def notice_count(self) -> int:
        return sum(self.findings.notice_counts.get(standing, 0) for standing in self.standings)

    @property
    def problems(self) -> list[Told]:
        return self.findings.problems_of(self.standings)

    @property
    def notices(self) -> list[Told]:
        return self.findings.notices_of(self.standings)

    @property
    def shown_problems(self) -> list[Told]:
        return self.problems[:MOST_SHOWN]

    @property
    def shown_notices(self) -> list[Told]:
        return self.notices[:MOST_SHOWN]

    @property
    def may_be_imported(self) -> bool:
        return not (self.problem_count or self.job.left_out) and bool(self.changed)


def remarks_as_csv(preview: Preview) -> bytes:
    """All remarks that are kept, as a file for the person who mends the list."""
    headings = [_("Row"), _("Column"), _("Value"), _("What is wrong"), _("Keeps the file from being imported")]
    dataset = tablib.Dataset(headers=headings)
    for told, blocks in _remarks(preview):
        cells = [told.row, told.column, told.value, told.message, _("yes") if blocks else _("no")]
        dataset.append([neutralised(cell) for cell in cells])
    return dataset.export("csv").encode("utf-8-sig")


def _remarks(preview: Preview) -> Iterator[tuple[Told, bool]]:
    yield from ((told, True) for told in preview.problems)
    yield from ((told, False) for told in preview.notices)
