"""An answer of another site's feed, checked piece by piece; docs/reference/feed.md is the contract.

Nothing of it is believed: what is not as the contract has it is left out, what is text becomes plain text, and only
what is shown or searched here is kept.
"""

import datetime as dt
import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Self
from urllib.parse import urlsplit
from uuid import UUID

from annotated_types import Len
from bs4 import BeautifulSoup
from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)

from imp_wagtail.core.localities import country_choices, language_choices
from imp_wagtail.core.packs.reasons import reason_for
from imp_wagtail.letters.bidi import plain_line

from ..models import Course, FeedEntry, MirroredEntry, Qualification
from ..towns.regions import region_name
from .fetching import FetchError

Kind = MirroredEntry.Kind

#: The version of the contract that is understood here.
SCHEMA = 1
#: Most languages, qualifications and pathways that one teacher has.
MOST = 50
#: Most entries in one answer.
MOST_ITEMS = 1000
#: The longest text that is looked at, in characters: what is longer is nobody's name.
LONGEST = 2000
LONGEST_ADDRESS = 500
#: An address on the web, as the contract has it.
ADDRESS = re.compile(r"https?://[!-~]+")
#: What does not show in a plain text: what browsers would run, load or leave out.
SILENT = ("script", "style", "template", "noscript", "iframe", "object", "head")


@dataclass(frozen=True)
class Item:
    """A teacher or course as the feed told; ``data`` is ``None`` for what is deleted, or cannot be understood.

    ``fault`` says in words why it cannot. Such an item is not shown, rather than shown as it was before.
    """

    uid: UUID
    kind: str
    data: dict[str, Any] | None
    modified: dt.datetime
    teacher_uid: UUID | None = None
    fault: str = ""

    @property
    def is_deleted(self) -> bool:
        return self.data is None and not self.fault


@dataclass(frozen=True)
class Page:
    """One answer: what changed, where to read on, and where the profiles are."""

    items: list[Item]
    next: str
    directory: str


def as_plain_line(text: str) -> str:
    """Text on one line. HTML, which it should not have, is taken for what it would read as."""
    return plain_line(plain(text) if "<" in text or "&" in text else text)


def as_link(address: str) -> str:
    """An address on the web; what is something else (``javascript:``) is as good as none."""
    return address if is_address(address) else ""


def as_country(code: str) -> str:
    if code not in dict(country_choices()):
        raise ValueError(_("“%(code)s” is no country.") % {"code": code})
    return code


def as_languages(codes: list[str]) -> list[str]:
    """Each once, without those that there are not."""
    known = dict(language_choices())
    return [code for code in dict.fromkeys(codes) if code in known]


def as_profile(address: str, info: ValidationInfo) -> str:
    """Where an entry leads: to the partner's own site, whose hosts are the context."""
    if not (is_address(address) and host_of(address) in info.context):
        raise ValueError(_("“%(address)s” is not on their site.") % {"address": address})
    return address


def line(most: int, least: int = 0) -> Any:
    """The type of a plain text of so many characters."""
    cleaned = AfterValidator(as_plain_line)
    return Annotated[str, Field(max_length=LONGEST), cleaned, Len(least, most)]


Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Point = tuple[Latitude, Longitude]


class Document(BaseModel):
    """A part of the feed; names that are not known are ignored."""


class Held(Document):
    sort: Qualification.Sort
    title: line(160, least=1)
    valid_until: dt.date | None
    checked_on: dt.date | None


class PathwayDone(Document):
    title: line(160, least=1)


class TeacherDocument(Document):
    """What is shown and searched of a partner's teacher."""

    name: line(160, least=1)
    url: Annotated[str, AfterValidator(as_profile)]
    town: line(120)
    region: str
    country: Annotated[str, AfterValidator(as_country)]
    languages: Annotated[list[str], Field(max_length=MOST), AfterValidator(as_languages)]
    online: bool
    in_person: bool
    near: Point | None
    spot: Point | None
    pathways: Annotated[list[PathwayDone], Field(max_length=MOST)]
    qualifications: Annotated[list[Held], Field(max_length=MOST)]

    @model_validator(mode="after")
    def know_region(self) -> Self:
        """A region that there is not in this country is none."""
        if not (self.region.startswith(f"{self.country}.") and region_name(self.region)):
            self.region = ""
        return self


