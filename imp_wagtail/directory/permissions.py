"""Who may do what with the directory, in one place: registrars, by the permissions that a migration grants."""

from typing import Any

from wagtail.images import get_image_model
from wagtail.images.models import Image
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

SEE_TEACHERS = "imp_directory.view_teacher"
LIST_TEACHERS = "imp_directory.add_teacher"
CHANGE_TEACHERS = "imp_directory.change_teacher"


def may_choose_photos(user: Any) -> bool:
    """Whether the site's image chooser is open to a user; Wagtail grants that by collection."""
    policy = CollectionOwnershipPermissionPolicy(
        get_image_model(), auth_model=Image, owner_field_name="uploaded_by_user"
    )
    return policy.user_has_permission(user, "choose")
