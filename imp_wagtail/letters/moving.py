"""Letters of two records that turn out to be of one person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.permissions import may_view
from imp_wagtail.participants.duplicates.comparing import ComparedRow
from imp_wagtail.participants.models import Enrolment, Participant


def move_letters(sender: Any, enrolments: dict[Enrolment, Enrolment], **kwargs: Any) -> None:
    """Letters follow their enrolment into another. What they say, and whether they stand, does not change."""
    for gone, kept in enrolments.items():
        refuse_two_valid(kept, gone)
        Letter.objects.filter(enrolment=gone).update(enrolment=kept)


def refuse_two_valid(kept: Enrolment, gone: Enrolment) -> None:
    """A stage has one valid letter: which of two is to stand, staff decide before the records are merged."""
    valid = {letter.stage_id: letter for letter in Letter.objects.valid().filter(enrolment=kept)}
    doubles = Letter.objects.valid().filter(enrolment=gone, stage__in=valid).select_related("stage").order_by("pk")
    text = _(
        "Letters %(one)s and %(another)s are both valid for “%(stage)s”. Withdraw one of them, then merge the records."
    )
    errors = [
        text % {"one": valid[letter.stage_id].number, "another": letter.number, "stage": letter.stage}
        for letter in doubles
    ]
    if errors:
        raise ValidationError(errors)


def letters_compared(keep: Participant, other: Participant, request: HttpRequest) -> list[ComparedRow]:
    """For the comparison's hook: the letters of both by number, for whoever may see letters."""
    if not may_view(request.user):
        return []
    letters = Letter.objects.filter(enrolment__participant__in=[keep, other]).select_related("enrolment", "stage")
    numbers: dict[int, list[str]] = {keep.pk: [], other.pk: []}
    for letter in letters.order_by("year", "running_number"):
        in_words = f"{letter.number} ({letter.stage}, {letter.get_state_display()})"
        numbers[letter.enrolment.participant_id].append(in_words)
    return [ComparedRow(_("Letters"), *("\n".join(numbers[person.pk]) for person in (keep, other)))]
