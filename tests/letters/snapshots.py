"""Snapshots of letters as they are kept, to be printed."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw

from imp_wagtail.core.storage import private_storage
from imp_wagtail.letters.images import path_of

SNAPSHOT = {
    "schema": 2,
    "number": "2027-0001",
    "code": "K7QF-2M9X-RT4WP",
    "verify_url": "https://example.org/verify/K7QF-2M9X-RT4WP/",
    "language": "en",
    "direction": "ltr",
    "name": "Ana María Núñez",
    "programme": "Interpersonal Mindfulness Program",
    "pathway": "Interpersonal Mindfulness Program",
    "stage": "Engagement",
    "stage_position": 2,
    "stage_count": 4,
    "hours": "54",
    "completed_on": "2027-10-30",
    "completed_on_text": "30 October 2027",
    "issued_on": "2027-10-31",
    "issued_on_text": "31 October 2027",
    "issuer": "IMP Relational Mindfulness Collaborative",
    "training": {
        "title": "Teacher training",
        "place": "Ammerdown, United Kingdom",
        "dates": "21–30 October 2027",
    },
    "logo": None,
    "letterhead": ["12 Abbey Lane, Radstock", "post@example.org"],
    "heading": "Letter of completion",
    "body": "<p>Ana has taken part in all nine days.</p><p>We wish her well.</p>",
    "place": "Radstock",
    "signatories": [{"name": "Phyllis Example", "role": "For the training team", "signature": None}],
    "footer": "This letter is not a licence to teach.",
    "paper": "a4",
    "accent": "#2f5f5b",
    "ink": "#22262b",
}

#: What letters said before they had letterheads and colours.
FIRST_SCHEMA = {
    "schema": 1,
    **{key: SNAPSHOT[key] for key in ("number", "code", "verify_url", "language", "direction", "name", "pathway")},
    **{key: SNAPSHOT[key] for key in ("stage", "stage_position", "stage_count", "training", "heading", "place")},
    **{key: SNAPSHOT[key] for key in ("issued_on", "issued_on_text", "issuer", "footer")},
    "paragraphs": ["Ana has taken part in all nine days.", "<b>We</b> wish her well."],
    "signatories": [{"name": "Phyllis Example", "role": "For the training team"}],
}

LONG_NAME = "Maria Aleksandra Wilhelmina Konstantinopolitańczykowianeczka-Featherstonehaugh van der Berghe-Hendriks"
LONG_TRAINING = {
    "title": "Residential teacher training in interpersonal mindfulness, with the seminar on guided dialogue",
    "place": "Monasterio de Nuestra Señora de las Batuecas, La Alberca, Spain",
    "dates": "27 September – 6 October 2027",
}
THREE_SIGNATORIES = [
    {"name": "Phyllis Featherstonehaugh-Example", "role": "Founder and lead trainer", "signature": None},
    {"name": "Bart van der Example-Hendriks", "role": "Trainer, the Netherlands", "signature": None},
    {"name": "Juan Example Ejemplo", "role": "Registrar of the collaborative", "signature": None},
]


def snapshot(**changes: Any) -> dict[str, Any]:
    """What a letter says, with changes."""
    return SNAPSHOT | changes


def picture(width: int, height: int, *, alt: str, ink: str = "navy") -> dict[str, Any]:
    """A stroke on nothing, kept as a letter's pictures are."""
    drawn, file = Image.new("RGBA", (width, height)), BytesIO()
    ImageDraw.Draw(drawn).line((0, height, width / 3, 0, width / 2, height, width, 0), fill=ink, width=9)
    drawn.save(file, "PNG")
    sha256 = hashlib.sha256(file.getvalue()).hexdigest()
    private_storage().save(path_of(sha256), ContentFile(file.getvalue()))
    return {"sha256": sha256, "width": width, "height": height, "alt": alt}


def signed_by(*names: str) -> list[dict[str, Any]]:
    """Signatories, each with a picture of the signature."""
    return [
        {
            "name": name,
            "role": "Trainer",
            "signature": picture(900, 301 + number, alt=f"Signature of {name}"),
        }
        for number, name in enumerate(names)
    ]
