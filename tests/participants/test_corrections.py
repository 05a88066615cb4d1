"""Evidence that was recorded wrongly is corrected: what it says, its note and its document."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile

from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Enrolment, Evidence, StageProgress
from imp_wagtail.participants.signals import progress_stored
from tests.participants.support import (
    PAST,
    asked,
    complete,
    logged,
    refused,
    retreat,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

D = Decimal


def correct(evidence: Evidence, by: Any = None, **values: Any) -> Evidence:
    """Correct some of a retreat's details; the others stay as they are."""
    now = {name: getattr(evidence, name) for name in ("date", "amount", "detail", "note")}
    return actions.change_evidence(evidence, **{**now, **values}, by=by)


class TestCorrectingEvidence:
    def test_says_from_what_to_what(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, detail="Ammerdown")
        entry = {
            "what": "Two retreats",
            "before": "1 May 2024 · 6 days · Ammerdown",
            "after": "2 May 2024 · 7 days · Gaia House",
        }
        with logged("imp.evidence.change", registrar_user, **entry):
            correct(evidence, date=PAST + dt.timedelta(days=1), amount=D(7), detail="Gaia House", by=registrar_user)

        evidence.refresh_from_db()
        assert (evidence.amount, evidence.detail) == (7, "Gaia House")
        assert stored_progress_is_worked_out_progress()

    def test_stores_what_follows_from_it(self, enrolment: Enrolment) -> None:
        hours = asked(enrolment.pathway, "hours")
        evidence = actions.record_evidence(enrolment, hours, date=PAST, amount=D(19), by=None)
        met = StageProgress.objects.filter(enrolment=enrolment, stage__key="engagement").values_list("met", flat=True)
        assert list(met) == [0]
        correct(evidence, amount=D(20))

        assert list(met.all()) == [1]
        assert stored_progress_is_worked_out_progress()

    def test_of_a_note_says_that_it_changed_and_not_how(self, registrar_user: Any, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, note="Ill on the second day.")
        with logged("imp.evidence.change", registrar_user, what="Two retreats (note)"):
            correct(evidence, note="", by=registrar_user)

        assert enrolment.evidence.get().note == ""

    def test_to_what_it_is_changes_nothing(self, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, detail="Ammerdown", note="Seen")
        with unchanged():
            correct(evidence)

    def test_puts_a_document_in_the_place_of_another(
        self, registrar_user: Any, enrolment: Enrolment, django_capture_on_commit_callbacks: Any
    ) -> None:
        evidence = retreat(enrolment, file=ContentFile(b"draft", name="draft.pdf"))
        storage, draft = evidence.file.storage, evidence.file.name
        with (
            logged("imp.evidence.change", registrar_user, what="Two retreats (document)"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            correct(evidence, file=ContentFile(b"signed", name="signed.pdf"), by=registrar_user)
            assert storage.exists(draft)

        assert enrolment.evidence.get().file.read() == b"signed"
        assert not storage.exists(draft)

    def test_without_a_document_leaves_the_one_there_is(self, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, file=ContentFile(b"paper", name="paper.pdf"))
        correct(evidence, amount=D(7))

        assert enrolment.evidence.get().file.read() == b"paper"

    def test_that_fails_leaves_no_document_behind(self, enrolment: Enrolment, settings: Any) -> None:
        evidence = retreat(enrolment, file=ContentFile(b"paper", name="paper.pdf"))
        folder = Path(evidence.file.path).parent

        def fail(**kwargs: Any) -> None:
            raise ValidationError("Not today.")

        progress_stored.connect(fail)
        try:
            with refused(saying="Not today."):
                correct(evidence, amount=D(7), file=ContentFile(b"other", name="other.pdf"))
        finally:
            progress_stored.disconnect(fail)

        assert [path.read_bytes() for path in folder.iterdir()] == [b"paper"]

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"amount": D("4.99")}, "amount"),
            ({"amount": D(0)}, "amount"),
            ({"date": dt.date(1949, 12, 31)}, "date"),
            ({"date": dt.date(9999, 1, 1)}, "date"),
            ({"detail": "Another"}, "date"),
        ],
    )
    def test_refuses_what_could_not_have_been_recorded(
        self, enrolment: Enrolment, values: dict[str, Any], field: str
    ) -> None:
        retreat(enrolment, detail="Another")
        evidence = retreat(enrolment, detail="Ammerdown")
        with refused(field):
            correct(evidence, **values)

    def test_is_refused_while_a_completed_stage_rests_on_it(self, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        complete(enrolment, "preparation")
        with refused(saying="Reopen the stage first"):
            correct(evidence, amount=D(7))

    def test_is_refused_for_the_withdrawn(self, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=None)
        with refused(saying="withdrawn"):
            correct(evidence, amount=D(7))

    def test_is_one_unless_said_otherwise(self, enrolment: Enrolment) -> None:
        evidence = actions.record_evidence(
            enrolment, asked(enrolment.pathway, "cycles"), date=PAST, amount=D(3), by=None
        )

        assert actions.change_evidence(evidence, date=PAST, by=None).amount == 1
