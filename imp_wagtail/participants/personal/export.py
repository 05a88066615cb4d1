"""The export of everything about one person: a ZIP with the data for machines and for people, and all files."""

import json
import shutil
import tempfile
import zipfile
from typing import IO, Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from imp_wagtail.core.assets import read_asset
from imp_wagtail.core.conf import settings

from .. import log
from ..models import Participant
from .data import personal_data
from .facts import Section, StoredFile, in_words

#: Version of the shape of ``data.json``, for whoever reads old ones.
SCHEMA = 1
TEMPLATE = "imp_participants/personal_data.html"
STYLESHEET = "imp_participants/personal_data.css"


def export_person(participant: Participant, *, by: Any) -> IO[bytes]:
    """Everything about a person as a ZIP, in a temporary file; the history says who took it.

    ``data.html`` is in the person's language where the site has it, and needs nothing but the files beside it.
    """
    with transaction.atomic():
        log.record(participant, "imp.participant.export", by=by, what="")
        with translation.override(language_for(participant)):
            sections = personal_data(participant)
            return zipped(participant, sections)


def language_for(participant: Participant) -> str:
    """The person's language, or the active one where the site does not have it."""
    try:
        return translation.get_supported_language_variant(participant.language)
    except LookupError:
        return translation.get_language() or ""


def zipped(participant: Participant, sections: list[Section]) -> IO[bytes]:
    target = tempfile.TemporaryFile()  # noqa: SIM115 (whoever sends it closes it)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", as_json(participant, sections))
        archive.writestr("data.html", as_html(participant, sections))
        for section in sections:
            for stored in section.files:
                _add(archive, stored)
    target.seek(0)
    return target


def _add(archive: zipfile.ZipFile, stored: StoredFile) -> None:
    """Documents and pictures are compressed already."""
    item = zipfile.ZipInfo(stored.path, timezone.localtime().timetuple()[:6])
    with stored.file.storage.open(stored.file.name, "rb") as source, archive.open(item, "w") as target:
        shutil.copyfileobj(source, target)


def as_json(participant: Participant, sections: list[Section]) -> str:
    data = {
        "schema": SCHEMA,
        "name": participant.name,
        "exported_at": timezone.now().isoformat(),
        "exported_from": settings.issuer,
        "sections": {
            section.key: {
                "title": section.title,
                "entries": [{fact.key: fact.value for fact in entry.facts} for entry in section.entries],
            }
            for section in sections
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def as_html(participant: Participant, sections: list[Section]) -> str:
    context = {
        "participant": participant,
        "sections": [section for section in sections if section.entries],
        "empty": [section.title for section in sections if not section.entries],
        "exported_at": in_words(timezone.now()),
        "exported_from": settings.issuer,
        "language": translation.get_language(),
        "direction": "rtl" if translation.get_language_bidi() else "ltr",
        "styles": styles(),
    }
    return render_to_string(TEMPLATE, context)


def styles() -> SafeString:
    """The page's own styles, within it: it is read from a folder, without any network."""
    sheet = read_asset(STYLESHEET).content.decode()
    return format_html("<style>{}</style>", mark_safe(sheet))  # noqa: S308 (a packaged file)
