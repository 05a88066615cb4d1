"""Partners in the admin, and on the desk those whose feed cannot be read."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from imp_wagtail.core.menus import shown_with
from imp_wagtail.participants.desk import Figure
from imp_wagtail.participants.viewsets import TrackingHistoryView, TrackingViewSet

from ..models import Partner
from ..permissions import SEE_PARTNERS
from . import lists, staff
from .in_words import needs_hand

#: Where they come among the desk's tasks.
ORDER = 70


class PartnerHistoryView(TrackingHistoryView):
    permission = SEE_PARTNERS

    def get_edit_url(self, instance: Partner) -> str:
        return lists.partner_url(instance)


class PartnerViewSet(TrackingViewSet):
    """The allow-list of sites whose teachers are found here too."""

    model = Partner
    name = "imp_partners"
    url_prefix = "training/partners"
    icon = "link-external"
    menu_label = _("Partners")
    menu_item_class = shown_with(SEE_PARTNERS)
    menu_order = 57
    index_view_class = lists.PartnerIndexView
    history_view_class = PartnerHistoryView

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", staff.AddPartnerView.as_view(), name="add"),
            path("<int:pk>/", staff.PartnerView.as_view(), name="partner"),
            path("<int:pk>/edit/", staff.EditPartnerView.as_view(), name="edit"),
            path("<int:pk>/read/", staff.ReadPartnerView.as_view(), name="read"),
            path("<int:pk>/remove/", staff.RemovePartnerView.as_view(), name="remove"),
            path("<int:pk>/history/", self.history_view, name="history"),
            path("<int:pk>/history/results/", self.history_results_view, name="history_results"),
        ]


def silent_partners(user: Any) -> list[tuple[int, Figure]]:
    """For the desk's hook: partners whose feed cannot be read, or not all of it; nothing where there are none."""
    partners = Partner.objects.with_counts().filter(is_active=True) if user.has_perm(SEE_PARTNERS) else []
    count = sum(map(needs_hand, partners))
    unit = ngettext("partner", "partners", count)
    return [(ORDER, Figure(str(_("Feed not read")), count, reverse("imp_partners:index"), unit))] if partners else []
