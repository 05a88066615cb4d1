"""What a letter says, field by field, for whoever compares it with the paper in their hands.

Read from the frozen snapshot alone, whatever its schema: an old letter lacks what was not printed on it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from ..models import Letter
from ..wording import to_text


class PrintedFact(NamedTuple):
    """What is compared at once: a label in the reader's language, and the text as printed, line by line."""

    label: str
    text: str


def printed_facts(letter: Letter) -> list[PrintedFact]:
    """What is printed on a letter beside name, numbers and wording, in the order in which one reads it."""
    said = letter.snapshot
    training = said.get("training") or {}
    found = [
        PrintedFact(_("Heading"), said.get("heading", "")),
        PrintedFact(_stage_label(said), said.get("stage", "")),
        PrintedFact(_("Pathway"), said.get("pathway", "")),
        PrintedFact(_("Training"), _lines(training.get(part) for part in ("title", "place", "dates"))),
        PrintedFact(_("Hours attended"), said.get("hours", "")),
        PrintedFact(_("Completed on"), said.get("completed_on_text", "")),
        PrintedFact(_("Issued by"), _lines([said.get("issuer"), *said.get("letterhead", [])])),
        PrintedFact(_("Date of issue"), said.get("issued_on_text", "")),
        PrintedFact(_("Place of issue"), said.get("place", "")),
        PrintedFact(_("Signed by"), _lines(_signatory(one) for one in said.get("signatories", []))),
        PrintedFact(_("Footer"), said.get("footer", "")),
    ]
    return [fact for fact in found if fact.text]


def printed_wording(letter: Letter) -> str:
    """The wording as HTML, as printed: ``wording.fill_wording`` left plain paragraphs, lists and emphasis in it."""
    # Schema 1 had plain paragraphs.
    paragraphs = letter.snapshot.get("paragraphs", [])
    return str(letter.snapshot.get("body") or format_html_join("", "<p>{}</p>", ((text,) for text in paragraphs)))


def printed_record(letter: Letter) -> dict[str, Any]:
    """The same for machines: dates in ISO 8601, ``None`` or an empty list for what is not on the letter."""
    said = letter.snapshot
    stage = {"title": said.get("stage"), "position": said.get("stage_position"), "count": said.get("stage_count")}
    training = said.get("training") or None
    return {
        "number": letter.number,
        "code": letter.printed_code,
        "language": said.get("language"),
        "heading": said.get("heading"),
        "name": letter.name,
        "programme": said.get("programme") or None,
        "pathway": said.get("pathway"),
        "stage": stage,
        "training": training and {part: training.get(part) or None for part in ("title", "place", "dates")},
        "hours": said.get("hours") or None,
        "completed_on": said.get("completed_on"),
        "issuer": said.get("issuer"),
        "letterhead": said.get("letterhead", []),
        "issued_on": letter.issued_on.isoformat(),
        "place": said.get("place") or None,
        "signatories": [{"name": one["name"], "role": one["role"] or None} for one in said.get("signatories", [])],
        "wording": to_text(printed_wording(letter)).splitlines(),
        "footer": said.get("footer") or None,
    }


def _stage_label(said: dict[str, Any]) -> str:
    """ "Stage 2 of 4", as the letter counts."""
    if not said.get("stage_count"):
        return _("Stage completed")
    return _("Stage %(position)s of %(count)s") % {"position": said["stage_position"], "count": said["stage_count"]}


def _lines(parts: Iterable[str | None]) -> str:
    return "\n".join(filter(None, parts))


def _signatory(one: dict[str, Any]) -> str:
    return ", ".join(filter(None, (one.get("name"), one.get("role"))))
