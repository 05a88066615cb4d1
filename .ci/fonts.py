"""Cut the theme's faces: the letters that most pages have, in the weights that it uses, for as few bytes as may be.

    npm pack @fontsource-variable/source-serif-4@5.3.1 @fontsource-variable/source-sans-3@5.3.0
    .venv/bin/python .ci/fonts.py fontsource-variable-*.tgz

To be run again when the theme wants other weights or newer faces. What was cut may not have the name of the original
("Source" is reserved by its licence), so each gets one of its own. fontTools comes with WeasyPrint.
"""

import logging
import sys
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

FONTS = Path(__file__).resolve().parents[1] / "site" / "static" / "theme" / "fonts"
#: Regular to bold; the lightest and the heaviest ones are nowhere to be seen.
WEIGHTS = (400, 400, 700)
LATIN = None
#: The letters of most European languages, and those of Romanian.
LATIN_A = [*range(0x100, 0x180), *range(0x218, 0x21C), 0x1E9E]
#: Fractions and stacked accents are left out; between single letters of Latin A nothing is kerned either.
FEATURES = ["ccmp", "kern", "liga", "locl", "pnum", "tnum"]
FEATURES_OF_LETTERS = ["ccmp", "locl"]
#: What browsers do without: names of styles, and measures that they work out themselves.
FOR_PRINTERS = ["STAT", "HVAR", "MVAR", "BASE", "gasp", "prep"]


@dataclass(frozen=True)
class Cut:
    """One file: its name, whence it comes, and what of that."""

    file: str
    name: str
    source: str
    letters: list[int] | None
    features: list[str]


CUTS = [
    Cut("latin-serif-wght-normal", "Latin Serif", "source-serif-4-latin-wght-normal", LATIN, FEATURES),
    Cut("latin-serif-wght-italic", "Latin Serif", "source-serif-4-latin-wght-italic", LATIN, FEATURES),
    Cut("latin-sans-wght-normal", "Latin Sans", "source-sans-3-latin-wght-normal", LATIN, FEATURES),
    Cut("latin-sans-wght-italic", "Latin Sans", "source-sans-3-latin-wght-italic", LATIN, FEATURES),
    Cut(
        "latin-a-serif-wght-normal",
        "Latin A Serif",
        "source-serif-4-latin-ext-wght-normal",
        LATIN_A,
        FEATURES_OF_LETTERS,
    ),
    Cut(
        "latin-a-sans-wght-normal", "Latin A Sans", "source-sans-3-latin-ext-wght-normal", LATIN_A, FEATURES_OF_LETTERS
    ),
]


def cut(original: bytes, cut: Cut) -> TTFont:
    """A face with the weights, letters and features of a cut, and under its name."""
    font = again(instantiateVariableFont(TTFont(BytesIO(original)), {"wght": WEIGHTS}))
    font["fvar"].instances = []
    names = [number for number in range(15) if number not in (8, 9, 11, 12)]
    options = Options(layout_features=cut.features, name_IDs=names, notdef_outline=True, hinting=False)
    options.drop_tables += FOR_PRINTERS
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=cut.letters or list(font.getBestCmap()))
    subsetter.subset(font)
    plain = cut.name.replace(" ", "")
    style = "Italic" if cut.file.endswith("italic") else "Regular"
    for number, words in {1: cut.name, 2: style, 3: f"{plain}-{style}", 4: cut.name, 6: f"{plain}-{style}"}.items():
        font["name"].setName(words, number, 3, 1, 0x409)
    return font


def again(font: TTFont) -> TTFont:
    """The same font, written and read: what one tool leaves half done, the next one does not find."""
    font.flavor = None
    file = BytesIO()
    font.save(file)
    return TTFont(BytesIO(file.getvalue()))


def originals(packages: Iterable[Path]) -> dict[str, bytes]:
    """The faces of Fontsource's packages, by their names."""
    found = {}
    for package in packages:
        with tarfile.open(package) as archive:
            for member in archive:
                if member.name.endswith(".woff2"):
                    found[Path(member.name).stem] = archive.extractfile(member).read()
    return found


def main(packages: list[str]) -> None:
    if not packages:
        sys.exit(__doc__)
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    found = originals(map(Path, packages))
    for one in CUTS:
        font = cut(found[one.source], one)
        font.flavor = "woff2"
        file = FONTS / f"{one.file}.woff2"
        font.save(file)
        sys.stdout.write(f"{file.name}: {file.stat().st_size} bytes, before {len(found[one.source])}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
