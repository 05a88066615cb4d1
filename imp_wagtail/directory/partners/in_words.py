"""How it stands with a partner, in words for staff."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.personal.facts import in_words

from ..models import Partner


class Standing(models.TextChoices):
    """Whether a partner's teachers are shown, and what is wrong; of partners ``with_counts()``."""

    SHOWN = "shown", gettext_lazy("Shown")
    FAULTY = "faulty", gettext_lazy("Shown, but not all")
    SILENT = "silent", gettext_lazy("Does not answer")
    GONE = "gone", gettext_lazy("Not shown: no answer")
    NEW = "new", gettext_lazy("Not read yet")
    OFF = "off", gettext_lazy("Switched off")


def standing_of(partner: Partner) -> Standing:
    if not partner.is_active:
        return Standing.OFF
    if partner.gone_at is None:
        return Standing.SILENT if partner.last_error else Standing.NEW
    if not partner.is_trusted:
        return Standing.GONE
    if partner.last_tried_at != partner.last_answered_at:
        return Standing.SILENT
    return Standing.FAULTY if partner.fault_count else Standing.SHOWN


def standing_in_words(partner: Partner) -> str:
    return str(standing_of(partner).label)


def needs_hand(partner: Partner) -> bool:
    """Whether somebody should look why a partner's feed cannot be read."""
    return standing_of(partner) in (Standing.SILENT, Standing.GONE, Standing.FAULTY)


def shown_until(partner: Partner) -> str:
    """Until which day its teachers are shown if it does not answer any more; "" where they are not shown."""
    return long_date(partner.gone_at) if partner.is_trusted else ""


def answered_in_words(partner: Partner) -> str:
    return in_words(partner.last_answered_at) if partner.last_answered_at else _("Never")
