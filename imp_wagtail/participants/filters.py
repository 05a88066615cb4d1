"""The filters of the list of participants. Those about an enrolment all speak of the same one."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.filters import WagtailFilterSet

from imp_wagtail.core.widgets import LongSelect, ManyChoices
from imp_wagtail.trainings.models import TrainingPage

from . import filter_choices
from .hands import Hand, hands_for
from .models import Enrolment, Membership, Participant, StageProgress
from .querysets import EnrolmentQuerySet, ParticipantQuerySet
from .windows import WindowState

#: The filters about an enrolment: somebody is found who has one enrolment that fits them all.
OF_ENROLMENT = ("hand", "pathway", "stage", "state", "window", "status", "cohort", "training")
#: Those that an enrolment's own fields answer.
OF_OWN_FIELDS = {"pathway", "stage", "state", "status"}
#: Those whose few choices are seen at once.
IN_FULL = ("hand", "pathway", "state", "window", "status")


class ChoiceFilter(django_filters.ChoiceFilter):
    """A filter by one of some choices, or any."""

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, empty_label=pgettext_lazy("filter", "Any"), widget=LongSelect, **kwargs)


class EnrolmentFilter(ChoiceFilter):
    """A filter of ``OF_ENROLMENT``: the filter set looks at all of them together."""

    def filter(self, people: QuerySet, value: str) -> QuerySet:
        return people


class ParticipantFilterSet(WagtailFilterSet):
    """The filters of ``OF_ENROLMENT`` are looked for on one and the same enrolment, the others on the person."""

    hand = EnrolmentFilter(_("Needs a hand"))
    pathway = EnrolmentFilter(_("Pathway"))
    stage = EnrolmentFilter(_("Stage"))
    state = EnrolmentFilter(_("State of the stage"), choices=StageProgress.State)
    window = EnrolmentFilter(_("Window of the stage"), choices=WindowState)
    status = EnrolmentFilter(_("Enrolment"), choices=Enrolment.Status)
    cohort = EnrolmentFilter(_("Cohort"))
    training = EnrolmentFilter(_("Training"))
    country = ChoiceFilter(_("Country"))
    language = ChoiceFilter(_("Language"))

    class Meta:
        model = Participant
        fields = [*OF_ENROLMENT, "country", "language"]

    #: Whether everybody is asked in turn for a fitting enrolment. It fills a page of many at once, and counts slowly.
    asks_in_turn = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hands: dict[str, Hand] = {hand.key: hand for hand in hands_for(self.request.user)}
        for name, choices in self._offered().items():
            self.filters[name].extra["choices"] = ManyChoices(choices)
        for name in IN_FULL:
            self.form.fields[name].widget = forms.RadioSelect(choices=self.form.fields[name].widget.choices)

    def _offered(self) -> dict[str, filter_choices.Choices]:
        asked_for = {self.data.get(name, "") for name in ("country", "language")}
        return {
            "hand": [(hand.key, hand.label) for hand in self.hands.values()],
            **filter_choices.pathways_and_stages(),
            **filter_choices.cohorts_and_trainings(self.request.user, also=self._keys("cohort", "training")),
            **filter_choices.countries_and_languages(also=asked_for),
        }

    def _keys(self, *names: str) -> dict[str, int]:
        """The records that the address asks for, where it names keys at all."""
        asked_for = {name: self.data.get(name, "") for name in names}
        return {name: int(key) for name, key in asked_for.items() if key.isascii() and key.isdigit() and len(key) < 19}

    def applied_to(self, people: ParticipantQuerySet) -> ParticipantQuerySet:
        """The people who pass every filter. Nobody where a filter means nothing: it may have been the narrowest."""
        return self.filter_queryset(people) if self.is_valid() else people.none()

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        people = super().filter_queryset(queryset)
        wanted = self._wanted()
        if not wanted:
            return people
        fitting = self._fitting(Enrolment.objects.all(), **wanted)
        if self.asks_in_turn:
            return people.filter(Exists(fitting.filter(participant=OuterRef("pk"))))
        return people.filter(pk__in=fitting.values("participant"))

    def _wanted(self) -> dict[str, str]:
        return {name: value for name in OF_ENROLMENT if (value := self.form.cleaned_data.get(name))}

    @property
    def can_ask_in_turn(self) -> bool:
        """Whether somebody can be asked by themselves, without gathering first whoever fits."""
        wanted = self._wanted() if self.is_valid() else {}
        hand = wanted.pop("hand", "")
        if {"stage", "state"} <= wanted.keys() or (hand and not self.hands[hand].asks_each):
            return False
        return wanted.keys() <= OF_OWN_FIELDS

    def _fitting(
        self,
        found: EnrolmentQuerySet,
        hand: str = "",
        stage: str = "",
        state: str = "",
        window: str = "",
        cohort: str = "",
        training: str = "",
        **own_fields: Any,
    ) -> EnrolmentQuerySet:
        """Enrolments of which everything wanted is true."""
        found = at_stage(found.filter(**own_fields), stage, state)
        if hand:
            found = self.hands[hand].enrolments(found)
        if window:
            found = found.in_window(window, stage)
        if cohort:
            found = found.filter(pk__in=Membership.objects.filter(cohort=cohort).values("enrolment"))
        if training:
            pages = TrainingPage.objects.filter(pk=training).values("translation_key")
            members = Membership.objects.filter(cohort__training__translation_key__in=pages)
            found = found.filter(pk__in=members.values("enrolment"))
        return found


def at_stage(enrolments: EnrolmentQuerySet, stage: str, state: str) -> EnrolmentQuerySet:
    """Enrolments whose given stage (a key) has the given state.

    Without a state: those who now stand at the stage. Without a stage: those whose current stage has the state,
    or, for "completed", whose every stage is completed.
    """
    if stage and not state:
        return enrolments.filter(current_stage=stage)
    if not state:
        return enrolments
    if not stage and state == StageProgress.State.COMPLETED:
        return enrolments.filter(completed_on__isnull=False)
    if not stage:
        return enrolments.filter(current_state=state)
    return enrolments.filter(pk__in=StageProgress.objects.filter(state=state, stage=stage).values("enrolment"))
