"""The short forms behind an entry's buttons. Each belongs to one action; what that refuses comes back to its field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, ngettext

from imp_wagtail.core.conf import settings
from imp_wagtail.core.forms import DayField, DayInput
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.participants.forms import ReasonForm

from ..forms import ListForm, web_address
from ..models import Course, Purpose, Qualification
from ..purposes import RadioSelect as PurposeRadios


class ConsentForm(forms.Form):
    """Consent to one purpose, given for the first time or anew."""

    purpose = forms.ChoiceField(
        label=gettext_lazy("Agreed to"), choices=Purpose, initial=Purpose.PROFILE, widget=PurposeRadios
    )
    on = DayField(
        label=gettext_lazy("Consented on"),
        initial=None,
        help_text=gettext_lazy("Recorded as consent to the wording that stood on that day."),
    )
    note = ListForm.base_fields["consent_note"]


class EndConsentForm(ReasonForm):
    """What somebody agrees to no more, since which day and why."""

    purpose = forms.ChoiceField(label=gettext_lazy("No longer agreed to"), choices=Purpose, initial=Purpose.PROFILE)
    on = DayField(label=gettext_lazy("Ended on"))
    field_order = ["purpose", "on", "why"]


class RenewForm(forms.Form):
    """That a teacher declared, on a day, that all of the entry is still so."""

    on = DayField(label=gettext_lazy("Declared on"))
    note = forms.CharField(
        label=gettext_lazy("How it was declared"),
        max_length=240,
        required=False,
        help_text=gettext_lazy("For instance: e-mail of that day. Kept in the history."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.LISTING_DAYS:
            self.fields["on"].help_text = ngettext(
                "The listing runs for %(days)d day from then on.",
                "The listing runs for %(days)d days from then on.",
                settings.LISTING_DAYS,
            ) % {"days": settings.LISTING_DAYS}


class CourseForm(forms.ModelForm):
    """One course of a teacher."""

    url = web_address(gettext_lazy("Link"))

    class Meta:
        model = Course
        fields = ["title", "starts", "ends", "format", "language", "place", "url", "state"]
        widgets = {"starts": DayInput, "ends": DayInput, "state": forms.RadioSelect}


class EditCourseForm(SeenFormMixin, CourseForm):
    """The same for one that is there: nobody overwrites what they have not seen."""


class QualificationForm(forms.ModelForm):
    """One qualification of a teacher."""

    sort = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Qualification.Sort, widget=forms.RadioSelect)

    class Meta:
        model = Qualification
        fields = ["sort", "title", "body", "level", "awarded_on", "valid_until", "checked_on"]
        widgets = {"awarded_on": DayInput, "valid_until": DayInput, "checked_on": DayInput}
        help_texts = {
            "checked_on": gettext_lazy(
                "The day on which one of us asked the body. The public sees no accreditation before."
            )
        }


class EditQualificationForm(SeenFormMixin, QualificationForm):
    """The same for one that is there: nobody overwrites what they have not seen."""


class CheckForm(forms.Form):
    """When a qualification was checked with its body; by whom is known."""

    on = DayField(label=gettext_lazy("Checked on"))


class ConfirmForm(forms.Form):
    """Nothing to fill in: the button is the answer."""
