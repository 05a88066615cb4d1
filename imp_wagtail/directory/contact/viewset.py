"""Enquiries in the admin, and on the desk those that somebody reported."""

from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from imp_wagtail.core.menus import shown_with
from imp_wagtail.participants.desk import Figure
from imp_wagtail.participants.viewsets import TrackingViewSet

from ..models import Enquiry
from ..permissions import SEE_ENQUIRIES
from . import lists, staff

#: Where they come among the desk's tasks.
ORDER = 65


class EnquiryViewSet(TrackingViewSet):
    """The list of enquiries, one of them, and the forms behind its buttons. Nobody writes or deletes one here."""

    model = Enquiry
    name = "imp_enquiries"
    url_prefix = "training/enquiries"
    icon = "mail"
    menu_label = _("Enquiries")
    menu_item_class = shown_with(SEE_ENQUIRIES)
    menu_order = 55
    index_view_class = lists.EnquiryIndexView
    filterset_class = lists.EnquiryFilterSet

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(add_url_name=None, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", staff.EnquiryView.as_view(), name="enquiry"),
            path("<int:pk>/settle/", staff.SettleView.as_view(), name="settle"),
            path("<int:pk>/block/", staff.BlockView.as_view(), name="block"),
            path("<int:pk>/unblock/", staff.UnblockView.as_view(), name="unblock"),
            path("<int:pk>/erase/", staff.EraseSenderView.as_view(), name="erase_sender"),
        ]


def reported_enquiries(user: Any) -> list[tuple[int, Figure]]:
    """For the desk's hook: enquiries that somebody reported and nobody has settled."""
    if not user.has_perm(SEE_ENQUIRIES):
        return []
    count = Enquiry.objects.reported().count()
    url = f"{reverse('imp_enquiries:index')}?{urlencode({'state': 'reported'})}"
    return [(ORDER, Figure(str(_("Misuse reported")), count, url, ngettext("enquiry", "enquiries", count)))]
