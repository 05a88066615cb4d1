"""The forms of a cohort: its details, its sessions, and who was there. See ``member_forms`` for its members."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core import roles
from imp_wagtail.core.forms import DayField
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind
from imp_wagtail.trainings.models import TrainingPage

from ..models import Cohort, Session
from .attendance import AttendanceGrid

#: Most sessions of one series.
MOST_SESSIONS = 60


class TrainingLabels:
    """For a field of trainings, which often have the same title: they are told apart by their dates."""

    def label_from_instance(self, training: TrainingPage) -> str:
        return f"{training.title}, {training.dates}"


class TrainingChoiceField(TrainingLabels, forms.ModelChoiceField):
    """A choice of one training."""


class CohortForm(forms.ModelForm):
    """What a cohort is, and who leads it."""

    class Meta:
        model = Cohort
        fields = ["title", "kind", "pathway", "training", "facilitators"]
        widgets = {"facilitators": forms.CheckboxSelectMultiple}
        field_classes = {"training": TrainingChoiceField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].queryset = Pathway.objects.in_source_language()
        self.fields["training"].queryset = TrainingPage.objects.order_by("-starts", "title", "pk")
        people = self.fields["facilitators"].queryset
        leaders = people.filter(groups__name__in=[roles.FACILITATORS, roles.REGISTRARS]).distinct()
        self.fields["facilitators"].queryset = leaders.order_by(people.model.USERNAME_FIELD)


class EditCohortForm(SeenFormMixin, CohortForm):
    """The same for a cohort that somebody else may be changing too."""


def for_training(training: TrainingPage) -> dict[str, Any]:
    """What the form of a new cohort says from the start where it is made for a training."""
    return {
        "title": training.title,
        "kind": CohortKind.TRAINING,
        "pathway": training.pathway.source if training.pathway else None,
        "training": training,
    }


def hours_field() -> forms.DecimalField:
    return forms.DecimalField(
        label=gettext_lazy("Hours each"),
        min_value=0.25,
        max_value=24,
        max_digits=4,
        decimal_places=2,
        required=False,
    )


class AddSessionsForm(forms.Form):
    """A series of sessions: so many, so many days apart."""

    first = DayField(label=gettext_lazy("First day"), initial=None)
    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=MOST_SESSIONS, initial=1)
    every_days = forms.IntegerField(
        label=gettext_lazy("Days from one to the next"), min_value=1, max_value=366, initial=1
    )
    hours = hours_field()
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=Session._meta.get_field("title").max_length,
        required=False,
        help_text=gettext_lazy("“Day {n}” becomes “Day 1”, “Day 2” and so on."),
    )


def days_of(training: TrainingPage | None) -> dict[str, Any] | None:
    """A series of the days of a training; none where they are not known, or are too many for one series."""
    if training is None or training.year_only or training.days > MOST_SESSIONS:
        return None
    return {"first": training.starts, "count": training.days, "every_days": 1}


class SessionForm(SeenFormMixin, forms.ModelForm):
    """One session's day, title and hours."""

    date = DayField(label=gettext_lazy("Date"), initial=None)
    hours = hours_field()

    class Meta:
        model = Session
        fields = ["date", "title", "hours"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hours"].label = _("Hours")


class AttendanceForm(forms.Form):
    """The grid of people by sessions. Cells are "session-enrolment".

    ``was`` says which cells were ticked when the page was made, so that only what this person changed is saved,
    and what somebody else ticked meanwhile stays. ``everyone`` is a session at which all were present.
    """

    present = forms.MultipleChoiceField(required=False)
    was = forms.MultipleChoiceField(required=False)
    everyone = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, grid: AttendanceGrid, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grid = grid
        for name in ("present", "was"):
            self.fields[name].choices = [(cell, cell) for cell in grid.cells]
        self.fields["everyone"].choices = [(str(session.pk), session.name) for session in grid.sessions]
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = _(
                "Members or sessions changed meanwhile. What else you ticked is still here: look it over and save "
                "it again."
            )

    @property
    def ticked(self) -> set[str]:
        """The cells that this person ticked, among those that there are."""
        return (self._sent("present") | self._column()) - self._sent("was")

    @property
    def unticked(self) -> set[str]:
        return self._sent("was") - self._sent("present") - self._column()

    @property
    def changed_by_others(self) -> set[str]:
        """The cells that somebody else changed since the page was made, and this person did not."""
        return (self.grid.present ^ self._sent("was")) - self.ticked - self.unticked

    def _sent(self, name: str) -> set[str]:
        return set(self.data.getlist(name)) & self.grid.known

    def _column(self) -> set[str]:
        return self.grid.column(self.data.get("everyone", ""))
