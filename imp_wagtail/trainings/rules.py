"""How a training is held, what state it is in, and when a day is over. Data in, answer out."""

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

from django.db import models
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.localities import zones_of


class Format(models.TextChoices):
    """How people take part."""

    RESIDENTIAL = "residential", _("residential")
    IN_PERSON = "in_person", _("in person")
    ONLINE = "online", _("online")
    HYBRID = "hybrid", _("in person and online")


class Status(models.TextChoices):
    """What editors say of a training."""

    ANNOUNCED = "announced", _("announced")
    OPEN = "open", _("open for applications")
    WAITING_LIST = "waiting_list", _("waiting list")
    FULL = "full", _("full")
    CANCELLED = "cancelled", _("cancelled")


class State(models.TextChoices):
    """What readers are told: what editors say, and what follows from the day."""

    ANNOUNCED = "announced", _("announced")
    OPEN = "open", _("open for applications")
    CLOSED = "closed", _("applications closed")
    WAITING_LIST = "waiting_list", _("waiting list")
    FULL = "full", _("full")
    CANCELLED = "cancelled", _("cancelled")
    OVER = "over", _("over")


#: Where applications are taken, while their period lasts.
TAKING = (Status.OPEN, Status.WAITING_LIST)


def state_of(
    status: str, *, today: dt.date, is_over: bool, opens: dt.date | None = None, closes: dt.date | None = None
) -> State:
    """The state of a training on a day.

    ``opens`` and ``closes``: first and last day on which applications are taken; both count. A training that was
    cancelled stays so, whatever the day.
    """
    if status == Status.CANCELLED:
        return State.CANCELLED
    if is_over:
        return State.OVER
    if status in TAKING and opens and today < opens:
        return State.ANNOUNCED
    if status in TAKING and closes and today > closes:
        return State.CLOSED
    return State(status)


def end_of_day(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    """The moment at which a day is over in a time zone: the first of the day after. The calendar's last has none."""
    after = day if day == dt.date.max else day + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time.min, tzinfo=zone).astimezone(dt.UTC)


def clocks_of(country: str, day: dt.date) -> dict[dt.timedelta | None, str]:
    """What clocks show in a country at noon of a day: how far from universal time, and the first zone that has it."""
    noon = dt.datetime.combine(day, dt.time(12))
    zones = [(ZoneInfo(name).utcoffset(noon), name) for name in zones_of(country)]
    return dict(reversed(zones))


def is_clock_of(country: str, zone: ZoneInfo, day: dt.date) -> bool:
    """Whether clocks of a zone show what some clock in a country shows; also where nothing is known of the country."""
    clocks = clocks_of(country, day)
    return not clocks or dt.datetime.combine(day, dt.time(12), tzinfo=zone).utcoffset() in clocks


def zone_choices() -> list[tuple[str, str]]:
    """The time zones of the world, by their places: ``("Europe/London", "Europe/London")``."""
    places = (name for name in available_timezones() if "/" in name and not name.startswith(("Etc/", "SystemV/")))
    return [(name, name.replace("_", " ")) for name in sorted(places)] + [("UTC", "UTC")]
