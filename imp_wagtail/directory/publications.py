"""What the public sees follows from what happens to participants, in the same transaction."""

from collections.abc import Iterable
from typing import Any

from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway

from .actions.publishing import publish_many, unpublish
from .models import FeedEntry, Teacher


def publish_standing(sender: Any, participants: Iterable[int], **kwargs: Any) -> None:
    """For the signal: of these people, another pathway counts as completed, or one no more."""
    keys = list(Teacher.objects.filter(participant__in=list(participants)).values_list("pk", flat=True))
    if keys:
        publish_many(keys)


def publish_details(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """For the signal: whether somebody can be written to may be another now."""
    publish_standing(sender, [participant.pk])


def publish_title(sender: Any, pathway: Pathway, **kwargs: Any) -> None:
    """For the signal: where a pathway has another title now, partner sites are told of everybody who completed it."""
    now = {"id": str(pathway.translation_key), "title": pathway.title}
    told = FeedEntry.objects.filter(
        state=FeedEntry.State.UPDATED,
        kind=FeedEntry.Kind.TEACHER,
        teacher__participant__enrolments__in=Enrolment.objects.completed().filter(pathway=pathway),
    )
    keys = [key for key, pathways in told.values_list("teacher", "data__pathways") if now not in pathways]
    if keys:
        publish_many(keys)


def unpublish_erased(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """For the signal: before somebody is erased, partner sites are to be told that the entry is gone."""
    for teacher in Teacher.objects.filter(participant=participant):
        unpublish(teacher)
