"""Bulk actions where people look for them: at the foot of the list of participants, as everywhere in Wagtail.

They are registered with Wagtail like anybody's (``register_bulk_action``), and those that a site registers for
participants stand beside them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.tables import BulkActionsCheckboxColumn, Column
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.widgets.button import Button, ButtonWithDropdown, ListingButton

from ..models import Participant
from ..permissions import SEE_PARTICIPANTS
from .acts import ACTS, OWN_ACTS, Act

#: Buttons beside each other; more stand in a menu.
SIDE_BY_SIDE = 3


class Offer(BulkAction):
    """Leads from the list to the page of a bulk action, with the selection."""

    models = [Participant]
    permissions: tuple[str, ...] = (SEE_PARTICIPANTS,)
    url_name = "imp_participants:bulk"
    url_args: tuple[str, ...] = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(f"{reverse(self.url_name, args=self.url_args)}?{request.META['QUERY_STRING']}")

    @classmethod
    def is_offered_to(cls, user: Any) -> bool:
        return user.has_perms(cls.permissions)


class ExportOffer(Offer):
    display_name = _("Export")
    aria_label = _("Export the selected participants")
    action_type = "export"
    action_priority = 90
    url_name = "imp_participants:bulk_export"


def register_act(act: type[Act]) -> type[Act]:
    """Offer a bulk action in the list of participants, for other rooms and apps. Call it in ``AppConfig.ready``."""
    ACTS[act.name] = act
    hooks.register("register_bulk_action", offer_of(act))
    return act


def offers() -> list[type[Offer]]:
    """What this room registers with Wagtail."""
    return [*map(offer_of, OWN_ACTS), ExportOffer]


def offer_of(act: type[Act]) -> type[Offer]:
    """The way from the list to the page of a bulk action."""
    return type(
        f"{act.__name__}Offer",
        (Offer,),
        {
            "display_name": act.title,
            "aria_label": act.title,
            "action_type": act.name,
            "action_priority": act.order,
            "permissions": act.permissions,
            "url_args": (act.name,),
        },
    )


def offered_to(user: Any) -> list[type[BulkAction]]:
    """The bulk actions on participants, the package's and the site's, that this user may use."""
    found = bulk_action_registry.get_bulk_actions_for_model("imp_participants", "participant")
    own = [offer for offer in found if not issubclass(offer, Offer) or offer.is_offered_to(user)]
    return sorted(own, key=lambda offer: offer.action_priority)


class TickColumn(BulkActionsCheckboxColumn):
    """Wagtail's, with boxes that a form can send where there is no script."""

    cell_template_name = "imp_participants/admin/bulk/tick_cell.html"


def title_id(participant: Participant) -> str:
    """The id of the element that holds a row's name, by which its box is called."""
    return f"participant_{participant.pk}_title"


class BulkSelectionMixin:
    """For the list of participants: put ``*self.bulk_columns`` first, and ``title_id`` on the column of names."""

    template_name = "imp_participants/admin/bulk/list.html"

    @cached_property
    def offered(self) -> list[type[BulkAction]]:
        return offered_to(self.request.user)

    @property
    def bulk_columns(self) -> list[Column]:
        return [TickColumn("bulk_actions", obj_type="participant")] if self.offered else []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if not self.results_only:
            context["bulk_offers"] = [(offer.display_name, _address(offer)) for offer in self.offered]
            context["bulk_buttons"] = _buttons(self.offered)
            context["bulk_filter"] = self._filter_of_the_address()
        return context

    def _filter_of_the_address(self) -> list[tuple[str, str]]:
        """What a form must send along so that "all" means what is shown here, and to lead back here."""
        left_out = {self.page_kwarg, "id", "next", "export"}
        shown = [(name, value) for name, values in self.request.GET.lists() for value in values]
        return [pair for pair in shown if pair[0] not in left_out] + [("next", self.request.get_full_path())]


def _address(offer: type[BulkAction]) -> str:
    return reverse("wagtail_bulk_action", args=["imp_participants", "participant", offer.action_type])


def _buttons(offered: list[type[BulkAction]]) -> list[Button]:
    """The buttons that Wagtail's script for listings knows."""
    buttons = [
        ListingButton(
            offer.display_name,
            _address(offer),
            attrs={"aria-label": offer.aria_label, "data-bulk-action-button": ""},
            classname=" ".join([*offer.classes, "bulk-action-btn"]),
        )
        for offer in offered[:SIDE_BY_SIDE]
    ]
    more = [
        Button(
            offer.display_name, _address(offer), attrs={"data-bulk-action-button": ""}, priority=offer.action_priority
        )
        for offer in offered[SIDE_BY_SIDE:]
    ]
    if more:
        classname = "button button-secondary button-small"
        buttons.append(ButtonWithDropdown(label=_("More"), classname=classname, buttons=more))
    return buttons
