"""What one teacher's page shows: nothing that was not agreed to, and the three sorts of qualification told apart."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.images.shortcuts import get_rendition_or_not_found

from imp_wagtail.core.conf import settings
from imp_wagtail.core.localities import country_name, language_name
from imp_wagtail.core.words import in_a_row

from ..models import Course, Qualification, Teacher
from ..towns.regions import region_name

#: As large as it is shown anywhere outside the page.
SHARED_PHOTO = "fill-640x640"
#: Characters of a description; search engines and messengers cut what is longer.
DESCRIPTION = 200


class Held(NamedTuple):
    """One qualification as a line of the page. ``checked_on``: when it was checked with its body."""

    title: str
    body: str
    level: str = ""
    awarded_on: dt.date | None = None
    valid_until: dt.date | None = None
    checked_on: dt.date | None = None


def held_as(qualification: Qualification) -> Held:
    return Held(*(getattr(qualification, field) for field in Held._fields))


@dataclass(frozen=True)
class Profile:
    """A teacher as ``reading.for_profile`` read it, and the page below which this one is."""

    teacher: Teacher
    #: The directory page, or another that has a ``ProfilesMixin``.
    page: Any
    request: HttpRequest | None = None

    @cached_property
    def address(self) -> str:
        """The page's one address, with scheme and host."""
        return self.page.full_teacher_url(self.teacher, self.request)

    @property
    def contact_url(self) -> str:
        return self.page.contact_url(self.teacher, self.request)

    @property
    def name(self) -> str:
        return self.teacher.name

    @property
    def photo(self) -> Any:
        """The photo, if it was agreed to; else ``None``."""
        return self.teacher.photo if self.teacher.shows_photo else None

    @cached_property
    def photo_url(self) -> str:
        """The whole address of the photo for those who show the page elsewhere; "" without one."""
        if not self.photo:
            return ""
        rendition = get_rendition_or_not_found(self.photo, SHARED_PHOTO)
        return urljoin(self.address, rendition.url) if rendition.pk else ""

    @property
    def is_indexed(self) -> bool:
        """Whether search engines may have the page."""
        return self.teacher.is_indexed

    @property
    def is_hidden_from_search(self) -> bool:
        return not self.is_indexed

    @property
    def region(self) -> str:
        """The region's name where the table of towns has it; "" where it says no more than the town's."""
        town = self.teacher.located_in
        name = region_name(town.region) if town else ""
        return "" if name == self.teacher.town else name

    @property
    def place(self) -> str:
        """Town, region and country, as far as they are known."""
        parts = (self.teacher.town, self.region, country_name(self.teacher.country))
        return in_a_row(parts)

    @property
    def language_names(self) -> list[str]:
        """The languages taught in, in the reader's language."""
        return [language_name(code) for code in self.teacher.language_codes]

    @property
    def formats(self) -> str:
        """How somebody teaches, in words; "" where nothing was said."""
        match self.teacher.teaches_in_person, self.teacher.teaches_online:
            case True, True:
                return _("in person and online")
            case False, True:
                return _("online")
            case True, False:
                return _("in person")
        return ""

    @property
    def courses(self) -> list[Course]:
        """Courses that are not over, the soonest first; cancelled ones among them."""
        return self.teacher.upcoming_courses

    @property
    def description(self) -> str:
        """The page in a sentence or two, for those who list it elsewhere."""
        about = " ".join(self.teacher.about.split())
        facts = " · ".join(part for part in (self.place, in_a_row(self.language_names), self.formats) if part)
        return Truncator(about or facts).chars(DESCRIPTION)

    @cached_property
    def completed(self) -> list[Held]:
        """Pathways completed here, the earliest first, then teacher training completed elsewhere."""
        here = [
            Held(title=enrolment.pathway_title, body=settings.issuer, awarded_on=enrolment.completed_on)
            for enrolment in self.teacher.participant.completed_enrolments
        ]
        return here + self._held(Qualification.Sort.COMPLETED)

    @cached_property
    def accredited(self) -> list[Held]:
        """Accreditations that somebody checked and that have not run out."""
        return self._held(Qualification.Sort.ACCREDITED)

    @cached_property
    def ended(self) -> list[Held]:
        """Accreditations that somebody checked and that ran out, unless the same one goes on; the latest first."""
        current = {(held.title, held.body) for held in self.accredited}
        over = [
            held_as(qualification)
            for qualification in self.teacher.qualifications.all()
            if qualification.sort == Qualification.Sort.ACCREDITED
            and qualification.is_vouched_for
            and not qualification.is_current
        ]
        gone = [held for held in over if (held.title, held.body) not in current]
        return sorted(gone, key=lambda held: held.valid_until or dt.date.min, reverse=True)

    @cached_property
    def attended(self) -> list[Held]:
        """What was attended as a participant, which qualifies for nothing."""
        return self._held(Qualification.Sort.ATTENDED)

    @property
    def recognised_on(self) -> dt.date | None:
        """The day of staff's decision, where it alone opens the directory."""
        return None if self.teacher.participant.completed_enrolments else self.teacher.recognised_on

    @property
    def issuer(self) -> str:
        """Who keeps the directory, and checked what it says was checked."""
        return settings.issuer

    def _held(self, sort: str) -> list[Held]:
        return [
            held_as(qualification)
            for qualification in self.teacher.qualifications.all()
            if qualification.sort == sort and qualification.is_shown
        ]
