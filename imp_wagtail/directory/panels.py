"""The directory on a participant's record."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.panels import RecordPanel

from .models import Teacher
from .permissions import CHANGE_TEACHERS, LIST_TEACHERS, SEE_TEACHERS


class DirectoryPanel(RecordPanel):
    """Whether somebody is in the directory, why not, and what can be done about it."""

    name = "directory"
    heading = _("Teacher directory")
    order = 60
    template_name = "imp_directory/admin/record_panel.html"

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        user = self.request.user
        teacher = Teacher.objects.filter(participant=self.participant).first()
        if teacher:
            teacher.participant = self.participant
        has_completed = any(item.enrolment.may_be_listed for item in self.record)
        return {
            **super().get_context_data(parent_context),
            "teacher": teacher,
            "public_url": reverse("imp_teachers:public", args=[teacher.pk]) if teacher and teacher.is_listed else "",
            "has_completed": has_completed,
            "may_list": user.has_perm(LIST_TEACHERS),
            "may_change": user.has_perm(CHANGE_TEACHERS),
        }


def directory_panels(participant: Participant, request: HttpRequest) -> list[RecordPanel]:
    """The panel, for whoever may see directory entries."""
    return [DirectoryPanel(participant, request)] if request.user.has_perm(SEE_TEACHERS) else []
