"""Everything that is on record about one person: for their export, and before they are erased.

Rooms further down the house add their sections through a hook.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import ModelLogEntry

from ..models import (
    Attendance,
    Decision,
    DistinctPair,
    Enrolment,
    Evidence,
    Extension,
    Membership,
    Participant,
    StageCompletion,
    StageProgress,
)
from .facts import Entry, Fact, Section, entry_of, fact

#: Functions ``(participant) -> list[Section]``. Whoever may export or erase a person sees all of them.
PERSONAL_DATA_HOOK = "imp_personal_data"


def personal_data(participant: Participant) -> list[Section]:
    """Every section about a person, those without an entry too: this room's, then the others'."""
    added = (section for hook in hooks.get_hooks(PERSONAL_DATA_HOOK) for section in hook(participant))
    return [
        details(participant),
        enrolments(participant),
        progress(participant),
        evidence(participant),
        decisions(participant),
        completions(participant),
        extensions(participant),
        memberships(participant),
        attendance(participant),
        told_apart(participant),
        *added,
        history(participant),
    ]


def details(participant: Participant) -> Section:
    kept = []
    if participant.user:
        text = _("The account “%(name)s”, which is the site's: delete it under Settings → Users")
        kept.append(text % {"name": participant.user.get_username()})
    entry = entry_of(participant, without=["user"])
    entry.facts.append(fact("account", _("Account"), participant.user and participant.user.get_username()))
    return Section("details", _("Details"), [entry], (Participant,), kept)


def enrolments(participant: Participant) -> Section:
    found = participant.enrolments.select_related("pathway", "current_stage", "next_requirement").order_by("pk")
    entries = [entry_of(enrolment, without=["participant"]) for enrolment in found]
    return Section("enrolments", _("Pathways"), entries, (Enrolment,))


def progress(participant: Participant) -> Section:
    found = of_person(StageProgress, participant, "stage").order_by("enrolment", "stage__sort_order", "pk")
    return Section("progress", _("Progress"), _entries(found), (StageProgress,))


def evidence(participant: Participant) -> Section:
    found = of_person(Evidence, participant, "requirement", "recorded_by").order_by("date", "pk")
    entries = [
        entry_of(item, first=[_pathway(item)], without=["enrolment"], path=f"evidence/{item.date}-{item.pk}")
        for item in found
    ]
    return Section("evidence", _("Evidence"), entries, (Evidence,))


def decisions(participant: Participant) -> Section:
    found = of_person(Decision, participant, "requirement", "decided_by").order_by("decided_on", "pk")
    return Section("decisions", _("Decisions"), _standing(found), (Decision,))


def completions(participant: Participant) -> Section:
    found = of_person(StageCompletion, participant, "stage", "completed_by").order_by("completed_on", "pk")
    return Section("completions", _("Completed stages"), _standing(found), (StageCompletion,))


def extensions(participant: Participant) -> Section:
    found = of_person(Extension, participant, "stage", "granted_by").order_by("granted_on", "pk")
    return Section("extensions", _("Extensions"), _standing(found), (Extension,))


def memberships(participant: Participant) -> Section:
    found = of_person(Membership, participant, "cohort").order_by("pk")
    entries = [
        entry_of(item, first=[*_cohort(item.cohort), _pathway(item)], without=["enrolment", "cohort"])
        for item in found
    ]
    return Section("memberships", _("Cohorts"), entries, (Membership,))


def attendance(participant: Participant) -> Section:
    found = of_person(Attendance, participant, "session__cohort", "marked_by").order_by("session__date", "pk")
    entries = [
        entry_of(
            item, first=[*_cohort(item.session.cohort), *_session(item.session)], without=["enrolment", "session"]
        )
        for item in found
    ]
    return Section("attendance", _("Attendance"), entries, (Attendance,))


def told_apart(participant: Participant) -> Section:
    """That somebody was told apart from another; not from whom, who has a right to that."""
    found = DistinctPair.objects.filter(Q(first=participant) | Q(second=participant)).select_related("decided_by")
    entries = [entry_of(pair, without=["first", "second"]) for pair in found.order_by("pk")]
    return Section("told_apart", _("Found not to be the same person as somebody else"), entries, (DistinctPair,))


def history(participant: Participant) -> Section:
    """All that the audit log has about a person, the oldest first."""
    found = ModelLogEntry.objects.for_instance(participant).select_related("user").order_by("timestamp", "pk")
    return Section("history", _("History"), [_history_entry(entry) for entry in found])


def _history_entry(entry: ModelLogEntry) -> Entry:
    return Entry(
        [
            fact("timestamp", _("When"), entry.timestamp),
            fact("by", _("By"), str(entry.user_display_name)),
            Fact("what", _("What"), entry.data, str(entry.message)),
            Fact("action", _("Action"), entry.action, ""),
        ]
    )


def of_person(model: Any, participant: Participant, *related: str) -> QuerySet:
    """The records of a model that hang on a person's enrolments, with their pathways and what else is told."""
    return model.objects.filter(enrolment__participant=participant).select_related("enrolment__pathway", *related)


def _entries(found: Iterable[Any]) -> list[Entry]:
    return [entry_of(item, first=[_pathway(item)], without=["enrolment"]) for item in found]


def _standing(found: Iterable[Any]) -> list[Entry]:
    """The same where later records may have taken a record's place: whether it stands."""
    entries = []
    for item in found:
        entry = entry_of(item, first=[_pathway(item)], without=["enrolment", "stands"])
        entry.facts.append(fact("stands", _("Stands"), bool(item.stands)))
        entries.append(entry)
    return entries


def _pathway(item: Any) -> Fact:
    return fact("pathway", _("Pathway"), item.enrolment.pathway)


def _cohort(cohort: Any) -> list[Fact]:
    kind = Fact("cohort_kind", _("Kind"), cohort.kind, capfirst(cohort.get_kind_display()))
    return [fact("cohort", _("Cohort"), cohort.title), kind]


def _session(session: Any) -> list[Fact]:
    return [
        fact("date", _("Date"), session.date),
        fact("session", _("Session"), session.title),
        fact("hours", _("Hours"), session.hours),
    ]
