"""The editor's form of a training."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from imp_wagtail.core.localities import country_name
from imp_wagtail.core.pages import StartingForm

from .languages import FOLLOWING, ROWS, SHARED, owner_of
from .rules import clocks_of, is_clock_of


class TrainingPageForm(StartingForm):
    """Keeps the dates that were announced before: they are known, so nobody types them again.

    Nor does anybody type facts on a page in another language: ``owner`` is the page from which they come, ``None``
    on that page itself.
    """

    moved = forms.BooleanField(
        required=False,
        label=_("It was moved"),
        help_text=_("Then the dates announced so far are kept, and shown beside the new ones."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["moved"] = self.instance.has_moved
        if not (self.instance.has_moved or self._announced()):
            self.fields.pop("moved", None)
        if "time_zone" in self.fields:
            self.fields["time_zone"].help_text = gettext(
                "Of the place where it is held. Empty: the country’s, if it has one only; this site’s own otherwise."
            )
        owner = owner_of(self.instance)
        self.owner = owner if owner.pk != self.instance.pk else None
        if self.owner:
            self._leave_facts_to(self.owner)

    def _leave_facts_to(self, owner: Any) -> None:
        for name in (*SHARED, "moved"):
            if name in self.fields:
                show_only(self, name)
                self.fields[name].help_text = ""
        for name in (name for group in FOLLOWING for name in group):
            if name in self.fields and (said := getattr(owner, name)):
                told = {"language": owner.locale, "words": said}
                self.fields[name].help_text = gettext("In %(language)s: %(words)s") % told
        for form in (form for name in ROWS if name in self.formsets for form in self.formsets[name].forms):
            for name in ("trainer", "amount", "currency", "image"):
                if name in form.fields:
                    show_only(form, name)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.unreadable = frozenset(self.errors)
        if self.owner:
            return cleaned
        if cleaned.get("starts") and cleaned.get("country") and "time_zone" in self.fields:
            self._set_clock(cleaned)
        if not cleaned.get("moved"):
            self.instance.previous_starts = self.instance.previous_ends = None
        elif "starts" in cleaned and "ends" in cleaned:
            self._keep_announced((cleaned["starts"], cleaned["ends"]))
        return cleaned

    def _set_clock(self, cleaned: dict[str, Any]) -> None:
        """The country's, where it has but one. By another's, calendars would show the hours too early or too late."""
        clocks = clocks_of(cleaned["country"], cleaned["starts"])
        if len(clocks) == 1 and not cleaned.get("time_zone"):
            cleaned["time_zone"] = next(iter(clocks.values()))
        zone = ZoneInfo(cleaned.get("time_zone") or timezone.get_default_timezone_name())
        days = [cleaned["starts"], *([cleaned["ends"]] if cleaned.get("end_time") and cleaned.get("ends") else [])]
        if cleaned.get("start_time") and not all(is_clock_of(cleaned["country"], zone, day) for day in days):
            reason = gettext("No clock of %(country)s shows these hours. Choose the time zone of the place.")
            self.add_error("time_zone", reason % {"country": country_name(cleaned["country"])})

    def _keep_announced(self, dates: tuple[Any, Any]) -> None:
        """Those that the public page shows now, unless it shows these already."""
        announced = self._announced()
        if announced and announced != dates:
            self.instance.previous_starts, self.instance.previous_ends = announced
        elif not self.instance.has_moved:
            self.add_error("moved", _("No other dates have been announced yet. Change the dates, or untick this."))

    def _announced(self) -> tuple[Any, Any] | None:
        live = type(self.instance).objects.live().filter(pk=self.instance.pk)
        return live.values_list("starts", "ends").first()


def show_only(form: forms.ModelForm, name: str) -> None:
    """A field is not changed, whatever is sent with it. A chooser, which always offers a change, becomes a list."""
    field = form.fields[name]
    field.disabled = True
    if isinstance(field, forms.ModelChoiceField):
        field.queryset = field.queryset.filter(pk=form.initial.get(name) or 0)
        field.widget = forms.Select(choices=field.choices)
