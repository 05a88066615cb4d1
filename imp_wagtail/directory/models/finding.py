"""The part of a directory page that is the list: the form, what was found, and the address of both."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from wagtail.contrib.routable_page.models import RoutablePageMixin, path


class FindingMixin(RoutablePageMixin):
    """Finds teachers by all that the form asks for, which is all in the page's address."""

    @path("")
    def index_route(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The list. Whoever keeps a copy of it has to ask whether everybody in it is still to be seen."""
        response = super().index_route(request, *args, **kwargs)
        patch_cache_control(response, no_cache=True)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the list shows.

        ``filters``: the form, which knows what was ``chosen``. ``count``: how many were found. ``teachers``: a page of
        those, and ``cards`` what it shows of them. ``canonical_url``: the one address of all that mean the same.
        ``shared_query``: what was asked, as every language asks it.
        """
        from ..finding.lists import list_context

        return {**super().get_context(request, *args, **kwargs), **list_context(self, request)}
