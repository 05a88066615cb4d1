"""Addresses of files that pages make.

The addresses of Wagtail's pages have no dots, so these never stand in the way of one.
"""

from django.http import HttpRequest, HttpResponseBase
from django.urls import re_path
from wagtail.views import serve


def page_file(request: HttpRequest, page: str, file: str) -> HttpResponseBase:
    """The file of a page, which is served as Wagtail serves the page: with its restrictions and hooks.

    The page has a route for it: ``@path("calendar.ics/")``.
    """
    return serve(request, f"{page}{file}/")


urlpatterns = [re_path(r"^(?P<page>(?:[\w\-]+/)*)(?P<file>calendar\.ics|feed\.atom|share\.png)$", page_file)]
