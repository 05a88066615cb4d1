"""The forms of a cohort: its details, its members, its sessions, and who was there."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core import roles
from imp_wagtail.core.forms import DayField
from imp_wagtail.pathways.models import Pathway

from .models import Cohort, Enrolment


class CohortForm(forms.ModelForm):
    """What a cohort is, and who leads it."""

    class Meta:
        model = Cohort
        fields = ["title", "kind", "pathway", "training", "facilitators"]
        widgets = {"facilitators": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].queryset = Pathway.objects.in_source_language()
        people = self.fields["facilitators"].queryset
        leaders = people.filter(groups__name__in=[roles.FACILITATORS, roles.REGISTRARS]).distinct()
        self.fields["facilitators"].queryset = leaders.order_by(people.model.USERNAME_FIELD)


class AddMembersForm(forms.Form):
    """Chooses among those on the cohort's pathway who are not members yet."""

    enrolments = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Participants"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["enrolments"]
        field.queryset = (
            Enrolment.objects.filter(pathway=cohort.pathway_id, status=Enrolment.Status.ACTIVE)
            .exclude(memberships__cohort=cohort)
            .select_related("participant")
            .order_by("participant__folded", "pk")
        )
        field.label_from_instance = lambda enrolment: enrolment.participant.name


class AddSessionsForm(forms.Form):
    """A series of sessions: so many, so many days apart."""

    first = DayField(label=gettext_lazy("First day"), initial=None)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=60, initial=1)
    every_days = forms.IntegerField(
        label=gettext_lazy("Days from one to the next"), min_value=1, max_value=366, initial=1
    )
    hours = forms.DecimalField(
        label=gettext_lazy("Hours each"),
        min_value=0.25,
        max_value=24,
        max_digits=4,
        decimal_places=2,
        required=False,
    )


class AttendanceForm(forms.Form):
    """The grid of people by sessions. Cells are "session-enrolment".

    ``was`` says which cells were ticked when the page was made, so that only what this person changed is saved,
    and what somebody else ticked meanwhile stays.
    """

    present = forms.MultipleChoiceField(required=False)
    was = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, cells: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(cell, cell) for cell in cells]
        for field in self.fields.values():
            field.choices = choices
            field.error_messages["invalid_choice"] = _(
                "Members or sessions changed meanwhile. Load the page again and tick once more."
            )

    @property
    def ticked(self) -> set[str]:
        return set(self.cleaned_data["present"]) - set(self.cleaned_data["was"])

    @property
    def unticked(self) -> set[str]:
        return set(self.cleaned_data["was"]) - set(self.cleaned_data["present"])
