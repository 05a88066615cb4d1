"""The editor's preview of a message with letters: as it would come to somebody who never was. Nothing is sent."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.models import Locale

from imp_wagtail.core.conf import settings
from imp_wagtail.core.translation import supported
from imp_wagtail.pathways.models import Pathway

from ..editor.previews import CODE, name_for, number_of
from ..models import LetterMessage, Sending
from .messages import LINK, Message, filled_in

PREVIEW = "imp_letters/admin/message_preview.html"
#: What a personal link ends in. There is no such letter, so it opens nothing.
NOBODYS = "0.specimen"


def preview_modes() -> list[tuple[str, str]]:
    """The ways in which a letter can go with the message."""
    return [(manner.value, capfirst(str(manner.label))) for manner in Sending.Manner]


def preview_response(request: HttpRequest, message: LetterMessage, mode_name: str) -> HttpResponse:
    """The message as a page; or why it could not be sent as it is."""
    try:
        context = {"message": specimen(message, mode_name)}
    except ValidationError as error:
        context = {"preview": {"notices": error.messages}}
    return render(request, PREVIEW, context)


def specimen(message: LetterMessage, manner: str) -> Message:
    """The message with the values of a sample person. Raises ``ValidationError`` where it could not be filled in."""
    locale = message.locale if message.locale_id else Locale.get_default()
    language = supported(locale.language_code)
    link = settings.base_url + reverse("imp_letters:personal_link", args=[NOBODYS])
    said = filled_in(language, message.subject, message.body, manner, sample_values(message, locale))
    return Message(said.language, said.subject, said.text.replace(LINK, link))


def sample_values(message: LetterMessage, locale: Locale) -> dict[str, str]:
    """A value for each field: the pathway's own, of its last stage; without a pathway, the first one's."""
    pathway = message.pathway or Pathway.objects.in_source_language().first()
    shown = (pathway and pathway.get_translation_or_none(locale)) or pathway
    stage = shown and shown.stages.last()
    return {
        "name": name_for(""),
        "programme": shown.programme if shown else "",
        "pathway": str(shown or ""),
        "stage": str(stage or ""),
        "number": number_of(timezone.localdate()),
        "code": CODE,
        "verify_url": settings.base_url + reverse("imp_letters:verify_code", args=[CODE]),
        "issuer": settings.issuer,
        "days": str(settings.LETTER_LINK_DAYS),
    }
