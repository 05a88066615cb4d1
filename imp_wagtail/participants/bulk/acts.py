"""The bulk actions. Each knows beforehand whom it would change, by the rules of the verb that it calls for one person.

The verbs read what they need for one enrolment; for a preview of thousands the same is read here for all of them at
once. What is read here is what is stored with every write, so that both say the same.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import Form
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind

from .. import actions
from ..actions.stages import refuse_before_enrolment
from ..cohorts.actions import join_cohort
from ..models import Cohort, Decision, Enrolment, Evidence, Membership, Participant, StageProgress
from ..permissions import CHANGE_COHORTS, CHANGE_PARTICIPANTS, SEE_PARTICIPANTS
from . import forms
from .outlook import Outlook, Person, look_ahead


class Act(ABC):
    """One thing that can be done for many people; made from the cleaned data of its form.

    Most do one thing for a person, and define ``foresight`` and ``do_for``. One that does several for somebody, or
    leads to work of its own, defines ``look_ahead`` and ``work`` instead.
    """

    #: Stands in addresses and in the database; stays as it is.
    name: str
    title: Any
    #: Its place among the actions that are offered.
    order: int
    permissions: tuple[str, ...] = (SEE_PARTICIPANTS, CHANGE_PARTICIPANTS)
    form_class: type[Form]
    #: The kind of the long work that does it; see ``core.jobs``.
    work = "imp_participants.bulk"
    preview_template = "imp_participants/admin/bulk/preview.html"
    #: Whether the work keeps who could not and why, as the preview showed it, to be looked up afterwards.
    keeps_reasons = False

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    @property
    @abstractmethod
    def what(self) -> str:
        """What is done to each, in a few words."""

    def check(self) -> None:  # noqa: B027 - most have something to check, not all
        """Raise ``ValidationError`` for what would be refused whoever it is: it belongs beside the form's fields."""

    def look_ahead(self, people: QuerySet[Participant]) -> Outlook:
        """Who of these will change, and who will not and why, in their order."""
        named = [Person(*row) for row in people.values_list("pk", "name")]
        return look_ahead(named, self.foresight(people))

    def foresight(self, people: QuerySet[Participant]) -> Callable[[int], bool]:
        """Whether somebody of these, by their key, would change; ``ValidationError`` says why they cannot.

        Reads all it needs in a fixed number of queries.
        """
        raise NotImplementedError

    def do_for(self, pk: int, *, by: Any) -> bool:
        """Do it for one person; returns whether anything changed. ``ValidationError`` where it is refused."""
        raise NotImplementedError


class EnrolmentAct(Act):
    """Something done to the enrolment on one pathway, whatever other pathways somebody is on."""

    @property
    @abstractmethod
    def pathway(self) -> Pathway:
        """The pathway of which it speaks."""

    @abstractmethod
    def on_record(self, enrolments: Iterable[Enrolment]) -> dict[int, Any]:
        """What is on record and matters here, by enrolment, in one or two queries."""

    def is_so(self, known: Any) -> bool:
        """Whether it has been done, by what is on record for one enrolment; ``None`` for nothing."""
        return known is not None

    @abstractmethod
    def refuse(self, enrolment: Enrolment, known: Any) -> None:
        """Raise what the verb would; nothing is read from the database."""

    @abstractmethod
    def do(self, enrolment: Enrolment, *, by: Any) -> None:
        """Call the verb."""

    def foresight(self, people: QuerySet[Participant]) -> Callable[[int], bool]:
        found = Enrolment.objects.filter(pathway=self.pathway, participant__in=people.order_by().values("pk"))
        enrolments = {enrolment.participant_id: enrolment for enrolment in found}
        known = self.on_record(found)

        def would_change(pk: int) -> bool:
            enrolment = self._required(enrolments.get(pk))
            own = known.get(enrolment.pk)
            if self.is_so(own):
                return False
            self.refuse(enrolment, own)
            return True

        return would_change

    def do_for(self, pk: int, *, by: Any) -> bool:
        found = Enrolment.objects.filter(pathway=self.pathway, participant=pk)
        enrolment = self._required(found.select_related("participant").first())
        if self.is_so(self.on_record([enrolment]).get(enrolment.pk)):
            return False
        self.do(enrolment, by=by)
        return True

    def _required(self, enrolment: Enrolment | None) -> Enrolment:
        if enrolment is None:
            raise ValidationError(_("Not on the pathway “%(pathway)s”.") % {"pathway": self.pathway})
        return enrolment


