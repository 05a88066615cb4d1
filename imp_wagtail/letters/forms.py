"""The short forms for letters. Each belongs to one action; what an action refuses comes back to its field."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.conf import settings
from imp_wagtail.core.forms import DayField
from imp_wagtail.core.widgets import OneLine

from . import codes
from .checking.uploads import HashedUpload


class CheckForm(forms.Form):
    """One field with which a letter is checked."""

    def focus(self) -> None:
        """Have the page open at the field."""
        [field] = self.fields.values()
        field.widget.attrs["autofocus"] = True


class CodeForm(CheckForm):
    """A verification code, as somebody types it from a letter."""

    code = forms.CharField(
        label=_("Verification code"),
        max_length=1000,
        help_text=_("Thirteen letters and digits, for instance K7QF-2M9X-RT4WP. Capitals and hyphens do not matter."),
        widget=OneLine(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": _("Type the code that is printed on the letter.")},
    )

    def clean_code(self) -> str:
        """The code in its stored form; refused, and why, where no letter can have it.

        A scanner types what the square pattern says: the whole address.
        """
        typed = codes.within_address(self.cleaned_data["code"])
        if fault := codes.fault(typed):
            raise ValidationError(fault)
        return codes.parse(typed)


class FileForm(CheckForm):
    """A letter's PDF, as somebody got it. Wants an upload that ``uploads.HashingHandler`` has taken in."""

    file = forms.FileField(
        label=_("PDF of the letter"),
        help_text=_("The file itself, as it was sent or downloaded. A scan or a photo of a letter is another file."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={
            "required": _("Choose the PDF of a letter."),
            "empty": _("This file is empty. Choose the PDF of a letter."),
        },
    )

    def clean_file(self) -> HashedUpload:
        """The upload; refused where it is larger than any letter, or no PDF."""
        upload = self.cleaned_data["file"]
        if upload.size > settings.VERIFY_MAX_MB * 1024 * 1024:
            raise ValidationError(
                _("This file has more than %(most)s MB; no letter is that large.") % {"most": settings.VERIFY_MAX_MB},
                code="large",
            )
        if not upload.is_pdf:
            raise ValidationError(_("This file is not a PDF. Choose the PDF of a letter."), code="type")
        return upload


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
