"""What a reminder says: all that a teacher has to answer, in their language, and where."""

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.core.translation import supported
from imp_wagtail.letters.bidi import plain_line

from ..contact.messages import Message
from ..models import Purpose, Teacher
from .links import renewal_link
from .matters import Matter

#: What stands for the personal link in the text that is kept.
LINK = "{link}"

#: What happens to each purpose whose new wording nobody answers to, before its last day and after.
UNTIL: dict[str, Promise] = {
    Purpose.PROFILE: gettext_lazy("Without your answer, your entry is shown until %(day)s."),
    Purpose.PHOTO: gettext_lazy("Without your answer, your photo is shown until %(day)s."),
    Purpose.MAP: gettext_lazy("Without your answer, you are on the map until %(day)s."),
    Purpose.SHARING: gettext_lazy("Without your answer, partner sites may show your entry until %(day)s."),
    Purpose.INDEXING: gettext_lazy("Without your answer, search engines may show your entry until %(day)s."),
}
SINCE: dict[str, Promise] = {
    Purpose.PROFILE: gettext_lazy("Your entry was shown until %(day)s."),
    Purpose.PHOTO: gettext_lazy("Your photo was shown until %(day)s."),
    Purpose.MAP: gettext_lazy("You were on the map until %(day)s."),
    Purpose.SHARING: gettext_lazy("Partner sites could show your entry until %(day)s."),
    Purpose.INDEXING: gettext_lazy("Search engines could show your entry until %(day)s."),
}


def compose(teacher: Teacher, matters: list[Matter]) -> Message:
    """The e-mail; ``LINK`` stands for the personal link, which is made when it is handed over."""
    language = supported(teacher.participant.language)
    with translation.override(language):
        paragraphs = [
            _("Dear %(name)s,") % {"name": plain_line(teacher.name)},
            *_what_is_open(teacher, [matter for matter in matters if matter.is_near]),
            _("Look whether your entry is still true, change what is not, and renew it here. That takes no password:"),
            LINK,
            ngettext(
                "The link is yours alone and opens for %(days)d day: please pass it on to nobody. You can leave the "
                "directory there too, at once.",
                "The link is yours alone and opens for %(days)d days: please pass it on to nobody. You can leave the "
                "directory there too, at once.",
                settings.RENEWAL_LINK_DAYS,
            )
            % {"days": settings.RENEWAL_LINK_DAYS},
            _("With kind regards\n%(issuer)s") % {"issuer": settings.issuer},
        ]
        return Message(language, _subject(matters), "\n\n".join(paragraphs))


def with_link(text: str, teacher: Teacher) -> str:
    """The text as it goes: the link is made now, and kept nowhere."""
    return text.replace(LINK, renewal_link(teacher))


def _subject(matters: list[Matter]) -> str:
    words = {"site": settings.issuer}
    if any(matter.hides_entry and matter.is_over for matter in matters):
        return _("Your entry in the teacher directory of %(site)s is not shown any more") % words
    if any(matter.purpose for matter in matters):
        return _("A question about your entry in the teacher directory of %(site)s") % words
    return _("Please renew your entry in the teacher directory of %(site)s") % words


def _what_is_open(teacher: Teacher, matters: list[Matter]) -> list[str]:
    said = [_entry(teacher, matter) if matter.purpose is None else _wording(matter) for matter in matters]
    if matters and matters[0].purpose is None:
        return said
    return [_as_it_stands(teacher), *said]


def _as_it_stands(teacher: Teacher) -> str:
    words = {"site": settings.issuer}
    if not teacher.is_listed:
        return _("Your entry in the teacher directory of %(site)s is not shown at present.") % words
    if teacher.listed_until is None:
        return _("You are in the teacher directory of %(site)s.") % words
    return _("You are in the teacher directory of %(site)s, until %(day)s.") % {
        **words,
        "day": long_date(teacher.listed_until),
    }


def _entry(teacher: Teacher, matter: Matter) -> str:
    words = {"site": settings.issuer, "day": long_date(matter.last_day)}
    if matter.is_over:
        return _("Your entry in the teacher directory of %(site)s was shown until %(day)s.") % words
    return _("Your entry in the teacher directory of %(site)s is shown until %(day)s.") % words


def _wording(matter: Matter) -> str:
    parts = [_("What you agreed to has a new wording: %(purpose)s.") % {"purpose": matter.purpose.label}]
    if matter.last_day is None:
        parts.append(_("Until you answer, all stays as it is."))
    else:
        sentence = (SINCE if matter.is_over else UNTIL)[matter.purpose]
        parts.append(str(sentence) % {"day": long_date(matter.last_day)})
    return " ".join(parts)
