"""The picture of a signature on the demo's letters; its packs have words only."""

from pathlib import Path

from django.core.files.images import ImageFile
from wagtail.images import get_image_model

from imp_wagtail.letters.models import LetterTemplate

TITLE = "Signature of A. Example"


def sign_letters(picture: Path, *, pathway: str) -> None:
    """Put the picture beside the first signatory of a pathway's templates, once."""
    if get_image_model().objects.filter(title=TITLE).exists():
        return
    with picture.open("rb") as file:
        image = get_image_model().objects.create(title=TITLE, file=ImageFile(file, name=picture.name))
    for template in LetterTemplate.objects.filter(pathway__key=pathway):
        template.signatories[0].value["signature"] = image
        template.save()
        template.save_revision().publish()
