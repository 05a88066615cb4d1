"""The public directory: a filtered list, and a page for each listed teacher."""

from typing import Any

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page

from imp_wagtail.core.conf import settings

from ..names import canonical_address
from .teachers import Teacher


class DirectoryPageMixin(RoutablePageMixin, models.Model):
    """Finds teachers by name, country, language, format and upcoming courses, all in the page's address."""

    introduction = RichTextField(_("introduction"), blank=True, features=["bold", "italic", "link"])

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the list shows.

        ``filters``: the form. ``chosen``: the filters that are set, each ``(label, address without it)``.
        ``teachers``: a page of those found, each with what is shown. ``count``: of all that were found.
        """
        from ..filters import TeacherFilterSet

        context = super().get_context(request, *args, **kwargs)
        filters = TeacherFilterSet(request.GET, Teacher.objects.listed().for_display(), request=request)
        found = Paginator(filters.qs.order_by("folded_name", "pk"), settings.TEACHERS_PER_PAGE)
        context.update(
            {
                "filters": filters,
                "chosen": filters.chosen,
                "teachers": nearest_page(found, request.GET.get("page")),
                "count": found.count,
            }
        )
        return context

    @path("<str:slug>/", name="teacher")
    def teacher(self, request: HttpRequest, slug: str) -> HttpResponse:
        """One listed teacher's page, at one address; whoever is not listed is not found."""
        teacher = Teacher.objects.listed().for_display().filter(slug=canonical_address(slug)).first()
        if teacher is None:
            raise Http404
        if teacher.slug != slug:
            return redirect(self.teacher_url(teacher, request), permanent=True)
        context = {**super().get_context(request), "teacher": teacher}
        return TemplateResponse(request, "imp_directory/teacher.html", context)

    def teacher_url(self, teacher: Teacher, request: HttpRequest | None = None) -> str:
        """The address of a teacher's page within the site."""
        return self.get_url(request) + self.reverse_subpage("teacher", args=[teacher.slug])

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """The list and the page of each listed teacher; nobody else's."""
        here = self.get_full_url(request)
        people = Teacher.objects.listed().only("slug", "updated_at").order_by("pk")
        return [
            *super().get_sitemap_urls(request),
            *(
                {
                    "location": here + self.reverse_subpage("teacher", args=[teacher.slug]),
                    "lastmod": teacher.updated_at,
                }
                for teacher in people.iterator()
            ),
        ]


def nearest_page(paginator: Paginator, number: str | None) -> ListPage:
    """The page asked for, or the nearest that there is; the first for what is no number."""
    try:
        wanted = int(number or 1)
    except ValueError:
        wanted = 1
    return paginator.page(min(max(wanted, 1), paginator.num_pages))


class DirectoryPage(DirectoryPageMixin, Page):
    """The directory of teachers."""

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("teacher directory")
        verbose_name_plural = _("teacher directories")
