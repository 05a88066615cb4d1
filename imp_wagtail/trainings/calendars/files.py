"""Calendar files (iCalendar, RFC 5545 with RFC 7986), by way of the ``icalendar`` library."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

import icalendar

import imp_wagtail
from imp_wagtail.core.words import printable

#: How often those who subscribed may ask for news.
REFRESH = dt.timedelta(hours=6)
#: So many files are kept in memory, of at most some 50 kB each.
KEPT = 100
#: As others who make calendars name themselves.
PRODUCT = f"-//imp_wagtail//Trainings {imp_wagtail.__version__}//EN"


@dataclass(frozen=True)
class Appointment:
    """A training as an event: plain facts of its page, or of one that is gone, and what calendars know it by."""

    key: UUID
    sequence: int
    created_at: dt.datetime
    changed_at: dt.datetime
    is_cancelled: bool
    title: str
    starts: dt.date
    ends: dt.date
    #: At the place where it is held; ``None`` where that is not said.
    start_time: dt.time | None
    end_time: dt.time | None
    zone: ZoneInfo
    place: str = ""
    notice: str = ""
    summary: str = ""
    address: str = ""

    @property
    def span(self) -> tuple[dt.date, dt.date]:
        """Start and end as calendars have them, where the end itself does not belong to it.

        Two days, or two moments in the time zone of the place if it is known at what time it begins.
        """
        after = self.ends + dt.timedelta(days=1)
        if not self.start_time:
            return self.starts, after
        start = dt.datetime.combine(self.starts, self.start_time, tzinfo=self.zone)
        if self.end_time:
            return start, dt.datetime.combine(self.ends, self.end_time, tzinfo=self.zone)
        return start, dt.datetime.combine(after, dt.time.min, tzinfo=self.zone)

    @property
    def description(self) -> str:
        return "\n\n".join(part for part in (self.notice, self.summary, self.address) if part)


@lru_cache(maxsize=KEPT)
def calendar_file(appointments: tuple[Appointment, ...], *, title: str, language: str, address: str = "") -> bytes:
    """A calendar of these events. The same events give the same bytes, whenever they are asked for.

    It follows from nothing but what it is given, so the latest few are kept.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):  # the standard's, and the one that everybody reads
        calendar.add(name, printable(title))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(REFRESH))
    if address:
        calendar.add("url", address)
    for appointment in appointments:
        calendar.add_component(event_of(appointment, language))
    if appointments:
        # The rules of the zones are told for the years around the events: not every calendar reads those of decades.
        first = min(appointment.starts.year for appointment in appointments)
        last = max(appointment.ends.year for appointment in appointments)
        calendar.add_missing_timezones(first_date=dt.date(first - 1, 1, 1), last_date=dt.date(last + 2, 1, 1))
    return calendar.to_ical()


def event_of(appointment: Appointment, language: str) -> icalendar.Event:
    """One event: whole days, or from hour to hour in the time zone of its place."""
    event = icalendar.Event()
    event.add("uid", str(appointment.key))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _moment(appointment.changed_at))
    event.add("created", _moment(appointment.created_at))
    event.add("last-modified", _moment(appointment.changed_at))
    start, end = appointment.span
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", appointment.title, parameters={"LANGUAGE": language})
    event.add("status", "CANCELLED" if appointment.is_cancelled else "CONFIRMED")
    # Days that are taken away from work, but not hours in which nobody can be met.
    event.add("transp", "OPAQUE" if appointment.start_time else "TRANSPARENT")
    event.add("class", "PUBLIC")
    for name, value in (
        ("description", appointment.description),
        ("location", appointment.place),
        ("url", appointment.address),
    ):
        if value:
            event.add(name, value)
    return event


def _moment(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC).replace(microsecond=0)
