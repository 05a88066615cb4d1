"""The list of partners: who they are, how many teachers of theirs are shown, and whether they answer."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic

from ..models import Partner
from ..permissions import ADD_PARTNERS
from .in_words import Standing, answered_in_words, standing_in_words, standing_of


def partner_url(partner: Partner) -> str:
    return reverse("imp_partners:partner", args=[partner.pk])


class PartnerIndexView(generic.IndexView):
    """All partners, by name."""

    any_permission_required = ["view"]
    default_ordering = "name"

    @cached_property
    def columns(self) -> list[Column]:
        return [
            TitleColumn("name", label=_("Name"), get_url=partner_url),
            StatusTagColumn(
                "standing",
                label=_("Status"),
                accessor=standing_in_words,
                primary=lambda partner: standing_of(partner) == Standing.SHOWN,
            ),
            Column("teacher_count", label=_("Teachers")),
            Column("answered", label=_("Last answer"), accessor=answered_in_words, classname="imp-wide-only"),
        ]

    def get_base_queryset(self) -> QuerySet[Partner]:
        return Partner.objects.with_counts()

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.order_by("name", "pk")

    def get_add_url(self) -> str | None:
        return reverse("imp_partners:add") if self.request.user.has_perm(ADD_PARTNERS) else None

    def get_edit_url(self, instance: Partner) -> str:
        return partner_url(instance)

    def get_list_more_buttons(self, instance: Partner) -> list[Any]:
        return []
