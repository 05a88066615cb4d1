"""What WeasyPrint leaves out of a PDF that is to be accessible, or archivable as well."""

from typing import Any

#: Says that the document keeps to PDF/UA-1, and describes the word in which it says so: PDF/A knows no words that
#: are described nowhere. Where to add it, and what.
END_OF_METADATA = b"</rdf:RDF>"
ACCESSIBLE = b"""
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
    xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the document conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def declare_accessible(pdf: Any) -> None:
    """Have a PDF/A declare itself PDF/UA-1 as well, which it is by its tags."""
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number].stream
    if any(b"pdfuaid" in part for part in stream):
        return
    stream[:] = [part.replace(END_OF_METADATA, ACCESSIBLE + END_OF_METADATA) for part in stream]


def mend_structure(pdf: Any) -> None:
    """Have lists of facts be lists, links be links, and pictures that say nothing be passed over.

    WeasyPrint takes what groups a term and its description, as HTML allows, for something else than an item of the
    list; a part of a link's text, such as an ``<em>``, for something that leads nowhere; and a picture without a text
    in its place for one whose text was forgotten.
    """
    elements = {item.number: item for item in pdf.objects if _is_a(item, "/StructElem")}
    links = {item.number for item in pdf.objects if _is_a(item, "/OBJR")}
    for element in elements.values():
        if links.intersection(_numbers(element)):
            element["S"] = "/Link"
        if element["S"] == "/L":
            for group in _kids(element, elements):
                _make_item(group, elements)
        elif element["S"] == "/Figure" and "Alt" not in element:
            element["S"] = "/NonStruct"


def _is_a(item: Any, kind: str) -> bool:
    return isinstance(item, dict) and item.get("Type") == kind


def _numbers(element: Any) -> list[int]:
    """The objects right below an element. What it shows itself stands among them as a bare number."""
    return [int(kid.split()[0]) for kid in element["K"] if isinstance(kid, bytes)]


def _kids(element: Any, elements: dict[int, Any]) -> list[Any]:
    return [elements[number] for number in _numbers(element) if number in elements]


def _make_item(group: Any, elements: dict[int, Any]) -> None:
    """Of a group in a list one item: its term the label, all else its body."""
    if group["S"] not in ("/Div", "/NonStruct"):
        return
    group["S"] = "/LI"
    for place, part in enumerate(_kids(group, elements)):
        for inner in _kids(part, elements):
            inner["S"] = "/NonStruct" if inner["S"] == "/LBody" else inner["S"]
        part["S"] = "/LBody" if place else "/Lbl"
