"""The public directory's form: a GET request, so that every result has an address to share."""

from functools import cached_property
from typing import Any, NamedTuple

import django_filters
from django.forms import BoundField
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.words import in_a_row

from ..models import Listing, Town
from ..towns.lookup import towns_called
from ..towns.regions import region_name
from .entries import YES
from .fields import USUAL_KM, DistanceFilter, LineFilter, OneOfFilter, YesFilter
from .options import FORMATS, NAMES, in_order, is_country, is_language, is_month, is_region, with_count
from .search import VALUED, YES_OR_NOT, Found, Question, ask
from .titles import pathway_titles


class Link(NamedTuple):
    """A filter that is set, with the address of the list without it; or another town, with that of the list there."""

    label: str
    address: str


#: What loses its sense when a filter is taken away, or chosen anew.
HANGS_ON = {"near": ("near", "km"), "country": ("country", "region")}
#: What most people look for; the other filters are folded away until somebody wants them.
FIRST = ("name", "near", "km", "language", "country", "region", "format")
#: Towns of the same name that are offered instead of the largest.
OTHER_TOWNS = 5


class TeacherFilterSet(django_filters.FilterSet):
    """Finds listed teachers. A value that makes no sense gets a message, and the others are still applied."""

    name = LineFilter(label=gettext_lazy("Name"), max_length=100)
    near = LineFilter(label=gettext_lazy("Near"), max_length=100)
    km = DistanceFilter(label=gettext_lazy("Within"))
    language = OneOfFilter(
        label=gettext_lazy("Language"),
        known=is_language,
        error=gettext_lazy("This is not a language of the list, so it was left out."),
    )
    country = OneOfFilter(
        label=gettext_lazy("Country"),
        known=is_country,
        error=gettext_lazy("This is not a country of the list, so it was left out."),
    )
    region = OneOfFilter(label=gettext_lazy("Region"), known=is_region)
    format = OneOfFilter(
        label=gettext_lazy("Format"),
        known=FORMATS.__contains__,
        error=gettext_lazy("Choose online or in person; this was left out."),
    )
    month = OneOfFilter(label=gettext_lazy("Course begins in"), known=is_month)
    pathway = OneOfFilter(label=gettext_lazy("Completed pathway"), known=bool)
    upcoming = YesFilter(label=gettext_lazy("Has upcoming courses"))
    accredited = YesFilter(label=gettext_lazy("Independently accredited"))

    class Meta:
        model = Listing
        fields: list[str] = []

    def __init__(self, data: QueryDict, **kwargs: Any) -> None:
        super().__init__(in_one_country(data), Listing.objects.none(), **kwargs)
        self.titles = pathway_titles()
        self.filters["pathway"].extra["known"] = self.titles.__contains__
        self.towns = self._towns()
        self._offer()

    @cached_property
    def values(self) -> dict[str, Any]:
        """The filters that are set and make sense, by name, in the order of the form."""
        cleaned = self.form.cleaned_data
        values = {name: cleaned[name] for name in self.filters if cleaned.get(name)}
        if "near" not in values:
            values.pop("km", None)
        return values

    @cached_property
    def found(self) -> Found:
        """What was found; it is asked once."""
        asked = {name: value for name, value in self.values.items() if name != "near"}
        return ask(Question(**asked, town=self.towns[0] if self.towns else None))

    @property
    def chosen(self) -> list[Link]:
        """What is set, each with the address without it."""
        names = [name for name in self.values if name != "km"]
        return [Link(self._in_words(name, self.values[name]), self.address(without=name)) for name in names]

    @property
    def other_towns(self) -> list[Link]:
        """What else the town's name may mean, each with the address of the same list there."""
        names = list(dict.fromkeys(map(whole_name, self.towns)))[1 : OTHER_TOWNS + 1]
        return [Link(name, self.address(near=name)) for name in names]

    @property
    def first_fields(self) -> list[BoundField]:
        """What the form shows at once."""
        return [field for field in self.form if field.name in FIRST]

    @property
    def further_fields(self) -> list[BoundField]:
        """What it shows when asked to."""
        return [field for field in self.form if field.name not in FIRST]

    @property
    def is_further_asked(self) -> bool:
        """Whether any of those is set, or wrong."""
        return any(name not in FIRST for name in (*self.values, *self.errors))

    @property
    def knows_towns(self) -> bool:
        """Whether anybody's town is known by the table of towns, so that people can be found by distance."""
        return bool(self.found.index.points.by_number)

    def address(self, *, without: str = "", **instead: str) -> str:
        """The address of the list with the filters that are set, in one canonical form; pages begin anew."""
        left_out = HANGS_ON.get(without, (without,))
        values = {name: value for name, value in {**self.values, **instead}.items() if name not in left_out}
        pairs = [
            (name, YES if value is True else value)
            for name, value in values.items()
            if (name, value) != ("km", USUAL_KM)
        ]
        path = self.request.path if self.request else ""
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def _towns(self) -> list[Town]:
        """Those that the text may mean, the best first; in the country that was chosen, if there are any."""
        self.errors  # noqa: B018 - asked for, because that is when the form is checked
        text, country = (self.form.cleaned_data.get(name, "") for name in ("near", "country"))
        if not text:
            return []
        towns = (country and towns_called(text, country)) or towns_called(text)
        if not towns:
            self.form.add_error("near", _("No town of this name is known, so it was left out."))
            return []
        return [town for town in towns if town.is_exact == towns[0].is_exact]

    def _offer(self) -> None:
        """Put the options with their counts into the form. Fields of which nobody fits any value are left out."""
        fields, index = self.form.fields, self.found.index
        for facet in (*VALUED, *YES_OR_NOT):
            counts = self.found.counts[facet]
            in_use = counts or (facet != "region" and index.sets.get(facet))
            if not in_use and facet not in self.values and facet not in self.errors:
                del fields[facet]
            elif facet in YES_OR_NOT:
                self.form[facet].label = with_count(str(fields[facet].label), counts.get(YES, 0))
            else:
                offered = in_order(facet, {*counts, self.values.get(facet)} - {None}, self.titles)
                fields[facet].offer((value, with_count(name, counts.get(value, 0))) for value, name in offered)
        if not self.knows_towns and "near" not in self.errors:
            del fields["near"], fields["km"]

    def _in_words(self, name: str, value: Any) -> str:
        match name:
            case "name":
                return _("Name: %(name)s") % {"name": value}
            case "near":
                return _("Within %(km)d km of %(town)s") % {"km": self.values["km"], "town": self.towns[0]}
            case "pathway":
                return self.titles[value]
        return NAMES[name](value) if name in NAMES else str(self.filters[name].label)


def in_one_country(data: QueryDict) -> QueryDict:
    """What was asked, where a region stands within its own country: that one is chosen with it, or it falls."""
    region, country = data.get("region", ""), data.get("country", "")
    if not is_region(region) or region.startswith(f"{country}."):
        return data
    data = data.copy()
    data["region" if is_country(country) else "country"] = "" if is_country(country) else region.partition(".")[0]
    return data


def whole_name(town: Town) -> str:
    """A town's name with its region and country: who looks it up finds it again."""
    name, _comma, country = str(town).rpartition(", ")
    return in_a_row((name, region_name(town.region), country))
