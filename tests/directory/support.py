"""What tests of the directory's verbs share."""

import datetime as dt
from typing import Any

from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Teacher
from imp_wagtail.participants.models import Participant
from tests.factories import EnrolmentFactory, ParticipantFactory, registrar

DAY = dt.date(2025, 1, 1)
TOMORROW = timezone.localdate() + dt.timedelta(days=1)
#: What the history says of somebody who was listed.
LISTED = ("imp.teacher.list", "imp.teacher.consent")
COURSE = {
    "title": "Eight weeks",
    "starts": dt.date(2099, 3, 1),
    "ends": dt.date(2099, 4, 26),
    "format": "online",
    "language": "nl",
    "place": "",
    "url": "",
}


def graduate(**values: Any) -> Participant:
    participant = ParticipantFactory(**values)
    EnrolmentFactory.create_batch(2, participant=participant)
    participant.enrolments.update(completed_on=dt.date(2024, 12, 1), may_be_listed_on=dt.date(2024, 12, 1))
    return participant


def list_teacher(participant: Participant, **values: Any) -> Teacher:
    return actions.list_teacher(
        participant,
        **{
            "consented_on": DAY,
            "consent_note": "E-mail of that day",
            "town": "Zwolle",
            "country": "NL",
            "languages": ["nl", "en"],
            "teaches_online": True,
            "teaches_in_person": False,
            "by": registrar(),
            **values,
        },
    )


def log_of(participant: Participant) -> list[tuple[str, dict]]:
    entries = ModelLogEntry.objects.for_instance(participant).order_by("timestamp", "pk")
    return [(entry.action, entry.data) for entry in entries]
