"""The part of a directory page that explains the three sorts of qualification to whoever engages a teacher."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from wagtail.contrib.routable_page.models import path

from ..below import BelowMixin


class ExplainingMixin(BelowMixin):
    """A page that says what each sort of qualification means, and what it does not."""

    @path("qualifications/", name="qualifications")
    def qualifications(self, request: HttpRequest) -> HttpResponse:
        """What the three sorts are, side by side; the same for everybody."""
        from ..profiles.machines import explanation_nodes

        context = {
            **self.get_context_below(request),
            "address": self.full_qualifications_url(request),
            "structured": explanation_nodes(self, request),
        }
        return TemplateResponse(request, "imp_directory/qualifications.html", context)

    def full_qualifications_url(self, request: HttpRequest | None = None) -> str:
        """The address of that page, with scheme and host."""
        return self.get_full_url(request) + self.reverse_subpage("qualifications")

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        return [*super().get_sitemap_urls(request), {"location": self.full_qualifications_url(request)}]
