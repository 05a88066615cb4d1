"""The list of entries, listed or not."""

from typing import Any

import django_filters
from django import forms
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.widgets import Button

from imp_wagtail.core.dates import long_date
from imp_wagtail.core.exports import PlainCellsMixin
from imp_wagtail.core.localities import country_choices

from ..models import Teacher
from ..permissions import CHANGE_TEACHERS, SEE_WORDINGS
from .base import edit_url
from .statuses import STATUSES, status

#: Columns of days that need not be there.
DAYS = ("listed_until", "consented_on")


class EntryFilterSet(WagtailFilterSet):
    """The state of an entry, and the country."""

    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(each.key, each.label) for each in STATUSES],
        empty_label=pgettext_lazy("filter", "Any"),
        widget=forms.RadioSelect,
        method="filter_status",
    )
    country = django_filters.ChoiceFilter(label=_("Country"), empty_label=pgettext_lazy("filter", "Any"))

    class Meta:
        model = Teacher
        fields = ["status", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        in_use, _languages = Teacher.objects.countries_and_languages()
        self.filters["country"].extra["choices"] = [pair for pair in country_choices() if pair[0] in in_use]

    def filter_status(self, teachers: QuerySet, name: str, value: str) -> QuerySet:
        return status(value).narrow(teachers)


class TeacherIndexView(PlainCellsMixin, generic.IndexView):
    """The list of directory entries, listed or not."""

    any_permission_required = ["view"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "name",
                label=_("Name"),
                classname="imp-entry-name",
                sort_key="folded_name",
                get_url=self.get_edit_url,
            ),
            Column("place", label=_("Place"), classname="imp-wide-only", sort_key="country"),
            StatusTagColumn(
                "listing_in_words", label=_("In the directory"), primary=lambda teacher: teacher.is_listed
            ),
            day_column("listed_until", _("Listed until")),
            day_column("consented_on", _("Consented on")),
        ]

    def get_base_queryset(self) -> QuerySet[Teacher]:
        return super().get_base_queryset().for_staff()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().order_queryset(queryset).order_by(in_order(self.ordering), "pk")

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.matching(self.search_query)

    def get_edit_url(self, instance: Teacher) -> str | None:
        return edit_url(instance) if self.user_has_permission("change") else None

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons = super().header_more_buttons
        if self.request.user.has_perm(CHANGE_TEACHERS):
            url = reverse("imp_teachers:ask_many")
            buttons.append(Button(_("Send links to renew"), url=url, icon_name="mail", priority=40))
        if self.request.user.has_perm(SEE_WORDINGS):
            url = reverse("imp_teachers:wordings")
            buttons.append(Button(_("Consent texts"), url=url, icon_name="doc-full", priority=50))
        return buttons

    def get_list_more_buttons(self, instance: Teacher) -> list:
        return []


def day_column(name: str, label: Any) -> Column:
    """A day in words, or a dash; on a small screen it makes room for the name."""

    def in_words(teacher: Teacher) -> str:
        day = getattr(teacher, name)
        return long_date(day) if day else "–"

    return Column(name, label=label, classname="imp-wide-only", accessor=in_words, sort_key=name)


def in_order(ordering: str) -> str | OrderBy:
    """The order of the list; to have no day counts as earlier than any, on every database alike."""
    name = ordering.removeprefix("-")
    if name not in DAYS:
        return ordering
    return F(name).desc(nulls_last=True) if ordering.startswith("-") else F(name).asc(nulls_first=True)
