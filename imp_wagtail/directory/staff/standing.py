"""Who stays in the directory: renewed, suspended, let in by decision."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.forms import ReasonForm

from .. import actions
from ..models import Teacher
from .base import TeacherActionView
from .forms import RenewForm


class RenewView(TeacherActionView):
    form_class = RenewForm
    page_title = _("Renew")
    submit_label = _("Renew")
    success_message = _("Renewed.")
    help_text = _("Record that the teacher declared that all of the entry is still so.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.renew(self.teacher, **data, by=self.request.user)


class SuspendView(TeacherActionView):
    form_class = ReasonForm
    page_title = _("Suspend")
    submit_label = _("Suspend")
    success_message = _("Suspended. Nobody sees this entry until the suspension ends.")
    help_text = _("The entry leaves the directory at once, until the suspension is ended. The public is not told why.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.suspend(self.teacher, **data, by=self.request.user)


class ResumeView(TeacherActionView):
    form_class = ReasonForm
    page_title = _("End the suspension")
    submit_label = _("End the suspension")
    success_message = _("The suspension has ended.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.resume(self.teacher, **data, by=self.request.user)


class RecogniseView(TeacherActionView):
    form_class = ReasonForm
    page_title = _("Recognise as teacher")
    submit_label = _("Recognise")
    success_message = _("Recognised.")
    help_text = _("A decision of staff that this person may be listed without a pathway completed here.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.recognise(self.teacher, **data, by=self.request.user)


class EndRecognitionView(TeacherActionView):
    form_class = ReasonForm
    page_title = _("End recognition")
    submit_label = _("End recognition")
    success_message = _("Recognition ended.")
    help_text = _("From now on only a completed pathway keeps this entry in the directory.")

    def act(self, data: dict[str, Any]) -> Teacher:
        return actions.end_recognition(self.teacher, **data, by=self.request.user)