class RecordEvidence(EnrolmentAct):
    name = "evidence"
    title = gettext_lazy("Record evidence")
    order = 10
    form_class = forms.BulkEvidenceForm

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.requirement: Requirement = data["requirement"]
        amount = None if self.requirement.kind == Kind.CONFIRMATION else data["amount"]
        #: The evidence by which it is told from other evidence.
        self.fact = {
            "date": data["date"],
            "amount": Decimal(1) if amount is None else amount,
            "detail": data["detail"],
        }

    @property
    def pathway(self) -> Pathway:
        return self.requirement.stage.pathway

    @property
    def what(self) -> str:
        evidence = Evidence(requirement=self.requirement, **self.fact)
        return f"{self.requirement} · {actions.describe(evidence)}"

    def check(self) -> None:
        anybody = Enrolment(pathway=self.pathway)
        actions.check_evidence(anybody, self.requirement, date=self.fact["date"], amount=self.fact["amount"])

    def on_record(self, enrolments: Iterable[Enrolment]) -> dict[int, bool]:
        same = Evidence.objects.filter(enrolment__in=enrolments, requirement=self.requirement, **self.fact)
        return dict.fromkeys(same.values_list("enrolment_id", flat=True), True)

    def refuse(self, enrolment: Enrolment, known: Any) -> None:
        actions.check_evidence(enrolment, self.requirement, date=self.fact["date"], amount=self.fact["amount"])

    def do(self, enrolment: Enrolment, *, by: Any) -> None:
        actions.record_evidence(enrolment, self.requirement, **self.fact, note=self.data["note"], by=by)


class Decide(EnrolmentAct):
    name = "decide"
    title = gettext_lazy("Record a decision")
    order = 20
    form_class = forms.BulkDecisionForm

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.requirement: Requirement = data["requirement"]
        self.outcome, self.reason, self.on = data["outcome"], data["reason"], data["decided_on"]

    @property
    def pathway(self) -> Pathway:
        return self.requirement.stage.pathway

    @property
    def what(self) -> str:
        return f"{self.requirement} · {Decision.Outcome(self.outcome).label} · {long_date(self.on)}"

    def check(self) -> None:
        actions.require_reason(self.reason, "reason")
        actions.refuse_impossible(self.on, "decided_on")

    def on_record(self, enrolments: Iterable[Enrolment]) -> dict[int, Decision | StageProgress]:
        """The decision that stands, or else the completed stage, where that matters."""
        known: dict[int, Decision | StageProgress] = {}
        if self.outcome == Decision.Outcome.REFUSED:
            rows = StageProgress.objects.filter(enrolment__in=enrolments, stage=self.requirement.stage)
            known |= {row.enrolment_id: row for row in rows.filter(state=StageProgress.State.COMPLETED)}
        standing = Decision.objects.filter(enrolment__in=enrolments, requirement=self.requirement, stands=True)
        return known | {decision.enrolment_id: decision for decision in standing}

    def is_so(self, known: Decision | StageProgress | None) -> bool:
        return isinstance(known, Decision) and (known.outcome, known.reason) == (self.outcome, self.reason)

    def refuse(self, enrolment: Enrolment, known: Decision | StageProgress | None) -> None:
        standing = known if isinstance(known, Decision) else None
        completed = isinstance(known, StageProgress)
        actions.check_decision(enrolment, self.requirement, standing=standing, takes_from_completed=completed)

    def do(self, enrolment: Enrolment, *, by: Any) -> None:
        actions.decide(enrolment, self.requirement, outcome=self.outcome, reason=self.reason, on=self.on, by=by)


