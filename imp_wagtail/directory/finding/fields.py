"""The fields of the directory's form. They take what addresses hold, which can be anything."""

from collections.abc import Callable, Iterable
from math import isnan
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from imp_wagtail.core.names import folded
from imp_wagtail.core.widgets import LongSelect, ManyChoices, OneLine

#: Distances to choose from, in kilometres, and the one that is meant where none is given.
DISTANCES = (10, 25, 50, 100, 200)
USUAL_KM = 50
#: Names, languages and countries are looked for here, and not the reader's own, which browsers like to fill in.
OTHERS = {"autocomplete": "off"}


def has_letters(value: str) -> None:
    """Refuse a text that is nothing but signs: it would find everybody, or nobody."""
    if not folded(value):
        raise ValidationError(_("Type letters of a name."))


class LineField(forms.CharField):
    """A line of text with letters in it."""

    widget = OneLine(attrs=OTHERS)
    default_validators = [has_letters]


class OneOfField(forms.ChoiceField):
    """One of what is found, each with its count; or, where nothing is chosen, any.

    ``known`` says whether a value makes sense, though nobody may have it now: an old address stays true.
    """

    widget = LongSelect(attrs=OTHERS)

    def __init__(self, *, known: Callable[[str], bool], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.known = known

    def valid_value(self, value: Any) -> bool:
        return self.known(str(value))

    def offer(self, options: Iterable[tuple[str, str]]) -> None:
        """Make these the choices."""
        self.choices = ManyChoices([("", pgettext("filter", "Any")), *options])


class DistanceField(forms.ChoiceField):
    """A number of kilometres. Every number means the nearest that is offered, and everything else the usual one."""

    widget = LongSelect(attrs=OTHERS)

    def clean(self, value: Any) -> int:
        try:
            wanted = float(value)
        except (TypeError, ValueError):
            return USUAL_KM
        return USUAL_KM if isnan(wanted) else min(DISTANCES, key=lambda km: abs(km - wanted))

    def prepare_value(self, value: Any) -> int:
        return self.clean(value)


class LineFilter(django_filters.Filter):
    field_class = LineField


class OneOfFilter(django_filters.Filter):
    """A choice. ``error``: what is said of a value that is none; the value itself, which can be anything, is not."""

    field_class = OneOfField

    def __init__(self, *, error: Any = None, **kwargs: Any) -> None:
        error = error or gettext_lazy("This is not one of the choices, so it was left out.")
        super().__init__(error_messages={"invalid_choice": error}, **kwargs)


class DistanceFilter(django_filters.Filter):
    field_class = DistanceField

    def __init__(self, **kwargs: Any) -> None:
        choices = ManyChoices((km, gettext_lazy("%(km)d km") % {"km": km}) for km in DISTANCES)
        super().__init__(choices=choices, **kwargs)


class YesFilter(django_filters.BooleanFilter):
    """A box to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxInput, **kwargs)
