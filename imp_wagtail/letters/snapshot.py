"""Everything that a letter says, gathered once and frozen. After this, rendering reads nothing but the snapshot."""

import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.letters.codes import grouped
from imp_wagtail.letters.merge import fill
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.rules import CohortKind
from imp_wagtail.trainings.models import TrainingPage

#: Version of the snapshot's shape, for whoever reads old ones.
SCHEMA = 1

#: The merge fields that only somebody who attended a training has a value for.
TRAINING_FIELDS = frozenset({"training", "training_place", "training_dates"})

EMPTY_LINES = re.compile(r"\n\s*\n")


def template_for(enrolment: Enrolment, stage: Stage, training: TrainingPage | None) -> LetterTemplate:
    """The wording for this participant's language that says nothing which is not on record.

    Where no training was attended (the requirement was decided, or its cohort has no public page), wording that
    names one gives way to the pathway's. Raises ``ValidationError`` where staff have written none that fits.
    """
    templates, language = LetterTemplate.objects, enrolment.participant.language
    template = templates.for_stage(stage, language, without=TRAINING_FIELDS if training is None else frozenset())
    if template:
        return template
    if templates.for_stage(stage, language):
        text = _(
            "The wording for “%(stage)s” names a training, and none with a public page is on record. "
            "Link the cohort to its training, or add a letter template that names none."
        )
    else:
        text = _("There is no letter template for “%(stage)s” yet. Add one under Letter templates.")
    raise ValidationError(text % {"stage": stage})


def take_snapshot(
    enrolment: Enrolment, stage: Stage, completion: StageCompletion, *, number: str, code: str, issued_on: dt.date
) -> dict[str, Any]:
    """What the letter will say, as plain JSON, in the language of its template."""
    attended = training_attended(enrolment) if stage.takes_training else None
    template = template_for(enrolment, stage, attended)
    language = template.locale.language_code
    with translation.override(language):
        training = in_words(attended)
        position, count = place_among_stages(stage)
        values = merge_values(enrolment, in_language(stage, template), completion, training)
        return {
            "schema": SCHEMA,
            "number": number,
            "code": grouped(code),
            "verify_url": settings.base_url + reverse("imp_letters:verify_code", args=[grouped(code)]),
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "name": values["name"],
            "pathway": values["pathway"],
            "programme": values["programme"],
            "stage": values["stage"],
            "stage_position": position,
            "stage_count": count,
            "heading": template.heading,
            "paragraphs": [fill(paragraph, values) for paragraph in paragraphs(template.body)],
            "training": training,
            "completed_on": completion.completed_on.isoformat(),
            "completed_on_text": values["completed_on"],
            "issued_on": issued_on.isoformat(),
            "issued_on_text": long_date(issued_on),
            "place": template.place,
            "issuer": values["issuer"],
            "signatories": [{"name": template.signatory, "role": template.signatory_role}],
            "footer": fill(template.footer, values),
        }


def merge_values(
    enrolment: Enrolment, stage: Stage, completion: StageCompletion, training: dict[str, str] | None
) -> dict[str, str]:
    """A value for each merge field, in the active language."""
    training = training or {"title": "", "place": "", "dates": ""}
    return {
        "name": " ".join(enrolment.participant.name_on_letters.split()),
        "programme": stage.pathway.programme,
        "pathway": stage.pathway.title,
        "stage": stage.title,
        "training": training["title"],
        "training_place": training["place"],
        "training_dates": training["dates"],
        "completed_on": long_date(completion.completed_on),
        "issuer": settings.issuer,
    }


def in_words(training: TrainingPage | None) -> dict[str, str] | None:
    """Title, place and dates of a training in the active language."""
    if training is None:
        return None
    training = training.localized
    return {"title": training.title, "place": training.place, "dates": training.dates}


def training_attended(enrolment: Enrolment) -> TrainingPage | None:
    """The training of the latest cohort of that kind in which the participant attended a session."""
    attended = enrolment.attendance.filter(
        session__cohort__kind=CohortKind.TRAINING, session__cohort__training__isnull=False
    )
    latest = attended.order_by("-session__date", "-pk").select_related("session__cohort__training").first()
    return latest.session.cohort.training if latest else None


def place_among_stages(stage: Stage) -> tuple[int, int]:
    """Where the stage stands in its pathway, counted from 1, and how many there are."""
    stages = list(stage.pathway.stages.order_by("sort_order", "pk").values_list("pk", flat=True))
    return stages.index(stage.pk) + 1, len(stages)


def in_language(stage: Stage, template: LetterTemplate) -> Stage:
    """The stage in the template's language, or as it is where it is not translated."""
    return stage.get_translation_or_none(template.locale) or stage


def paragraphs(text: str) -> list[str]:
    """Text in paragraphs, each on one line; empty lines divide them."""
    parts = EMPTY_LINES.split(text.replace("\r\n", "\n"))
    return [" ".join(part.split()) for part in parts if part.strip()]
