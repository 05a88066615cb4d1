"""The short forms of the record. Each belongs to one action; what an action refuses comes back to its field."""

from decimal import Decimal
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.conf import settings
from imp_wagtail.core.forms import DayField, TextField
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.pathways.models import Pathway, Requirement
from imp_wagtail.pathways.rules import Kind, Unit

from .models import Cohort, Decision, Enrolment, Participant


class ParticipantForm(SeenFormMixin, forms.ModelForm):
    """Contact details of a participant."""

    class Meta:
        model = Participant
        fields = ["name", "printed_name", "email", "town", "country", "language", "notes"]
        field_classes = {"notes": TextField}
        widgets = {"notes": forms.Textarea(attrs={"rows": 4})}


class NotesForm(SeenFormMixin, forms.ModelForm):
    """What staff keep in mind about a participant."""

    class Meta:
        model = Participant
        fields = ["notes"]
        field_classes = {"notes": TextField}
        widgets = {"notes": forms.Textarea(attrs={"rows": 12})}


class EnrolForm(forms.Form):
    """Puts a participant on a pathway that they are not on yet."""

    pathway = forms.ModelChoiceField(label=gettext_lazy("Pathway"), queryset=Pathway.objects.none())
    enrolled_on = DayField(label=gettext_lazy("Enrolled on"))

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = participant.enrolments.values("pathway")
        self.fields["pathway"].queryset = Pathway.objects.in_source_language().exclude(pk__in=taken)


class EvidenceForm(forms.Form):
    """A dated fact towards one requirement; asks for an amount only where one means something."""

    date = DayField(label=gettext_lazy("Date"), help_text=gettext_lazy("Of the last day, if it took several."))
    amount = forms.DecimalField(label=gettext_lazy("Amount"), max_digits=6, decimal_places=2)
    detail = forms.CharField(
        label=gettext_lazy("What and where"),
        max_length=240,
        required=False,
        help_text=gettext_lazy("Title, teacher or place."),
    )
    note = TextField(
        label=gettext_lazy("Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=4000
    )
    file = forms.FileField(label=gettext_lazy("Document"), required=False)

    def __init__(self, *args: Any, requirement: Requirement, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if requirement.kind == Kind.CONFIRMATION:
            del self.fields["amount"]
        else:
            self.fields["amount"].label = amount_label(requirement)
            self.fields["amount"].initial = f"{(requirement.each_min or Decimal(1)).normalize():f}"
        self.fields["file"].help_text = _("Kept privately. At most %(size)d MB: %(kinds)s.") % {
            "size": settings.EVIDENCE_MAX_MB,
            "kinds": ", ".join(settings.EVIDENCE_SUFFIXES),
        }

    def clean_file(self) -> Any:
        """Refuse files that are too large, or of a kind that staff could not open."""
        file = self.cleaned_data["file"]
        if not file:
            return None
        if file.size > settings.EVIDENCE_MAX_MB * 1024 * 1024:
            raise ValidationError(
                _("This file has %(size)s; at most %(most)d MB are kept."),
                params={"size": filesizeformat(file.size), "most": settings.EVIDENCE_MAX_MB},
            )
        if PurePath(file.name).suffix.lower().removeprefix(".") not in settings.EVIDENCE_SUFFIXES:
            raise ValidationError(
                _("Files of this kind are not kept. Use one of: %(kinds)s."),
                params={"kinds": ", ".join(settings.EVIDENCE_SUFFIXES)},
            )
        return file


class ChangeEvidenceForm(SeenFormMixin, EvidenceForm):
    """The same, about evidence that is on record."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = None
        self.fields["file"].label = _("Another document")


def amount_label(requirement: Requirement) -> str:
    """What the amount of a piece of evidence means for this requirement."""
    if requirement.kind == Kind.HOURS:
        return _("Hours")
    if requirement.kind == Kind.SESSIONS:
        return _("Sessions attended elsewhere")
    if requirement.rule.is_bounded:
        return capfirst(str(dict(Unit.choices).get(requirement.unit, ""))) or _("Size")
    return _("How many")


class DecisionForm(forms.Form):
    """Staff's judgement on a requirement."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=Decision.Outcome, widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)
    decided_on = DayField(label=gettext_lazy("Decided on"))


class CompleteStageForm(forms.Form):
    """The day on which a stage was completed."""

    completed_on = DayField(label=gettext_lazy("Completed on"))


class ExtendWindowForm(forms.Form):
    """A later last day of a stage's window, and why."""

    until = DayField(label=gettext_lazy("Open until"), initial=None)
    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class JoinCohortForm(forms.Form):
    """Chooses among the groups on an enrolment's pathway that it is not in."""

    cohort = forms.ModelChoiceField(label=gettext_lazy("Cohort"), queryset=Cohort.objects.none())

    def __init__(self, *args: Any, enrolment: Enrolment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Cohort.objects.filter(pathway=enrolment.pathway_id).exclude(memberships__enrolment=enrolment)
        self.fields["cohort"].queryset = others.order_by("-pk")


class ReasonForm(forms.Form):
    """Why something is taken back or changed; kept in the history."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=gettext_lazy("Kept in the history."),
    )
