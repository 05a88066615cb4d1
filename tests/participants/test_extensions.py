"""A later last day of a stage's window for one person: given with a reason, and taken back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Enrolment, Extension
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, StageFactory
from tests.participants.support import (
    PAST,
    asked,
    logged,
    refused,
    stage,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db

D = Decimal


class TestExtendingAWindow:
    @pytest.fixture
    def trained(self, pathway: Pathway) -> Enrolment:
        """Trained until 1 May 2024; the last stage is open from 1 November 2024 to 1 May 2025."""
        pathway.stages.filter(key="completion").update(opens_after_months=6, closes_after_months=12)
        enrolment = EnrolmentFactory(pathway=pathway)
        actions.record_evidence(enrolment, asked(pathway, "days"), date=PAST, amount=D(2), by=None)
        return enrolment

    def extend(self, enrolment: Enrolment, until: dt.date, **details: Any) -> Extension:
        own = stage(enrolment.pathway, details.pop("key", "completion"))
        return actions.extend_window(enrolment, own, **{"until": until, "reason": "Ill.", "by": None, **details})

    def closes_on(self, enrolment: Enrolment) -> dt.date:
        return enrolment.progress.get(stage__key="completion").closes_on

    def test_moves_its_last_day_and_says_who_when_and_why(self, registrar_user: Any, trained: Enrolment) -> None:
        until = dt.date(2025, 9, 30)
        entry = {"what": "Completion", "before": "1 May 2025", "after": "30 September 2025", "why": "Ill."}
        with logged("imp.window.extend", registrar_user, **entry):
            extension = self.extend(trained, until, on=dt.date(2025, 4, 1), by=registrar_user)

        assert (extension.granted_by, extension.granted_on, extension.stands) == (
            registrar_user,
            dt.date(2025, 4, 1),
            True,
        )
        row = trained.progress.get(stage__key="completion")
        assert (row.opens_on, row.closes_on) == (dt.date(2024, 11, 1), until)
        assert stored_progress_is_worked_out_progress()

    def test_is_granted_today_unless_said_otherwise(self, trained: Enrolment) -> None:
        assert self.extend(trained, dt.date(2025, 9, 30)).granted_on == timezone.localdate()

    def test_twice_is_once(self, trained: Enrolment) -> None:
        first = self.extend(trained, dt.date(2025, 9, 30))
        with unchanged():
            assert self.extend(trained, dt.date(2025, 9, 30)) == first

    def test_once_more_keeps_the_first_which_no_longer_counts(self, trained: Enrolment) -> None:
        self.extend(trained, dt.date(2025, 9, 30))
        self.extend(trained, dt.date(2026, 9, 30), reason="Ill again.")

        assert list(trained.extensions.order_by("pk").values_list("stands", "reason")) == [
            (None, "Ill."),
            (True, "Ill again."),
        ]
        assert self.closes_on(trained) == dt.date(2026, 9, 30)
        assert stored_progress_is_worked_out_progress()

    @pytest.mark.parametrize("until", [dt.date(2024, 10, 31), dt.date(2025, 4, 30)])
    def test_gives_more_time_and_never_less(self, trained: Enrolment, until: dt.date) -> None:
        with refused("until", saying="It is open until 1 May 2025 already"):
            self.extend(trained, until)

    def test_counts_no_more_where_the_rules_give_longer(self, trained: Enrolment) -> None:
        self.extend(trained, dt.date(2025, 9, 30))
        trained.pathway.stages.filter(key="completion").update(closes_after_months=24)
        actions.recompute_pathway(trained.pathway)

        assert self.closes_on(trained) == dt.date(2026, 5, 1)

    def test_needs_a_window(self, trained: Enrolment, enrolment: Enrolment) -> None:
        with refused(saying="“Engagement” has no window for this person yet."):
            self.extend(trained, dt.date(2025, 9, 30), key="engagement")
        with refused(saying="“Completion” has no window for this person yet."):
            self.extend(enrolment, dt.date(2025, 9, 30))
        with refused(saying="has no window"):
            actions.extend_window(trained, StageFactory(), until=timezone.localdate(), reason="Ill.", by=None)

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_wants_a_reason(self, trained: Enrolment, reason: str) -> None:
        with refused("reason"):
            self.extend(trained, dt.date(2025, 9, 30), reason=reason)

    def test_refuses_to_be_granted_in_the_future(self, trained: Enrolment) -> None:
        with refused("granted_on"):
            self.extend(trained, dt.date(2099, 9, 30), on=timezone.localdate() + dt.timedelta(days=1))

    def test_is_refused_for_the_withdrawn_and_kept_for_the_paused(self, trained: Enrolment) -> None:
        actions.set_status(trained, "paused", why="At their wish.", by=None)
        self.extend(trained, dt.date(2025, 9, 30))
        actions.set_status(trained, "withdrawn", why="At their wish.", by=None)
        with refused(saying="withdrawn"):
            self.extend(trained, dt.date(2026, 9, 30))

    def test_moves_nobody_elses(self, trained: Enrolment) -> None:
        other = EnrolmentFactory(pathway=trained.pathway)
        actions.record_evidence(other, asked(trained.pathway, "days"), date=PAST, amount=D(2), by=None)
        self.extend(trained, dt.date(2025, 9, 30))

        assert self.closes_on(other) == dt.date(2025, 5, 1)

    def test_is_taken_back_with_a_reason(self, registrar_user: Any, trained: Enrolment) -> None:
        extension = self.extend(trained, dt.date(2025, 9, 30))
        with refused("why"):
            actions.end_extension(extension, why=" ", by=registrar_user)
        entry = {"what": "Completion", "before": "30 September 2025", "after": "–", "why": "A mistake."}
        with logged("imp.window.end_extension", registrar_user, **entry):
            actions.end_extension(extension, why="A mistake.", by=registrar_user)

        assert trained.extensions.get().stands is None
        assert self.closes_on(trained) == dt.date(2025, 5, 1)
        assert stored_progress_is_worked_out_progress()

    def test_is_taken_back_once(self, trained: Enrolment) -> None:
        extension = self.extend(trained, dt.date(2025, 9, 30))
        actions.end_extension(extension, why="A mistake.", by=None)
        with unchanged():
            actions.end_extension(extension, why="A mistake.", by=None)

    def test_that_another_has_replaced_is_not_taken_back(self, trained: Enrolment) -> None:
        replaced = self.extend(trained, dt.date(2025, 9, 30))
        self.extend(trained, dt.date(2026, 9, 30))
        with unchanged():
            actions.end_extension(replaced, why="A mistake.", by=None)
