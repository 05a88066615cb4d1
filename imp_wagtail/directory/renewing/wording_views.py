"""The screens of consent texts: what stands, and a form for a new wording that says first whom it concerns."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import ActionFormView

from .. import actions
from ..models import ConsentText, Purpose
from ..permissions import SEE_WORDINGS, WRITE_WORDINGS
from .wording_forms import NewWordingForm
from .wordings import all_wordings, foresee, last_texts, wordings_for


def breadcrumbs(*further: tuple[str, Any]) -> list[dict[str, Any]]:
    return [
        {"url": reverse("imp_teachers:index"), "label": _("Teachers")},
        *({"url": url, "label": label} for url, label in further),
    ]


class WordingsView(WagtailAdminTemplateMixin, TemplateView):
    """For each purpose the wording that stands, those before it, and how many agreed to which."""

    template_name = "imp_directory/admin/wordings.html"
    page_title = gettext_lazy("Consent texts")
    header_icon = "doc-full"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_WORDINGS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *breadcrumbs(("", self.get_page_title()))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_write = self.request.user.has_perm(WRITE_WORDINGS)
        return {**super().get_context_data(**kwargs), "wordings": all_wordings(), "may_write": may_write}


class NewWordingView(ActionFormView):
    """A new wording for one purpose. What stands is never edited: people agreed to it as it is."""

    permission = WRITE_WORDINGS
    form_class = NewWordingForm
    template_name = "imp_directory/admin/new_wording.html"
    header_icon = "doc-full"
    page_title = gettext_lazy("Write a new wording")
    success_message = gettext_lazy("Published. Whoever agreed to an earlier wording is asked anew.")
    purpose: Purpose

    def look_up(self, purpose: str, **kwargs: Any) -> None:
        if purpose not in Purpose.values:
            raise Http404
        self.purpose = Purpose(purpose)

    def get_page_subtitle(self) -> str:
        return str(self.purpose.label)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "purpose": self.purpose, "texts": last_texts(self.purpose)}

    def form_valid(self, form: NewWordingForm) -> HttpResponse:
        if not form.was_foreseen:
            return self.render_to_response(self.get_context_data(form=form, foresight=foresee(self.purpose)))
        return super().form_valid(form)

    def act(self, data: dict[str, Any]) -> list[ConsentText]:
        return actions.publish_text(
            self.purpose, data["texts"], earlier_end_on=data["earlier_end_on"], by=self.request.user
        )

    def get_success_url(self) -> str:
        return reverse("imp_teachers:wordings")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        further = (reverse("imp_teachers:wordings"), _("Consent texts")), ("", self.get_page_title())
        return [*self.breadcrumbs_items, *breadcrumbs(*further)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        is_foreseen = "foresight" in context
        label = _("Publish") if is_foreseen else _("See whom it concerns")
        return {**context, "wordings": wordings_for(self.purpose), "submit_label": label}
