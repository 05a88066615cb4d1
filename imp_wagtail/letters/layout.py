"""What a letter's page needs to know about its texts: how large, how wide, which way they run."""

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.utils.translation import pgettext

from .bidi import isolated

#: The classes of a name, from the longest on: more than so many letters' breadth.
NAME_SIZES = ((54, "name-longest"), (36, "name-longer"), (20, "name-long"), (0, ""))

#: A picture this many times as wide as it is high reads as a line of its own; a narrower one hangs in the margin.
WIDE = 1.7

#: How many letters of a signatory's name and role stand on a line, by how many sign.
SIGNATORY_LINES = {1: (36, 40), 2: (29, 31), 3: (24, 26)}
#: Letters on a line of the footer, and of the address.
FOOTER_LINE, ADDRESS_LINE = 95, 75
#: Millimetres that a line takes: of a name, a role, the address, the footer.
NAME_LINE_MM, ROLE_LINE_MM, ADDRESS_LINE_MM, FOOTER_LINE_MM = 5.4, 4.6, 4.3, 3.9
#: Millimetres that the foot of the page has for these lines.
FOOT_MM = 27.0


def set_for_page(snapshot: dict[str, Any]) -> dict[str, Any]:
    """The snapshot as the page's template takes it: texts that run against the page kept apart, sizes chosen."""
    rtl = snapshot["direction"] == "rtl"

    def kept(text: str) -> str:
        return isolated(text, in_rtl=rtl)

    values = {key: kept(snapshot[key]) for key in ("name", "pathway", "stage", "issuer", "place")}
    training, logo = snapshot["training"], snapshot["logo"]
    return {
        **snapshot,
        **values,
        "training": training and {key: kept(value) for key, value in training.items()},
        "letterhead": [kept(line) for line in snapshot["letterhead"]],
        "signatories": [
            one | {"name": kept(one["name"]), "role": kept(one["role"])} for one in snapshot["signatories"]
        ],
        "logo": logo and logo | {"shape": "logo-wide" if logo["width"] > WIDE * logo["height"] else "logo-square"},
        "name_size": next(size for least, size in NAME_SIZES if breadth(snapshot["name"]) > least),
        "name_language": language_of(snapshot["name"]),
        "stage_place": kept(_place_among_stages(snapshot)),
    }


def _place_among_stages(snapshot: dict[str, Any]) -> str:
    text = pgettext("the stage's place among the stages", "%(position)s of %(total)s")
    return text % {"position": snapshot["stage_position"], "total": snapshot["stage_count"]}


def language_of(name: str) -> str:
    """The language that the letters of a name alone tell: "" for most, and wherever signs are shared."""
    blocks = {unicodedata.name(sign, "").partition(" ")[0] for sign in name}
    if blocks & {"HIRAGANA", "KATAKANA"}:
        return "ja"
    return "ko" if "HANGUL" in blocks else ""


def breadth(text: str) -> int:
    """About how many Latin letters a text is as wide as."""
    marks = sum(unicodedata.category(sign) in ("Mn", "Me", "Cf") for sign in text)
    return len(text) + sum(unicodedata.east_asian_width(sign) in "WF" for sign in text) - marks


def extra_foot(snapshot: dict[str, Any]) -> int:
    """Millimetres that the foot needs beyond its usual room, because of long names, roles and small print."""
    signatories: Sequence[dict[str, Any]] = snapshot["signatories"]
    of_name, of_role = SIGNATORY_LINES[min(3, max(1, len(signatories)))]
    needed = max(
        (
            _lines(one["name"], of_name) * NAME_LINE_MM + _lines(one["role"], of_role) * ROLE_LINE_MM
            for one in signatories
        ),
        default=0,
    )
    needed += _lines(snapshot["footer"], FOOTER_LINE) * FOOTER_LINE_MM
    needed += _lines(snapshot["verify_url"], ADDRESS_LINE) * ADDRESS_LINE_MM
    return max(0, math.ceil(needed - FOOT_MM))


def _lines(text: str, letters: int) -> int:
    return math.ceil(breadth(text) / letters)
