"""Somebody who never was, with a completed stage: for whom a specimen of a letter is made.

All rows are made in bulk, which tells nobody: no index, no log, no receiver of signals. They are made to be rolled
back; see ``previews``.
"""

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import date_range
from imp_wagtail.participants.models import Attendance, Cohort, Enrolment, Participant, Session, StageCompletion
from imp_wagtail.pathways.models import Pathway, Stage
from imp_wagtail.pathways.rules import CohortKind
from imp_wagtail.trainings.models import TrainingPage

from ..achievements import Achievement, achieved, kinds_attended

USUAL = "usual"

#: Names that a letter has to cope with, by the preview that shows one, and what that preview is called.
NAMES = {
    USUAL: ("Maria Lindqvist", gettext_lazy("Sample or chosen person")),
    "long": (
        "Dr. Maria Magdalena Wilhelmina van Oldenbarnevelt-Schimmelpenninck y Fernández de Córdoba",
        gettext_lazy("With a very long name"),
    ),
    "arabic": ("عائشة عبد الرحمن الخطيب", gettext_lazy("With a name in Arabic")),
    "chinese": ("歐陽 明慧", gettext_lazy("With a name in Chinese")),
}

HOURS = Decimal(36)


@dataclass(frozen=True)
class SampleTraining:
    """Stands for a training where the site has announced none; what ``snapshot.in_words`` reads of one."""

    starts: dt.date

    @property
    def localized(self) -> "SampleTraining":
        return self

    @property
    def title(self) -> str:
        return _("Sample training")

    @property
    def place(self) -> str:
        return _("Sample venue")

    @property
    def dates(self) -> str:
        return date_range(self.starts, self.starts + dt.timedelta(days=8))


def sample(stage: Stage, name: str, language: str) -> Achievement:
    """A stage, of the pathway that is tracked, as completed by a new participant. Call it in a transaction."""
    today = timezone.localdate()
    participant = _made(Participant(name=name, language=language))
    enrolment = _made(Enrolment(participant=participant, pathway=stage.pathway, enrolled_on=today))
    completion = _made(StageCompletion(enrolment=enrolment, stage=stage, completed_on=today))
    for kind in kinds_attended(stage):
        _attend(enrolment, kind, today)
    what = achieved(enrolment, stage, completion)
    if stage.takes_training and what.training is None:
        return replace(what, training=SampleTraining(today - dt.timedelta(days=30)))
    return what


def _attend(enrolment: Enrolment, kind: str, on: dt.date) -> None:
    training = _announced(enrolment.pathway) if kind == CohortKind.TRAINING else None
    cohort = _made(Cohort(title="–", kind=kind, pathway=enrolment.pathway, training=training))
    session = _made(Session(cohort=cohort, date=on, hours=HOURS))
    _made(Attendance(session=session, enrolment=enrolment))


def _announced(pathway: Pathway) -> TrainingPage | None:
    """The latest training on the site that people of this pathway may have attended."""
    own = models.Q(pathway__translation_key=pathway.translation_key) | models.Q(pathway=None)
    return TrainingPage.objects.past().filter(own).first()


def _made(row: models.Model) -> models.Model:
    return type(row)._base_manager.bulk_create([row])[0]
