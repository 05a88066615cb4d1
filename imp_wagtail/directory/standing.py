"""Whether somebody is listed today, for whoever checks a letter of theirs."""

from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.prepared import Prepared
from imp_wagtail.letters.checking.standing import Standing
from imp_wagtail.letters.models import Letter

from .models import Teacher

LABEL = _("Currently listed as a teacher")

LISTED = Prepared(lambda enrolment: Teacher.objects.listed().filter(participant__enrolments=enrolment), -1)


def listed_today(letter: Letter) -> list[Standing]:
    """For the hook: what the directory says of the letter's person; nobody is listed after an erasure."""
    is_listed = letter.enrolment_id is not None and LISTED.exists(letter.enrolment_id)
    return [Standing("listed_as_teacher", LABEL, is_listed)]
