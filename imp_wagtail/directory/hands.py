"""Listings to confirm, for the desk and the list of participants."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.hands import Hand
from imp_wagtail.participants.querysets import EnrolmentQuerySet

from .models import Teacher
from .permissions import SEE_TEACHERS


def listings_to_confirm(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Enrolments that open the way into the directory for somebody who was not asked yet.

    They have no entry, or one for which consent was never recorded. Whoever ended their consent was asked.
    """
    asked = Teacher.objects.filter(Q(consented_on__isnull=False) | Q(consent_ended_on__isnull=False))
    return enrolments.may_be_listed().filter(~Exists(asked.filter(participant=OuterRef("participant"))))


LISTINGS_TO_CONFIRM = Hand("listings", _("Listing to confirm"), listings_to_confirm, order=60)


def directory_hands(user: Any) -> list[Hand]:
    """For the hook: for whoever may see directory entries."""
    return [LISTINGS_TO_CONFIRM] if user.has_perm(SEE_TEACHERS) else []
