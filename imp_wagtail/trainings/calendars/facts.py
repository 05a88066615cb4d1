"""What calendars are told of a training, as plain data."""

import datetime as dt
from typing import Any

#: What people plan by. When one of these changes, calendars must take the event anew.
PLANNED_BY = (
    "starts",
    "ends",
    "start_time",
    "end_time",
    "time_zone",
    "venue",
    "town",
    "country",
    "format",
    "status",
    "is_gone",
)


def facts_of(page: Any) -> dict[str, Any]:
    """The facts of a training's page, for JSON."""
    return {
        "title": page.title,
        "summary": page.summary,
        "starts": page.starts.isoformat(),
        "ends": page.ends.isoformat(),
        "year_only": page.year_only,
        "start_time": _clock(page.start_time),
        "end_time": _clock(page.end_time),
        "time_zone": page.time_zone,
        "venue": page.venue,
        "town": page.town,
        "country": page.country,
        "format": page.format,
        # Whether there are places left is on the page; a calendar is told whether it takes place.
        "status": "cancelled" if page.status == "cancelled" else "",
    }


def is_other_plan(before: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether anything differs that people plan by."""
    return any(before.get(name) != now.get(name) for name in PLANNED_BY)


def page_of(facts: dict[str, Any], model: type) -> Any:
    """An unsaved page with these facts, for what is told of a page that is gone."""
    days = {name: dt.date.fromisoformat(facts[name]) for name in ("starts", "ends")}
    times = {name: _time(facts[name]) for name in ("start_time", "end_time")}
    others = ("title", "summary", "year_only", "time_zone", "venue", "town", "country", "format", "status")
    return model(**days, **times, **{name: facts[name] for name in others})


def _clock(time: dt.time | None) -> str:
    return time.isoformat("minutes") if time else ""


def _time(clock: str) -> dt.time | None:
    return dt.time.fromisoformat(clock) if clock else None
