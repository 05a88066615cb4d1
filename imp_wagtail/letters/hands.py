"""Letters that are due, for the desk and the list of participants."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.hands import Hand
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.participants.querysets import EnrolmentQuerySet

from .models import Letter
from .permissions import may_issue, may_view


def letters_due(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Enrolments with a completed stage that has no valid letter; the rule of ``StageLetters.is_due``.

    Whoever has withdrawn is not brought up: a letter can still be issued from their record, but nobody waits for it.
    """
    valid = Letter.objects.valid().filter(enrolment=OuterRef("enrolment"), stage=OuterRef("stage"))
    due = StageCompletion.objects.filter(~Exists(valid), enrolment=OuterRef("pk"), stands=True)
    return enrolments.exclude(status=Enrolment.Status.WITHDRAWN).filter(Exists(due))


LETTERS_DUE = Hand("letters-due", _("Letter due"), letters_due, order=20, asks_each=True)


def letter_hands(user: Any) -> list[Hand]:
    """For the hook: for whoever may see letters or issue them."""
    return [LETTERS_DUE] if may_view(user) or may_issue(user) else []
