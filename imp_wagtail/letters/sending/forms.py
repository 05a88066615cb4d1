"""The forms for letters by e-mail: how one is sent, how many are, and the wording of the message."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.models import Locale

from ..models import Letter, LetterMessage, Sending
from .messages import own_wording, validate_subject, validate_text

#: What seals the letters that a page showed.
SALT = "imp_letters.send_run"


def sealed(letters: list[Letter]) -> str:
    """The letters that a page shows, as a hidden field's value that nobody can change; another for each showing."""
    return signing.dumps([uuid4().hex, [letter.pk for letter in letters]], salt=SALT, compress=True)


class MannerForm(forms.Form):
    """How letters are sent."""

    manner = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=Sending.Manner.choices,
        initial=Sending.Manner.ATTACHMENT,
        widget=forms.RadioSelect,
    )


class SendForm(MannerForm):
    """How one letter is sent, and to which address."""

    to = forms.EmailField(
        label=pgettext_lazy("e-mail", "To"),
        max_length=254,
        help_text=gettext_lazy("The address on record. Another one is for this message only."),
    )


class SendRunForm(MannerForm):
    """How the letters that were shown are sent."""

    letters = forms.CharField(widget=forms.HiddenInput)

    def clean_letters(self) -> tuple[str, list[int]]:
        """A token that is another for each showing of the form, and the letters' keys."""
        try:
            token, keys = signing.loads(self.cleaned_data["letters"], salt=SALT)
        except signing.BadSignature as error:
            raise ValidationError(_("This page is out of date. Open it again.")) from error
        return token, keys


class TryAgainForm(forms.Form):
    """Nothing to fill in."""


class LetterMessageForm(WagtailAdminModelForm):
    """The wording of the message. A new one begins with the package's own; what no message could say is refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            _language, subject, text = own_wording(self._locale().language_code)
            self.initial = {**self.initial, "subject": subject, "body": text}

    def clean_subject(self) -> str:
        subject: str = self.cleaned_data["subject"]
        validate_subject(subject)
        return subject

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        validate_text(body)
        return body

    def clean(self) -> dict[str, Any]:
        """A pathway has one message in each language, and so have those without one of their own."""
        cleaned = super().clean()
        pathway = cleaned.get("pathway")
        others = LetterMessage.objects.filter(locale=self._locale()).exclude(pk=self.instance.pk)
        same = {"pathway__translation_key": pathway.translation_key} if pathway else {"pathway": None}
        if others.filter(**same).exists():
            self.add_error("pathway", _("There is a message for this in this language already."))
        return cleaned

    def _locale(self) -> Locale:
        return self.instance.locale if self.instance.locale_id else Locale.get_default()
