"""To follow partners' feeds: from where each was left to its end, daily by command, and whenever staff ask."""

import logging
import time

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from imp_wagtail.core.jobs import runs_in_process

from .. import actions
from ..models import Partner
from .documents import host_of, read
from .fetching import GONE, NOT_MODIFIED, FetchError, fetch

logger = logging.getLogger(__name__)

#: For so many seconds one partner is read at a time; what is left is read the next time.
TURN_SECONDS = 600
#: The same where somebody waits for it, because tasks run within their request.
TURN_IN_REQUEST = 10


@task()
def follow_partner(pk: int) -> None:
    """The task: read on in one partner's feed, if it still is on the list."""
    if partner := Partner.objects.filter(pk=pk, is_active=True).first():
        follow(partner, seconds=TURN_IN_REQUEST if runs_in_process() else TURN_SECONDS)


def follow_all() -> tuple[int, int]:
    """Read on in the feed of each active partner; returns how many were read, and how many could not be.

    A partner who has not answered for as long as was set for it is not shown any more, and now is not kept either.
    """
    partners = list(Partner.objects.filter(is_active=True).order_by("pk"))
    read_whole = [_followed(partner) for partner in partners]
    for partner in Partner.objects.filter(
        is_active=True, gone_at__lte=timezone.now(), entries__isnull=False
    ).distinct():
        actions.forget_partner(partner)
    return sum(read_whole), len(partners) - sum(read_whole)


def follow(partner: Partner, *, seconds: float = TURN_SECONDS) -> bool:
    """Read a partner's feed from where it was left, to its end or for so many seconds; whether nothing failed.

    What failed is noted with the partner, and whatever was read before it is kept.
    """
    end = time.monotonic() + seconds
    try:
        while _read_on(partner) and time.monotonic() < end:
            partner = Partner.objects.get(pk=partner.pk)
    except (FetchError, ValidationError) as error:
        message = error.messages[0] if isinstance(error, ValidationError) else str(error)
        logger.warning("The feed of partner %s could not be read: %s", partner.pk, message)
        actions.note_failure(partner, message)
        return False
    except Partner.DoesNotExist:
        return True
    return True


def _followed(partner: Partner) -> bool:
    """The same, and what nobody thought of keeps no other partner from being read."""
    try:
        return follow(partner)
    except Exception:
        logger.exception("The feed of partner %s could not be read", partner.pk)
        return False


def _read_on(partner: Partner) -> bool:
    """Read one answer; whether there may be more."""
    answer = fetch(partner.asks, partner.etag)
    if answer.status == NOT_MODIFIED:
        actions.note_unchanged(partner)
        return False
    if answer.status == GONE:
        if not partner.cursor:
            raise FetchError(_("Its feed has no beginning: it answers with status %(status)d.") % {"status": GONE})
        return actions.begin_anew(partner)
    page = read(answer.body, partner.asks, hosts_of(partner))
    if partner.directory and page.directory != partner.directory:
        return actions.begin_anew(partner)
    if page.items and page.next == partner.asks:
        raise FetchError(_("Its feed goes round in a circle."))
    return actions.take_page(partner, page, etag=answer.etag)


def hosts_of(partner: Partner) -> set[str]:
    """Where a partner's profiles may be: on its website, and where its feed is."""
    return {host_of(partner.site_url), host_of(partner.feed_url)}
