"""The filters of the list of cohorts."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind
from imp_wagtail.trainings.models import TrainingPage

from ..models import Cohort
from ..permissions import cohorts_for
from .forms import TrainingLabels
from .querysets import CohortQuerySet

#: Those whose few choices are seen at once.
IN_FULL = ("to_tick", "kind", "pathway")


def source_pathways(request: HttpRequest) -> QuerySet[Pathway]:
    return Pathway.objects.in_source_language()


def trainings_with_cohorts(request: HttpRequest) -> QuerySet[TrainingPage]:
    cohorts = cohorts_for(request.user).filter(training__isnull=False)
    return TrainingPage.objects.filter(pk__in=cohorts.values("training")).order_by("-starts", "title", "pk")


class TrainingFilterField(TrainingLabels, django_filters.fields.ModelChoiceField):
    """A choice of trainings, or any."""


class TrainingFilter(django_filters.ModelChoiceFilter):
    field_class = TrainingFilterField


class CohortFilterSet(WagtailFilterSet):
    """What a cohort is for, and whether somebody still has to say who was there."""

    to_tick = django_filters.ChoiceFilter(
        label=_("Attendance"),
        choices=[("true", _("Sessions to tick"))],
        empty_label=pgettext_lazy("filter", "Any"),
        method="with_sessions_to_tick",
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=CohortKind, empty_label=pgettext_lazy("filter", "Any"))
    pathway = django_filters.ModelChoiceFilter(
        label=_("Pathway"), queryset=source_pathways, empty_label=pgettext_lazy("filter", "Any")
    )
    training = TrainingFilter(
        label=_("Training"),
        queryset=trainings_with_cohorts,
        # Not the key, which points to the page's: an absurdly long number breaks that on some databases.
        to_field_name="id",
        empty_label=pgettext_lazy("filter", "Any"),
        method="of_training",
    )

    class Meta:
        model = Cohort
        fields = ["to_tick", "kind", "pathway", "training"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in IN_FULL:
            self.form.fields[name].widget = forms.RadioSelect(choices=self.form.fields[name].widget.choices)

    def with_sessions_to_tick(self, cohorts: CohortQuerySet, name: str, value: str) -> CohortQuerySet:
        return cohorts.to_tick()

    def of_training(self, cohorts: CohortQuerySet, name: str, training: TrainingPage) -> CohortQuerySet:
        return cohorts.of_training(training)
