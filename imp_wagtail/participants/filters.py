"""The filters of the list of participants. Those about an enrolment all speak of the same one."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from imp_wagtail.core.localities import country_choices
from imp_wagtail.pathways.models import Pathway, Stage

from .models import Enrolment, Participant, StageProgress


def source_pathways(request: Any) -> QuerySet[Pathway]:
    return Pathway.objects.in_source_language()


def source_stages(request: Any) -> QuerySet[Stage]:
    pathways = Pathway.objects.in_source_language()
    return (
        Stage.objects.filter(pathway__in=pathways).select_related("pathway").order_by("pathway__title", "sort_order")
    )


class StageChoiceField(django_filters.fields.ModelChoiceField):
    """Stages of several pathways, told apart."""

    def label_from_instance(self, stage: Stage) -> str:
        return f"{stage.pathway} · {stage}"


class StageFilter(django_filters.ModelChoiceFilter):
    field_class = StageChoiceField


class ParticipantFilterSet(WagtailFilterSet):
    """Pathway, stage, state and status are looked for on one and the same enrolment."""

    pathway = django_filters.ModelChoiceFilter(
        label=_("Pathway"), queryset=source_pathways, empty_label=_("Any"), method="of_enrolment"
    )
    stage = StageFilter(label=_("Stage"), queryset=source_stages, empty_label=_("Any"), method="of_enrolment")
    state = django_filters.ChoiceFilter(
        label=_("State of the stage"),
        choices=StageProgress.State,
        empty_label=_("Any"),
        method="of_enrolment",
    )
    status = django_filters.ChoiceFilter(
        label=_("Enrolment"), choices=Enrolment.Status, empty_label=_("Any"), method="of_enrolment"
    )
    country = django_filters.ChoiceFilter(label=_("Country"), choices=country_choices, empty_label=_("Any"))

    class Meta:
        model = Participant
        fields = ["pathway", "stage", "state", "status", "country"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("pathway", "state", "status"):
            self.form.fields[name].widget = forms.RadioSelect(choices=self.form.fields[name].widget.choices)

    def of_enrolment(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        """Leave it to ``filter_queryset``, which looks at all four together."""
        return queryset

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return super().filter_queryset(self._with_fitting_enrolment(queryset))

    def _with_fitting_enrolment(self, queryset: QuerySet) -> QuerySet:
        wanted = {name: self.form.cleaned_data.get(name) for name in ("pathway", "stage", "state", "status")}
        if not any(wanted.values()):
            return queryset
        enrolments = Enrolment.objects.filter(participant=OuterRef("pk"))
        if wanted["pathway"]:
            enrolments = enrolments.filter(pathway=wanted["pathway"])
        if wanted["status"]:
            enrolments = enrolments.filter(status=wanted["status"])
        return queryset.filter(Exists(at_stage(enrolments, wanted["stage"], wanted["state"])))


def at_stage(enrolments: QuerySet, stage: Stage | None, state: str | None) -> QuerySet:
    """Enrolments whose given stage has the given state.

    Without a state: those who now stand at the stage. Without a stage: those whose current stage has the state,
    or, for "completed", whose every stage is completed.
    """
    if stage and not state:
        return enrolments.filter(current_stage=stage)
    if not state:
        return enrolments
    if not stage and state == StageProgress.State.COMPLETED:
        return enrolments.filter(completed_on__isnull=False)
    rows = StageProgress.objects.filter(state=state)
    if stage:
        return enrolments.filter(Exists(rows.filter(enrolment=OuterRef("pk"), stage=stage)))
    return enrolments.filter(Exists(rows.filter(enrolment=OuterRef("pk"), stage=OuterRef("current_stage"))))
