"""Pictures that come with a document: decoded and compressed for the first PDF that shows them, and kept."""

from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageStat

#: Pixels to the inch at which pictures are embedded: finer than ink on paper shows.
DPI = 240

#: How far the colours of a picture may be off, of 255, on average over its pixels.
UNSEEN = 2.0
#: Numbers of colours to try.
PALETTES = (16, 64, 256)

#: Where a PNG says how many bits a pixel takes in each band: few, where it has few colours.
BITS_AT = 24

#: Pictures that a press keeps.
MOST_PICTURES = 50


class Pictures(dict):
    """WeasyPrint's cache of images by address: of this document, and those kept from documents before.

    WeasyPrint's own would keep the picture of each address for good, QR codes among them, and compress each
    picture anew for each PDF.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, Any] = {}

    def begin(self, images: Mapping[str, bytes]) -> None:
        """Hold what comes with a document, and nothing else. Raises ``OSError`` for what is no picture."""
        if len(self.kept) + len(images) > MOST_PICTURES:
            self.kept.clear()
        self.clear()
        for name, content in images.items():
            if name not in self.kept:
                self.kept[name] = _kept_image()(name, content)
            self[f"image:{name}"] = self.kept[name]


@cache
def _kept_image() -> Callable[[str, bytes], Any]:
    import pydyf
    from weasyprint import DEFAULT_OPTIONS
    from weasyprint.images import RasterImage

    class KeptImage(RasterImage):
        """An image that compresses each size in which it is shown once, and gives out copies."""

        def __init__(self, name: str, content: bytes) -> None:
            self.picture = _on_white(content)
            super().__init__(self.picture, name, None, options={**DEFAULT_OPTIONS, "dpi": DPI})
            self.made: dict[tuple[bool, float], tuple[bytes, dict[str, Any]]] = {}

        def get_x_object(self, interpolate: bool, dpi_ratio: float) -> Any:
            key = (interpolate, dpi_ratio)
            if key not in self.made:
                self.made[key] = _compressed(self.picture, dpi_ratio)
            content, extra = self.made[key]
            said = {"Type": "/XObject", "Subtype": "/Image"}
            return pydyf.Stream([content], {**said, **extra, "Interpolate": "true" if interpolate else "false"})

    return KeptImage


def _on_white(content: bytes) -> Image.Image:
    """The picture as it looks on paper, grey where no colour is in it.

    A PDF would hold what shines through as a second picture, and every printer reckon with it.
    """
    picture = Image.open(BytesIO(content)).convert("RGBA")
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    red, green, blue = paper.split()[:3]
    is_grey = not ImageChops.difference(red, green).getbbox() and not ImageChops.difference(green, blue).getbbox()
    return red if is_grey else paper.convert("RGB")


def _compressed(picture: Image.Image, ratio: float) -> tuple[bytes, dict[str, Any]]:
    """The picture as a PDF holds it, in so much of its size; whole where that is smaller, as with lines."""
    made = [_exact_or_photograph(picture)]
    if ratio < 1:
        size = [max(1, round(side * ratio)) for side in picture.size]
        made.append(_exact_or_photograph(picture.resize(size, Image.Resampling.LANCZOS)))
    return min(made, key=lambda one: len(one[0]))


def _exact_or_photograph(picture: Image.Image) -> tuple[bytes, dict[str, Any]]:
    content, about = _drawing(_few_colours(picture))
    photograph = BytesIO()
    picture.save(photograph, "JPEG", quality=90)
    # What is drawn stays as it is, whatever a few bytes more cost; not so a photograph, or the noise of a scanner.
    if len(content) > 2 * len(photograph.getvalue()):
        space = "/DeviceGray" if picture.mode == "L" else "/DeviceRGB"
        content, about = photograph.getvalue(), {"ColorSpace": space, "BitsPerComponent": 8, "Filter": "/DCTDecode"}
    return content, {**about, "Width": picture.width, "Height": picture.height}


def _few_colours(picture: Image.Image) -> Image.Image:
    """The picture with a palette, where nobody sees the difference: logos and ink have few colours."""
    for count in PALETTES:
        drawn = picture.quantize(count, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        difference = ImageStat.Stat(ImageChops.difference(picture, drawn.convert(picture.mode)))
        if max(difference.rms) < UNSEEN:
            return drawn
    return picture


def _drawing(picture: Image.Image) -> tuple[bytes, dict[str, Any]]:
    file = BytesIO()
    picture.save(file, "PNG", optimize=True)
    png, bands = file.getvalue(), len(picture.getbands())
    space = {"L": "/DeviceGray", "RGB": "/DeviceRGB"}.get(picture.mode)
    if picture.palette:
        palette = bytes(picture.palette.palette)
        space = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    bits = png[BITS_AT]
    predictor = f"<< /Predictor 15 /Columns {picture.width} /Colors {bands} /BitsPerComponent {bits} >>"
    about = {"ColorSpace": space, "BitsPerComponent": bits, "Filter": "/FlateDecode", "DecodeParms": predictor}
    return _pixels(png), about


def _pixels(png: bytes) -> bytes:
    """The compressed pixels of a PNG, which a PDF holds just like that."""
    pixels, at = b"", 8
    while at < len(png):
        length = int.from_bytes(png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            pixels += png[at + 8 : at + 8 + length]
        at += length + 12
    return pixels
