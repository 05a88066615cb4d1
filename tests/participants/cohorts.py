"""What the tests of cohorts share: the addresses of their screens, a member, and a box of the grid."""

from typing import Any

from django.urls import reverse

from imp_wagtail.participants.models import Cohort, Enrolment, Session
from tests.factories import MembershipFactory


def address(name: str, *args: Any) -> str:
    return reverse(f"imp_cohorts:{name}", args=args)


def member(cohort: Cohort, name: str = "Ana") -> Enrolment:
    """Somebody of that name who has just joined."""
    return MembershipFactory(cohort=cohort, enrolment__participant__name=name).enrolment


def cell(session: Session, enrolment: Enrolment) -> str:
    """The value of the box that says that they were there."""
    return f"{session.pk}-{enrolment.pk}"
