"""How a letter looks on paper, in words: what its snapshot says beside the text."""

from typing import Any

from django.utils.translation import gettext as _

from imp_wagtail.core.localities import language_name
from imp_wagtail.core.words import in_a_row

from ..models import Letter, LetterTemplate


def looks_of(letter: Letter) -> list[tuple[str, str]]:
    """Language, paper and pictures. Letters of the first schema had none of the latter."""
    said = letter.snapshot
    signatures = [one["name"] for one in said.get("signatories", []) if one.get("signature")]
    found: list[tuple[str, Any]] = [
        (_("Language"), language_name(said["language"]) if said.get("language") else ""),
        (_("Paper"), dict(LetterTemplate.Paper.choices).get(said.get("paper", "a4"), "")),
        (_("Logo"), _("yes") if said.get("logo") else ""),
        (_("Signature as a picture"), in_a_row(signatures)),
    ]
    return [(label, str(value)) for label, value in found if value]
