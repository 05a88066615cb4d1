"""The public face of a partner's teacher, in the shape of all others; see ``directory.faces``."""

from collections.abc import Iterable
from typing import Any

from ..faces import Face, FaceCourse, Held
from ..models import MirroredEntry, Partner, Qualification

Sort = Qualification.Sort


def mirrored_face(partner: Partner, teacher: MirroredEntry, courses: Iterable[MirroredEntry]) -> Face:
    """The face of a partner's teacher, with the courses that were told of; it leads to the partner's site."""
    data = teacher.data
    face = Face(
        name=data["name"],
        slug="",
        town=data["town"],
        region=data["region"],
        country=data["country"],
        languages=data["languages"],
        online=data["online"],
        in_person=data["in_person"],
        held=held_by(data),
        courses=sorted((FaceCourse(**course.data) for course in courses), key=lambda course: course["starts"]),
        origin=data["url"],
        listed_by=partner.name,
    )
    for name in ("near", "spot"):
        if data[name]:
            face[name] = data[name]
    return face


def held_by(data: dict[str, Any]) -> list[Held]:
    """What they hold. A pathway of theirs is none of ours, even by its name: nothing here vouches for it."""
    pathways = [Held(sort=str(Sort.COMPLETED), title=pathway["title"]) for pathway in data["pathways"]]
    return pathways + [_held(one) for one in data["qualifications"] if is_vouched_for(one)]


def is_vouched_for(qualification: dict[str, Any]) -> bool:
    """Whether it may be shown: of accreditations only those that the partner has checked."""
    return qualification["sort"] != Sort.ACCREDITED or bool(qualification["checked_on"])


def _held(qualification: dict[str, Any]) -> Held:
    held = Held(sort=qualification["sort"], title=qualification["title"])
    if qualification["valid_until"]:
        held["valid_until"] = qualification["valid_until"]
    return held
