"""The filters of the list of participants, each set to what most people have."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.test import RequestFactory

from imp_wagtail.participants.filters import ParticipantFilterSet
from imp_wagtail.participants.models import Participant

#: So many of a filter's choices are tried out; of a thousand cohorts, one is like the next.
MOST_CHOICES = 40


class Filters:
    """The list's filters, as a user sees them."""

    def __init__(self, user: Any) -> None:
        self.request: HttpRequest = RequestFactory().get("/")
        self.request.user = user

    def fullest(self) -> list[tuple[str, dict[str, Any]]]:
        """Each filter's name with the query that leaves most people; the last is several of them together."""
        found = {name: self._fullest_choice(name) for name in ParticipantFilterSet.base_filters}
        single = [(name, {name: value}) for name, value in found.items()]
        together = {name: found[name] for name in ("pathway", "status", "country")}
        return [*single, (", ".join(together), together)]

    def _filters(self, query: dict[str, Any]) -> ParticipantFilterSet:
        return ParticipantFilterSet(query, Participant.objects.all(), request=self.request)

    def _fullest_choice(self, name: str) -> str:
        """Empty where there is nothing to choose from."""
        field = self._filters({}).form.fields[name]
        return max(_choices(field), key=lambda value: self._filters({name: value}).qs.count(), default="")


def _choices(field: forms.Field) -> list[str]:
    """The values that a field offers, without the empty one."""
    values = [str(value) for value, _label in getattr(field, "choices", []) if value not in ("", None)]
    return values[:MOST_CHOICES]
