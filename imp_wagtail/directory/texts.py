"""The wordings with which consent is asked for, in the reader's language."""

import datetime as dt
from typing import NamedTuple

from django.conf import settings
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.translation import reading_language

from .models import ConsentText, Purpose

#: What is asked for where nobody has written another wording: version 1 of each.
OWN = {
    Purpose.PROFILE: _(
        "My name, country and town, languages, qualifications, courses and what I write about myself are shown in the"
        " public directory of teachers. I can end this at any time; the entry is then gone at once."
    ),
    Purpose.PHOTO: _("My photo is shown with my entry."),
    Purpose.MAP: _("My town, or a point as exact as I choose, is shown on the directory’s map. Never my address."),
    Purpose.SHARING: _(
        "Partner sites may show my entry and my courses too. When I end this, they are told to take it down."
    ),
    Purpose.INDEXING: _("Search engines may show the page of my entry."),
}


def latest_version(purpose: str, day: dt.date | None = None) -> int:
    """The version of the wording that is asked for now, or was on a day; 1 is the package's own."""
    texts = ConsentText.objects.filter(purpose=purpose)
    if day is not None:
        midnight = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min)
        texts = texts.filter(published_at__lt=timezone.make_aware(midnight))
    return texts.aggregate(latest=Max("version"))["latest"] or 1


def latest_versions() -> dict[str, int]:
    """The same of all purposes, in one query."""
    written = ConsentText.objects.order_by().values_list("purpose").annotate(latest=Max("version"))
    return {**dict.fromkeys(Purpose.values, 1), **dict(written)}


class Wording(NamedTuple):
    """A wording as its reader gets it, and which it is."""

    version: int
    text: str


def latest_wordings() -> dict[str, Wording]:
    """By purpose: what is asked for now, in the reader's language, else in the site's, else in whichever there is.

    One query.
    """
    written: dict[str, dict[int, dict[str, str]]] = {purpose: {} for purpose in Purpose.values}
    rows = ConsentText.objects.order_by("version", "pk")
    for purpose, version, language, text in rows.values_list("purpose", "version", "locale__language_code", "text"):
        written[purpose].setdefault(version, {})[language] = text
    return {purpose: _to_read(purpose, versions) for purpose, versions in written.items()}


def _to_read(purpose: str, versions: dict[int, dict[str, str]]) -> Wording:
    version = max(versions, default=1)
    texts = versions.get(version, {})
    for language in (reading_language(), settings.LANGUAGE_CODE, *texts):
        if language in texts:
            return Wording(version, texts[language])
    return Wording(version, str(OWN[Purpose(purpose)]))
