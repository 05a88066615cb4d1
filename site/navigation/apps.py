from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class NavigationConfig(AppConfig):
    name = "navigation"

    def ready(self) -> None:
        from wagtail.signals import post_page_move

        from .menu import forget, forget_if_shown

        post_page_move.connect(forget, dispatch_uid="navigation.moved")
        # Page types are models of their own, so the receiver looks at what it gets.
        post_save.connect(forget_if_shown, dispatch_uid="navigation.saved")
        post_delete.connect(forget_if_shown, dispatch_uid="navigation.deleted")
