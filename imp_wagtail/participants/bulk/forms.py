"""The short forms of bulk actions: those of the record, and beside them what the record knows by its address."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Model, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.forms import DayField
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.rules import Kind

from ..forms import CompleteStageForm, DecisionForm
from ..models import Cohort


class GroupedIterator(ModelChoiceIterator):
    """The choices under headings, in the order of the queryset."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        yield "", self.field.empty_label
        for heading, records in groupby(self.queryset, key=self.field.heading_of):
            yield heading, [self.choice(record) for record in records]


class GroupedField(forms.ModelChoiceField):
    """A record out of a long list, under headings."""

    iterator = GroupedIterator
    model: type[Model]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=self.model.objects.none(), empty_label=_("Choose one"), **kwargs)

    def heading_of(self, record: Any) -> str:
        raise NotImplementedError


class RequirementField(GroupedField):
    model = Requirement

    def heading_of(self, record: Requirement) -> str:
        return f"{record.stage.pathway} · {record.stage}"

    def label_from_instance(self, record: Requirement) -> str:
        return " – ".join(part for part in (str(record), record.in_words) if part)


class StageField(GroupedField):
    model = Stage

    def heading_of(self, record: Stage) -> str:
        return str(record.pathway)


class CohortField(GroupedField):
    model = Cohort

    def heading_of(self, record: Cohort) -> str:
        return f"{record.pathway} · {record.get_kind_display()}"


def requirements() -> QuerySet[Requirement]:
    """The requirements of every pathway that people are tracked on, in the pathways' order."""
    own = Requirement.objects.filter(stage__pathway__in=Pathway.objects.in_source_language())
    order = ("stage__pathway__title", "stage__pathway", "stage__sort_order", "stage", "sort_order", "pk")
    return own.select_related("stage__pathway").order_by(*order)


class BulkEvidenceForm(forms.Form):
    """The same dated fact for many."""

    requirement = RequirementField(label=_("Requirement"))
    date = DayField(label=_("Date"), help_text=_("Of the last day, if it took several."))
    amount = forms.DecimalField(
        label=_("Amount"),
        max_digits=6,
        decimal_places=2,
        required=False,
        help_text=_("For each person: the days of a retreat, the hours, or how many. Empty means one."),
    )
    detail = forms.CharField(
        label=_("What and where"), max_length=240, required=False, help_text=_("Title, teacher or place.")
    )
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = requirements().exclude(kind=Kind.EARLIER_STAGES)


class BulkDecisionForm(DecisionForm):
    """The same judgement for many."""

    requirement = RequirementField(label=_("Requirement"))
    field_order = ["requirement"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].queryset = requirements()


class BulkCompleteForm(CompleteStageForm):
    """The stage to complete, and the day."""

    stage = StageField(label=_("Stage"))
    field_order = ["stage"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Stage.objects.filter(pathway__in=Pathway.objects.in_source_language()).select_related("pathway")
        self.fields["stage"].queryset = own.order_by("pathway__title", "pathway", "sort_order", "pk")


class BulkJoinForm(forms.Form):
    """The cohort to add to."""

    cohort = CohortField(label=_("Cohort"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Cohort.objects.select_related("pathway")
        self.fields["cohort"].queryset = own.order_by("pathway__title", "pathway", "kind", "-pk")


class BulkEnrolForm(forms.Form):
    """The pathway to enrol on, and the day."""

    pathway = forms.ModelChoiceField(label=_("Pathway"), queryset=Pathway.objects.none(), empty_label=_("Choose one"))
    enrolled_on = DayField(label=_("Enrolled on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].queryset = Pathway.objects.in_source_language()
