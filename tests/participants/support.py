"""What the tests of this room share: everything on record, the log, and a refusal that changes nothing."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from wagtail.models import ModelLogEntry

from imp_wagtail.participants import actions, models
from imp_wagtail.participants.derived import differences
from imp_wagtail.participants.facts import facts_of_many
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from tests.factories import PathwayFactory, RequirementFactory, StageFactory

PAST = dt.date(2024, 5, 1)


def on_record() -> dict[str, list[dict[str, Any]]]:
    """Every stored row of the room, and every entry of the log."""
    tables = [getattr(models, name) for name in models.__all__] + [ModelLogEntry]
    return {table.__name__: list(table.objects.order_by("pk").values()) for table in tables}


@contextmanager
def refused(*fields: str, saying: str = "") -> Iterator[None]:
    """The block raises a ``ValidationError`` beside these fields, and nothing has changed."""
    before = on_record()
    with pytest.raises(ValidationError) as caught:
        yield
    error = caught.value
    named = list(error.error_dict) if hasattr(error, "error_dict") else [NON_FIELD_ERRORS]
    assert named == list(fields or [NON_FIELD_ERRORS])
    assert saying in " ".join(error.messages)
    assert on_record() == before


@contextmanager
def logged(action: str, by: Any, **data: str) -> Iterator[None]:
    """The block writes exactly one entry of the log: this one."""
    known = set(ModelLogEntry.objects.values_list("pk", flat=True))
    yield
    [entry] = ModelLogEntry.objects.exclude(pk__in=known)
    assert (entry.action, entry.user, entry.data) == (action, by, data)


@contextmanager
def unchanged() -> Iterator[None]:
    """The block leaves everything on record, and the log, as they were."""
    before = on_record()
    yield
    assert on_record() == before


def imp(**titles: str) -> Pathway:
    """A pathway of every kind: preparation (retreats, a confirmation), engagement (days, practice), completion."""
    pathway = PathwayFactory(title="IMP", **titles)
    preparation, engagement, completion = (
        StageFactory(pathway=pathway, title=title, key=title.lower(), sort_order=place)
        for place, title in enumerate(["Preparation", "Engagement", "Completion"])
    )
    RequirementFactory(stage=preparation, key="retreats", title="Two retreats", retreats=True)
    RequirementFactory(stage=preparation, key="practice", title="Own practice")
    RequirementFactory(stage=preparation, key="reading", title="Reading", is_required=False)
    RequirementFactory(stage=engagement, key="earlier", title="Preparation is completed", earlier_stages=True)
    RequirementFactory(stage=engagement, key="days", title="Training", training_days=True)
    RequirementFactory(stage=engagement, key="hours", title="Hours of practice", practice_hours=True)
    RequirementFactory(stage=completion, key="all", title="All is completed", earlier_stages=True)
    RequirementFactory(stage=completion, key="supervision", title="Supervision", supervision=True)
    RequirementFactory(stage=completion, key="cycles", title="Cycles taught", cycles=True)
    return pathway


def asked(pathway: Pathway, key: str) -> Requirement:
    return Requirement.objects.select_related("stage").get(stage__pathway=pathway, key=key)


def stage(pathway: Pathway, key: str) -> Stage:
    return pathway.stages.get(key=key)


def state(enrolment: Enrolment, key: str) -> str:
    """The stored state of a stage."""
    return StageProgress.objects.get(enrolment=enrolment, stage__key=key).state


def store_state(key: str, state: str, *enrolments: Enrolment) -> None:
    """Stored progress of one stage as a test wants it, of these enrolments or of all."""
    rows = StageProgress.objects.filter(stage__key=key)
    there = Enrolment.objects.filter(current_stage__key=key)
    if enrolments:
        rows, there = rows.filter(enrolment__in=enrolments), there.filter(pk__in=[item.pk for item in enrolments])
    rows.update(state=state)
    there.update(current_state=state)


def complete(enrolment: Enrolment, *keys: str, by: Any = None) -> None:
    """Complete stages, each requirement waived first."""
    for key in keys:
        own = stage(enrolment.pathway, key)
        for requirement in own.requirements.exclude(kind="earlier_stages"):
            actions.decide(enrolment, requirement, outcome="waived", reason="Long ago.", by=by)
        actions.complete_stage(enrolment, own, on=PAST, by=by)


def retreat(enrolment: Enrolment, *, days: str = "6", **details: Any) -> Any:
    """One retreat put on record."""
    requirement = asked(enrolment.pathway, "retreats")
    values = {"date": PAST, "by": None, **details}
    return actions.record_evidence(enrolment, requirement, amount=Decimal(days), **values)


def stored_progress_is_worked_out_progress() -> bool:
    """Whether what is stored is what follows from everyone's facts."""
    return differences(facts_of_many(Enrolment.objects.all())) == []
