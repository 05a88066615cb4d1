"""What a page says, said once more for machines: schema.org's vocabulary as JSON-LD.

The nodes are plain data and can be put together in Python; ``json_ld`` makes of them what stands in a page. Browsers
take it for data and run none of it, so that a strict Content-Security-Policy has nothing against it.
"""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe
from wagtail.models import Page, Site
from wagtail.rich_text import expand_db_html, get_text_for_indexing

from .conf import settings

Node = dict[str, Any]

VOCABULARY = "https://schema.org"
#: How something is taught, as CourseInstance and as Event say it.
ONSITE = ("onsite", f"{VOCABULARY}/OfflineEventAttendanceMode")
ONLINE = ("online", f"{VOCABULARY}/OnlineEventAttendanceMode")
BLENDED = ("blended", f"{VOCABULARY}/MixedEventAttendanceMode")
#: What could end the element or begin another one, whatever stands in somebody's name. JSON reads them back.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}


def thing(kind: str, **properties: Any) -> Node:
    """A node of a type, with those of the properties that have a value. ``id`` is what other nodes call it by."""
    said = {"@type": kind, "@id": properties.pop("id", None), **properties}
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def plain_text(rich_text: str) -> str:
    """Rich text without its markup, in one line; the facts in it are told."""
    return " ".join(get_text_for_indexing(expand_db_html(rich_text or "")).split())


def called(node: Node) -> Node:
    """Another node, by its name alone."""
    return {"@id": node["@id"]}


def json_ld(nodes: list[Node]) -> SafeString:
    """The element for these nodes; nothing where there are none.

    Whatever is not ASCII is written by its number, line separators included, and so are the signs of HTML.
    """
    if not nodes:
        return SafeString()
    document = json.dumps(
        {"@context": VOCABULARY, "@graph": list(nodes)}, cls=DjangoJSONEncoder, separators=(",", ":")
    )
    return mark_safe(f'<script type="application/ld+json">{document.translate(ESCAPES)}</script>')  # noqa: S308


def publisher(request: HttpRequest) -> Node:
    """Whose site it is; the same node on every page."""
    site = Site.find_for_request(request)
    root = site.root_url if site else settings.base_url
    return thing("Organization", id=f"{root}/#publisher", name=settings.issuer or site.site_name, url=f"{root}/")


def breadcrumbs(page: Page, request: HttpRequest, *further: tuple[str, str]) -> Node:
    """The way from the site's first page to this one, and on to what it shows at addresses of its own.

    ``further``: the name and the whole address of each step from there.
    """
    steps = [(str(step.title), step.get_full_url(request)) for step in way_to(page, request)] + list(further)
    return thing(
        "BreadcrumbList",
        id=f"{steps[-1][1]}#breadcrumb",
        itemListElement=[
            thing("ListItem", position=place, name=name, item=address)
            for place, (name, address) in enumerate(steps, start=1)
        ],
    )


def way_to(page: Page, request: HttpRequest) -> list[Page]:
    """The pages from the site's first one to this one. Right below that, as most are, there is nothing to look up."""
    site = Site.find_for_request(request)
    first = site.root_page if site else None
    if first and page.pk == first.pk:
        return [page]
    if first and page.path[: -page.steplen] == first.path:
        return [first, page]
    if first and page.path[: -2 * page.steplen] == first.path:
        return [first, page.get_parent(), page]  # which a page may have come to know on the way
    return list(page.get_ancestors(inclusive=True).filter(depth__gte=first.depth if first else 2))
