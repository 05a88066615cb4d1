"""Fill the demo: content packs, accounts, and invented people on their way."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import ModelLogEntry, Site

from demo.accounts import make_accounts
from demo.cohorts import DemoCohorts
from demo.directory import list_person, offer_courses
from demo.journeys import Journey
from demo.letterhead import sign_letters
from demo.tables import Person, read_cohorts, read_courses, read_people
from imp_wagtail.core.packs import load_pack
from imp_wagtail.directory.models import Town
from imp_wagtail.directory.towns.loading import load_towns
from imp_wagtail.directory.towns.source import NoTownsError, packaged_towns

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures"
PACKS = ("imp", "mcmi")


def name_site() -> None:
    """Give the site its name and port, unless somebody has named it already."""
    site = Site.objects.filter(is_default_site=True, site_name="").first()
    if site:
        site.site_name = settings.IMP_WAGTAIL["ISSUER"]
        site.hostname, site.port = "localhost", urlsplit(settings.WAGTAILADMIN_BASE_URL).port or 80
        site.save()


def ever_added(action: str) -> set[str]:
    """What was added under this action of the history, as it was called then.

    The history stays when staff rename, change or remove what was added; the records themselves do not tell
    an edited person from one that is missing.
    """
    return {data["what"] for data in ModelLogEntry.objects.filter(action=action).values_list("data", flat=True)}


class Command(BaseCommand):
    help = "Load the demo's content packs, accounts and people. What is there already is kept as it is."

    def handle(self, **options: Any) -> None:
        for pack in PACKS:
            self.stdout.write(f"Content pack “{pack}”")
            load_pack(FIXTURES / pack)
        if not Town.objects.exists():
            self._load_towns()
        name_site()
        sign_letters(FIXTURES / "demo" / "signature.png", pathway="imp")
        self.accounts = make_accounts()
        people = read_people(FIXTURES / "demo")
        known = ever_added("imp.participant.add")
        missing = [person for person in people if person.name not in known]
        if missing:
            self._load_people(missing)
        if not ever_added("imp.course.add"):
            offer_courses(read_courses(FIXTURES / "demo"), by=self.accounts["registrar"])
        self.stdout.write(self.style.SUCCESS("The demo is ready."))

    def _load_towns(self) -> None:
        try:
            self.stdout.write(f"Towns of the world: {load_towns(packaged_towns()).total}")
        except NoTownsError as error:
            self.stdout.write(f"{error} Without it, nobody is found by distance.")

    def _load_people(self, people: list[Person]) -> None:
        registrar = self.accounts["registrar"]
        cohorts = DemoCohorts(read_cohorts(FIXTURES / "demo"), self.accounts)
        courses = read_courses(FIXTURES / "demo")
        for place, person in enumerate(people, start=1):
            with transaction.atomic():
                participant = Journey(person, cohorts, by=registrar).walk()
                formats = {course.format for course in courses if course.email == person.email}
                list_person(person, participant, place, formats, by=registrar)
            if place % 5 == 0 or place == len(people):
                self.stdout.write(f"Invented people: {place} of {len(people)}")
                self.stdout.flush()
