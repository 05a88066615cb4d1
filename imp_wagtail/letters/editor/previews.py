"""The editor's preview of a letter template: the page that would be printed, marked as a specimen.

Its snapshot is taken and printed as when a letter is issued, in a transaction that is rolled back. It has no number
and no code that a letter could have.
"""

import datetime as dt
import logging
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from wagtail.models import Locale

from imp_wagtail.core.pdf import MissingCharacters, PDFUnavailable
from imp_wagtail.core.pdf.page_pictures import page_pictures
from imp_wagtail.core.translation import source_of
from imp_wagtail.core.words import in_a_row
from imp_wagtail.participants.models import StageCompletion
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS
from imp_wagtail.pathways.models import Stage

from ..achievements import TRAINING_FIELDS, Achievement, achieved, kinds_attended
from ..images import kept_in_memory
from ..models import LetterTemplate
from ..rendering import renderer
from ..snapshot import snapshot_with, why_unfit
from ..wording import to_text
from .samples import NAMES, USUAL, sample

logger = logging.getLogger(__name__)

PREVIEW = "imp_letters/admin/preview.html"
#: Pixels across: sharp on a wide screen, and a letter's page still has few enough bytes to stand in an HTML page.
WIDTH = 1240
#: What is printed as code. Its last character does not fit the others, so that no letter ever has it.
CODE = "SPEC-IMEN-00000"
#: Pictures stand in the page, because they are stored nowhere; a site's own policy may not foresee that.
POLICY = "img-src data:; script-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'"


def preview_modes() -> list[tuple[str, str | Promise]]:
    """For whom a template can be previewed, the first without being asked for."""
    return [(mode, label) for mode, (_name, label) in NAMES.items()]


@dataclass
class Preview:
    """A letter as PDF and as pictures, ready to stand in a page, and what is to be said of it. Without: it failed."""

    notices: list[str] = field(default_factory=list)
    pdf: str = ""
    pictures: list[str] = field(default_factory=list)
    text: str = ""


def preview_response(request: HttpRequest, template: LetterTemplate, mode_name: str) -> HttpResponse:
    """The letter that a template would print, as a page; or why it would print none."""
    with translation.override(_language_of(request.user)):
        preview = _preview(template, mode_name, request.user)
        response = render(request, PREVIEW, {"preview": preview, "template": template})
    response["Content-Security-Policy"] = POLICY
    return response


def _preview(template: LetterTemplate, mode: str, user: Any) -> Preview:
    preview = Preview()
    try:
        preview.notices += gaps(template)
        with kept_in_memory():
            said = specimen(template, mode, user, preview.notices)
            content = renderer().render(said)
        preview.pictures = [_data("image/png", picture) for picture in page_pictures(content, width=WIDTH)]
        preview.pdf, preview.text = _data("application/pdf", content), text_of(said)
    except ValidationError as error:
        preview.notices += error.messages
    except MissingCharacters as error:
        text = _("No font on this server has %(characters)s, so this letter cannot be printed.")
        preview.notices.append(text % {"characters": " ".join(error.characters)})
    except PDFUnavailable as error:
        preview.notices.append(_("Letters cannot be printed here. %(why)s") % {"why": error})
    except Exception:
        logger.exception("The preview of the letter template %s failed", template.pk)
        preview.notices.append(_("This letter could not be printed. The site's log says what failed."))
    return preview


def gaps(template: LetterTemplate) -> Iterator[str]:
    """What a draft still lacks before it can be published."""
    if not template.heading.strip():
        yield _("The heading is empty.")
    if not to_text(template.body):
        yield _("The wording is empty.")
    if not any(block.value["name"] for block in template.signatories):
        yield _("Nobody signs yet.")


def specimen(template: LetterTemplate, mode: str, user: Any, notices: list[str]) -> dict[str, Any]:
    """What the letter says, marked as a specimen. Whatever is made for it is gone when this returns.

    Raises ``ValidationError`` where there is nothing to show; what a letter would be refused for is a notice.
    """
    if template.pathway_id is None:
        raise ValidationError(_("Choose the pathway."))
    if template.locale_id is None:
        template.locale = Locale.get_default()
    today = timezone.localdate()
    with transaction.atomic():
        try:
            what = _chosen(template, user) if mode in ("", USUAL) else None
            what = what or sample(stage_shown(template), name_for(mode), template.locale.language_code)
            if template.fields & what.unknown_fields:
                notices.append(why_unfit(template, what.stage, what.unknown_fields))
            said = snapshot_with(template, what, number=number_of(today), code=CODE, issued_on=today)
        finally:
            transaction.set_rollback(True)
    return said | {"specimen": True}


def number_of(day: dt.date) -> str:
    """What is printed as register number: letters are counted from 1."""
    return f"{day.year}-0000"


def name_for(mode: str) -> str:
    """The sample person's name; the usual one for a mode that there is not."""
    return NAMES.get(mode, NAMES[USUAL])[0]


def stage_shown(template: LetterTemplate) -> Stage:
    """The stage of a sample: the template's own, or the first for which its wording can be printed."""
    if template.stage:
        return source_of(template.stage)
    stages = list(template.pathway.source.stages.order_by("sort_order", "pk").prefetch_related("requirements"))
    if not stages:
        raise ValidationError(_("This pathway has no stages yet, so there is nothing to confirm."))
    fields = template.fields
    fitting = (
        stage
        for stage in stages
        if (stage.takes_training or not fields & TRAINING_FIELDS) and (kinds_attended(stage) or "hours" not in fields)
    )
    return next(fitting, stages[0])


def _chosen(template: LetterTemplate, user: Any) -> Achievement | None:
    """What the participant achieved who was chosen in the form; ``None`` without, and for whoever may not see them."""
    chosen = getattr(template, "preview_of", None)
    if not chosen or not user.has_perm(SEE_PARTICIPANTS):
        return None
    found = StageCompletion.objects.filter(pk=chosen, stands=True).select_related(
        "enrolment__participant", "enrolment__pathway", "stage__pathway"
    )
    completion = found.first()
    if completion is None or not _is_for(template, completion.stage):
        raise ValidationError(_("The participant chosen for the preview has not completed this stage."))
    return achieved(completion.enrolment, completion.stage, completion)


def _is_for(template: LetterTemplate, stage: Stage) -> bool:
    if template.stage:
        return template.stage.translation_key == stage.translation_key
    return template.pathway.translation_key == stage.pathway.translation_key


def text_of(said: dict[str, Any]) -> str:
    """All that a letter says, in plain text: for whoever cannot see its picture."""
    signatories = [in_a_row((one["name"], one["role"])) for one in said["signatories"]]
    place = in_a_row((said["place"], said["issued_on_text"]))
    training = in_a_row((said["training"] or {}).values())
    lines = [said["issuer"], *said["letterhead"], said["heading"], said["name"], to_text(said["body"])]
    lines += [said["stage"], said["pathway"], training, said["hours"], place, *signatories, said["footer"]]
    return "\n".join(filter(None, [*lines, said["number"], said["code"]]))


def _language_of(user: Any) -> str:
    """The language that an editor works in: the request for a preview is made up, and does not have it."""
    profile = getattr(user, "wagtail_userprofile", None)
    return profile.get_preferred_language() if profile else translation.get_language()


def _data(media_type: str, content: bytes) -> str:
    return f"data:{media_type};base64,{b64encode(content).decode()}"
