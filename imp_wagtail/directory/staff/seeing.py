"""From the admin to what the public sees of an entry, or would see."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin import messages

from imp_wagtail.participants.views import record_url

from ..models import Teacher
from ..permissions import CHANGE_TEACHERS, SEE_TEACHERS
from ..presentation import first_directory, public_url
from ..profiles.reading import for_profile
from .base import edit_url


def public_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Leads from the admin to a teacher's public page, which is looked for only when somebody wants to see it."""
    if not request.user.has_perm(SEE_TEACHERS):
        raise PermissionDenied
    teacher = get_object_or_404(Teacher, pk=pk)
    address = public_url(teacher)
    if address is None:
        messages.warning(request, _("%(name)s is on no public page now.") % {"name": teacher})
        return redirect(record_url(teacher.participant))
    return redirect(address)


@never_cache
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The public page as it would look if the entry were listed now: what was not agreed to is not on it."""
    if not request.user.has_perm(CHANGE_TEACHERS):
        raise PermissionDenied
    teacher = get_object_or_404(Teacher, pk=pk)
    page = first_directory()
    if page is None:
        messages.warning(request, _("There is no published directory page that could show it."))
        return redirect(edit_url(teacher))
    request.is_preview = True
    with translation.override(page.locale.language_code):
        response = page.profile(request, for_profile(Teacher.objects.filter(pk=teacher.pk)))
        response.template_name = "imp_directory/preview.html"
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        return response.render()
