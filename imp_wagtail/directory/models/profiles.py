"""The part of a directory page that shows one teacher, and tells search engines of those who agreed to it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch
from django.utils.cache import patch_cache_control
from wagtail.contrib.routable_page.models import path

from ..below import BelowMixin
from ..names import canonical_address
from .consents import Purpose
from .teachers import Teacher


class ProfilesMixin(BelowMixin):
    """A page for each listed teacher. Its route takes whatever address is left, so it comes last of the mixins."""

    @path("<str:slug>/", name="teacher")
    def teacher(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One listed teacher's page, at one address; whoever is not listed is not found."""
        from ..profiles.reading import for_profile

        teacher = for_profile(Teacher.objects.listed().filter(slug=canonical_address(slug)))
        if teacher is None:
            raise Http404
        if teacher.slug != slug:
            return redirect(self.teacher_url(teacher, request), permanent=True)
        return self.profile(request, teacher)

    def profile(self, request: HttpRequest, teacher: Teacher) -> HttpResponse:
        """The page of a teacher as ``for_profile`` read it. Whether it may be seen is the caller's to ask."""
        from ..profiles.machines import profile_nodes
        from ..profiles.shown import Profile

        profile = Profile(teacher, page=self, request=request)
        context = {
            **self.get_context_below(request),
            "teacher": teacher,
            "profile": profile,
            "structured": profile_nodes(profile),
        }
        response = TemplateResponse(request, "imp_directory/teacher.html", context)
        # Whoever keeps a copy has to ask whether it is still to be seen.
        patch_cache_control(response, no_cache=True)
        if not profile.is_indexed:
            response.headers["X-Robots-Tag"] = "noindex, noarchive"
        return response

    def teacher_url(self, teacher: Teacher, request: HttpRequest | None = None) -> str:
        """The address of a teacher's page within the site."""
        return self.get_url(request) + self.reverse_subpage("teacher", args=[teacher.slug])

    def full_teacher_url(self, teacher: Teacher, request: HttpRequest | None = None) -> str:
        """The same with scheme and host, as the site's record has them: one address, whichever way a reader came."""
        return self.get_full_url(request) + self.reverse_subpage("teacher", args=[teacher.slug])

    def contact_url(self, teacher: Teacher, request: HttpRequest | None = None) -> str:
        """Where a teacher can be written to; "" without an address on record, or on a page type that has no form."""
        if not teacher.participant.email:
            return ""
        try:
            return self.get_url(request) + self.reverse_subpage("contact", args=[teacher.slug])
        except NoReverseMatch:
            return ""

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The page itself, and that of each listed teacher who agreed to being found by search engines."""
        people = Teacher.objects.listed().agreeing_to(Purpose.INDEXING).order_by("pk")
        here = self.get_full_url(request)
        return [
            *super().get_sitemap_urls(request),
            *(
                {"location": here + self.reverse_subpage("teacher", args=[slug]), "lastmod": updated_at}
                for slug, updated_at in people.values_list("slug", "updated_at").iterator()
            ),
        ]
