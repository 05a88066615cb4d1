"""Trainings as structured data: a course, when and where it takes place, and what it costs."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from imp_wagtail.core.structured import (
    BLENDED,
    ONLINE,
    ONSITE,
    VOCABULARY,
    Node,
    breadcrumbs,
    called,
    plain_text,
    publisher,
    thing,
)

from .rules import Format, State

MODES = {Format.RESIDENTIAL: ONSITE, Format.IN_PERSON: ONSITE, Format.ONLINE: ONLINE, Format.HYBRID: BLENDED}
#: What a state means for whoever wants a place. Of what is cancelled or over there is none to be had.
AVAILABILITY = {
    State.ANNOUNCED: "PreOrder",
    State.OPEN: "InStock",
    State.CLOSED: "OutOfStock",
    State.WAITING_LIST: "SoldOut",
    State.FULL: "SoldOut",
}


def training_nodes(page: Any, request: HttpRequest, prerequisites: Iterable[str]) -> list[Node]:
    """The page of a training. One of which the year alone is known is told as a course, without dates."""
    course = course_node(page, request, prerequisites)
    return [course, publisher(request), breadcrumbs(page, request)]


def course_node(page: Any, request: HttpRequest, prerequisites: Iterable[str]) -> Node:
    address = page.get_full_url(request)
    return thing(
        "Course",
        id=f"{address}#course",
        name=str(page.title),
        description=page.get_description() or f"{page.title}. {page.dates}",
        url=address,
        image=page.get_share_url(request),
        inLanguage=page.languages,
        provider=called(publisher(request)),
        audience=thing("Audience", audienceType=plain_text(page.audience)) if page.audience else None,
        coursePrerequisites=list(prerequisites),
        hasCourseInstance=None if page.year_only else instance_node(page, request),
    )


def instance_node(page: Any, request: HttpRequest) -> Node:
    """When and where it takes place. One that is cancelled or was moved says so."""
    address = page.get_full_url(request)
    mode, attendance = MODES[Format(page.format)]
    return thing(
        "CourseInstance",
        id=f"{address}#training",
        name=str(page.title),
        description=page.get_description(),
        url=address,
        image=page.get_share_url(request),
        startDate=_start(page.starts, page),
        endDate=_end(page),
        previousStartDate=_start(page.previous_starts, page) if page.has_moved else None,
        eventStatus=f"{VOCABULARY}/{status_of(page)}",
        courseMode=mode,
        courseWorkload=f"P{page.days}D",
        eventAttendanceMode=attendance,
        location=location_nodes(page, address),
        inLanguage=page.languages,
        maximumAttendeeCapacity=page.capacity,
        instructor=[thing("Person", name=leader.name) for leader in page.leaders],
        organizer=called(publisher(request)),
        offers=offer_nodes(page, address),
    )


def status_of(page: Any) -> str:
    """Whether it takes place, as the vocabulary has it."""
    if page.is_cancelled:
        return "EventCancelled"
    return "EventRescheduled" if page.has_moved else "EventScheduled"


def location_nodes(page: Any, address: str) -> Node | list[Node]:
    """A place, the address of what is online, or both."""
    place = thing(
        "Place",
        name=page.venue or page.town,
        address=thing("PostalAddress", addressLocality=page.town or page.venue, addressCountry=page.country),
    )
    online = thing("VirtualLocation", url=page.application_url or address)
    match page.format:
        case Format.ONLINE:
            return online
        case Format.HYBRID:
            return [place, online]
    return place


def offer_nodes(page: Any, address: str) -> list[Node]:
    """The prices, and whether there are places; without a price only that."""
    if page.state not in AVAILABILITY:
        return []
    offer = {
        "url": page.application_url or address,
        "availability": f"{VOCABULARY}/{AVAILABILITY[page.state]}",
        "validFrom": page.application_opens,
        "availabilityEnds": page.application_closes,
    }
    priced = [
        thing("Offer", name=price.label, price=str(price.amount), priceCurrency=price.currency, **offer)
        for price in page.shown_prices
    ]
    return priced or [thing("Offer", **offer)]


def index_nodes(page: Any, request: HttpRequest, trainings: Iterable[Any]) -> list[Node]:
    """The list of trainings to come, each at its own address."""
    items = [
        thing("ListItem", position=place, name=str(training.title), url=training.get_full_url(request))
        for place, training in enumerate(trainings, start=1)
    ]
    return [thing("ItemList", itemListElement=items), breadcrumbs(page, request)]


def _start(day: dt.date, page: Any) -> str:
    """The day, or the moment with its distance from universal time, where it is known at what time it begins."""
    if page.start_time:
        return dt.datetime.combine(day, page.start_time, tzinfo=page.zone).isoformat()
    return day.isoformat()


def _end(page: Any) -> str:
    if page.start_time and page.end_time:
        return dt.datetime.combine(page.ends, page.end_time, tzinfo=page.zone).isoformat()
    return page.ends.isoformat()
