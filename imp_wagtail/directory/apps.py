from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "imp_wagtail.directory"
    label = "imp_directory"
    verbose_name = _("Teacher directory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from imp_wagtail.participants.signals import (
            details_changed,
            participant_erasing,
            participants_merging,
            standing_changed,
        )
        from imp_wagtail.pathways.signals import pathway_changed
        from imp_wagtail.trainings.blocks import register_body_block
        from imp_wagtail.trainings.packs import register_pack_block

        from . import delivering  # noqa: F401 - whoever sends what is due must know of it
        from .blocks import CoursesBlock, TeachersBlock
        from .contact.pruning import forget_sender
        from .moving import move_entry
        from .packs import CoursesBlockPart, TeachersBlockPart
        from .photos import erase_photo
        from .publications import publish_details, publish_standing, publish_title, unpublish_erased
        from .renewing import works  # noqa: F401 - and a worker of what it is to do

        standing_changed.connect(publish_standing, dispatch_uid="imp_directory.publish_standing")
        details_changed.connect(publish_details, dispatch_uid="imp_directory.publish_details")
        pathway_changed.connect(publish_title, dispatch_uid="imp_directory.publish_title")
        participant_erasing.connect(unpublish_erased, dispatch_uid="imp_directory.unpublish")
        participant_erasing.connect(erase_photo, dispatch_uid="imp_directory.erase_photo")
        participant_erasing.connect(forget_sender, dispatch_uid="imp_directory.forget_sender")
        participants_merging.connect(move_entry, dispatch_uid="imp_directory.move_entry")
        register_body_block("teachers", TeachersBlock())
        register_body_block("courses", CoursesBlock())
        register_pack_block("teachers", TeachersBlockPart)
        register_pack_block("courses", CoursesBlockPart)
