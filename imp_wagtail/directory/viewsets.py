"""Directory entries in the admin."""

from typing import Any

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.menus import shown_with
from imp_wagtail.participants.viewsets import TrackingViewSet

from .models import Teacher
from .permissions import SEE_TEACHERS
from .staff import lists
from .staff.urls import urlpatterns as staff_urls


class TeacherViewSet(TrackingViewSet):
    """The list of entries, one entry, and the forms behind its buttons.

    Entries are made from a participant's record, never copied or deleted; consent and standing decide who sees them.
    """

    model = Teacher
    name = "imp_teachers"
    url_prefix = "training/teachers"
    icon = "globe"
    menu_label = _("Teachers")
    menu_item_class = shown_with(SEE_TEACHERS)
    menu_order = 50
    index_view_class = lists.TeacherIndexView
    filterset_class = lists.EntryFilterSet
    ordering = "folded_name"
    list_export = [
        "name",
        "place",
        "language_names",
        "teaches_online",
        "teaches_in_person",
        "website",
        "listing_in_words",
        "listed_until",
        "renewed_on",
        "consented_on",
    ]
    export_headings = {
        "place": _("Place"),
        "language_names": _("Languages"),
        "listing_in_words": _("In the directory"),
        "consented_on": _("Consented on"),
    }
    export_filename = "teachers"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(add_url_name=None, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            *staff_urls,
        ]
