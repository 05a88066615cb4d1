"""What a letter says, field by field, for whoever compares it with the paper in their hands.

Read from the frozen snapshot alone, whatever its schema: an old letter lacks what was not printed on it.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from imp_wagtail.core.words import in_a_row, once_a_language

from ..models import Letter
from ..wording import to_text


class PrintedFact(NamedTuple):
    """What is compared at once: a label in the reader's language, and the text as printed, line by line."""

    label: str
    text: str


def printed_facts(letter: Letter) -> list[PrintedFact]:
    """What is printed on a letter beside name, numbers and wording, in the order in which one reads it."""
    said, words = letter.snapshot, labels()
    training = said.get("training") or {}
    found = [
        PrintedFact(words["heading"], said.get("heading", "")),
        PrintedFact(_stage_label(said), said.get("stage", "")),
        PrintedFact(words["pathway"], said.get("pathway", "")),
        PrintedFact(words["training"], _lines(training.get(part) for part in ("title", "place", "dates"))),
        PrintedFact(words["hours"], said.get("hours", "")),
        PrintedFact(words["completed_on"], said.get("completed_on_text", "")),
        PrintedFact(words["issuer"], _lines([said.get("issuer"), *said.get("letterhead", [])])),
        PrintedFact(words["issued_on"], said.get("issued_on_text", "")),
        PrintedFact(words["place"], said.get("place", "")),
        PrintedFact(words["signatories"], _lines(_signatory(one) for one in said.get("signatories", []))),
        PrintedFact(words["footer"], said.get("footer", "")),
    ]
    return [fact for fact in found if fact.text]


@once_a_language
def labels() -> dict[str, str]:
    """What the page calls each line."""
    return {
        "heading": _("Heading"),
        "pathway": _("Pathway"),
        "training": _("Training"),
        "hours": _("Hours attended"),
        "completed_on": _("Completed on"),
        "issuer": _("Issued by"),
        "issued_on": _("Date of issue"),
        "place": _("Place of issue"),
        "signatories": _("Signed by"),
        "footer": _("Footer"),
    }


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
    return in_a_row((one.get("name"), one.get("role")))
