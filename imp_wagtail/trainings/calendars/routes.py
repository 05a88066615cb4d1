"""Calendar files at the addresses of pages: ``<page>/calendar.ics``."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import translation
from wagtail.contrib.routable_page.models import RoutablePageMixin, path

from imp_wagtail.core.answers import file_answer, file_name

from .files import calendar_file

CONTENT_TYPE = "text/calendar; charset=utf-8"
#: What stands behind the address of a page; see ``core.urls``.
FILE = "calendar.ics"


class CalendarMixin(RoutablePageMixin):
    """A page with a calendar file; ``appointments`` says what is in it."""

    def appointments(self, request: HttpRequest) -> list[Any]:
        raise NotImplementedError

    def get_calendar_url(self, request: HttpRequest | None = None) -> str:
        """The whole address of the calendar file, to subscribe to."""
        return (self.get_full_url(request) or "") + FILE

    @path(f"{FILE}/", name="calendar")
    def calendar(self, request: HttpRequest) -> HttpResponseBase:
        """The calendar file, in the page's language. A training whose days are not known has none."""
        if getattr(self, "year_only", False):
            raise Http404  # RFC 5545 has no calendar without anything in it
        language = self.locale.language_code
        address = self.get_full_url(request) or ""
        with translation.override(language):
            appointments = tuple(self.appointments(request))
        content = calendar_file(appointments, title=str(self.title), language=language, address=address)
        return file_answer(self, request, content, CONTENT_TYPE, filename=file_name(self.title, "ics"))
