"""Pages of a PDF as pictures, for screens."""

from io import BytesIO
from threading import Lock

from PIL.Image import Image, Palette

#: PDFium works for one thread at a time.
one_at_a_time = Lock()


def page_pictures(content: bytes, *, width: int) -> list[bytes]:
    """A PNG of each page of a PDF, so many pixels wide."""
    import pypdfium2  # where it is used: loading it takes a third of a second

    with one_at_a_time:
        document = pypdfium2.PdfDocument(content)
        try:
            pages = [page.render(scale=width / page.get_width()).to_pil() for page in document]
        finally:
            document.close()
    return [_png(page) for page in pages]


def _png(picture: Image) -> bytes:
    target = BytesIO()
    picture.convert("P", palette=Palette.ADAPTIVE, colors=128).save(target, "PNG")
    return target.getvalue()
