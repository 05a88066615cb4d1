"""The part of an entry's form that says where somebody is: the town, which of its name, and how exactly."""

from collections import Counter
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.names import folded
from imp_wagtail.core.words import in_a_row

from ..models import Teacher, Town
from .lookup import towns_called
from .regions import region_name

#: Sent in the place of an answer to a question that was not asked, or asked about another town.
UNANSWERED = "?"
#: Towns of one name that are offered; no country has more that teachers could mean.
MOST_OFFERED = 20
PLACE_FIELDS = ["town", "country", "located_in", "spot", "latitude", "longitude"]


# Named as Django's, because Wagtail's styles for radios go by the name of a widget's class.
class RadioSelect(forms.RadioSelect):
    """Towns to choose from. A form that comes back to ask opens at the question, however long the page is."""

    is_asked = False

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(*args, **kwargs)
        if self.is_asked and option["index"] == "0":
            option["attrs"]["autofocus"] = True
        return option


class WhichTownField(forms.ModelChoiceField):
    """One of the towns that are offered, or none of them."""

    widget = RadioSelect
    offered: tuple[Town, ...] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Town.objects.all(), required=False, empty_label=None, **kwargs)

    def offer(self, towns: list[Town]) -> None:
        self.offered = tuple(towns)
        none = (str(_("None of these: shown, but not found by distance")),)
        self.choices = [*((town.pk, name) for town, name in zip(towns, told_apart(towns), strict=True)), ("", *none)]

    def to_python(self, value: Any) -> Town | None:
        if value in (*self.empty_values, UNANSWERED):
            return None
        town = next((town for town in self.offered if str(town.pk) == str(value)), None)
        if town is None:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value}
            )
        return town


class PlaceFormMixin(forms.Form):
    """Town and country as they are shown, which town of the table that is, and how exactly the map shows the place.

    A town is taken by itself where only one has exactly the typed name in that country. Where several have, the form
    comes back and asks. An answer counts for the name that it was given for: whoever types another is asked anew.
    """

    located_in = WhichTownField(
        label=gettext_lazy("Which town is it?"),
        help_text=gettext_lazy(
            "For those who look for teachers near a place. The public reads the town as typed above."
        ),
    )
    #: The town and country of which the form asked which one it is.
    asked_for = forms.CharField(required=False, widget=forms.HiddenInput)
    spot = forms.TypedChoiceField(
        label=gettext_lazy("Place on the map"),
        choices=Teacher.Spot,
        initial=Teacher.Spot.TOWN.value,
        coerce=int,
        required=False,
        empty_value=Teacher.Spot.TOWN.value,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Shown only with consent to it. Of a point, the map shows the middle of a square of this size; nothing "
            "more exact is kept."
        ),
    )
    latitude = forms.FloatField(
        label=gettext_lazy("Latitude"),
        required=False,
        min_value=-90,
        max_value=90,
        help_text=gettext_lazy("Degrees north, such as 52.0908; south of the equator with a minus sign."),
    )
    longitude = forms.FloatField(
        label=gettext_lazy("Longitude"),
        required=False,
        min_value=-180,
        max_value=180,
        help_text=gettext_lazy("Degrees east, such as 5.1222; west of Greenwich with a minus sign."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        town, country = (self._value_of(name) for name in ("town", "country"))
        asked = question(town, country)
        self.fits = towns_of_name(town, country) if self.is_bound or self.instance.pk else []
        stored = question(self.instance.town, self.instance.country)
        #: The town that is stored, as long as its name and country stand as they were.
        self.stands = self.instance.located_in if asked == stored else None
        if self.is_bound:
            self._forget_other_answers(asked)
        self.fields["asked_for"].initial = asked
        self.fields["town"].help_text = self._told_of_towns(town)
        self._offer_towns()

    def _value_of(self, name: str) -> str:
        """What was typed, and before that what is known."""
        if self.is_bound:
            return str(self.data.get(self.add_prefix(name)) or "")
        return str(self.get_initial_for_field(self.fields[name], name) or "")

    def _forget_other_answers(self, asked: str) -> None:
        """Take no answer for one that was given to another question."""
        self.data = self.data.copy()
        asked_for, answer = self.add_prefix("asked_for"), self.add_prefix("located_in")
        if self.data.get(asked_for) != asked or answer not in self.data:
            self.data[answer] = UNANSWERED
        self.data[asked_for] = asked

    def _offer_towns(self) -> None:
        """Ask only where there is something to choose."""
        stored = [self.stands] if self.stands and self.stands not in self.fits else []
        if stored or self.fits:
            self.fields["located_in"].offer([*stored, *self.fits])
        else:
            del self.fields["located_in"]

    def _told_of_towns(self, town: str) -> str:
        if not self.fits and not Town.objects.exists():
            return _(
                "No towns are loaded on this site, so nobody is found by distance. Whoever runs the site loads them "
                "with “imp_load_towns”."
            )
        if self.instance.pk and town and not self.fits:
            return _("Not in the table of towns: the entry is shown, but nobody finds it by distance.")
        return _("As the public reads it.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned is None:
            cleaned = self.cleaned_data
        cleaned.pop("asked_for", None)
        cleaned.setdefault("located_in", None)
        if self.data.get(self.add_prefix("located_in")) == UNANSWERED:
            self._answer(cleaned)
        if cleaned.get("spot") == Teacher.Spot.TOWN:
            self._leave_out_the_point(cleaned)
        return cleaned

    def _answer(self, cleaned: dict[str, Any]) -> None:
        """Leave it as it is where the name does, take the only town that can be meant, or ask."""
        if self.stands or not self.fits:
            cleaned["located_in"] = self.stands
        elif len(self.fits) == 1 and self.fits[0].is_exact:
            cleaned["located_in"] = self.fits[0]
        elif self.fits[0].is_exact:
            self._ask(_("Several towns have this name. Choose one of them, or none."))
        else:
            self._ask(_("No town has exactly this name. Choose what is meant, or none."))

    def _ask(self, message: str) -> None:
        self.add_error("located_in", message)
        self.fields["located_in"].widget.is_asked = True

    def _leave_out_the_point(self, cleaned: dict[str, Any]) -> None:
        """What stands in the fields of a point that nobody wants is no mistake."""
        for name in ("latitude", "longitude"):
            self.errors.pop(name, None)
            cleaned[name] = None


def question(town: str, country: str) -> str:
    """What is asked: which town of this name in this country is meant, however the name is written."""
    return f"{folded(town)}|{country}"


def towns_of_name(town: str, country: str) -> list[Town]:
    """The towns of exactly this name in a country, else those whose name begins so; the largest first."""
    found = towns_called(town, country, limit=MOST_OFFERED) if country else []
    return [town for town in found if town.is_exact] or found


def told_apart(towns: list[Town]) -> list[str]:
    """Each town with its region, and with its degrees where that is not enough."""
    names = [in_a_row((town.name, region_name(town.region))) for town in towns]
    count = Counter(names)
    degrees = [f" ({town.latitude:.2f}°, {town.longitude:.2f}°)" for town in towns]
    return [name + (place if count[name] > 1 else "") for name, place in zip(names, degrees, strict=True)]
