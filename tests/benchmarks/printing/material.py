"""What is printed: a template with logo and signatures, and people with names in six scripts."""

import datetime as dt
from collections.abc import Iterator
from io import BytesIO
from itertools import cycle, islice
from random import Random

from django.core.files.images import ImageFile
from PIL import Image, ImageDraw
from wagtail.images import get_image_model

from imp_wagtail.core.pdf import missing_characters
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.participants.models import Enrolment, Participant, StageCompletion
from imp_wagtail.pathways.models import Pathway, Stage

from ..people import LANDS

SEED = 7
COMPLETED_ON = dt.date(2025, 3, 1)

#: The language of the people whose names are written in each.
SCRIPTS = {"Latin": "pl", "Greek": "el", "Cyrillic": "uk", "Arabic": "ar", "Hebrew": "he", "Chinese": "zh"}

BODY = (
    "<p>This letter confirms that <b>{name}</b> completed the stage <i>{stage}</i> of the {programme} on "
    "{completed_on}.</p><ul><li>two retreats in silence and dialogue</li><li>a seminar, and eight sessions of "
    "supervision</li></ul><p>We thank you for your practice, and wish you well on the way ahead.</p>"
)


def printable_scripts() -> tuple[list[str], list[str]]:
    """The scripts that this machine has a font for, and those that it has none for."""
    able = [script for script in SCRIPTS if not missing_characters("".join(_names(script, 50)))]
    return able, [script for script in SCRIPTS if script not in able]


def people(count: int, stage: Stage, scripts: list[str]) -> list[Enrolment]:
    """So many who have completed the stage, with names in one script after the other."""
    names = cycle(map(iter, (_names(script, count) for script in scripts)))
    participants = [Participant(name=next(of_script), language="en") for of_script in islice(names, count)]
    Participant.objects.bulk_create(participants)
    enrolments = [
        Enrolment(participant=person, pathway=stage.pathway, enrolled_on=COMPLETED_ON) for person in participants
    ]
    Enrolment.objects.bulk_create(enrolments)
    StageCompletion.objects.bulk_create(
        StageCompletion(enrolment=enrolment, stage=stage, completed_on=COMPLETED_ON) for enrolment in enrolments
    )
    return enrolments


def _names(script: str, count: int) -> Iterator[str]:
    random = Random(SEED)
    (land,) = (land for land in LANDS if land.language == SCRIPTS[script])
    return (land.name(random) for _each in range(count))


def stage_with_template() -> Stage:
    """A stage of the demo's pathway with a template of its own."""
    pathway = Pathway.objects.in_source_language().order_by("key")[0]
    stage: Stage = pathway.stages.order_by("sort_order")[0]
    LetterTemplate.objects.filter(stage=stage).delete()
    LetterTemplate.objects.create(
        pathway=pathway,
        stage=stage,
        locale=pathway.locale,
        logo=_image("Logo", (900, 300), "#2f5f5b"),
        letterhead="12 Abbey Lane\npost@example.org",
        heading="Letter of completion",
        body=BODY,
        place="Utrecht",
        signatories=[
            ("signatory", {"name": name, "role": "Trainer", "signature": _image(name, (600, 200), "#141850")})
            for name in ("Phyllis Example", "Bart Example")
        ],
        footer="This letter confirms one stage. It is no licence to teach.",
    )
    return stage


def _image(title: str, size: tuple[int, int], ink: str) -> object:
    """A few strokes on nothing, with soft edges."""
    picture, file, random = Image.new("RGBA", (size[0] * 4, size[1] * 4)), BytesIO(), Random(title)
    points = [(random.randrange(picture.width), random.randrange(picture.height)) for _each in range(6)]
    ImageDraw.Draw(picture).line(points, fill=ink, width=36, joint="curve")
    picture.resize(size, Image.Resampling.LANCZOS).save(file, "PNG")
    return get_image_model().objects.create(title=title, file=ImageFile(file, f"{title}.png"))
