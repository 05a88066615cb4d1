"""The forms about a cohort's members: who joins, who leaves, who changes to another cohort."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..permissions import SEE_PARTICIPANTS
from . import actions as cohort_actions
from . import member_forms
from .action_views import CohortActionView, PartOfCohortView


class AddMembersView(CohortActionView):
    """Offers whom may join; for whoever may see participants, because their names are on show."""

    template_name = "imp_participants/admin/add_members.html"
    form_class = member_forms.AddMembersForm
    page_title = gettext_lazy("Add members")
    submit_label = gettext_lazy("Add")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cohort": self.cohort}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """*Find* shows others, and keeps who is ticked."""
        if "find" not in request.POST:
            return super().post(request, *args, **kwargs)
        chosen = {"q": request.POST.get("q", ""), "enrolments": request.POST.getlist("enrolments")}
        form = self.form_class(initial=chosen, cohort=self.cohort)
        return self.render_to_response(self.get_context_data(form=form))

    def act(self, data: dict[str, Any]) -> int:
        cohort_actions.join_all(self.cohort, data["enrolments"], by=self.request.user)
        return len(data["enrolments"])

    def get_success_message(self) -> str:
        return ngettext("%(n)d member added.", "%(n)d members added.", self.result) % {"n": self.result}


class MemberView(PartOfCohortView):
    """A form about one member."""

    def look_up(self, pk: int, membership: int, **kwargs: Any) -> None:
        super().look_up(pk=pk)
        members = self.cohort.memberships.select_related("cohort", "enrolment__participant")
        self.membership = get_object_or_404(members, pk=membership)

    @property
    def name(self) -> str:
        return self.membership.enrolment.participant.name


class RemoveMemberView(MemberView):
    """Asks once more, and says what stays."""

    form_class = Form
    page_title = gettext_lazy("Remove from cohort")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Member removed.")

    @property
    def help_text(self) -> str:
        text = _("%(name)s will no longer be a member. The attendance until now stays on record and counts.")
        return text % {"name": self.name}

    def act(self, data: dict[str, Any]) -> None:
        cohort_actions.leave_cohort(self.membership, by=self.request.user)


class MoveMemberView(MemberView):
    """To leave one cohort and join another is one step."""

    form_class = member_forms.MoveMemberForm
    page_title = gettext_lazy("Move to another cohort")
    submit_label = gettext_lazy("Move")

    @property
    def help_text(self) -> str:
        text = _("%(name)s changes to another cohort. The attendance until now stays on record and counts on.")
        return text % {"name": self.name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "cohort": self.cohort}

    def act(self, data: dict[str, Any]) -> Any:
        return cohort_actions.move_member(self.membership, data["cohort"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("%(name)s is now in “%(cohort)s”.") % {"name": self.name, "cohort": self.result.cohort}
