"""What the page with the map says, and what its script is told."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings

from ..finding.filters import TeacherFilterSet
from .addresses import list_url, places_url, query_of
from .atlas import atlas_of

SHAPES = "imp_directory/vendor/world-atlas/countries-{scale}.json"


def map_context(page: Any, request: HttpRequest) -> dict[str, Any]:
    """What the template shows of the map; see ``MapMixin.map``."""
    filters = TeacherFilterSet(request.GET, request=request)
    found = filters.found
    placed = (found.bits & atlas_of(found.index).placed).bit_count()
    return {
        "filters": filters,
        "chosen": filters.chosen,
        "count": found.count,
        "placed": placed,
        "unplaced": found.count - placed,
        "form_url": page.get_url(request) + page.reverse_subpage("map"),
        "list_url": list_url(page, request, filters),
        "canonical_url": page.get_full_url(request) + page.reverse_subpage("map"),
        "shared_query": query_of(filters.address()),
        "attribution": settings.MAP_ATTRIBUTION if settings.MAP_TILES else "",
        "config": {
            "places": places_url(page, request, filters),
            "tiles": settings.MAP_TILES,
            "coarse": static(SHAPES.format(scale="110m")),
            "fine": static(SHAPES.format(scale="50m")),
            "words": words(),
        },
    }


def words() -> dict[str, str]:
    """What the script says. None of it depends on a number, whose forms differ from language to language."""
    return {
        "map": _("Map of the teachers"),
        "help": _("Move it with the arrow keys, and zoom with plus and minus. What is on it is reached with Tab."),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "close": _("Close"),
        "person": _("{name}, {place}"),
        "here": _("{place}, teachers: {count}"),
        "around": _("{place} and around, teachers: {count}"),
        "listedBy": _("listed by {partner}"),
        "further": _("All of them in the list"),
        "inView": _("Teachers in this part of the map: {count}"),
        "failed": _("The map could not be loaded. The list has the same teachers."),
    }
