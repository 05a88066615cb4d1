"""The public face of a teacher: what the list shows and is searched by, as plain data.

Texts that depend on the reader's language are not in it, only codes and keys: countries, languages, pathways.
"""

from typing import Any, NotRequired, TypedDict

from imp_wagtail.core.names import folded

from .models import Course, Purpose, Qualification, Teacher


class FaceCourse(TypedDict):
    """A course that is not over. Days are ISO dates; ``state`` is a value of ``Course.State``."""

    title: str
    starts: str
    ends: str
    format: str
    language: str
    place: str
    url: str
    state: str


class Held(TypedDict):
    """A qualification. ``pathway`` is the translation key of one completed here, whose title is looked up."""

    sort: str
    title: str
    pathway: NotRequired[str]
    valid_until: NotRequired[str]


class Face(TypedDict):
    """What is stored as ``Listing.face``. ``spot``: latitude and longitude, in degrees, as public as agreed to.

    ``near``: the same of the town, for whoever looks for teachers near a place; it is shown nowhere.
    """

    name: str
    slug: str
    town: str
    region: str
    country: str
    languages: list[str]
    online: bool
    in_person: bool
    held: list[Held]
    courses: list[FaceCourse]
    near: NotRequired[list[float]]
    spot: NotRequired[list[float]]
    #: Of a teacher who agreed to being found by search engines.
    indexed: NotRequired[bool]
    #: Of a partner's teacher: where the link leads, and the partner's name.
    origin: NotRequired[str]
    listed_by: NotRequired[str]


def face_of(teacher: Teacher) -> Face:
    """The face of a listed teacher as ``for_publishing()`` fetched it."""
    town = teacher.located_in
    face = Face(
        name=teacher.name,
        slug=teacher.slug,
        town=teacher.town,
        region=town.region if town else "",
        country=teacher.country,
        languages=[row.language for row in teacher.languages.all()],
        online=teacher.teaches_online,
        in_person=teacher.teaches_in_person,
        held=held_by(teacher),
        courses=[course_face(course) for course in teacher.upcoming_courses],
    )
    if town:
        face["near"] = [town.latitude, town.longitude]
    if teacher.agrees_to(Purpose.MAP) and (spot := spot_of(teacher)):
        face["spot"] = spot
    if teacher.agrees_to(Purpose.INDEXING):
        face["indexed"] = True
    return face


def spot_of(teacher: Teacher) -> list[float] | None:
    """Where the map shows a teacher: the blurred point, else the town; ``None`` if neither is known."""
    if teacher.latitude is not None and teacher.longitude is not None:
        return [teacher.latitude, teacher.longitude]
    return [teacher.located_in.latitude, teacher.located_in.longitude] if teacher.located_in else None


def held_by(teacher: Teacher) -> list[Held]:
    """Pathways completed here, then what was gained elsewhere, as far as it may be shown and has not run out."""
    completed = Qualification.Sort.COMPLETED
    pathways = [
        Held(sort=completed, title=enrolment.pathway.title, pathway=str(enrolment.pathway.translation_key))
        for enrolment in teacher.participant.completed_enrolments
    ]
    return pathways + [
        _held(qualification) for qualification in teacher.qualifications.all() if qualification.is_shown
    ]


def _held(qualification: Qualification) -> Held:
    held = Held(sort=qualification.sort, title=qualification.title)
    if qualification.valid_until:
        held["valid_until"] = qualification.valid_until.isoformat()
    return held


def course_face(course: Course) -> FaceCourse:
    fields = {name: getattr(course, name) for name in ("title", "format", "language", "place", "url", "state")}
    return FaceCourse(**fields, starts=course.starts.isoformat(), ends=course.ends.isoformat())


def search_name(face: dict[str, Any]) -> str:
    """The name as it is sorted and searched by."""
    return folded(face.get("name", ""))[:200]
