"""What tests of letters share: completed stages to issue letters for, and a printer that costs nothing."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from tests.factories import EnrolmentFactory, LetterTemplateFactory, ParticipantFactory, StageFactory, registrar

COMPLETED_ON = dt.date(2025, 3, 1)
ISSUED_ON = dt.date(2025, 6, 1)


@pytest.fixture
def stage(db: None) -> Stage:
    """A stage whose pathway has a wording for its letters."""
    stage = StageFactory(title="Engagement")
    LetterTemplateFactory(pathway=stage.pathway)
    return stage


@pytest.fixture
def staff(client: Client, db: None) -> Iterator[Client]:
    """A browser in which a registrar is logged in."""
    client.force_login(registrar())
    return client


def completed(stage: Stage, name: str = "Ana Núñez", **participant: Any) -> Enrolment:
    """Somebody who has completed the stage."""
    enrolment = EnrolmentFactory(participant=ParticipantFactory(name=name, **participant), pathway=stage.pathway)
    StageCompletion.objects.create(enrolment=enrolment, stage=stage, completed_on=COMPLETED_ON)
    return enrolment


def issued(stage: Stage, name: str = "Ana Núñez", on: dt.date = ISSUED_ON, **participant: Any) -> Letter:
    """A valid letter of somebody who has completed the stage."""
    return actions.issue(completed(stage, name, **participant), stage, on=on, by=None)
