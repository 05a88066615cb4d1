"""One entry: made from a participant's record, shown and edited."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS
from imp_wagtail.participants.views import RecordActionView, record_url

from .. import actions
from ..details import details_of
from ..forms import ListForm, TeacherForm
from ..models import Purpose, Teacher
from ..permissions import LIST_TEACHERS, may_edit_photo
from ..presentation import public_url
from .base import TeacherActionView, edit_url
from .consents import consent_lines


class ListTeacherView(RecordActionView):
    """Puts a participant into the directory, from their record, which its form begins with."""

    permission = LIST_TEACHERS
    form_class = ListForm
    header_icon = "globe"
    page_title = _("List as teacher")
    submit_label = _("List")
    success_message = _("Listed. Courses and qualifications can be added here.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.participant = get_object_or_404(Participant, pk=pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        standing = Teacher.objects.filter(participant=self.participant).first()
        return redirect(edit_url(standing)) if standing else super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        has_standing = Enrolment.objects.may_be_listed().filter(participant=self.participant).exists()
        return {**super().get_form_kwargs(), "user": self.request.user, "has_standing": has_standing}

    def get_initial(self) -> dict[str, Any]:
        known = self.participant
        languages = [known.language] if known.language else []
        return {"name": known.name, "town": known.town, "country": known.country, "languages": languages}

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.list_teacher(self.participant, **data, by=self.request.user)

    def get_success_url(self) -> str:
        teacher = getattr(self, "result", None)
        return edit_url(teacher) if teacher else super().get_success_url()


class EditTeacherView(TeacherActionView):
    """One entry: whether it is listed, what was agreed to, what it says, its courses and its qualifications."""

    locks = True

    form_class = TeacherForm
    template_name = "imp_directory/admin/edit_teacher.html"
    success_message = _("Entry saved.")

    def get_page_title(self) -> str:
        return self.teacher.name

    def get_page_subtitle(self) -> str:
        return ""

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items()[:-2], {"url": "", "label": self.teacher.name}]

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes what was typed into its instance, and the page shows what is stored.
        stored = Teacher.objects.get(pk=self.teacher.pk)
        return {**super().get_form_kwargs(), "instance": stored, "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"languages": details_of(self.teacher)["languages"]}

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.update_teacher(self.teacher, **data, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.update(
            {
                "teacher": self.teacher,
                "public_url": public_url(self.teacher),
                "record_url": self._record_url(),
                "consent_lines": consent_lines(self.teacher),
                "courses": self.teacher.courses.order_by("-ends", "-pk"),
                "qualifications": self.teacher.qualifications.select_related("checked_by"),
                "photo_url": self._photo_url(),
                "shows_photo": self.teacher.agrees_to(Purpose.PHOTO),
                "cancel_url": reverse("imp_teachers:index"),
            }
        )
        return context

    def _record_url(self) -> str | None:
        return record_url(self.teacher.participant) if self.request.user.has_perm(SEE_PARTICIPANTS) else None

    def _photo_url(self) -> str | None:
        """Where Wagtail sets a photo's focal point, for whoever may."""
        photo = self.teacher.photo
        may_edit = photo and may_edit_photo(self.request.user, photo)
        return reverse("wagtailimages:edit", args=[photo.pk]) if may_edit else None
