"""Who may do what with the directory, in one place: registrars, by the permissions that a migration grants."""

from typing import Any

from wagtail.images import get_image_model
from wagtail.images.models import Image
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy

SEE_TEACHERS = "imp_directory.view_teacher"
LIST_TEACHERS = "imp_directory.add_teacher"
CHANGE_TEACHERS = "imp_directory.change_teacher"
SEE_WORDINGS = "imp_directory.view_consenttext"
WRITE_WORDINGS = "imp_directory.add_consenttext"
SEE_ENQUIRIES = "imp_directory.view_enquiry"
CHANGE_ENQUIRIES = "imp_directory.change_enquiry"
SEE_PARTNERS = "imp_directory.view_partner"
ADD_PARTNERS = "imp_directory.add_partner"
CHANGE_PARTNERS = "imp_directory.change_partner"
REMOVE_PARTNERS = "imp_directory.delete_partner"


def may_choose_photos(user: Any) -> bool:
    """Whether the site's image chooser is open to a user; Wagtail grants that by collection."""
    return _photo_policy().user_has_permission(user, "choose")


def may_edit_photo(user: Any, photo: Any) -> bool:
    """Whether a user may edit an image, which is where its focal point is set."""
    return _photo_policy().user_has_permission_for_instance(user, "change", photo)


def _photo_policy() -> CollectionOwnershipPermissionPolicy:
    return CollectionOwnershipPermissionPolicy(
        get_image_model(), auth_model=Image, owner_field_name="uploaded_by_user"
    )
