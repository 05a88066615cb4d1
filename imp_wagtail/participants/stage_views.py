"""The forms of the record about stages, their windows, and the enrolment itself."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date

from . import actions, forms
from .models import Enrolment, Extension
from .views import EnrolmentActionView, RecordActionView


class CompleteStageView(EnrolmentActionView):
    form_class = forms.CompleteStageForm
    submit_label = gettext_lazy("Complete stage")

    def get_page_title(self) -> str:
        return _("Complete “%(stage)s”") % {"stage": self.stage}

    def act(self, data: dict[str, Any]) -> Any:
        return actions.complete_stage(self.enrolment, self.stage, on=data["completed_on"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Stage completed: %(stage)s.") % {"stage": self.stage}


class ReopenStageView(EnrolmentActionView):
    form_class = forms.ReasonForm
    submit_label = gettext_lazy("Reopen stage")

    def get_page_title(self) -> str:
        return _("Reopen “%(stage)s”") % {"stage": self.stage}

    def act(self, data: dict[str, Any]) -> None:
        actions.reopen_stage(self.enrolment, self.stage, why=data["why"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Stage reopened: %(stage)s.") % {"stage": self.stage}


class ExtendWindowView(EnrolmentActionView):
    form_class = forms.ExtendWindowForm
    submit_label = gettext_lazy("Extend")

    def get_page_title(self) -> str:
        return _("Extend “%(stage)s”") % {"stage": self.stage}

    @property
    def help_text(self) -> str:
        row = self.enrolment.progress.filter(stage=self.stage, closes_on__isnull=False).first()
        return _("Until now it is open until %(date)s.") % {"date": long_date(row.closes_on)} if row else ""

    def act(self, data: dict[str, Any]) -> Extension:
        return actions.extend_window(self.enrolment, self.stage, **data, by=self.request.user)

    def get_success_message(self) -> str:
        told = {"stage": self.stage, "date": long_date(self.result.until)}
        return _("Window extended: %(stage)s, until %(date)s.") % told


class EndExtensionView(RecordActionView):
    form_class = forms.ReasonForm
    page_title = gettext_lazy("Take an extension back")
    submit_label = gettext_lazy("Take back")
    success_message = gettext_lazy("Extension taken back.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        extensions = Extension.objects.select_related("enrolment__participant", "stage")
        self.extension = get_object_or_404(extensions, pk=pk)
        self.participant = self.extension.enrolment.participant

    @property
    def help_text(self) -> str:
        extension = self.extension
        return _("%(stage)s, open until %(date)s: %(reason)s") % {
            "stage": extension.stage,
            "date": long_date(extension.until),
            "reason": extension.reason,
        }

    def act(self, data: dict[str, Any]) -> None:
        actions.end_extension(self.extension, why=data["why"], by=self.request.user)


class SetStatusView(EnrolmentActionView):
    """Pauses, resumes or withdraws; the address says which."""

    form_class = forms.ReasonForm

    TITLES = {
        Enrolment.Status.ACTIVE: gettext_lazy("Resume enrolment"),
        Enrolment.Status.PAUSED: gettext_lazy("Pause enrolment"),
        Enrolment.Status.WITHDRAWN: gettext_lazy("Withdraw enrolment"),
    }

    def look_up(self, status: str, **kwargs: Any) -> None:
        if status not in self.TITLES:
            raise Http404
        self.status = status
        super().look_up(**kwargs)

    def get_page_title(self) -> str:
        return str(self.TITLES[self.status])

    @property
    def submit_label(self) -> str:
        return self.get_page_title()

    def act(self, data: dict[str, Any]) -> Enrolment:
        return actions.set_status(self.enrolment, self.status, why=data["why"], by=self.request.user)

    def get_success_message(self) -> str:
        return self.result.status_in_words
