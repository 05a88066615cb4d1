"""The forms of a cohort's members: who joins, and who changes to another one."""

from collections import Counter
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from imp_wagtail.core.dates import long_date

from ..models import Cohort, Enrolment, Participant

#: How many people are offered at once; whoever looks for others types a part of their name.
MOST_OFFERED = 50
#: Databases refuse longer numbers.
MOST_DIGITS = 18


class AddMembersForm(forms.Form):
    """Chooses among those on the cohort's pathway who are not members yet.

    Offered are those already chosen and the first of those found by ``q``; accepted is anybody who may join.
    """

    q = forms.CharField(label=gettext_lazy("Find by name or e-mail"), required=False)
    enrolments = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Participants"),
        queryset=Enrolment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["enrolments"]
        field.queryset = (
            Enrolment.objects.filter(pathway=cohort.pathway_id, status=Enrolment.Status.ACTIVE)
            .exclude(memberships__cohort=cohort)
            .select_related("participant", "current_stage")
            .order_by("participant__folded", "pk")
        )
        found = self._found(field.queryset)
        self.found_count = found.count()
        chosen = list(field.queryset.filter(pk__in=self._chosen()))
        people = [*chosen, *(person for person in found[:MOST_OFFERED] if person not in chosen)]
        field.choices = labelled(people)
        self.left_out_count = max(0, self.found_count - MOST_OFFERED)

    def _found(self, enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
        text = self["q"].value() or ""
        return enrolments.filter(participant__in=Participant.objects.matching(text)) if text.strip() else enrolments

    def _chosen(self) -> list[int]:
        keys = map(str, self["enrolments"].value() or [])
        return [int(key) for key in keys if key.isdecimal() and len(key) <= MOST_DIGITS]


def labelled(people: list[Enrolment]) -> list[tuple[int, str]]:
    """People by their names; those who share one are told apart by where they stand and since when."""
    times = Counter(person.participant.name for person in people)
    return [
        (person.pk, _with_standing(person) if times[person.participant.name] > 1 else person.participant.name)
        for person in people
    ]


def _with_standing(person: Enrolment) -> str:
    where = str(person.current_stage or pgettext("pathway", "completed"))
    since = _("enrolled on %(date)s") % {"date": long_date(person.enrolled_on)}
    return f"{person.participant.name} · {where} · {since}"


class MoveMemberForm(forms.Form):
    """Chooses another cohort of the same pathway; those of the same kind come first."""

    cohort = forms.ModelChoiceField(label=gettext_lazy("Move to"), queryset=Cohort.objects.none())

    def __init__(self, *args: Any, cohort: Cohort, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["cohort"]
        field.queryset = Cohort.objects.filter(pathway=cohort.pathway_id).exclude(pk=cohort.pk)
        others = sorted(field.queryset.order_by("kind", "title", "pk"), key=lambda other: other.kind != cohort.kind)
        field.choices = [
            ("", "---------"),
            *(
                (kind, [(other.pk, other.title) for other in group])
                for kind, group in groupby(others, key=Cohort.get_kind_display)
            ),
        ]
