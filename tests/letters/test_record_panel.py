"""Letters on a participant's record: which there are, which is due, and what may be done."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Sending
from imp_wagtail.letters.panels import LettersPanel, letters_by_stage, letters_panel
from imp_wagtail.participants.models import Participant, StageCompletion
from imp_wagtail.participants.panels import record_panels
from imp_wagtail.participants.record import record_of
from imp_wagtail.pathways.models import Stage
from tests.factories import (
    EnrolmentFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    StageFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)

from .conftest import COMPLETED_ON, completed, issued
from .test_register import inspect, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def request_of(user: Any) -> Any:
    request = RequestFactory().get("/admin/")
    request.user = user
    return request


def panel_of(participant: Participant, user: Any) -> str:
    return LettersPanel(participant, request_of(user)).render_html({})


def page_of(client: Client, participant: Participant) -> str:
    client.force_login(registrar())
    return client.get(reverse("imp_participants:record", args=[participant.pk])).content.decode()


def test_the_record_has_the_panel_for_registrars_only(stage: Stage) -> None:
    participant = completed(stage).participant

    for user, may in [(registrar(), True), (editor(), False), (facilitator(), False), (UserFactory(), False)]:
        panels = record_panels(participant, request_of(user))
        assert any(isinstance(panel, LettersPanel) for panel in panels) is may
        assert bool(letters_panel(participant, request_of(user))) is may


def test_a_completed_stage_without_a_letter_has_a_button_to_issue_one(client: Client, stage: Stage) -> None:
    enrolment = completed(stage)

    page = page_of(client, enrolment.participant)

    assert reverse("imp_letters_admin:issue", args=[enrolment.pk, stage.pk]) in page
    assert "Not issued" in page


def test_a_valid_letter_has_its_buttons_and_the_stage_none_to_issue_another(client: Client, stage: Stage) -> None:
    letter = issued(stage)

    page = page_of(client, letter.enrolment.participant)

    assert "2025-0001" in page
    for action in ("download", "send", "replace", "withdraw"):
        assert reverse(f"imp_letters_admin:{action}", args=[letter.pk]) in page
    assert "/letters/issue/" not in page


def test_a_withdrawn_letter_stays_on_the_record_and_another_may_be_issued(client: Client, stage: Stage) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="A mistake", by=None)

    page = page_of(client, letter.enrolment.participant)

    assert "withdrawn" in page
    assert reverse("imp_letters_admin:download", args=[letter.pk]) in page
    assert reverse("imp_letters_admin:withdraw", args=[letter.pk]) not in page
    assert "/letters/issue/" in page


def test_each_e_mail_with_a_letter_is_told_in_a_line(client: Client, stage: Stage) -> None:
    letter, day = issued(stage), dt.date(2025, 7, 1)
    fetched = dt.datetime(2025, 7, 3, 12, tzinfo=dt.UTC)
    sent(letter, on=day, to="ana@example.org")
    sent(letter, on=day, to="ana@example.org", manner=Sending.Manner.LINK, fetched_at=fetched)
    sent(letter, on=day, to="old@example.org", state=Sending.State.FAILED)
    sent(letter, on=day, to="else@example.org", state=Sending.State.UNDER_WAY)

    page = page_of(client, letter.enrolment.participant)

    for line in (
        "sent on 1 July 2025 to ana@example.org as an attachment<",
        "sent on 1 July 2025 to ana@example.org as a personal link; link opened on 3 July 2025",
        "failed: to old@example.org as an attachment",
        "perhaps sent: to else@example.org as an attachment",
    ):
        assert line in page


def test_the_number_leads_to_the_register_for_those_who_may_see_it(stage: Stage) -> None:
    letter, issuer = issued(stage), UserFactory()
    issuer.user_permissions.set(Permission.objects.filter(codename="issue_letter"))

    assert inspect(letter) in panel_of(letter.enrolment.participant, registrar())
    assert inspect(letter) not in panel_of(letter.enrolment.participant, issuer)


def test_letters_of_a_stage_that_was_reopened_stay_on_the_record(stage: Stage) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="A mistake", by=None)
    StageCompletion.objects.update(stands=None)

    (row,) = letters_by_stage(record_of(letter.enrolment.participant))

    assert (row.letters, row.is_due) == ([letter], False)


def test_an_open_stage_has_no_letter_to_issue(stage: Stage) -> None:
    enrolment = EnrolmentFactory(pathway=stage.pathway)

    html = panel_of(enrolment.participant, registrar())

    assert "No stage is completed yet." in html
    assert "Issue letter" not in html


def test_other_people_s_letters_are_not_shown(stage: Stage) -> None:
    issued(stage, "Somebody Else")
    enrolment = completed(stage)

    assert "2025-0001" not in panel_of(enrolment.participant, registrar())


def test_who_may_not_issue_gets_no_button(stage: Stage) -> None:
    assert "Issue letter" not in panel_of(completed(stage).participant, UserFactory())


def test_the_pathway_is_named_where_there_are_several(stage: Stage) -> None:
    enrolment = completed(stage)
    assert stage.pathway.title not in panel_of(enrolment.participant, registrar())
    other = StageFactory()
    second = EnrolmentFactory(participant=enrolment.participant, pathway=other.pathway)
    StageCompletion.objects.create(enrolment=second, stage=other, completed_on=COMPLETED_ON)

    html = panel_of(enrolment.participant, registrar())

    assert stage.pathway.title in html
    assert other.pathway.title in html


def test_the_panel_takes_as_many_queries_for_many_letters_as_for_one(stage: Stage) -> None:
    participant = ParticipantFactory()

    def add() -> None:
        own = StageFactory()
        LetterTemplateFactory(pathway=own.pathway)
        enrolment = EnrolmentFactory(participant=participant, pathway=own.pathway)
        for one in (own, StageFactory(pathway=own.pathway), StageFactory(pathway=own.pathway)):
            StageCompletion.objects.create(enrolment=enrolment, stage=one, completed_on=COMPLETED_ON)
            letter = actions.issue(enrolment, one, by=None)
            sent(letter, on=COMPLETED_ON)
            actions.replace(letter, reason="Misspelt", by=None)

    def queries() -> int:
        user = registrar()
        user.has_perm("imp_letters.view_letter")
        with CaptureQueriesContext(connection) as captured:
            panel_of(participant, user)
        return len(captured)

    add()
    one = queries()
    for _ in range(4):
        add()

    assert queries() == one == 5  # the record: who, the rules, the ledger; and the letters with their e-mails
