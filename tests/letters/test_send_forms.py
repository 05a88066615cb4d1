"""Sending letters in the admin: the forms, the message that they show, and what becomes of a click."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterMessage, Sending
from imp_wagtail.letters.sending.in_words import rows_of
from imp_wagtail.letters.sending.messages import FIELDS
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import (
    LetterTemplateFactory,
    PathwayFactory,
    StageFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)
from tests.processes import connected

from .conftest import issued
from .mails import BROKEN, delivered, fresh, message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

MESSAGES = "wagtailsnippets_imp_letters_lettermessage"


@pytest.fixture
def letter(stage: Stage) -> Letter:
    return issued(stage, "Ana Núñez", email="ana@example.org")


def address(letter: Letter) -> str:
    return reverse("imp_letters_admin:send", args=[letter.pk])


def again_address(sending: Sending) -> str:
    return reverse("imp_letters_admin:try_again", args=[sending.pk])


def record(letter: Letter) -> str:
    return reverse("imp_participants:record", args=[letter.enrolment.participant_id])


def filled_in(**values: str) -> dict[str, str]:
    return {"manner": "attachment", "to": "ana@example.org", **values}


def sent(staff: Client, url: str, capture: Any, data: dict[str, str]) -> str:
    """What the page says after the form was sent, and what it began is over."""
    with capture(execute=True):
        response = staff.post(url, data)
    assert response.status_code == 302
    return staff.get(response.url).text


# One letter


def test_the_form_shows_address_and_message_in_both_manners(staff: Client, letter: Letter) -> None:
    response = staff.get(address(letter))

    assert response.context_data["form"]["to"].value() == "ana@example.org"
    assert "Dear Ana Núñez," in response.text
    assert "The letter is attached to this message, as a PDF." in response.text
    assert "For the next 14 days you can download it here:<br>{link}" in response.text


def test_the_message_is_escaped_where_it_is_shown(staff: Client, letter: Letter) -> None:
    message("<b>{name}</b>", "<script>{link}</script>")
    page = staff.get(address(letter)).text

    assert "&lt;script&gt;" in page
    assert "<b>Ana" not in page


def test_a_click_sends_it_and_leads_to_the_record(
    staff: Client, letter: Letter, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = staff.post(address(letter), filled_in(manner="link"))

    assert response.url == record(letter)
    sending = Sending.objects.get()
    assert (sending.manner, sending.state, sending.asked_by) == ("link", "sent", response.wsgi_request.user)


def test_a_double_click_sends_it_once(staff: Client, letter: Letter, django_capture_on_commit_callbacks: Any) -> None:
    once = staff.get(address(letter)).context_data["once_token"]
    for _click in range(2):
        sent(staff, address(letter), django_capture_on_commit_callbacks, filled_in(once=once))

    assert len(mail.outbox) == 1
    assert Sending.objects.count() == 1


def test_it_can_be_sent_again_on_purpose(
    staff: Client, letter: Letter, django_capture_on_commit_callbacks: Any
) -> None:
    for _time in range(2):
        once = staff.get(address(letter)).context_data["once_token"]
        sent(staff, address(letter), django_capture_on_commit_callbacks, filled_in(once=once))

    assert len(mail.outbox) == 2


@pytest.mark.parametrize("to", ["", "ana", "ana@example.org\nBcc: eve@example.org", "a@b.org,c@d.org"])
def test_an_address_that_is_none_is_told_beside_its_field(staff: Client, letter: Letter, to: str) -> None:
    response = staff.post(address(letter), filled_in(to=to))

    assert list(response.context_data["form"].errors) == ["to"]
    assert not Sending.objects.exists()


@pytest.mark.parametrize("end", ["withdrawn", "erased"])
def test_a_letter_that_goes_to_nobody_shows_why_and_no_button(staff: Client, letter: Letter, end: str) -> None:
    if end == "withdrawn":
        actions.withdraw(letter, reason="A mistake", by=None)
    else:
        erase(letter.enrolment.participant, why="Asked for it.", by=None)
    shown, answered = staff.get(address(letter)), staff.post(address(letter), filled_in())

    for response in (shown, answered):
        assert response.status_code == 200
        assert "sent" in response.context_data["reason"]
        assert 'name="manner"' not in response.text
    assert not Sending.objects.exists()


def test_wording_that_cannot_be_filled_in_is_told_before_the_click(staff: Client, letter: Letter) -> None:
    message("{nickname}")
    page = staff.get(address(letter)).text

    assert "Mend it under Messages with letters." in page
    assert 'name="manner"' not in page


@pytest.mark.parametrize(
    ("backend", "told"),
    [
        ("django.core.mail.backends.locmem.EmailBackend", "Letter 2025-0001 sent to ana@example.org."),
        (BROKEN, "Letter 2025-0001 is not sent yet, and will be tried again. It could not be handed to the mail"),
    ],
)
def test_what_became_of_it_is_told_at_once(
    shared_database: dict[str, Any], client: Client, settings: Any, backend: str, told: str
) -> None:
    settings.EMAIL_BACKEND = backend
    with connected(shared_database):  # where a transaction ends, and what waits for that begins
        stage = StageFactory()
        LetterTemplateFactory(pathway=stage.pathway)
        letter = issued(stage)
        client.force_login(registrar())
        page = client.get(client.post(address(letter), filled_in()).url).text

    assert told.replace("2025-0001", letter.number) in page
    assert "hunter2" not in page


def test_what_a_worker_has_not_begun_is_on_its_way(staff: Client, letter: Letter) -> None:
    staff.post(address(letter), filled_in())  # the test's transaction goes on, so that no task begins

    assert "Letter 2025-0001 is on its way to ana@example.org." in staff.get(record(letter)).text


# What was sent before


def test_the_page_lists_what_was_sent_before_in_words(staff: Client, letter: Letter) -> None:
    states = {
        "sent": "The link opens until",
        "failed": "No such mailbox",
        "under_way": "Ask whether it arrived, then send it anew if it did not.",
        "waiting": "Next attempt:",
    }
    for state in states:
        sending = delivered(letter, "link", to=f"{state}@example.org")
        error = "" if state == "sent" else "No such mailbox."
        Sending.objects.filter(pk=sending.pk).update(state=state, error=error, try_at=timezone.now())
    rows = rows_of(letter, registrar())
    page = staff.get(address(letter)).text

    assert [row.state for row in rows] == ["waiting", "perhaps sent", "failed", "sent"]
    assert [bool(row.try_again_url) for row in rows] == [True, False, True, False]
    for state, words in states.items():
        assert f"{state}@example.org" in page
        assert words in page


def test_the_list_says_when_a_link_was_fetched(letter: Letter) -> None:
    delivered(letter, "link")
    Sending.objects.update(fetched_at=timezone.now())

    assert rows_of(letter, registrar())[0].more.startswith("Fetched: ")


def test_the_page_takes_as_many_queries_after_many_sendings(staff: Client, letter: Letter) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(address(letter)).status_code == 200
        return len(captured)

    user = registrar()
    delivered(letter, by=user)
    queries()
    few = queries()
    for _each in range(6):
        delivered(letter, by=registrar())

    assert queries() == few


def test_trying_again_sends_what_failed_with_the_words_that_it_had(
    staff: Client, letter: Letter, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = BROKEN
    sending = delivered(letter)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    message("Other words by now")
    page = staff.get(again_address(sending)).text
    assert "ana@example.org" in page
    assert "could not be handed to the mail server" in page

    sent(staff, again_address(sending), django_capture_on_commit_callbacks, {})
    assert fresh(sending).state == "sent"
    assert mail.outbox[0].subject == sending.subject


def test_trying_again_what_went_is_refused(staff: Client, letter: Letter) -> None:
    response = staff.post(again_address(delivered(letter)))

    assert "This did not fail" in response.text
    assert len(mail.outbox) == 1


# Who may


def with_permissions(*codenames: str) -> Any:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def test_only_those_with_the_permission_send_and_it_is_one_of_its_own(client: Client, letter: Letter) -> None:
    others = ["view_letter", "issue_letter", "withdraw_letter", "view_participant", "change_participant"]
    Letter.objects.update(run=None)
    sending = delivered(letter)
    for user in (editor(), facilitator(), UserFactory(), with_permissions(*others)):
        client.force_login(user)
        for url in (address(letter), again_address(sending)):
            assert client.get(url).status_code == 302
            assert client.post(url, filled_in()).status_code == 302
        assert rows_of(letter, user)[0].try_again_url == ""
    assert Sending.objects.count() == 1

    client.force_login(with_permissions("send_letter"))
    assert client.post(address(letter), filled_in()).status_code == 302
    assert Sending.objects.count() == 2


# The wording


def test_a_new_message_begins_with_the_package_s_own_words(staff: Client) -> None:
    form = staff.get(reverse(f"{MESSAGES}:add")).context_data["form"]

    assert form["subject"].value() == "Your letter of completion: {stage}"
    assert "{link}" in form["body"].value()


def test_the_form_lists_every_field_with_its_meaning(staff: Client) -> None:
    page = staff.get(reverse(f"{MESSAGES}:add")).text

    for name in FIELDS:
        assert f"<code>{{{name}}}</code>" in page
    assert "Number of days for which the link opens" in page


def test_a_message_is_saved_as_the_package_offers_it(staff: Client, letter: Letter) -> None:
    form = staff.get(reverse(f"{MESSAGES}:add")).context_data["form"]
    data = {"subject": form["subject"].value(), "body": form["body"].value(), "pathway": letter.stage.pathway.pk}
    response = staff.post(reverse(f"{MESSAGES}:add"), data)

    assert response.status_code == 302
    assert LetterMessage.objects.get().pathway == letter.stage.pathway


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"subject": "{nickname}"}, "subject", "Here is no field “{nickname}”"),
        ({"subject": "{link}"}, "subject", "Here is no field “{link}”"),
        ({"body": "{nickname} {link}"}, "body", "Here is no field “{nickname}”"),
        ({"body": "{link"}, "body", "stands alone"),
        ({"body": "Nothing"}, "body", "where the personal link goes"),
    ],
)
def test_what_no_message_could_say_is_refused_beside_its_field(
    staff: Client, changes: dict[str, str], field: str, words: str
) -> None:
    response = staff.post(reverse(f"{MESSAGES}:add"), {"subject": "Letter", "body": "{link}", **changes})

    assert words in str(response.context_data["form"].errors[field])
    assert not LetterMessage.objects.exists()


@pytest.mark.parametrize("has_pathway", [True, False])
def test_a_pathway_has_one_message_in_each_language(staff: Client, has_pathway: bool) -> None:
    pathway = PathwayFactory() if has_pathway else None
    message("One", pathway=pathway)
    french = message("Un", language="fr", pathway=pathway)
    message("Of another", pathway=PathwayFactory())
    data = {"subject": "Two", "body": "{link}", "pathway": pathway.pk if pathway else ""}

    response = staff.post(reverse(f"{MESSAGES}:add"), data)
    assert list(response.context_data["form"].errors) == ["pathway"]
    edited = staff.post(reverse(f"{MESSAGES}:edit", args=[french.pk]), data)
    assert edited.status_code == 302
    assert LetterMessage.objects.filter(locale=Locale.objects.get(language_code="fr")).get().subject == "Two"


def test_the_list_of_messages_takes_as_many_queries_for_many_as_for_few(staff: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get(reverse(f"{MESSAGES}:list")).status_code == 200
        return len(captured)

    message("One", pathway=PathwayFactory())
    queries()
    few = queries()
    for _each in range(6):
        message("More", pathway=PathwayFactory())

    assert queries() == few


def test_nothing_is_left_of_a_form_that_was_not_sent(staff: Client, letter: Letter) -> None:
    staff.get(address(letter))

    assert not Sending.objects.exists()
    assert Participant.objects.get().email == "ana@example.org"
