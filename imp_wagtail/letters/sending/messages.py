"""The e-mail with a letter: wording that staff keep for each pathway and language, and what is filled into it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import translation
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale

from imp_wagtail.core.conf import settings
from imp_wagtail.core.translation import supported

from ..bidi import plain_line
from ..merge import fields_in
from ..models import Letter, LetterMessage, Sending

#: Every field, with what it stands for.
FIELDS: dict[str, Promise] = {
    "name": gettext_lazy("the person's name"),
    "programme": gettext_lazy("programme"),
    "pathway": gettext_lazy("pathway"),
    "stage": gettext_lazy("stage"),
    "number": gettext_lazy("register number"),
    "code": gettext_lazy("verification code"),
    "verify_url": gettext_lazy("address at which anyone can check the letter"),
    "issuer": gettext_lazy("issuer"),
    "link": gettext_lazy("personal link to the letter"),
    "days": gettext_lazy("number of days for which the link opens"),
}
#: Those that a letter sent as an attachment has no value for. They stand in the text only.
LINK_FIELDS = frozenset({"link", "days"})
SUBJECT_FIELDS = [name for name in FIELDS if name not in LINK_FIELDS]

#: What stands for the personal link in the text that is kept.
LINK = "{link}"

EMPTY_LINES = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True)
class Message:
    """What one e-mail says; ``LINK`` stands for the personal link, which is made when it is handed over."""

    language: str
    subject: str
    text: str


def compose(letter: Letter, manner: str) -> Message:
    """The message with a letter, in the person's language. Its holder is still on record.

    Raises ``ValidationError`` where staff's wording cannot be filled in.
    """
    return filled_in(*wording_for(letter), manner, _values(letter))


def filled_in(language: str, subject: str, text: str, manner: str, values: Mapping[str, str]) -> Message:
    """A wording with a value in place of each field but the link. Raises ``ValidationError`` as ``compose`` does.

    Each value stands on one line, so that no header and no other line of the message can be forged.
    """
    validate_subject(subject)
    validate_text(text)
    in_lines = {name: plain_line(values[name]) for name in values} | {"link": LINK}
    with translation.override(language):
        longest = Sending._meta.get_field("subject").max_length
        in_one_line = Truncator(plain_line(subject.format_map(in_lines))).chars(longest)
        return Message(language, in_one_line, _placed(text, manner).format_map(in_lines))


def wording_for(letter: Letter) -> tuple[str, str, str]:
    """Language, subject and text: in the person's language before the site's, the pathway's own before everybody's.

    Where staff have written none, the package's own.
    """
    default = Locale.get_default().language_code
    wanted = [language for language in (letter.enrolment.participant.language, default) if language]
    fitting = Q(pathway=None) | Q(pathway__translation_key=letter.stage.pathway.translation_key)
    found = LetterMessage.objects.filter(fitting, locale__language_code__in=wanted).select_related("locale")
    message = min(
        found,
        key=lambda each: (wanted.index(each.locale.language_code), each.pathway_id is None, each.pk),
        default=None,
    )
    if message:
        return message.locale.language_code, message.subject, message.body
    return own_wording(supported(wanted[0], default))


def own_wording(language: str) -> tuple[str, str, str]:
    """The package's own message in this language; what a new one of the staff's begins with."""
    with translation.override(language):
        paragraphs = [
            _("Dear {name},"),
            _("You have completed “{stage}” of the {pathway}. This is your letter of completion, number {number}."),
            _("For the next {days} days you can download it here:\n{link}"),
            _("Anyone can check that the letter is genuine with the code {code}, or at this address:\n{verify_url}"),
            _("With kind regards\n{issuer}"),
        ]
        return language, _("Your letter of completion: {stage}"), "\n\n".join(paragraphs)


def validate_subject(subject: str) -> None:
    """Refuse a subject with a field that it cannot have."""
    _refuse_unknown(subject, SUBJECT_FIELDS)


def validate_text(text: str) -> None:
    """Refuse a text with an unknown field, and one that would not lead to the letter."""
    _refuse_unknown(text, list(FIELDS))
    if "link" not in fields_in(text):
        raise ValidationError(_("Say with {link} where the personal link goes. A letter that is attached needs none."))


def _refuse_unknown(wording: str, known: list[str]) -> None:
    unknown = sorted(fields_in(wording) - set(known))
    if unknown:
        raise ValidationError(
            _("Here is no field “{%(name)s}”. There are: %(known)s."),
            params={"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in known)},
        )


def _values(letter: Letter) -> dict[str, str]:
    """A value for each field: of the letter as it was printed, and the name by which the person is addressed."""
    snapshot = letter.snapshot
    return {
        "name": letter.enrolment.participant.name,
        **{name: snapshot[name] for name in ("programme", "pathway", "stage", "verify_url", "issuer")},
        "number": letter.number,
        "code": letter.printed_code,
        "days": str(settings.LETTER_LINK_DAYS),
    }


def _placed(text: str, manner: str) -> str:
    """The text as it is for this manner: of an attached letter, nothing is said about a link."""
    paragraphs = EMPTY_LINES.split(text.replace("\r\n", "\n").strip())
    if manner == Sending.Manner.LINK:
        return "\n\n".join(paragraphs)
    is_about_link = [bool(fields_in(paragraph) & LINK_FIELDS) for paragraph in paragraphs]
    kept = [paragraph for paragraph, is_left_out in zip(paragraphs, is_about_link, strict=True) if not is_left_out]
    kept.insert(is_about_link.index(True), _("The letter is attached to this message, as a PDF."))
    return "\n\n".join(kept)
