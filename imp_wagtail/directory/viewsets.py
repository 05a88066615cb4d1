"""Directory entries in the admin."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem

from imp_wagtail.core.localities import country_choices
from imp_wagtail.participants.viewsets import TrackingViewSet

from . import views
from .models import Teacher
from .permissions import SEE_TEACHERS


class TeachersMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(SEE_TEACHERS)


class EntryFilterSet(WagtailFilterSet):
    """Listed or not, and the country."""

    listed = django_filters.ChoiceFilter(
        label=_("In the directory"),
        choices=[("yes", _("Listed")), ("no", _("Not listed"))],
        empty_label=_("Any"),
        widget=forms.RadioSelect,
        method="filter_listed",
    )
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=_("Any"))

    class Meta:
        model = Teacher
        fields = ["listed", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_use, _languages = Teacher.objects.countries_and_languages()
        self.filters["country"].extra["choices"] = [pair for pair in country_choices() if pair[0] in in_use]

    def filter_listed(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        return teachers.listed() if value == "yes" else teachers.not_listed()


class TeacherViewSet(TrackingViewSet):
    """The list of entries, one entry, and the forms behind its buttons.

    Entries are made from a participant's record, never copied or deleted; consent and standing decide who sees them.
    """

    model = Teacher
    name = "imp_teachers"
    url_prefix = "training/teachers"
    icon = "globe"
    menu_label = _("Teachers")
    menu_item_class = TeachersMenuItem
    menu_order = 50
    index_view_class = views.TeacherIndexView
    filterset_class = EntryFilterSet
    ordering = "folded_name"
    list_export = [
        "name",
        "place",
        "language_names",
        "teaches_online",
        "teaches_in_person",
        "website",
        "listing_in_words",
        "consented_on",
        "consent_ended_on",
    ]
    export_headings = {
        "place": _("Place"),
        "language_names": _("Languages"),
        "listing_in_words": _("In the directory"),
    }
    export_filename = "teachers"

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(add_url_name=None, **kwargs)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("list/<int:pk>/", views.ListTeacherView.as_view(), name="list"),
            path("<int:pk>/", views.EditTeacherView.as_view(), name="edit"),
            path("<int:pk>/public/", views.public_page, name="public"),
            path("<int:pk>/consent/", views.RenewConsentView.as_view(), name="renew_consent"),
            path("<int:pk>/consent/end/", views.EndConsentView.as_view(), name="end_consent"),
            path("<int:pk>/course/", views.AddCourseView.as_view(), name="add_course"),
            path("<int:pk>/qualification/", views.AddQualificationView.as_view(), name="add_qualification"),
            path("course/<int:pk>/remove/", views.RemoveCourseView.as_view(), name="remove_course"),
            path(
                "qualification/<int:pk>/remove/",
                views.RemoveQualificationView.as_view(),
                name="remove_qualification",
            ),
        ]