class CourseDocument(Document):
    """What is shown and searched of a course of theirs."""

    teacher: UUID = Field(exclude=True)
    title: line(160, least=1)
    starts: dt.date
    ends: dt.date
    format: Course.Format
    language: Annotated[str, Field(max_length=2)]
    place: line(160)
    url: Annotated[str, AfterValidator(as_link)]
    state: Course.State

    @model_validator(mode="after")
    def end_after_beginning(self) -> Self:
        if self.ends < self.starts:
            raise ValueError(_("Its last day comes before its first."))
        return self


DOCUMENTS: dict[str, type[Document]] = {Kind.TEACHER: TeacherDocument, Kind.COURSE: CourseDocument}


class Frame(Document):
    """What is the same for all items."""

    id: UUID
    kind: Kind
    state: FeedEntry.State
    modified: AwareDatetime
    data: Any


def read(body: bytes, address: str, hosts: Collection[str]) -> Page:
    """The answer that an address gave; raises ``FetchError`` for what is none of a feed, or leads elsewhere.

    ``hosts``: those of the partner's site, where its profiles are.
    """
    try:
        told = json.loads(body, parse_constant=_no_number)
        schema, items, onward = told["schema"], told["items"], told["next"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise FetchError(_("What it answers is no feed of a directory.")) from error
    if schema != SCHEMA:
        raise FetchError(_("Its feed has version %(version)s, which is not understood here.") % {"version": schema})
    if not isinstance(items, list) or not is_address(onward):
        raise FetchError(_("What it answers is no feed of a directory."))
    if len(items) > MOST_ITEMS:
        raise FetchError(_("Its answer has more than %(most)d entries.") % {"most": MOST_ITEMS})
    if origin(onward) != origin(address):
        raise FetchError(_("Its feed leads on to another site: %(address)s.") % {"address": onward})
    directory = told.get("directory")
    return Page([item_of(item, hosts) for item in items], onward, directory if is_address(directory) else "")


def item_of(told: Any, hosts: Collection[str]) -> Item:
    """One item; raises ``FetchError`` for what not even says of whom it tells."""
    try:
        frame = Frame.model_validate(told)
    except ValidationError as error:
        raise FetchError(_("An entry of its feed cannot be read: %(fault)s") % {"fault": in_words(error)}) from error
    of_item = partial(Item, frame.id, str(frame.kind), modified=frame.modified)
    if frame.state == FeedEntry.State.DELETED:
        return of_item(None)
    try:
        document = DOCUMENTS[frame.kind].model_validate(frame.data, context=hosts)
    except ValidationError as error:
        return of_item(None, fault=in_words(error))
    return of_item(document.model_dump(mode="json"), teacher_uid=getattr(document, "teacher", None))


def plain(text: str) -> str:
    """What a reader of this HTML would read."""
    soup = BeautifulSoup(text, "html.parser")
    for element in soup(SILENT):
        element.decompose()
    return soup.get_text(" ")


def is_address(told: Any) -> bool:
    """Whether this is an address on the web, of a length that can be kept."""
    return isinstance(told, str) and len(told) <= LONGEST_ADDRESS and bool(ADDRESS.fullmatch(told))


def host_of(address: str) -> str:
    """The host of an address, in small letters; "" where there is none to see."""
    found = origin(address)
    return found[1] if found else ""


def origin(address: str) -> tuple[str, str, int | None] | None:
    """Scheme, host and port; ``None`` for what is no address."""
    try:
        parts = urlsplit(address)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return None


def in_words(error: ValidationError) -> str:
    """The first of what is wrong, with the name of where it is."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    words = f"{where}: {reason_for(first)}" if where else reason_for(first)
    return words.encode("utf-8", "replace").decode()  # half of a pair of characters cannot be stored


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
