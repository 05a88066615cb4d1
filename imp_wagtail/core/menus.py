"""The menu "Training" of the admin, to which each room adds its items."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

#: The hook that adds an item; it works like ``register_admin_menu_item``, for other apps of a site too.
TRAINING_MENU_HOOK = "register_imp_training_menu_item"

training_menu = Menu(register_hook_name=TRAINING_MENU_HOOK, construct_hook_name="construct_imp_training_menu")


def training_menu_item() -> SubmenuMenuItem:
    """The menu's entry in the sidebar; shown to whoever may see one of its items."""
    return SubmenuMenuItem(_("Training"), training_menu, name="imp-training", icon_name="tasks", order=150)


def shown_with(asked_for: str) -> type[MenuItem]:
    """The class of an item that is shown to whoever has this permission (as for ``has_perm``)."""

    class PermittedMenuItem(MenuItem):
        permission = asked_for

        def is_shown(self, request: HttpRequest) -> bool:
            return request.user.has_perm(self.permission)

    return PermittedMenuItem
