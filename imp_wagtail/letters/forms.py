"""The short forms for letters. Each belongs to one action; what an action refuses comes back to its field."""

from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from imp_wagtail.core.forms import DayField
from imp_wagtail.pathways.models import Stage

from . import codes


class CodeForm(forms.Form):
    """A verification code, as somebody types it from a letter."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=1000,
        help_text=_("Thirteen letters and digits, for instance K7QF-2M9X-RT4WP. Capitals and hyphens do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code that is printed on the letter.")},
    )

    def clean_code(self) -> str:
        """The code in its stored form; refused, and why, where no letter can have it."""
        typed = self.cleaned_data["code"]
        if fault := codes.fault(typed):
            raise ValidationError(fault)
        return codes.parse(typed)


class IssueForm(forms.Form):
    """The date that the letter bears."""

    issued_on = DayField(label=_("Date of issue"))


class WithdrawForm(forms.Form):
    """Why a letter is withdrawn."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the register and in the history. Whoever checks the letter does not see it."),
    )


class ReplaceForm(WithdrawForm, IssueForm):
    """Why a letter is issued anew, and the date that the new one bears."""

    field_order = ["reason", "issued_on"]


class LetterTemplateForm(WagtailAdminModelForm):
    """The wording of letters. Stages stand below their pathways: two pathways may have stages of one name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stage" in self.fields:
            field = self.fields["stage"]
            field.choices = [("", field.empty_label), *stages_by_pathway()]


def stages_by_pathway() -> list[tuple[str, list[tuple[int, str]]]]:
    """Every stage as a choice, in groups that name the pathway, and its language where there is more than one."""
    stages = Stage.objects.select_related("pathway", "locale").order_by(
        "pathway__title", "pathway_id", "sort_order", "pk"
    )
    several = len({stage.locale_id for stage in stages}) > 1

    def heading(stage: Stage) -> tuple[int, str]:
        title = f"{stage.pathway.title} ({stage.locale.language_code})" if several else stage.pathway.title
        return stage.pathway_id, title

    return [(title, [(stage.pk, stage.title) for stage in group]) for (_pk, title), group in groupby(stages, heading)]
