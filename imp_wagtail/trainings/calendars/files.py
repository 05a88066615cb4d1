"""Calendar files (iCalendar, RFC 5545 with RFC 7986), by way of the ``icalendar`` library."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import icalendar
from django.utils.translation import get_language

import imp_wagtail

#: How often those who subscribed may ask for news.
REFRESH = dt.timedelta(hours=6)
#: As others who make calendars name themselves.
PRODUCT = f"-//imp_wagtail//Trainings {imp_wagtail.__version__}//EN"


@dataclass(frozen=True)
class Appointment:
    """A training as an event: its page, or what is known of one that is gone, and what calendars know it by."""

    training: Any  # a ``TrainingPage``, saved or not
    key: UUID
    sequence: int
    created_at: dt.datetime
    changed_at: dt.datetime
    is_cancelled: bool
    address: str = ""


def calendar_file(appointments: Iterable[Appointment], *, title: str, address: str = "") -> bytes:
    """A calendar of these events. The same events give the same bytes, whenever they are asked for."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):  # the standard's, and the one that everybody reads
        calendar.add(name, title)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    if address:
        calendar.add("url", address)
    shown = list(appointments)
    for appointment in shown:
        calendar.add_component(event_of(appointment))
    if shown:
        # The rules of the zones are told for the years around the events: not every calendar reads those of decades.
        first = min(appointment.training.starts.year for appointment in shown)
        last = max(appointment.training.ends.year for appointment in shown)
        calendar.add_missing_timezones(first_date=dt.date(first - 1, 1, 1), last_date=dt.date(last + 2, 1, 1))
    return calendar.to_ical()


def event_of(appointment: Appointment) -> icalendar.Event:
    """One event: whole days, or from hour to hour in the time zone of its place."""
    training = appointment.training
    event = icalendar.Event()
    event.add("uid", str(appointment.key))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _moment(appointment.changed_at))
    event.add("created", _moment(appointment.created_at))
    event.add("last-modified", _moment(appointment.changed_at))
    start, end = span_of(training)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", training.title, parameters={"LANGUAGE": get_language() or "en"})
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    # Days that are taken away from work, but not hours in which nobody can be met.
    event.add("transp", "OPAQUE" if training.start_time else "TRANSPARENT")
    event.add("class", "PUBLIC")
    for name, value in (
        ("description", _description(appointment)),
        ("location", training.place),
        ("url", appointment.address),
    ):
        if value:
            event.add(name, value)
    return event


def span_of(training: Any) -> tuple[dt.date, dt.date]:
    """Start and end as calendars have them, where the end itself does not belong to it.

    Two days, or two moments in the time zone of the place if it is known at what time it begins.
    """
    after = training.ends + dt.timedelta(days=1)
    if not training.start_time:
        return training.starts, after
    start = dt.datetime.combine(training.starts, training.start_time, tzinfo=training.zone)
    if training.end_time:
        return start, dt.datetime.combine(training.ends, training.end_time, tzinfo=training.zone)
    return start, dt.datetime.combine(after, dt.time.min, tzinfo=training.zone)


def _description(appointment: Appointment) -> str:
    training = appointment.training
    said = [training.notice, training.summary, appointment.address]
    return "\n\n".join(part for part in said if part)


def _moment(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)
