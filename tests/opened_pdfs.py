"""A PDF opened and looked at: what readers and screen readers find in it."""

import re
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
from pypdf import PdfReader

#: What may stand directly in a list, and in one of its items.
IN_LISTS = {"/L": {"/LI", "/L", "/Caption"}, "/LI": {"/Lbl", "/LBody", "/L"}}


class Opened:
    """One PDF; made of its bytes."""

    def __init__(self, content: bytes) -> None:
        self.reader = PdfReader(BytesIO(content))
        self.pdf = pikepdf.open(BytesIO(content))
        self.pages = [" ".join(page.extract_text().split()) for page in self.reader.pages]
        self.text = " ".join(self.pages)

    @property
    def title(self) -> str:
        return str(self.pdf.docinfo["/Title"])

    @property
    def language(self) -> str:
        return str(self.pdf.Root.Lang)

    def outline(self) -> list[tuple[int, str, int]]:
        """The bookmarks: level, title and page, each from 1."""

        def below(items: list[Any], level: int) -> Iterator[tuple[int, str, int]]:
            for item in items:
                if isinstance(item, list):
                    yield from below(item, level + 1)
                else:
                    yield level, item.title, self.reader.get_destination_page_number(item) + 1

        return list(below(self.reader.outline, 1))

    def links(self) -> list[tuple[int, str | None, int | None]]:
        """Each link's page, where it leads outside of the document, and the page that it leads to within it.

        One whose text has parts is there once for each.
        """
        found = []
        for number, page in enumerate(self.reader.pages, start=1):
            for annotation in page.get("/Annots", []):
                link = annotation.get_object()
                if "/A" in link:
                    found.append((number, str(link["/A"]["/URI"]), None))
                else:
                    target = self.reader.named_destinations[str(link["/Dest"])]
                    found.append((number, None, self.reader.get_destination_page_number(target) + 1))
        return found

    def addresses(self) -> set[str]:
        """Where links lead outside of the document."""
        return {address for _page, address, _to in self.links() if address}

    def contents(self) -> dict[str, int]:
        """The lines of the contents, each with the page that is printed behind it."""
        lines = self.reader.pages[0].extract_text().partition("Contents")[2].splitlines()
        said = re.findall(r"(?:\d+ +)?(\D.*?) +(\d+)\b *", " ".join(lines).partition("Page 1 of")[0].strip())
        return {title: int(page) for title, page in said}

    def elements(self) -> list[Any]:
        """The structure in the order of reading."""
        return list(_below(self.pdf.Root.StructTreeRoot))

    def tags(self) -> list[str]:
        return [str(element.S) for element in self.elements()]

    def faults(self) -> list[str]:
        """What PDF/UA-1 asks for and a look at the file can tell, as far as it is not so."""
        root = self.pdf.Root
        wrong = []
        if b'pdfuaid:part="1"' not in (metadata := root.Metadata.read_bytes()) and b"part>1<" not in metadata:
            wrong.append("does not say that it is PDF/UA-1")
        if not (root.MarkInfo.Marked and root.ViewerPreferences.DisplayDocTitle and self.title and self.language):
            wrong.append("is not marked, or shows no title or language")
        for element in self.elements():
            tag = str(element.S)
            if tag == "/Figure" and not str(element.get("/Alt", "")):
                wrong.append("a picture without a text in its place")
            if any("/Obj" in kid for kid in _dictionaries(element)) and tag != "/Link":
                wrong.append(f"a link in {tag}")
            for kid in _kids(element):
                if tag in IN_LISTS and str(kid.S) not in IN_LISTS[tag]:
                    wrong.append(f"{kid.S} in {tag}")
                if str(kid.S) in {"/LI", "/LBody"} and tag not in {"/L", "/LI"}:
                    wrong.append(f"{kid.S} in {tag}")
        levels = [int(tag[2]) for tag in self.tags() if re.fullmatch(r"/H\d", tag)]
        if levels[:1] != [1] or any(after > before + 1 for before, after in pairwise(levels)):
            wrong.append(f"levels of headings: {levels}")
        links = [link for page in self.pdf.pages for link in page.get("/Annots", [])]
        if not all("/StructParent" in link and str(link.get("/Contents", "")) for link in links):
            wrong.append("a link outside of the structure, or without words")
        return wrong


def _dictionaries(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    return [
        kid for kid in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(kid, pikepdf.Dictionary)
    ]


def _kids(node: Any) -> list[Any]:
    return [kid for kid in _dictionaries(node) if "/S" in kid]


def _below(node: Any) -> Iterator[Any]:
    for kid in _kids(node):
        yield kid
        yield from _below(kid)
