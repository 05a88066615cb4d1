"""One partner in the admin, and the forms behind its buttons."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import ActionFormView

from .. import actions
from ..actions.partners import follow_later
from ..models import Partner
from ..permissions import ADD_PARTNERS, CHANGE_PARTNERS, REMOVE_PARTNERS, SEE_PARTNERS
from .forms import PartnerForm
from .in_words import answered_in_words, shown_until, standing_in_words
from .lists import partner_url

#: Of how many entries it is said why they cannot be shown.
MOST_FAULTS = 10


def trail(*partners: Partner) -> list[dict[str, Any]]:
    """The way from the list to a partner."""
    own = [{"url": partner_url(partner), "label": partner.name} for partner in partners if partner.pk]
    return [{"url": reverse("imp_partners:index"), "label": _("Partners")}, *own]


class PartnerView(WagtailAdminTemplateMixin, TemplateView):
    """Whether a partner's teachers are shown, when its feed was read, and what was wrong with it."""

    template_name = "imp_directory/admin/partner.html"
    header_icon = "link-external"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTNERS):
            raise PermissionDenied
        self.partner = get_object_or_404(Partner.objects.with_counts(), pk=pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return self.partner.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *trail(), {"url": "", "label": self.partner.name}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, partner = self.request.user, self.partner
        return {
            **super().get_context_data(**kwargs),
            "partner": partner,
            "standing": standing_in_words(partner),
            "answered": answered_in_words(partner),
            "shown_until": shown_until(partner),
            "faults": partner.entries.exclude(fault="").order_by("pk")[:MOST_FAULTS],
            "may_change": user.has_perm(CHANGE_PARTNERS),
            "may_remove": user.has_perm(REMOVE_PARTNERS),
        }


class PartnerActionView(ActionFormView):
    """A form about one partner; it leads back there."""

    permission = CHANGE_PARTNERS
    header_icon = "link-external"
    partner: Partner

    def look_up(self, pk: int, **kwargs: Any) -> None:
        partners = Partner.objects.select_for_update() if self.is_locking else Partner.objects
        self.partner = get_object_or_404(partners, pk=pk)

    def get_success_url(self) -> str:
        return partner_url(self.partner)

    def get_lost_url(self) -> str:
        return reverse("imp_partners:index")

    def get_page_subtitle(self) -> str:
        return self.partner.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        own = {"url": "", "label": self.get_page_title(), "sublabel": self.partner.name}
        return [*self.breadcrumbs_items, *trail(self.partner), own]


class EditPartnerView(PartnerActionView):
    locks = True
    form_class = PartnerForm
    page_title = gettext_lazy("Edit partner")
    success_message = gettext_lazy("Partner saved.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A copy: the form writes what was typed into its instance.
        return {**super().get_form_kwargs(), "instance": Partner.objects.get(pk=self.partner.pk)}

    def act(self, data: dict[str, Any]) -> Partner:
        return actions.update_partner(self.partner, **data, by=self.request.user)


class AddPartnerView(PartnerActionView):
    """A new partner. Whoever adds one decides whom the public finds here."""

    permission = ADD_PARTNERS
    form_class = PartnerForm
    page_title = gettext_lazy("New partner")
    submit_label = gettext_lazy("Add")
    help_text = gettext_lazy(
        "The teachers of this site are found in the directory with everybody else, marked as listed by it. Add only a "
        "site whose standards you know: nobody here checks its teachers."
    )

    def look_up(self, **kwargs: Any) -> None:
        self.partner = Partner()

    def act(self, data: dict[str, Any]) -> Partner:
        self.partner = actions.add_partner(**data, by=self.request.user)
        return self.partner

    def get_success_message(self) -> str:
        return _("%(name)s is added, and its feed is being read.") % {"name": self.partner.name}

    def get_success_url(self) -> str:
        return partner_url(self.partner) if self.partner.pk else reverse("imp_partners:index")


class ReadPartnerView(PartnerActionView):
    """Reads on in the feed now, instead of with the next night's work."""

    form_class = forms.Form
    page_title = gettext_lazy("Read the feed now")
    submit_label = gettext_lazy("Read now")
    success_message = gettext_lazy("The feed is being read.")
    help_text = gettext_lazy("It is read every day. Now you need not wait for that.")

    def act(self, data: dict[str, Any]) -> None:
        follow_later(self.partner.pk)


class RemovePartnerView(PartnerActionView):
    permission = REMOVE_PARTNERS
    form_class = forms.Form
    page_title = gettext_lazy("Remove partner")
    submit_label = gettext_lazy("Remove")
    success_message = gettext_lazy("Partner removed.")
    help_text = gettext_lazy(
        "The teachers of this site are gone from the directory at once. To pause it, switch it off instead."
    )

    def act(self, data: dict[str, Any]) -> None:
        actions.remove_partner(self.partner, by=self.request.user)
        self.partner = Partner()

    def get_success_url(self) -> str:
        return partner_url(self.partner) if self.partner.pk else reverse("imp_partners:index")
