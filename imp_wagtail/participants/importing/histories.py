"""The history of one person of a file: evidence and completed stages, beside what is on record.

What is to be recorded is planned as lines of the ledger, which is what progress is worked out from.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.words import in_a_row
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.rules import Kind

from .. import ledger
from ..actions import check_evidence, refuse_impossible, refuse_inactive
from ..actions.stages import refuse_before_enrolment
from ..facts import EnrolmentFacts, StageRules
from ..ledger import Line
from ..models import Decision, Enrolment
from .columns import Piece, Scheme, completed_key
from .plans import Plan, Said
from .resource import ReadRow


def plan_evidence(plan: Plan, scheme: Scheme) -> None:
    """Evidence that can count and is not on record yet."""
    on_record = {_same(line) for lines in plan.facts.evidence.values() for line in lines}
    seen: dict[Any, ReadRow] = {}
    # Who is withdrawn by now was not when it happened: the status of a new enrolment refuses nothing.
    enrolment = Enrolment(pathway=scheme.pathway) if plan.is_enrolled_anew else plan.enrolment
    for row in plan.rows:
        for piece in scheme.pieces:
            line = _evidence(row, piece)
            if line is None or _same(line) in on_record:
                continue
            first = seen.setdefault(_same(line), row)
            if first is not row:
                message = _("The same as in row %(row)d. It counts once.") % {"row": first.number}
                plan.tell(row, piece.date, message, blocks=False)
                continue
            with plan.telling(row, {"date": piece.date, "amount": piece.amount}):
                check_evidence(enrolment, piece.requirement, date=line.date, amount=line.amount)
                plan.evidence.append(line)


def _evidence(row: ReadRow, piece: Piece) -> Line | None:
    """The evidence of one set of columns; ``None`` where there is none, or something is wrong with it."""
    if piece.date not in row.values or any(key in row.errors for key in (piece.date, piece.amount, piece.detail)):
        return None
    return _line(
        ledger.EVIDENCE,
        piece.requirement.pk,
        row.values[piece.date],
        amount=row.values.get(piece.amount, Decimal(1)),
        title=row.values.get(piece.detail, ""),
    )


def _same(line: Line) -> tuple[Any, ...]:
    """As ``actions.record_evidence`` knows the same evidence again."""
    return line.about, line.date, line.amount, line.title


def plan_completions(plan: Plan, scheme: Scheme, said: dict[str, Said]) -> None:
    """Completed stages, and a decision for each thing that they rest on and nothing else shows."""
    still_open: list[Stage] = []
    for own in scheme.rules:
        found = said.get(completed_key(own.stage))
        if found is not None:
            _plan_completion(plan, own, found, still_open)
        elif own.stage.pk not in plan.facts.completions:
            still_open.append(own.stage)
    plan.facts = _with_what_is_new(plan)
    completed = {line.about for line in plan.completions}
    for place, own in enumerate(scheme.rules):
        if own.stage.pk in completed:
            _plan_decisions(plan, place, own, said[completed_key(own.stage)])
    if plan.decisions:
        plan.facts = replace(plan.facts, decisions=plan.facts.decisions | _by_what(plan.decisions))


def _plan_completion(plan: Plan, own: StageRules, found: Said, still_open: list[Stage]) -> None:
    key, day = completed_key(own.stage), found.value
    standing = plan.facts.completions.get(own.stage.pk)
    if standing is not None:
        if standing.date != day:
            plan.tell_what_stays(found, key, long_date(standing.date))
        return
    with plan.telling(found.row, {"completed_on": key}):
        refuse_impossible(day, "completed_on")
        if not plan.is_enrolled_anew:
            refuse_inactive(plan.enrolment)
        refuse_before_enrolment(plan.enrolment, day)
        _refuse_before_others(plan.facts, own, still_open)
        plan.completions.append(_line(ledger.COMPLETION, own.stage.pk, day))


def _refuse_before_others(facts: EnrolmentFacts, own: StageRules, still_open: list[Stage]) -> None:
    """A stage that asks for the earlier ones is not completed before them, unless staff decided so."""
    if still_open and facts.rests_on_earlier(own.stage):
        titles = in_a_row(still_open)
        text = _("This stage rests on earlier ones. Give their days too: %(stages)s.")
        raise ValidationError(text % {"stages": titles})


def _plan_decisions(plan: Plan, place: int, own: StageRules, found: Said) -> None:
    """That something was met when its stage was completed, although no evidence of it came along.

    Such a decision bears that day, because windows are reckoned from when the training was over.
    """
    progress = plan.facts.result.stages[place].requirements
    for asked, item in zip(own.requirements, progress, strict=True):
        if not asked.is_required or item.is_met or asked.kind == Kind.EARLIER_STAGES:
            continue
        if asked.pk in plan.facts.decisions:
            message = _("“%(title)s” was refused on record. Revoke that first.") % {"title": asked}
            plan.tell(found.row, completed_key(own.stage), message)
        else:
            reason = _("Imported: completed before this record began.")
            outcome = Decision.Outcome.MET
            plan.decisions.append(_line(ledger.DECISION, asked.pk, found.value, sort=outcome, text=reason))


def _with_what_is_new(plan: Plan) -> EnrolmentFacts:
    """The facts with the evidence and the completed stages that are to be added to them."""
    if not plan.evidence and not plan.completions:
        return plan.facts
    evidence = {key: list(lines) for key, lines in plan.facts.evidence.items()}
    for line in plan.evidence:
        evidence.setdefault(line.about, []).append(line)
    return replace(plan.facts, evidence=evidence, completions=plan.facts.completions | _by_what(plan.completions))


def _by_what(lines: Iterable[Line]) -> dict[int, Line]:
    return {line.about: line for line in lines}


def _line(kind: str, about: int, date: dt.date, **said: Any) -> Line:
    """A line that is not on record yet, and so has no keys."""
    nothing = {"amount": None, "sort": "", "title": "", "text": "", "who": "", "has_file": False}
    return Line(kind=kind, pk=0, enrolment=0, about=about, date=date, **{**nothing, **said})
