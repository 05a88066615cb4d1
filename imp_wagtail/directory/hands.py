"""Listings to confirm, for the desk and the list of participants; and entries to look after, for the desk."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import npgettext

from imp_wagtail.participants.desk import Figure
from imp_wagtail.participants.hands import Hand
from imp_wagtail.participants.querysets import EnrolmentQuerySet

from .models import Consent, Purpose, Teacher
from .permissions import SEE_TEACHERS
from .staff.statuses import Status, status


def listings_to_confirm(enrolments: EnrolmentQuerySet) -> EnrolmentQuerySet:
    """Enrolments that open the way into the directory for somebody who was not asked yet.

    They have no entry, or one for which consent was never recorded. Whoever ended their consent was asked.
    """
    asked = Consent.objects.to(Purpose.PROFILE).filter(teacher__participant=OuterRef("participant"))
    return enrolments.may_be_listed().filter(~Exists(asked))


LISTINGS_TO_CONFIRM = Hand("listings", _("Listing to confirm"), listings_to_confirm, order=60)


#: What the desk counts of the list of entries, by order: the keys of their states.
TASKS = {61: "ending", 62: "earlier_text", 63: "to_check"}


def directory_tasks(user: Any) -> list[tuple[int, Figure]]:
    """For the desk's hook: entries that need a hand, for whoever may see them, counted in one query."""
    if not user.has_perm(SEE_TEACHERS):
        return []
    everybody = Teacher.objects.all()
    states = {order: status(key) for order, key in TASKS.items()}
    counts = everybody.aggregate(
        **{state.key: Count("pk", filter=Q(pk__in=state.narrow(everybody).values("pk"))) for state in states.values()}
    )
    return [(order, _figure(state, counts[state.key])) for order, state in states.items()]


def _figure(state: Status, count: int) -> Figure:
    url = f"{reverse('imp_teachers:index')}?{urlencode({'status': state.key})}"
    return Figure(str(state.task), count, url, npgettext("directory", "entry", "entries", count))


def directory_hands(user: Any) -> list[Hand]:
    """For the hook: for whoever may see directory entries."""
    return [LISTINGS_TO_CONFIRM] if user.has_perm(SEE_TEACHERS) else []
