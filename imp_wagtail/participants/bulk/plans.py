"""A bulk action as it was shown. It waits in the page for its button, sealed, and leads to one job and no second."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs
from imp_wagtail.core.models import Job

from ..models import Participant
from .acts import Act
from .outlook import Outlook

#: Seconds after which what was shown is too old to be acted on.
BEST_BEFORE = 24 * 60 * 60


@dataclass(frozen=True)
class Plan:
    """Who is to change, and how. ``items`` is what was shown to be done, not what the filter finds later."""

    act: str
    #: The kind of the long work that does it.
    work: str
    title: str
    #: The form as it was sent.
    data: dict[str, str]
    items: list[Any]
    #: How many were left alone, and why: ``so_already`` and ``refused``.
    left_alone: dict[str, int]
    #: The first of those who could not, and why, where the act keeps that: ``[[key, name, reason], ...]``.
    refused: list[list[Any]]
    #: Whoever sends the same plan twice comes to the same job.
    token: str

    def sealed(self, by: Any) -> str:
        """The plan as text for a hidden field, which nobody can change and only this user can send."""
        return signing.dumps(asdict(self), salt=_salt(self.act, by), compress=True)

    def start(self, *, return_url: str, by: Any) -> Job:
        return jobs.start(
            self.work,
            title=self.title,
            items=self.items,
            params={
                "act": self.act,
                "data": self.data,
                "left_alone": self.left_alone,
                "refused": self._refused_on_record(),
            },
            token=self.token,
            return_url=return_url,
            by=by,
        )

    def _refused_on_record(self) -> list[list[str]]:
        """Names and reasons, but of nobody who was erased since the plan was sealed."""
        keys = {key for key, _name, _reason in self.refused}
        known = set(Participant.objects.filter(pk__in=keys).values_list("pk", flat=True))
        return [[name, reason] for key, name, reason in self.refused if key in known]


def plan_of(act: Act, data: dict[str, str], outlook: Outlook) -> Plan:
    return Plan(
        act=act.name,
        work=act.work,
        title=f"{act.title}: {act.what}",
        data=data,
        items=outlook.items,
        left_alone={"so_already": len(outlook.so_already), "refused": outlook.refused_count},
        refused=outlook.reasons[: jobs.MOST_REFUSALS] if act.keeps_reasons else [],
        token=uuid4().hex,
    )


def unsealed(text: str, *, act: str, by: Any) -> Plan:
    """The plan for this action that was sealed for this user; ``ValidationError`` where it is none, or too old."""
    try:
        return Plan(**signing.loads(text, salt=_salt(act, by), max_age=BEST_BEFORE))
    except signing.BadSignature:
        raise ValidationError(_("What was shown is out of date. Look again at who will change.")) from None


def _salt(act: str, by: Any) -> str:
    return f"imp_participants.bulk.{act}.{by.pk}"
