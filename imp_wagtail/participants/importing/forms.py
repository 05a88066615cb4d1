"""The forms of an import: the file, its columns, and what happens with people who are on record already."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.pathways.models import Pathway

from ..models import PeopleImport
from .columns import Scheme
from .matching import SHOWN_VALUES, Match, match
from .tables import Table


class BeginForm(forms.Form):
    """Which file, for which pathway."""

    pathway = forms.ModelChoiceField(label=gettext_lazy("Pathway"), queryset=Pathway.objects.none(), empty_label=None)
    file = forms.FileField(
        label=gettext_lazy("File"), widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["pathway"].queryset = Pathway.objects.in_source_language()


class ColumnsForm(forms.Form):
    """For each column of a file the field that it is, or nothing. A field is one column at most."""

    def __init__(self, *args: Any, table: Table, scheme: Scheme, matching: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table, self.scheme = table, scheme
        choices = [("", _("leave out")), *scheme.grouped()]
        for place, (heading, found) in enumerate(zip(table.headings, match(table.headings, scheme), strict=True)):
            self.fields[str(place)] = forms.ChoiceField(
                label=heading or _("Column %(number)d, without a heading") % {"number": place + 1},
                choices=choices,
                required=False,
                initial=matching.get(str(place), ""),
                help_text=self._help(place, found),
            )

    def _help(self, place: int, found: Match) -> str:
        return _("Did you mean “%(name)s”?") % {"name": found.nearly} if found.nearly else ""

    def rows(self) -> list[tuple[forms.BoundField, list[str]]]:
        """Each column with the first values that stand in it."""
        return [(self[name], self._first_values(int(name))) for name in self.fields]

    def _first_values(self, place: int) -> list[str]:
        values = (value for value in self.table.column(place) if value.strip())
        return [value for value, _number in zip(values, range(SHOWN_VALUES), strict=False)]

    def clean(self) -> dict[str, str]:
        cleaned = super().clean() or self.cleaned_data
        taken: dict[str, str] = {}
        for name, key in list(cleaned.items()):
            if key and key in taken:
                told = {"field": self.scheme.by_key[key].label, "column": self.fields[taken[key]].label}
                self.add_error(name, _("“%(column)s” is “%(field)s” already.") % told)
            elif key:
                taken[key] = name
        for column in self.scheme.columns:
            if column.is_required and column.key not in taken:
                self.add_error(None, _("Choose the column that is “%(field)s”.") % {"field": column.label})
        return cleaned


class ChoicesForm(forms.ModelForm):
    """Who is left out, and who is imported."""

    class Meta:
        model = PeopleImport
        fields = ["known", "namesakes"]
        widgets = {"known": forms.RadioSelect, "namesakes": forms.RadioSelect}
