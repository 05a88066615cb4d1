"""The allow-list of partners: who is on it, and what is read. Each verb is one transaction and one log entry."""

from copy import copy
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings
from imp_wagtail.participants.log import changes_between, record, record_changes

from ..models import Partner
from .mirroring import forget_entries, publish_mirrored

#: What staff say of a partner.
FIELDS = ("name", "site_url", "feed_url", "is_active", "gone_after_days")


def add_partner(*, by: Any, **details: Any) -> Partner:
    """Put a site on the list: ``name``, ``site_url``, ``feed_url``, ``is_active``, ``gone_after_days``.

    Its feed is read by ``partners.following`` once this is certain.
    """
    with transaction.atomic():
        partner = Partner(**details)
        _check(partner)
        partner.save()
        record(partner, "imp.partner.add", by=by, what=partner.feed_url)
        transaction.on_commit(partial(follow_later, partner.pk), robust=True)
    return partner


def update_partner(partner: Partner, *, by: Any, **details: Any) -> Partner:
    """Change what is known of a partner. Under another address, and switched off, nothing of theirs is kept."""
    with transaction.atomic():
        standing = locked_partner(partner)
        before = copy(standing)
        for name, value in details.items():
            setattr(standing, name, value)
        _check(standing)
        changes = changes_between(before, standing, FIELDS)
        if not changes:
            return standing
        if not standing.is_active or standing.feed_url != before.feed_url:
            forget_entries(standing)
            standing.last_answered_at = standing.gone_at = None
            standing.last_error = ""
        standing.set_gone_at()
        standing.save()
        if standing.name != before.name:
            publish_mirrored(standing)
        record_changes(standing, "imp.partner.change", changes, by=by)
        transaction.on_commit(partial(follow_later, standing.pk), robust=True)
    return standing


def remove_partner(partner: Partner, *, by: Any) -> None:
    """Take a site off the list, with all that it told; done again, nothing happens."""
    with transaction.atomic():
        standing = Partner.objects.select_for_update().filter(pk=partner.pk).first()
        if standing is None:
            return
        forget_entries(standing)
        record(standing, "imp.partner.remove", by=by, what=standing.feed_url)
        standing.delete()


def forget_partner(partner: Partner) -> None:
    """Keep nothing of a partner who has not answered for as long as was set for it."""
    with transaction.atomic():
        standing = Partner.objects.select_for_update().filter(pk=partner.pk).first()
        if standing and not standing.is_trusted:
            forget_entries(standing)
            standing.save()


def _check(partner: Partner) -> None:
    partner.full_clean()
    if not (partner.feed_url.startswith("https://") or settings.PARTNERS_MAY_BE_LOCAL):
        raise ValidationError({"feed_url": _("Only addresses with https:// are asked.")})


def locked_partner(partner: Partner) -> Partner:
    """The partner as it stands now, locked until the transaction ends; refused if it is gone."""
    standing = Partner.objects.select_for_update().filter(pk=partner.pk).first()
    if standing is None:
        raise ValidationError(_("Somebody removed “%(item)s” meanwhile.") % {"item": partner})
    return standing


def follow_later(pk: int) -> None:
    """Ask for a partner's feed to be read: by a worker, or at once where there is none."""
    from ..partners.following import follow_partner

    follow_partner.enqueue(pk)
