"""Pages of a PDF as pictures, for screens."""

from io import BytesIO
from threading import Lock

from PIL.Image import Image, Palette

#: Pixels across: sharp on a wide screen, and a letter's page still has few enough bytes to stand in an HTML page.
WIDTH = 1240

#: PDFium works for one thread at a time.
one_at_a_time = Lock()


def page_pictures(content: bytes) -> list[bytes]:
    """A PNG of each page of a PDF."""
    import pypdfium2  # where it is used: loading it takes a third of a second

    with one_at_a_time:
        document = pypdfium2.PdfDocument(content)
        try:
            pages = [page.render(scale=WIDTH / page.get_width()).to_pil() for page in document]
        finally:
            document.close()
    return [_png(page) for page in pages]


def _png(picture: Image) -> bytes:
    target = BytesIO()
    picture.convert("P", palette=Palette.ADAPTIVE, colors=128).save(target, "PNG")
    return target.getvalue()
