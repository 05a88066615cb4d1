"""Where the list and the map of one and the same question are."""

from typing import Any

from django.http import HttpRequest


def with_filters(url: str, filters: Any, **instead: str) -> str:
    """An address of the directory with the filters that are set; ``instead``: some of them set otherwise."""
    return url + query_of(filters.address(**instead))


def query_of(address: str) -> str:
    """The query of an address with its mark; "" without one."""
    _path, mark, query = address.partition("?")
    return mark + query


def list_url(page: Any, request: HttpRequest, filters: Any) -> str:
    return with_filters(page.get_url(request), filters)


def map_url(page: Any, request: HttpRequest, filters: Any) -> str:
    return with_filters(page.get_url(request) + page.reverse_subpage("map"), filters)


def places_url(page: Any, request: HttpRequest, filters: Any) -> str:
    """Where the map's script gets the marks from."""
    return with_filters(page.get_url(request) + page.reverse_subpage("places"), filters)
