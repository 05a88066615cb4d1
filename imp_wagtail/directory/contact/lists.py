"""The list of enquiries: who wrote to whom and when, and never what."""

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic

from imp_wagtail.core.fields import email_key
from imp_wagtail.core.names import folded

from ..models import Enquiry
from ..models.mails import is_open
from .in_words import state_in_words

STATES = [
    ("reported", _("Reported"), is_open()),
    ("settled", _("Report settled"), Q(settled_at__isnull=False)),
    ("blocked", _("Sender blocked"), Q(is_blocked=True)),
]


class EnquiryFilterSet(WagtailFilterSet):
    """What staff have to do with."""

    state = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(key, label) for key, label, _rule in STATES],
        empty_label=pgettext_lazy("filter", "Any"),
        widget=forms.RadioSelect,
        method="filter_state",
    )

    class Meta:
        model = Enquiry
        fields = ["state"]

    def filter_state(self, enquiries: QuerySet, name: str, value: str) -> QuerySet:
        return enquiries.filter(next(rule for key, _label, rule in STATES if key == value))


class EnquiryIndexView(generic.IndexView):
    """Enquiries, those that somebody reported first."""

    any_permission_required = ["view"]
    is_searchable = True

    @cached_property
    def columns(self) -> list[Column]:
        return [
            self._get_title_column_class(TitleColumn)(
                "sender_name", label=pgettext_lazy("e-mail", "From"), accessor=sender_in_words, get_url=enquiry_url
            ),
            Column("teacher", label=pgettext_lazy("e-mail", "To"), accessor="teacher.name"),
            Column("asked_at", label=_("Written"), accessor="written_on", classname="imp-wide-only"),
            StatusTagColumn(
                "state", label=_("Status"), accessor=state_in_words, primary=lambda enquiry: not enquiry.is_open
            ),
        ]

    def get_base_queryset(self) -> QuerySet[Enquiry]:
        return Enquiry.objects.select_related("teacher").prefetch_related("mails").defer("text")

    def order_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.reported_first()

    def search_queryset(self, queryset: QuerySet) -> QuerySet:
        """By the sender's name or address, or by the teacher's name."""
        text = self.search_query
        by_sender = Q(sender_name__icontains=text) | Q(sender_email__contains=email_key(text) or "")
        return queryset.filter(by_sender | Q(teacher__folded_name__contains=folded(text) or text))

    def get_edit_url(self, instance: Enquiry) -> str:
        return enquiry_url(instance)

    def get_list_more_buttons(self, instance: Enquiry) -> list:
        return []


def enquiry_url(enquiry: Enquiry) -> str:
    return reverse("imp_enquiries:enquiry", args=[enquiry.pk])


def sender_in_words(enquiry: Enquiry) -> str:
    """Name and address; of a blocked sender whose enquiry was forgotten, the address."""
    return f"{enquiry.sender_name} ({enquiry.sender_email})" if enquiry.sender_name else enquiry.sender_email
