"""Who may do what with participants and cohorts, in one place."""

from typing import Any

from django.db.models import QuerySet

from .models import Cohort

SEE_PARTICIPANTS = "imp_participants.view_participant"
ADD_PARTICIPANTS = "imp_participants.add_participant"
CHANGE_PARTICIPANTS = "imp_participants.change_participant"
ERASE_PARTICIPANTS = "imp_participants.delete_participant"
#: All of these, for lists of people from a file.
IMPORT_PARTICIPANTS = (ADD_PARTICIPANTS, CHANGE_PARTICIPANTS)
SEE_ALL_COHORTS = "imp_participants.view_cohort"
ADD_COHORTS = "imp_participants.add_cohort"
CHANGE_COHORTS = "imp_participants.change_cohort"
MARK_ATTENDANCE = "imp_participants.mark_attendance"


def cohorts_for(user: Any) -> QuerySet[Cohort]:
    """The cohorts that a user may see: all for staff, their own for a facilitator, else none."""
    if user.has_perm(SEE_ALL_COHORTS):
        return Cohort.objects.all()
    if user.has_perm(MARK_ATTENDANCE):
        return Cohort.objects.led_by(user)
    return Cohort.objects.none()


def may_see_cohorts(user: Any) -> bool:
    """Whether there is a list of cohorts for this user, empty or not."""
    return user.has_perm(SEE_ALL_COHORTS) or user.has_perm(MARK_ATTENDANCE)


def may_import(user: Any) -> bool:
    """Whether the user may add people, and add to the records of others, from a file."""
    return user.has_perms(IMPORT_PARTICIPANTS)


def may_see_duplicates(user: Any) -> bool:
    """Whether the user may see who is perhaps on record twice, and tell them apart."""
    return user.has_perm(SEE_PARTICIPANTS) and user.has_perm(CHANGE_PARTICIPANTS)


def may_merge(user: Any) -> bool:
    """Whether the user may make one record of two, of which one is deleted."""
    return may_see_duplicates(user) and user.has_perm(ERASE_PARTICIPANTS)
