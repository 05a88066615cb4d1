"""Courses of an entry."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Course
from .base import EditItemView, ItemActionView, TeacherActionView
from .forms import ConfirmForm, CourseForm, EditCourseForm


class AddCourseView(TeacherActionView):
    form_class = CourseForm
    page_title = _("Add a course")
    submit_label = _("Add")
    success_message = _("Course added.")

    def get_initial(self) -> dict[str, Any]:
        first = self.teacher.languages.first()
        return {"language": first.language if first else "", "place": self.teacher.town}

    def act(self, data: dict[str, Any]) -> Course:
        return actions.add_course(self.teacher, **data, by=self.request.user)


class EditCourseView(EditItemView):
    model = Course
    form_class = EditCourseForm
    page_title = _("Edit a course")
    success_message = _("Course saved.")

    def act(self, data: dict[str, Any]) -> Course:
        return actions.update_course(self.item, **data, by=self.request.user)


class RemoveCourseView(ItemActionView):
    """Asks once more before a course is removed."""

    model = Course
    form_class = ConfirmForm
    page_title = _("Remove a course")
    submit_label = _("Remove")
    success_message = _("Course removed.")

    @property
    def help_text(self) -> str:
        return f"{self.item}, {self.item.dates}"

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_course(self.item, by=self.request.user)
