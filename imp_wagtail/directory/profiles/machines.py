"""The directory as structured data: a teacher with courses, a page of the list, and the way to each.

Search engines read it, so a teacher is in it only with consent to being found by them. To have attended a course is no
credential, and is not told as one.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.translation import gettext as _

from imp_wagtail.core.structured import BLENDED, ONLINE, ONSITE, VOCABULARY, Node, breadcrumbs, called, thing

from ..models import Course, Listing
from ..presentation import profile_url
from .shown import Held, Profile

MODES = {Course.Format.IN_PERSON: ONSITE, Course.Format.ONLINE: ONLINE, Course.Format.HYBRID: BLENDED}


def profile_nodes(profile: Profile) -> list[Node]:
    """A teacher's page: who it is about, what they offer, and where it stands in the site."""
    trail = breadcrumbs(profile.page, profile.request, (profile.name, profile.address))
    if not profile.is_indexed:
        return [trail]
    person = person_node(profile)
    page = thing(
        "ProfilePage",
        id=profile.address,
        url=profile.address,
        name=profile.name,
        dateModified=profile.teacher.updated_at,
        mainEntity=person,
        breadcrumb=called(trail),
    )
    return [page, trail, *(course_node(course, profile) for course in profile.courses)]


def person_node(profile: Profile) -> Node:
    """The teacher, with credentials that were earned by training or given from outside."""
    teacher = profile.teacher
    credentials = [credential_node(held, "certificate") for held in profile.completed]
    credentials += [credential_node(held, "accreditation") for held in profile.accredited]
    return thing(
        "Person",
        id=person_id(profile),
        name=profile.name,
        url=profile.address,
        description=" ".join(teacher.about.split()),
        image=profile.photo_url,
        sameAs=teacher.website,
        address=address_node(profile),
        knowsLanguage=teacher.language_codes,
        hasCredential=credentials,
    )


def person_id(profile: Profile) -> str:
    """What the teacher is called by other nodes."""
    return f"{profile.address}#teacher"


def address_node(profile: Profile) -> Node:
    """Town, region and country; never more of an address than the page shows."""
    teacher = profile.teacher
    return thing(
        "PostalAddress",
        addressLocality=teacher.town,
        addressRegion=profile.region,
        addressCountry=teacher.country,
    )


def credential_node(held: Held, category: str) -> Node:
    """A qualification that says something of teaching."""
    return thing(
        "EducationalOccupationalCredential",
        name=held.title,
        credentialCategory=category,
        educationalLevel=held.level,
        recognizedBy=thing("Organization", name=held.body) if held.body else None,
        dateCreated=held.awarded_on,
        expires=held.valid_until,
    )


def course_node(course: Course, profile: Profile) -> Node:
    """A course: what it is, and when, where and how it takes place."""
    return thing(
        "Course",
        id=f"{profile.address}#course-{course.pk}",
        name=course.title,
        description=course_in_words(course),
        url=course.url or profile.address,
        inLanguage=course.language,
        provider=teacher_of(profile),
        hasCourseInstance=instance_node(course, profile),
    )


def instance_node(course: Course, profile: Profile) -> Node:
    """A course as an event. One that is cancelled or full says so."""
    mode, attendance = MODES[Course.Format(course.format)]
    status = "EventCancelled" if course.is_cancelled else "EventScheduled"
    return thing(
        "CourseInstance",
        name=course.title,
        description=course_in_words(course),
        startDate=course.starts,
        endDate=course.ends,
        inLanguage=course.language,
        courseMode=mode,
        eventAttendanceMode=attendance,
        eventStatus=f"{VOCABULARY}/{status}",
        location=location_nodes(course, profile),
        organizer=teacher_of(profile),
        instructor=teacher_of(profile),
        url=course.url or profile.address,
        offers=offer_node(course, profile),
    )


def location_nodes(course: Course, profile: Profile) -> Node | list[Node]:
    """Where a course takes place: somewhere, online, or both."""
    where = course.place or profile.place
    place = thing("Place", name=where, address=where)
    online = thing("VirtualLocation", url=course.url or profile.address)
    match course.format:
        case Course.Format.ONLINE:
            return online
        case Course.Format.HYBRID:
            return [place, online]
    return place


def offer_node(course: Course, profile: Profile) -> Node | None:
    """Whether there is room; nothing of a course that does not take place. Prices are nobody's but the teacher's."""
    if course.is_cancelled:
        return None
    availability = "SoldOut" if course.state == Course.State.FULL else "InStock"
    return thing("Offer", url=course.url or profile.address, availability=f"{VOCABULARY}/{availability}")


def course_in_words(course: Course) -> str:
    """A course in a line: when, how, and in which language."""
    return " · ".join([course.dates, course.get_format_display(), course.language_name])


def teacher_of(profile: Profile) -> Node:
    """The teacher, by name alone where who it is stands elsewhere on the page."""
    return {"@type": "Person", "@id": person_id(profile), "name": profile.name}


def list_nodes(page: Any, request: HttpRequest, address: str, listings: Iterable[Listing], first: int) -> list[Node]:
    """A page of the list, at its one address: those of these listings, counted from ``first``, who agreed to it.

    Teachers of a partner are the partner's to tell of.
    """
    trail = breadcrumbs(page, request)
    items = [
        thing("ListItem", position=place, name=listing.face["name"], url=page_of(listing, page, request, address))
        for place, listing in enumerate(listings, start=first)
        if listing.face.get("indexed")
    ]
    shown = thing(
        "CollectionPage",
        id=address,
        url=address,
        name=str(page.seo_title or page.title),
        breadcrumb=called(trail),
        mainEntity=thing("ItemList", itemListElement=items) if items else None,
    )
    return [shown, trail]


def page_of(listing: Listing, page: Any, request: HttpRequest, address: str) -> str:
    """Where a listing leads from the list, as a whole address."""
    return urljoin(address, profile_url(listing, page, request))


def explanation_nodes(page: Any, request: HttpRequest) -> list[Node]:
    """Where the page that explains qualifications stands in the site."""
    return [breadcrumbs(page, request, (_("What the qualifications mean"), page.full_qualifications_url(request)))]
