"""Everything that a letter says, gathered once and frozen. After this, rendering reads nothing but the snapshot."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.letters.achievements import TRAINING_FIELDS, Achievement, achieved
from imp_wagtail.letters.bidi import isolated, plain_line
from imp_wagtail.letters.codes import grouped
from imp_wagtail.letters.images import freeze, kept_in_memory
from imp_wagtail.letters.merge import fill
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.letters.querysets import PublishedTemplates
from imp_wagtail.letters.wording import fill_wording
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.rules import plain_number
from imp_wagtail.trainings.models import TrainingPage

#: Version of the snapshot's shape, for whoever reads old ones.
SCHEMA = 2


def template_for(
    enrolment: Enrolment,
    stage: Stage,
    *,
    without: frozenset[str] = frozenset(),
    templates: PublishedTemplates | None = None,
) -> LetterTemplate:
    """The template for this participant's language that says nothing which is not on record.

    Wording that names one of the merge fields ``without`` a value gives way to the pathway's. Raises
    ``ValidationError`` where staff have published none that fits. Whoever asks for many has read the ``templates``.
    """
    language = enrolment.participant.language
    templates = templates or LetterTemplate.objects.published_for([stage])
    template = templates.for_stage(stage, language, without=without)
    if template:
        return template
    unfit = templates.for_stage(stage, language)
    if unfit is None:
        text = _("There is no letter template for “%(stage)s” yet. Add one under Letter templates, and publish it.")
        raise ValidationError(text % {"stage": stage})
    raise ValidationError(why_unfit(unfit, stage, without))


def why_unfit(template: LetterTemplate, stage: Stage, without: frozenset[str]) -> str:
    """Why a template's wording cannot be printed for somebody: it names what is not on record, and what to do."""
    if template.fields & without & TRAINING_FIELDS:
        text = _(
            "The wording for “%(stage)s” names a training, and none with a public page is on record. "
            "Link the cohort to its training, or add a letter template that names none."
        )
    else:
        text = _(
            "The wording for “%(stage)s” names the hours attended, and not every session has its hours on record. "
            "Add them to the cohort's sessions, or name no hours in the wording."
        )
    return text % {"stage": stage}


def take_snapshot(
    enrolment: Enrolment, stage: Stage, completion: StageCompletion, *, number: str, code: str, issued_on: dt.date
) -> dict[str, Any]:
    """What the letter will say, as plain JSON, in the language of its template."""
    what = achieved(enrolment, stage, completion)
    template = template_for(enrolment, stage, without=what.unknown_fields)
    return snapshot_with(template, what, number=number, code=grouped(code), issued_on=issued_on)


def at_once(look_up: Callable, *of: Any) -> Any:
    """Look something up, and remember nothing."""
    return look_up(*of)


class Remembered:
    """Looks up once what several letters share: the words for a training, a stage in another language."""

    def __init__(self) -> None:
        self.known: dict[Any, Any] = {}

    def __call__(self, look_up: Callable, *of: Any) -> Any:
        key = (translation.get_language(), look_up, *of)
        if key not in self.known:
            self.known[key] = look_up(*of)
        return self.known[key]


def snapshot_with(
    template: LetterTemplate,
    what: Achievement,
    *,
    number: str,
    code: str,
    issued_on: dt.date,
    ask: Callable = at_once,
) -> dict[str, Any]:
    """What a letter by this template says; ``code`` is as it is printed. ``ask`` is how lookups are made."""
    with translation.override(template.locale.language_code):
        training = ask(in_words, what.training)
        values = merge_values(what, ask(in_language, what.stage, template), training)
        values |= {"number": number, "issued_on": long_date(issued_on)}
        return snapshot_of(template, values) | {
            "number": number,
            "code": code,
            "verify_url": settings.base_url + reverse("imp_letters:verify_code", args=[code]),
            **dict(zip(("stage_position", "stage_count"), ask(place_among_stages, what.stage), strict=True)),
            "training": training,
            "completed_on": what.completion.completed_on.isoformat(),
            "issued_on": issued_on.isoformat(),
        }


def snapshot_of(template: LetterTemplate, values: dict[str, str]) -> dict[str, Any]:
    """What a template says with these values, in the active language."""
    rtl = translation.get_language_bidi()
    in_text = {name: isolated(value, in_rtl=rtl) for name, value in values.items()}
    return {
        "schema": SCHEMA,
        "language": template.locale.language_code,
        "direction": "rtl" if rtl else "ltr",
        "name": values["name"],
        "pathway": values["pathway"],
        "programme": values["programme"],
        "stage": values["stage"],
        "hours": values["hours"],
        "completed_on_text": values["completed_on"],
        "issued_on_text": values["issued_on"],
        "issuer": values["issuer"],
        "logo": freeze(template.logo, alt=values["issuer"]) if template.logo else None,
        "letterhead": [line for line in map(plain_line, template.letterhead.splitlines()) if line],
        "heading": plain_line(template.heading),
        "body": fill_wording(template.body, in_text),
        "place": plain_line(template.place),
        "signatories": [_signatory(block.value) for block in template.signatories],
        "footer": fill(template.footer, in_text),
        "paper": template.paper,
        "accent": template.accent,
        "ink": template.ink,
    }


def refuse_pictures(template: LetterTemplate) -> None:
    """Refuse a template with a logo or a signature that cannot be printed. Nothing is stored."""
    with kept_in_memory():
        if template.logo:
            freeze(template.logo, alt="")
        for block in template.signatories:
            _signatory(block.value)


def _signatory(value: Any) -> dict[str, Any]:
    name, picture = plain_line(value["name"] or ""), value["signature"]
    alt = _("Signature of %(name)s") % {"name": name}
    return {
        "name": name,
        "role": plain_line(value["role"] or ""),
        "signature": freeze(picture, alt=alt) if picture else None,
    }


def merge_values(what: Achievement, stage: Stage, training: dict[str, str] | None) -> dict[str, str]:
    """A value for each merge field that is known before the letter has its number, in the active language.

    ``stage`` is that of ``what`` in the letter's language.
    """
    training = training or {"title": "", "place": "", "dates": ""}
    values = {
        "name": what.enrolment.participant.name_on_letters,
        "programme": stage.pathway.programme,
        "pathway": stage.pathway.title,
        "stage": stage.title,
        "training": training["title"],
        "training_place": training["place"],
        "training_dates": training["dates"],
        "hours": "" if what.hours is None else plain_number(what.hours),
        "completed_on": long_date(what.completion.completed_on),
        "issuer": settings.issuer,
    }
    return {name: plain_line(value) for name, value in values.items()}


def in_words(training: TrainingPage | None) -> dict[str, str] | None:
    """Title, place and dates of a training in the active language."""
    if training is None:
        return None
    training = training.localized
    return {name: plain_line(getattr(training, name)) for name in ("title", "place", "dates")}


def place_among_stages(stage: Stage) -> tuple[int, int]:
    """Where the stage stands in its pathway, counted from 1, and how many there are."""
    stages = list(stage.pathway.stages.order_by("sort_order", "pk").values_list("pk", flat=True))
    return stages.index(stage.pk) + 1, len(stages)


def in_language(stage: Stage, template: LetterTemplate) -> Stage:
    """The stage in the template's language, or as it is where it is not translated."""
    return stage.get_translation_or_none(template.locale) or stage
