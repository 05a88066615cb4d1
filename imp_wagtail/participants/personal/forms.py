"""The forms for exporting and erasing a person's data."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.names import folded

from ..models import Participant


class ExportForm(forms.Form):
    """Nothing to fill in: the button is all."""


class EraseForm(forms.Form):
    """Why a person is erased, and their name once more, so that nobody is erased by a slip."""

    why = forms.CharField(
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
        help_text=gettext_lazy("Kept in the log of the site. Do not name the person."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the person, to confirm"), widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, participant: Participant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participant = participant
        self.fields["name"].help_text = _("Type: %(name)s") % {"name": participant.name}

    def clean_name(self) -> str:
        """The name, however it is capitalised and accented."""
        typed, name = self.cleaned_data["name"], self.participant.name
        if typed.strip() != name and (folded(typed) != folded(name) or not folded(name)):
            raise ValidationError(_("This is not the name of the person whose record this is."))
        return typed
