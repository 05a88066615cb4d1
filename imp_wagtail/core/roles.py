"""The groups that the package makes by migration, and what their migrations share.

Permissions are made after all migrations have run, so a data migration that grants one makes it first,
as Wagtail's own do.
"""

from typing import Any

EDITORS = "Training editors"
REGISTRARS = "Registrars"
FACILITATORS = "Facilitators"


def permission(apps: Any, app_label: str, model: str, codename: str, name: str = "") -> Any:
    """The permission ``app_label.codename`` on ``model`` (lower case), made where it is missing."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app_label, model=model
    )
    found, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": name or f"Can {codename.replace('_', ' ')}"[:255]},
    )
    return found


def grant(apps: Any, group_name: str, app_label: str, permissions: dict[str, list[str]]) -> None:
    """Give a group permissions: ``{"pathway": ["add", "change"]}``; an action may be a whole codename.

    Making the group and granting twice change nothing the second time.
    """
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
    for model, actions in permissions.items():
        for action in actions:
            codename = action if "_" in action else f"{action}_{model}"
            group.permissions.add(permission(apps, app_label, model, codename))


def grant_admin_access(apps: Any, group_name: str) -> None:
    """Let a group into Wagtail's admin."""
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=group_name)
    group.permissions.add(permission(apps, "wagtailadmin", "admin", "access_admin", "Can access Wagtail admin"))
