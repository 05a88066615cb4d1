"""The part of a directory page that is the map."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_cache_control
from wagtail.contrib.routable_page.models import path

from ..below import BelowMixin


class MapMixin(BelowMixin):
    """The same as the list, by the same form, on a map: of those who agreed to be on one."""

    @path("map/", name="map")
    def map(self, request: HttpRequest) -> HttpResponse:
        """The map's page. The marks come from ``places``, after it.

        ``filters``: the form, and ``chosen`` what is set in it. ``count``: how many were found, ``placed`` and
        ``unplaced`` how many of them are on the map or not. ``form_url``: this page without filters, and ``list_url``
        the list with the same ones. ``shared_query``: those as every
        language asks for them. ``attribution``: whose tiles they are, where a site has set a tile server. ``config``:
        what the script is told.
        """
        from ..map.pages import map_context

        context = {**self.get_context_below(request), **map_context(self, request)}
        response = TemplateResponse(request, "imp_directory/map.html", context)
        patch_cache_control(response, no_cache=True)
        return response

    @path("map/places/", name="places")
    def places(self, request: HttpRequest) -> HttpResponse:
        """The marks on the map, for its script: see ``map.marks.Answer``."""
        from ..map.answers import places_answer

        return places_answer(self, request)