class CompleteStage(EnrolmentAct):
    name = "complete"
    title = gettext_lazy("Complete a stage")
    order = 30
    form_class = forms.BulkCompleteForm

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.stage: Stage = data["stage"]
        self.on = data["completed_on"]

    @property
    def pathway(self) -> Pathway:
        return self.stage.pathway

    @property
    def what(self) -> str:
        return f"{self.stage} · {long_date(self.on)}"

    def check(self) -> None:
        actions.refuse_impossible(self.on, "completed_on")

    def on_record(self, enrolments: Iterable[Enrolment]) -> dict[int, StageProgress]:
        rows = StageProgress.objects.filter(enrolment__in=enrolments, stage=self.stage)
        return {row.enrolment_id: row for row in rows}

    def is_so(self, known: StageProgress | None) -> bool:
        return known is not None and known.state == StageProgress.State.COMPLETED

    def refuse(self, enrolment: Enrolment, known: StageProgress | None) -> None:
        actions.refuse_inactive(enrolment)
        refuse_before_enrolment(enrolment, self.on)
        if known is None or known.state != StageProgress.State.READY:
            counts = {"met": known.met if known else 0, "required": known.required if known else 0}
            raise ValidationError(
                _("“%(stage)s” is not ready to be completed. Requirements met: %(met)d of %(required)d.")
                % {"stage": self.stage, **counts}
            )

    def do(self, enrolment: Enrolment, *, by: Any) -> None:
        actions.complete_stage(enrolment, self.stage, on=self.on, by=by)


class JoinCohort(EnrolmentAct):
    name = "cohort"
    title = gettext_lazy("Add to a cohort")
    order = 50
    permissions = (*Act.permissions, CHANGE_COHORTS)
    form_class = forms.BulkJoinForm

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.cohort: Cohort = data["cohort"]

    @property
    def pathway(self) -> Pathway:
        return self.cohort.pathway

    @property
    def what(self) -> str:
        return str(self.cohort)

    def on_record(self, enrolments: Iterable[Enrolment]) -> dict[int, bool]:
        members = Membership.objects.filter(enrolment__in=enrolments, cohort=self.cohort)
        return dict.fromkeys(members.values_list("enrolment_id", flat=True), True)

    def refuse(self, enrolment: Enrolment, known: Any) -> None:
        actions.refuse_inactive(enrolment)

    def do(self, enrolment: Enrolment, *, by: Any) -> None:
        join_cohort(self.cohort, enrolment, by=by)


class Enrol(Act):
    name = "enrol"
    title = gettext_lazy("Enrol on a pathway")
    order = 60
    form_class = forms.BulkEnrolForm

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.pathway: Pathway = data["pathway"]
        self.on = data["enrolled_on"]

    @property
    def what(self) -> str:
        return f"{self.pathway} · {long_date(self.on)}"

    def check(self) -> None:
        actions.refuse_impossible(self.on, "enrolled_on")

    def foresight(self, people: QuerySet[Participant]) -> Callable[[int], bool]:
        found = Enrolment.objects.filter(pathway=self.pathway, participant__in=people.order_by().values("pk"))
        enrolled = set(found.values_list("participant_id", flat=True))
        return lambda pk: pk not in enrolled

    def do_for(self, pk: int, *, by: Any) -> bool:
        person = Participant.objects.filter(pk=pk).first()
        if person is None:
            raise ValidationError(_("This person is no longer on record."))
        if person.enrolments.filter(pathway=self.pathway).exists():
            return False
        actions.enrol(person, self.pathway, on=self.on, by=by)
        return True


OWN_ACTS: list[type[Act]] = [RecordEvidence, Decide, CompleteStage, JoinCohort, Enrol]
#: By name. Other rooms add theirs with ``offers.register_act``.
ACTS: dict[str, type[Act]] = {act.name: act for act in OWN_ACTS}
