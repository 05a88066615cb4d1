"""The part of a directory page by which a teacher is written to."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.contrib.routable_page.models import path

from ..below import BelowMixin
from ..names import canonical_address

if TYPE_CHECKING:
    from ..models import Teacher


class ContactMixin(BelowMixin):
    """A form for each teacher who may be written to, and the page after it."""

    @path("<str:slug>/contact/", name="contact")
    def contact(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The form. Whoever may not be written to is not found."""
        from .pages import write

        teacher = self._teacher_to_write_to(slug)
        if teacher.slug != slug:
            return redirect(
                self.get_url(request) + self.reverse_subpage("contact", args=[teacher.slug]), permanent=True
            )
        return write(request, self, teacher, self.get_context_below(request))

    @path("<str:slug>/contact/sent/", name="contact_sent")
    def contact_sent(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Thanks; the same for whatever was written."""
        from .pages import thank

        return thank(request, self._teacher_to_write_to(slug), self.get_context_below(request))

    def _teacher_to_write_to(self, slug: str) -> "Teacher":
        from ..models import Teacher
        from .rules import can_be_written_to

        found = Teacher.objects.filter(can_be_written_to(), slug=canonical_address(slug))
        teacher = found.select_related("participant").first()
        if teacher is None:
            raise Http404
        return teacher
