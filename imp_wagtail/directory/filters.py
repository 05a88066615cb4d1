"""The public directory's form: a GET request, so that every result has an address to share."""

from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.localities import country_choices, country_name, language_choices, language_name
from imp_wagtail.core.names import folded

from .models import Teacher
from .querysets import TeacherQuerySet

#: The values of "format" and the field of a teacher that each asks for.
FORMATS = {"online": "teaches_online", "in_person": "teaches_in_person"}
FORMAT_LABELS = [("online", gettext_lazy("Online")), ("in_person", gettext_lazy("In person"))]


class Chosen(NamedTuple):
    """A filter that is set: what it says, and the address of the same list without it."""

    label: str
    address: str


def has_letters(value: str) -> None:
    """Refuse a name that is nothing but signs: it would find everybody, or nobody."""
    if not folded(value):
        raise ValidationError(_("Type letters of a name."))


def not_offered(message: Any) -> dict[str, Any]:
    """The message for a value that is no choice; the value itself, which can be anything, is not repeated."""
    return {"invalid_choice": message}


class TeacherFilterSet(django_filters.FilterSet):
    """Finds listed teachers. A value that makes no sense gets a message, and the others are still applied."""

    name = django_filters.CharFilter(
        label=gettext_lazy("Name"), method="filter_name", max_length=100, validators=[has_letters]
    )
    country = django_filters.ChoiceFilter(
        label=gettext_lazy("Country"),
        empty_label=gettext_lazy("Any country"),
        error_messages=not_offered(gettext_lazy("This is not a country of the list, so it was left out.")),
    )
    language = django_filters.ChoiceFilter(
        label=gettext_lazy("Language"),
        empty_label=gettext_lazy("Any language"),
        method="filter_language",
        error_messages=not_offered(gettext_lazy("This is not a language of the list, so it was left out.")),
    )
    format = django_filters.ChoiceFilter(
        label=gettext_lazy("Format"),
        empty_label=gettext_lazy("Online or in person"),
        choices=FORMAT_LABELS,
        method="filter_format",
        error_messages=not_offered(gettext_lazy("Choose online or in person; this was left out.")),
    )
    upcoming = django_filters.BooleanFilter(
        label=gettext_lazy("Has upcoming courses"), method="filter_upcoming", widget=forms.CheckboxInput
    )

    class Meta:
        model = Teacher
        fields = ["name", "country", "language", "format", "upcoming"]

    def __init__(self, data: Any = None, queryset: TeacherQuerySet | None = None, **kwargs: Any) -> None:
        listed = Teacher.objects.listed()
        super().__init__(data, listed if queryset is None else queryset, **kwargs)
        countries, languages = listed.countries_and_languages()
        self.filters["country"].extra["choices"] = self._offered("country", country_choices(), countries)
        self.filters["language"].extra["choices"] = self._offered("language", language_choices(), languages)

    def _offered(self, name: str, known: Any, in_use: set[str]) -> list[tuple[str, str]]:
        """The choices in use, and the one asked for where it is a real one: an old address stays true."""
        offered = {*in_use, self.data.get(name, "")}
        return [choice for choice in known if choice[0] in offered]

    def filter_name(self, teachers: TeacherQuerySet, name: str, value: str) -> QuerySet:
        return teachers.matching(value)

    def filter_language(self, teachers: TeacherQuerySet, name: str, value: str) -> QuerySet:
        return teachers.speaking(value)

    def filter_format(self, teachers: TeacherQuerySet, name: str, value: str) -> QuerySet:
        return teachers.filter(**{FORMATS[value]: True})

    def filter_upcoming(self, teachers: TeacherQuerySet, name: str, value: bool) -> QuerySet:
        return teachers.with_upcoming_courses() if value else teachers

    @property
    def values(self) -> dict[str, Any]:
        """The filters that are set and make sense, by name, in the order of the form."""
        cleaned = self.form.cleaned_data if self.is_bound and self.errors is not None else {}
        return {name: value for name, value in cleaned.items() if value}

    @property
    def chosen(self) -> list[Chosen]:
        """What is set, each with the address without it."""
        return [Chosen(self._in_words(name, value), self.address(without=name)) for name, value in self.values.items()]

    def address(self, *, without: str = "") -> str:
        """The address of the list with the filters that are set, in one canonical form; pages begin anew."""
        pairs = [(name, "on" if value is True else value) for name, value in self.values.items() if name != without]
        path = self.request.path if self.request else ""
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def _in_words(self, name: str, value: Any) -> str:
        match name:
            case "name":
                return _("Name: %(name)s") % {"name": value}
            case "country":
                return country_name(value)
            case "language":
                return language_name(value)
            case "format":
                return str(dict(FORMAT_LABELS)[value])
        return str(self.filters[name].label)
