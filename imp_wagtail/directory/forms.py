"""The forms of the directory in the admin. Each belongs to one action; what that refuses comes back to its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from imp_wagtail.core.forms import DayField, DayInput
from imp_wagtail.core.localities import language_choices
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.participants.forms import ReasonForm

from .models import Course, Qualification, Teacher
from .permissions import may_choose_photos


def grouped_languages() -> list[tuple[Any, Any]]:
    """All languages, those that the directory's teachers have first: there are far more than anyone reads."""
    _countries, in_use = Teacher.objects.countries_and_languages()
    return [
        (_("In use here"), [choice for choice in language_choices() if choice[0] in in_use]),
        (_("All others"), [choice for choice in language_choices() if choice[0] not in in_use]),
    ]


def web_address(label: Any) -> forms.URLField:
    """A field for an address on the web; what is typed without a scheme is taken for https."""
    return forms.URLField(label=label, max_length=200, required=False, assume_scheme="https")


class TeacherForm(SeenFormMixin, forms.ModelForm):
    """What a directory entry says."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=grouped_languages,
        widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("Taught in. Hold Ctrl (on a Mac: Command) to choose several."),
    )

    website = web_address(_("Website"))

    class Meta:
        model = Teacher
        fields = [
            "name",
            "town",
            "country",
            "languages",
            "teaches_online",
            "teaches_in_person",
            "about",
            "website",
            "photo",
        ]
        widgets = {"about": forms.Textarea(attrs={"rows": 5}), "photo": AdminImageChooser}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_choose_photos(user):
            del self.fields["photo"]


class ListForm(TeacherForm):
    """Puts a participant into the directory."""

    consented_on = DayField(
        label=_("Consented on"), initial=None, help_text=_("The day on which this person agreed to be listed.")
    )
    consent_note = forms.CharField(
        label=_("How consent was given"),
        max_length=240,
        required=False,
        help_text=_("For instance: e-mail of that day."),
    )


class ConsentForm(forms.Form):
    """Consent given anew."""

    consented_on = DayField(label=_("Consented on"), initial=None)
    consent_note = ListForm.base_fields["consent_note"]


class EndConsentForm(ReasonForm):
    """The day and the reason for which somebody leaves the directory."""

    on = DayField(label=_("Ended on"))
    field_order = ["on", "why"]


class CourseForm(forms.ModelForm):
    """One course of a teacher."""

    url = web_address(_("Link"))

    class Meta:
        model = Course
        fields = ["title", "starts", "ends", "format", "language", "place", "url"]
        widgets = {"starts": DayInput, "ends": DayInput}


class QualificationForm(forms.ModelForm):
    """One qualification of a teacher."""

    sort = forms.ChoiceField(label=_("Sort"), choices=Qualification.Sort, widget=forms.RadioSelect)

    class Meta:
        model = Qualification
        fields = ["sort", "title", "body", "awarded_on", "valid_until"]
        widgets = {"awarded_on": DayInput, "valid_until": DayInput}


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""
