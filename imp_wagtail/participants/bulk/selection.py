"""Who is selected in the list of participants: those who are ticked, or everybody whom the list shows."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import resolve, reverse

from ..models import Participant

#: In the place of a key: all rows of the filter. Wagtail's script for listings sends it.
ALL = "all"


def selected(request: HttpRequest) -> QuerySet[Participant]:
    """Who is selected by the address of the request, in the order of the list.

    It is the list itself that filters and searches, so that "all" is what it shows, whatever filters it has.
    """
    listing = listing_of(request)
    keys = request.GET.getlist("id")
    if ALL in keys:
        return listing.get_queryset()
    return listing.order_queryset(listing.get_base_queryset().filter(pk__in=_numbers(keys)))


def listing_of(request: HttpRequest) -> Any:
    """The view of the list as it would answer this request."""
    view = resolve(reverse("imp_participants:index")).func
    listing = view.view_class(**view.view_initkwargs)
    listing.setup(request)
    return listing


def _numbers(keys: list[str]) -> list[int]:
    """The keys that could be one; longer numbers are no key on any database."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) <= 18]
