"""The form for a new wording of consent."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.models import Locale

from imp_wagtail.core.forms import DayField, TextField

from ..actions.consents import refuse_hasty_end
from ..models import Purpose


class NewWordingForm(forms.Form):
    """A text for each of the site's languages, and from when on consent to earlier ones ends.

    It is sent twice: first to be shown whom it concerns, and once more to publish just that.
    """

    earlier_end_on = DayField(
        label=gettext_lazy("Earlier consents end on"),
        initial=None,
        required=False,
        help_text=gettext_lazy(
            "From this day on, whoever agreed to an earlier wording only is not shown any more. Empty: earlier "
            "consent goes on counting."
        ),
    )
    foreseen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, purpose: Purpose, texts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose, self.standing = purpose, texts
        default = Locale.get_default().pk
        self.locales = sorted(Locale.objects.all(), key=lambda locale: (locale.pk != default, locale.pk))
        for locale in self.locales:
            self.fields[self.name_of(locale)] = self._field(locale)
        self.order_fields([*map(self.name_of, self.locales), "earlier_end_on", "foreseen"])

    @staticmethod
    def name_of(locale: Locale) -> str:
        return f"text_{locale.language_code}"

    def _field(self, locale: Locale) -> forms.Field:
        code = locale.language_code
        direction = "rtl" if _is_rtl(code) else "ltr"
        return TextField(
            label=_("Text: %(language)s") % {"language": locale.get_display_name()},
            initial=self.standing.get(code, ""),
            required=False,
            max_length=4000,
            widget=forms.Textarea(attrs={"rows": 4, "lang": code, "dir": direction}),
            help_text=""
            if locale == self.locales[0]
            else _("Left empty, readers of this language get the text in the site’s."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        refuse_hasty_end(cleaned.get("earlier_end_on"))
        first = self.name_of(self.locales[0])
        texts = {locale.language_code: cleaned.get(self.name_of(locale), "") for locale in self.locales}
        cleaned["texts"] = {code: text for code, text in texts.items() if text}
        if not self.errors and not cleaned["texts"].get(self.locales[0].language_code):
            self.add_error(first, _("Write the text in the site’s language; the others fall back to it."))
        elif not self.errors and cleaned["texts"] == self.standing:
            raise ValidationError(_("This is the wording that stands already."))
        return cleaned

    @property
    def was_foreseen(self) -> bool:
        """Whether just this was shown before with whom it concerns, and in the place of which wording.

        If not, the form brings it along from now on.
        """
        mark = salted_hmac("imp_directory.new_wording", repr(self._said())).hexdigest()
        if self.cleaned_data["foreseen"] == mark:
            return True
        self.data = self.data.copy()
        self.data[self.add_prefix("foreseen")] = mark
        return False

    def _said(self) -> tuple[Any, ...]:
        texts = (sorted(texts.items()) for texts in (self.standing, self.cleaned_data["texts"]))
        return self.purpose.value, *texts, self.cleaned_data["earlier_end_on"]


def _is_rtl(code: str) -> bool:
    try:
        return bool(get_language_info(code)["bidi"])
    except KeyError:
        return False
