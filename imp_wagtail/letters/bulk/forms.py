"""The short form for letters of many people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from imp_wagtail.participants.bulk.forms import StageField
from imp_wagtail.pathways.models import Pathway, Stage

from ..forms import IssueForm


class IssueLettersForm(IssueForm):
    """The date that the letters bear, and for which stages they are issued."""

    stage = StageField(label=_("Stage"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Stage.objects.filter(pathway__in=Pathway.objects.in_source_language()).select_related("pathway")
        field: Any = self.fields["stage"]
        field.empty_label = _("Every completed stage without a letter")
        field.queryset = own.order_by("pathway__title", "pathway", "sort_order", "pk")


def day_of(data: dict[str, str]) -> Any:
    """The date of issue in a form that was sent."""
    issued_on: forms.Field = IssueLettersForm.base_fields["issued_on"]
    return issued_on.clean(data["issued_on"])
