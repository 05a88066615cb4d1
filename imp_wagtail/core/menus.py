"""The menu "Training" of the admin, to which each room adds its items."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import Menu, SubmenuMenuItem

#: The hook that adds an item; it works like ``register_admin_menu_item``, for other apps of a site too.
TRAINING_MENU_HOOK = "register_imp_training_menu_item"

training_menu = Menu(register_hook_name=TRAINING_MENU_HOOK, construct_hook_name="construct_imp_training_menu")


def training_menu_item() -> SubmenuMenuItem:
    """The menu's entry in the sidebar; shown to whoever may see one of its items."""
    return SubmenuMenuItem(_("Training"), training_menu, name="imp-training", icon_name="tasks", order=150)
