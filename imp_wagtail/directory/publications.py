"""What the public sees follows from what happens to participants, in the same transaction."""

from collections.abc import Iterable
from typing import Any

from imp_wagtail.participants.models import Participant

from .actions.publishing import publish_many, unpublish
from .models import Teacher


def publish_standing(sender: Any, participants: Iterable[int], **kwargs: Any) -> None:
    """For the signal: of these people, another pathway counts as completed, or one no more."""
    keys = list(Teacher.objects.filter(participant__in=list(participants)).values_list("pk", flat=True))
    if keys:
        publish_many(keys)


def publish_details(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """For the signal: whether somebody can be written to may be another now."""
    publish_standing(sender, [participant.pk])


def unpublish_erased(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """For the signal: before somebody is erased, partner sites are to be told that the entry is gone."""
    for teacher in Teacher.objects.filter(participant=participant):
        unpublish(teacher)
