"""What the public writes to teachers, and what is said of it when it is misuse."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.forms import TextField
from imp_wagtail.core.widgets import OneLine
from imp_wagtail.letters.bidi import plain_line

from ..models import Enquiry, Teacher
from .actions import LONGEST_TEXT
from .seals import Seal, new_seal, opened

#: What stands in no name, and often where a machine fills in a form.
ADDRESS = re.compile(r"://|www\.|@", re.IGNORECASE)


class FocusedForm(forms.Form):
    """A form that comes back opens at the first field that is to be mended."""

    @property
    def wrong_field(self) -> str:
        """The name of that field; "" if what is wrong is about none."""
        return next((name for name in self.fields if name in self.errors), "")

    def focus(self) -> None:
        if self.wrong_field:
            self.fields[self.wrong_field].widget.attrs["autofocus"] = True


class EnquiryForm(FocusedForm):
    """A message to one teacher. No puzzle: a field that only machines see, and how long it took to write."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=Enquiry._meta.get_field("sender_name").max_length,
        widget=OneLine(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Give your name, so that the teacher knows who writes.")},
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        help_text=gettext_lazy("The answer comes to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": gettext_lazy("Give your e-mail address, so that the teacher can answer."),
            "invalid": gettext_lazy("This is not a whole e-mail address. It looks like name@example.org."),
        },
    )
    text = TextField(
        label=gettext_lazy("Your message"),
        min_length=10,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 9}),
        error_messages={"required": gettext_lazy("Write a message.")},
    )
    #: Nobody sees it. Called what machines like to fill in, and no browser does by itself.
    website = forms.CharField(
        label=gettext_lazy("Leave this field empty"),
        required=False,
        widget=OneLine(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, teacher: Teacher) -> None:
        super().__init__(data, initial={"seal": new_seal(teacher)})
        self.teacher = teacher
        #: Of a valid form.
        self.opened: Seal | None = None

    def clean_name(self) -> str:
        name = plain_line(self.cleaned_data["name"])
        if not name or ADDRESS.search(name):
            raise ValidationError(_("Give your name only, without a web or e-mail address."))
        return name

    def clean_text(self) -> str:
        text = self.cleaned_data["text"]
        if not plain_line(text):
            raise ValidationError(_("Write a message."))
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        seal = opened(cleaned.get("seal") or "", self.teacher)
        if cleaned.get("website"):
            self._send_anew("website", "")
            self.add_error(None, _("A field that is to stay empty was filled in. It is empty now: please send again."))
        if seal is None:
            self._send_anew("seal", new_seal(self.teacher))
            self.add_error(
                None, _("This page was open for a long time. Your message is still here: please send again.")
            )
        elif seal.is_too_fast and not self.errors:
            self.add_error(
                None, _("That was faster than anybody writes. Your message is still here: please send again.")
            )
        self.opened = seal
        return cleaned

    def _send_anew(self, name: str, value: str) -> None:
        """What the field says when the form comes back."""
        self.data = self.data.copy()
        self.data[self.add_prefix(name)] = value


class ReportForm(FocusedForm):
    """What is wrong with an enquiry. To say nothing is enough."""

    text = TextField(
        label=gettext_lazy("What is wrong with it? You need not say."),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
