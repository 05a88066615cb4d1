from wagtail import hooks
from wagtail.admin.viewsets.model import ModelViewSet

from imp_wagtail.core.conf import settings

from .models import Row


@hooks.register("register_admin_viewset")
def rows() -> ModelViewSet:
    """Wagtail's own listing, as anybody would declare it, with as many rows to a page as the package's."""
    return ModelViewSet(
        "flat",
        model=Row,
        form_fields=["name", "email", "town", "country"],
        list_display=["name", "email", "town", "country"],
        list_filter=["country"],
        search_fields=["name", "email"],
        search_backend_name=None,
        list_per_page=settings.LIST_PER_PAGE,
        ordering="name",
        icon="list-ul",
    )
