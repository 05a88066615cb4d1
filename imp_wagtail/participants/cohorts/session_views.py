"""The forms about a cohort's sessions: a series is added, one is changed or removed."""

from typing import Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..forms import ReasonForm
from . import actions as cohort_actions
from . import forms as cohort_forms
from .action_views import CohortActionView, PartOfCohortView


class AddSessionsView(CohortActionView):
    """A series of sessions. Where there are none yet, the days of the cohort's training stand in the form."""

    form_class = cohort_forms.AddSessionsForm
    page_title = gettext_lazy("Add sessions")
    submit_label = gettext_lazy("Add")

    def get_initial(self) -> dict[str, Any]:
        if self.cohort.sessions.exists():
            return {}
        return cohort_forms.days_of(self.cohort.training) or {}

    def act(self, data: dict[str, Any]) -> list[Any]:
        return cohort_actions.add_sessions(self.cohort, **data, by=self.request.user)

    def get_success_message(self) -> str:
        n = len(self.result)
        if not n:
            return _("No session added: there is one on each of these days already.")
        return ngettext("%(n)d session added.", "%(n)d sessions added.", n) % {"n": n}


class SessionView(PartOfCohortView):
    """A form about one session."""

    def look_up(self, pk: int, session: int, **kwargs: Any) -> None:
        super().look_up(pk=pk)
        self.session = get_object_or_404(self.cohort.sessions, pk=session)

    def attended(self) -> int:
        return self.session.attendance.count()


class EditSessionView(SessionView):
    locks = True
    form_class = cohort_forms.SessionForm
    page_title = gettext_lazy("Edit session")
    success_message = gettext_lazy("Session saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": self.session}

    def act(self, data: dict[str, Any]) -> Any:
        return cohort_actions.save_session(self.session, by=self.request.user)


class RemoveSessionView(SessionView):
    """Asks once more, says what goes with the session, and why it goes where somebody was there."""

    form_class = ReasonForm
    page_title = gettext_lazy("Remove session")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Session removed.")

    def get_form(self, form_class: type[Form] | None = None) -> Form:
        form = super().get_form(form_class)
        form.fields["why"].required = bool(self.attended())
        return form

    @property
    def help_text(self) -> str:
        n, session = self.attended(), self.session.name
        if not n:
            return _("%(session)s is taken off the list. Nobody is put down as present.") % {"session": session}
        text = ngettext(
            "%(n)d person is put down as present on %(session)s. This attendance is taken back with the session and "
            "counts no longer; a stage that is completed stays completed.",
            "%(n)d people are put down as present on %(session)s. This attendance is taken back with the session and "
            "counts no longer; stages that are completed stay completed.",
            n,
        )
        return text % {"n": n, "session": session}

    def act(self, data: dict[str, Any]) -> int:
        return cohort_actions.remove_session(self.session, why=data["why"], by=self.request.user)
