"""Qualifications of an entry."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from .. import actions
from ..models import Qualification
from .base import EditItemView, ItemActionView, TeacherActionView
from .forms import CheckForm, ConfirmForm, EditQualificationForm, QualificationForm


class AddQualificationView(TeacherActionView):
    form_class = QualificationForm
    page_title = _("Add a qualification")
    submit_label = _("Add")
    success_message = _("Qualification added.")

    def act(self, data: dict[str, Any]) -> Qualification:
        return actions.add_qualification(self.teacher, **data, by=self.request.user)


class EditQualificationView(EditItemView):
    model = Qualification
    form_class = EditQualificationForm
    page_title = _("Edit a qualification")
    success_message = _("Qualification saved.")

    def act(self, data: dict[str, Any]) -> Qualification:
        return actions.update_qualification(self.item, **data, by=self.request.user)


class SayingWhichView(ItemActionView):
    """A form that does not show the qualification itself."""

    model = Qualification

    @property
    def help_text(self) -> str:
        held = self.item
        parts = (str(held), held.body, held.level, held.get_sort_display())
        return " · ".join(part for part in parts if part)


class CheckQualificationView(SayingWhichView):
    """Records that somebody asked the body; from then on the public may see an accreditation."""

    form_class = CheckForm
    page_title = _("Checked with the body")
    submit_label = _("Record the check")
    success_message = _("Check recorded.")

    def act(self, data: dict[str, Any]) -> Qualification:
        return actions.check_qualification(self.item, **data, by=self.request.user)


class RemoveQualificationView(SayingWhichView):
    """Asks once more before a qualification is removed."""

    form_class = ConfirmForm
    page_title = _("Remove a qualification")
    submit_label = _("Remove")
    success_message = _("Qualification removed.")

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_qualification(self.item, by=self.request.user)
