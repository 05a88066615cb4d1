"""What an entry of the directory says, as a form: when somebody is listed, and later."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail.images.widgets import AdminImageChooser

from imp_wagtail.core.forms import DayField, TextField
from imp_wagtail.core.localities import language_choices
from imp_wagtail.core.sending import SeenFormMixin
from imp_wagtail.core.widgets import SeveralSelects

from .models import Purpose, Teacher
from .permissions import may_choose_photos
from .purposes import CheckboxSelectMultiple as PurposeBoxes
from .purposes import wording_to_read
from .towns.forms import PLACE_FIELDS, PlaceFormMixin


def grouped_languages() -> list[tuple[Any, Any]]:
    """All languages, those that the directory's teachers have first: there are far more than anyone reads."""
    _countries, in_use = Teacher.objects.countries_and_languages()
    return [
        (_("In use here"), [choice for choice in language_choices() if choice[0] in in_use]),
        (_("All others"), [choice for choice in language_choices() if choice[0] not in in_use]),
    ]


def web_address(label: Any, **options: Any) -> forms.URLField:
    """A field for an address on the web; what is typed without a scheme is taken for https."""
    return forms.URLField(label=label, assume_scheme="https", **{"max_length": 200, "required": False, **options})


class TeacherForm(SeenFormMixin, PlaceFormMixin, forms.ModelForm):
    """What a directory entry says."""

    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=grouped_languages,
        widget=SeveralSelects,
        help_text=_("Taught in, the first one first."),
    )

    website = web_address(_("Website"))

    class Meta:
        model = Teacher
        fields = [
            "name",
            *PLACE_FIELDS,
            "languages",
            "teaches_online",
            "teaches_in_person",
            "about",
            "website",
            "photo",
        ]
        field_classes = {"about": TextField}
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
    purposes = forms.MultipleChoiceField(
        label=_("Agreed to, besides a public profile"),
        choices=Purpose.choices[1:],
        required=False,
        widget=PurposeBoxes,
    )
    recognised_why = forms.CharField(
        label=_("Why listed without a completed pathway"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No pathway is completed here: this is a decision of staff, and its reason is kept."),
    )

    def __init__(self, *args: Any, has_standing: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        day = self.fields["consented_on"]
        day.help_text = format_html("{} {}", day.help_text, wording_to_read(Purpose.PROFILE))
        if has_standing:
            del self.fields["recognised_why"]
