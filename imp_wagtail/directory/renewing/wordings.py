"""The wordings of consent as staff see them: which stands, which stood before, and who agreed to which."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils import translation
from wagtail.models import Locale

from ..models import Consent, ConsentText, Purpose, Teacher
from ..texts import OWN, latest_version


@dataclass(frozen=True)
class Version:
    """One version of the wording for a purpose, in every language that it was written in."""

    number: int
    #: Language and text; of the package's own, the site's language only.
    texts: list[tuple[Locale, str]]
    published_at: dt.datetime | None = None
    published_by: Any = None
    earlier_end_on: dt.date | None = None


@dataclass(frozen=True)
class PurposeWordings:
    """All versions for one purpose, the latest first, and how many of those listed agreed to which."""

    purpose: Purpose
    versions: list[Version]
    #: By version: listed teachers who agreed to it and to no later one.
    agreed: Counter[int]

    @property
    def in_force(self) -> Version:
        return self.versions[0]

    @property
    def agreed_to_it(self) -> int:
        return self.agreed[self.in_force.number]

    @property
    def agreed_to_earlier(self) -> int:
        return self.agreed.total() - self.agreed_to_it


def all_wordings() -> list[PurposeWordings]:
    """Every purpose, in three queries."""
    texts = list(ConsentText.objects.select_related("locale", "published_by").order_by("-version", "locale", "pk"))
    agreed = _agreed()
    return [
        PurposeWordings(purpose, _versions(purpose, [one for one in texts if one.purpose == purpose]), agreed[purpose])
        for purpose in Purpose
    ]


def wordings_for(purpose: Purpose) -> PurposeWordings:
    """The same of one purpose."""
    return next(one for one in all_wordings() if one.purpose == purpose)


def _versions(purpose: Purpose, texts: list[ConsentText]) -> list[Version]:
    found: dict[int, Version] = {}
    for one in texts:
        version = Version(one.version, [], one.published_at, one.published_by, one.earlier_end_on)
        found.setdefault(one.version, version).texts.append((one.locale, one.text))
    default = Locale.get_default()
    with translation.override(default.language_code):
        own = Version(1, [(default, str(OWN[purpose]))])
    return [*found.values(), own]


def _agreed() -> dict[str, Counter[int]]:
    counts: dict[str, Counter[int]] = {purpose: Counter() for purpose in Purpose.values}
    open_ones = Consent.objects.filter(ended_on__isnull=True, teacher__in=Teacher.objects.listed())
    rows = open_ones.order_by().values_list("purpose", "version").annotate(Count("teacher", distinct=True))
    for purpose, version, count in rows:
        counts[purpose][version] = count
    return counts


@dataclass(frozen=True)
class Foresight:
    """Whom a new wording for a purpose would concern: how many are asked, and how many more no e-mail reaches."""

    asked: int
    unreachable: int


def foresee(purpose: Purpose) -> Foresight:
    """The same as counted now, by the rule of who is listed."""
    given = Consent.objects.filter(purpose=purpose, ended_on__isnull=True, teacher=OuterRef("pk"))
    without_address = Q(participant__email="")
    counts = (
        Teacher.objects.listed()
        .filter(Exists(given))
        .aggregate(
            asked=Count("pk", filter=~without_address),
            unreachable=Count("pk", filter=without_address),
        )
    )
    return Foresight(**counts)


def last_texts(purpose: Purpose) -> dict[str, str]:
    """By language: the wording that stands, for a form to begin with; only what is written in that language."""
    written = ConsentText.objects.filter(purpose=purpose, version=latest_version(purpose))
    found = dict(written.values_list("locale__language_code", "text"))
    if found:
        return found
    own = {code: _own_in(purpose, code) for code in _codes()}
    # Where it is not translated, every language would begin with the English one.
    return {code: text for code, text in own.items() if code.startswith("en") or text != _own_in(purpose, "en")}


def _codes() -> list[str]:
    return list(Locale.objects.values_list("language_code", flat=True))


def _own_in(purpose: Purpose, code: str) -> str:
    with translation.override(code):
        return str(OWN[purpose])
