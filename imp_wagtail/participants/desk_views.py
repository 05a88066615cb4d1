"""The desk: a page of its own, first in the menu, and a panel on the admin's home."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from .desk import Desk
from .permissions import ADD_COHORTS, ADD_PARTICIPANTS, SEE_PARTICIPANTS, may_import


class DeskMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(_("Desk"), reverse("imp_desk:index"), name="imp-desk", icon_name="clipboard-list", order=10)

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE_PARTICIPANTS)


class DeskView(WagtailAdminTemplateMixin, TemplateView):
    """Where people stand, and what needs a hand; what to do first where there is nobody yet."""

    template_name = "imp_participants/admin/desk.html"
    page_title = _("Desk")
    header_icon = "clipboard-list"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_PARTICIPANTS):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(ADD_PARTICIPANTS):
            return []
        return [HeaderButton(_("Add participant"), reverse("imp_participants:add"), icon_name="plus")]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.get_page_title()}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(
            **kwargs,
            desk=Desk(user),
            may_add_people=user.has_perm(ADD_PARTICIPANTS),
            may_import=may_import(user),
            may_add_cohorts=user.has_perm(ADD_COHORTS),
            may_change_pathways=user.has_perm("imp_pathways.change_pathway"),
        )


class DeskPanel(Component):
    """The same in short, for the admin's home."""

    name = "imp_desk"
    template_name = "imp_participants/admin/desk_panel.html"
    order = 100

    class Media:
        css = {"all": ["imp_participants/desk.css"]}

    def __init__(self, user: Any) -> None:
        self.desk = Desk(user)

    def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        return {"desk": self.desk}


def add_desk_panel(request: HttpRequest, panels: list[Any]) -> None:
    """For the hook of the admin's home: the panel, for whoever may see participants."""
    if request.user.has_perm(SEE_PARTICIPANTS):
        panels.append(DeskPanel(request.user))


urlpatterns: list[URLPattern] = [path("", DeskView.as_view(), name="index")]
