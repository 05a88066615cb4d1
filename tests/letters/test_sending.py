"""Letters by e-mail: who is sent one, what the message says, and what is kept of it."""

import datetime as dt
import email
from email import policy

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Locale, ModelLogEntry

from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, Sending
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import StageFactory, registrar

from .conftest import issued
from .mails import asked_for, delivered, fresh, message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

NAMES = [
    "Ana Núñez",
    "Ελένη Παπαδοπούλου",
    "Анна Петровна",
    "ليلى الحسن",
    "יעל כהן",
    "李小龍",
    "さくら ひめ",
    "김민준",
    "O’Brien & Söhne <b>{name}</b>",
]


@pytest.fixture
def letter(stage: Stage) -> Letter:
    return issued(stage, "Ana Núñez", email="ana@example.org")


def person(letter: Letter) -> Participant:
    return letter.enrolment.participant


def sent_mail() -> mail.EmailMessage:
    [sent] = mail.outbox
    return sent


# What arrives


def test_the_letter_arrives_attached_byte_for_byte_as_it_was_issued(letter: Letter) -> None:
    sending = delivered(letter)

    [attachment] = sent_mail().attachments
    assert attachment.filename == "letter-2025-0001.pdf"
    assert attachment.content == letter.file.read()
    assert attachment.mimetype == "application/pdf"
    assert sent_mail().to == ["ana@example.org"]
    assert (sending.state, sending.attempts, sending.try_at, sending.error) == ("sent", 1, None, "")
    assert sending.sent_at
    assert sending.expires_at is None


def test_the_package_s_own_message_says_all_there_is_to_say(letter: Letter) -> None:
    delivered(letter)

    assert sent_mail().subject == "Your letter of completion: Engagement"
    assert sent_mail().body == (
        "Dear Ana Núñez,\n\n"
        f"You have completed “Engagement” of the {letter.stage.pathway.title}. This is your letter of completion, "
        "number 2025-0001.\n\n"
        "The letter is attached to this message, as a PDF.\n\n"
        f"Anyone can check that the letter is genuine with the code {letter.printed_code}, or at this address:\n"
        f"http://testserver/verify/{letter.printed_code}/\n\n"
        "With kind regards\nTest Collaborative"
    )


def test_with_a_link_the_message_says_how_long_it_opens_and_has_no_file(letter: Letter) -> None:
    sending = delivered(letter, "link")

    assert "For the next 14 days you can download it here:\nhttp://testserver/letters/" in sent_mail().body
    assert "attached" not in sent_mail().body
    assert sent_mail().attachments == []
    assert sending.expires_at - sending.sent_at < dt.timedelta(days=14)
    assert sending.expires_at - sending.sent_at > dt.timedelta(days=13, hours=23)


def test_the_link_itself_is_kept_nowhere(letter: Letter) -> None:
    sending = delivered(letter, "link")
    token = sent_mail().body.partition("/letters/")[2].partition("/")[0]

    assert "download it here:\n{link}" in sending.text
    assert len(token) > 40
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert token.partition(".")[2] not in str(cursor.fetchall())


def test_the_headers_keep_automatic_answers_away_and_name_the_language(letter: Letter, settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "Letters <letters@example.org>"
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LETTER_REPLY_TO": "office@example.org"}
    delivered(letter)

    sent = sent_mail().message()
    assert sent["From"] == "Letters <letters@example.org>"
    assert sent["Reply-To"] == "office@example.org"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent["Content-Language"] == "en"


def test_without_an_address_for_answers_they_go_to_the_sender(letter: Letter) -> None:
    delivered(letter)

    assert "Reply-To" not in sent_mail().message()


@pytest.mark.parametrize("name", NAMES)
def test_names_in_every_script_arrive_as_they_are(stage: Stage, name: str) -> None:
    message("For {name}", "Dear {name}: {link}")
    delivered(issued(stage, name), "link")

    received = email.message_from_bytes(sent_mail().message().as_bytes(), policy=policy.default)
    assert received["Subject"] == f"For {name}"
    assert received.get_content().startswith(f"Dear {name}: http://testserver/letters/")


# What cannot be forged


@pytest.mark.parametrize("name", ["Ana\nBcc: eve@example.org", "Ana\r\nTo: eve@example.org", "Ana\u2028\x0bBcc: eve"])
def test_no_name_makes_a_header_or_another_line(letter: Letter, name: str) -> None:
    message("For {name}", "Dear {name}\n\n{link}\n\nBye")
    Participant.objects.update(name=name)
    delivered(letter)

    sent = sent_mail().message()
    assert sent.get_all("To") == ["ana@example.org"]
    assert sent["Bcc"] is None
    assert sent_mail().recipients() == ["ana@example.org"]
    assert sent_mail().body.count("\n\n") == 2
    assert "\n" not in sent_mail().subject
    assert sent_mail().body.splitlines()[0] == f"Dear {' '.join(name.split())}"


def test_a_subject_with_line_breaks_of_the_staff_s_own_is_one_line(letter: Letter) -> None:
    message("Letter\r\nBcc: eve@example.org")
    delivered(letter)

    assert sent_mail().subject == "Letter Bcc: eve@example.org"
    assert sent_mail().message()["Bcc"] is None


def test_no_name_turns_the_subject_around(letter: Letter) -> None:
    message("{name} and more")
    Participant.objects.update(name="Ana\u202eevil")
    delivered(letter)

    assert sent_mail().subject == "Anaevil and more"


def test_values_are_taken_literally(letter: Letter) -> None:
    message("{name}")
    Participant.objects.update(name="{code} {0.__class__} %s")
    delivered(letter)

    assert sent_mail().subject == "{code} {0.__class__} %s"


def test_a_subject_too_long_for_its_place_is_shortened(letter: Letter) -> None:
    message("{name} {name}")
    Participant.objects.update(name="Long " * 32)

    assert len(asked_for(letter).subject) == 240


@pytest.mark.parametrize(
    "address",
    [
        "ana",
        "ana@example.org\nBcc: eve@example.org",
        "ana@example.org, eve@example.org",
        "Ana <ana@example.org>",
        "ana@exa mple.org",
        f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.org",
    ],
)
def test_an_address_that_is_none_is_refused_beside_its_field(letter: Letter, address: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        asked_for(letter, to=address)

    assert list(refusal.value.message_dict) == ["to"]
    assert not Sending.objects.exists()


# Which wording


@pytest.mark.parametrize(
    ("language", "written", "subject"),
    [
        ("fr", {("fr", True), ("fr", False), ("en", True), ("en", False)}, "fr, this pathway"),
        ("fr", {("fr", False), ("en", True), ("en", False)}, "fr, every pathway"),
        ("fr", {("en", True), ("en", False)}, "en, this pathway"),
        ("fr", {("en", False)}, "en, every pathway"),
        ("", {("fr", True), ("en", False)}, "en, every pathway"),
        ("en", {("fr", True)}, "Your letter of completion: Engagement"),
    ],
)
def test_the_wording_is_in_the_person_s_language_and_the_pathway_s_own(
    letter: Letter, language: str, written: set[tuple[str, bool]], subject: str
) -> None:
    other = StageFactory().pathway
    for code, is_own in written:
        pathway = letter.stage.pathway if is_own else None
        message(f"{code}, {'this' if is_own else 'every'} pathway", language=code, pathway=pathway)
        message("of another", language=code, pathway=other)
    Participant.objects.update(language=language)

    sending = asked_for(letter)

    assert sending.subject == subject
    assert sending.language == ("fr" if subject.startswith("fr") else "en")


def test_the_wording_for_a_translated_pathway_is_that_of_the_pathway(letter: Letter) -> None:
    french = Locale.objects.create(language_code="fr")
    pathway = letter.stage.pathway.copy_for_translation(french)
    pathway.save()
    message("Français", language="fr", pathway=pathway)
    Participant.objects.update(language="fr")

    assert asked_for(letter).subject == "Français"


def test_the_message_says_in_which_language_it_is(letter: Letter) -> None:
    message("Lettre", "Bonjour\n\n{link}", language="fr")
    Participant.objects.update(language="fr")
    delivered(letter)

    assert sent_mail().message()["Content-Language"] == "fr"


def test_of_an_attached_letter_no_paragraph_speaks_of_a_link(letter: Letter) -> None:
    message("Letter", "One\r\n\r\nSee {link}\r\n \r\nHurry: {days} days\r\n\r\nTwo {{braces}}")
    by_mail, by_link = asked_for(letter), asked_for(letter, "link")

    assert by_mail.text == "One\n\nThe letter is attached to this message, as a PDF.\n\nTwo {braces}"
    assert by_link.text == "One\n\nSee {link}\n\nHurry: 14 days\n\nTwo {braces}"


def test_a_paragraph_that_speaks_of_the_link_twice_in_the_same_words_gives_way_once(letter: Letter) -> None:
    message("Letter", "See {link}\n\nOne\n\nSee {link}\n\nTwo")

    assert asked_for(letter).text == "The letter is attached to this message, as a PDF.\n\nOne\n\nTwo"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("{nickname}", "{link}"),
        ("Letter", "{nickname} {link}"),
        ("{link}", "{link}"),
        ("Letter", "{name.__class__} {link}"),
        ("Letter", "{link"),
        ("Letter", "No link"),
    ],
)
def test_wording_that_no_message_could_have_is_refused_before_anything_is_kept(
    letter: Letter, subject: str, text: str
) -> None:
    message(subject, text)  # as a script might write it, past the form

    with pytest.raises(ValidationError):
        asked_for(letter)
    assert not Sending.objects.exists()


# Who is sent one


def test_it_goes_to_the_address_on_record_unless_another_is_given(letter: Letter) -> None:
    assert asked_for(letter).to == "ana@example.org"
    assert asked_for(letter, to=" other@example.org ").to == "other@example.org"
    assert person(letter).email == "ana@example.org"


def test_without_an_address_it_is_refused(letter: Letter) -> None:
    Participant.objects.update(email="")

    with pytest.raises(ValidationError, match="no e-mail address on record"):
        asked_for(letter)


def test_a_manner_that_is_none_is_refused(letter: Letter) -> None:
    with pytest.raises(ValidationError) as refusal:
        asked_for(letter, "pigeon")

    assert list(refusal.value.message_dict) == ["manner"]


def test_a_letter_that_no_longer_stands_is_refused(letter: Letter) -> None:
    actions.replace(letter, reason="Misspelt", by=None)

    with pytest.raises(ValidationError, match="2025-0001 is replaced, so it is not sent"):
        asked_for(letter)  # the caller's own record of it still says that it stands


def test_a_letter_of_somebody_who_was_erased_is_refused(letter: Letter) -> None:
    erase(person(letter), why="Asked for it.", by=None)

    with pytest.raises(ValidationError, match="sent to nobody"):
        asked_for(letter, to="ana@example.org")


# What is kept


def test_the_history_says_who_sent_which_letter_where_and_how(letter: Letter) -> None:
    user = registrar()
    sending = asked_for(letter, "link", by=user)

    entry = ModelLogEntry.objects.for_instance(person(letter)).get(action="imp.letter.send")
    assert entry.user == sending.asked_by == user
    assert entry.data == {"what": "Engagement", "after": "2025-0001 to ana@example.org, as a personal link"}


def test_asking_again_while_it_waits_changes_nothing(letter: Letter) -> None:
    first = asked_for(letter)
    again = asked_for(letter)

    assert again == first
    assert ModelLogEntry.objects.filter(action="imp.letter.send").count() == 1


def test_asking_again_after_it_went_sends_another(letter: Letter) -> None:
    delivered(letter)
    delivered(letter)

    assert len(mail.outbox) == 2


def test_asking_for_another_manner_or_address_is_another_sending(letter: Letter) -> None:
    sendings = {asked_for(letter), asked_for(letter, "link"), asked_for(letter, to="other@example.org")}

    assert len(sendings) == 3


def test_it_is_delivered_when_the_transaction_is_over(
    letter: Letter, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        sending = asked_for(letter)
        assert mail.outbox == []

    assert len(mail.outbox) == 1
    assert fresh(sending).state == "sent"


def test_nothing_is_sent_of_what_was_taken_back(letter: Letter, django_capture_on_commit_callbacks: object) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
        asked_for(letter)
        raise ZeroDivisionError

    assert mail.outbox == []
    assert not Sending.objects.exists()


def test_erasing_a_person_takes_every_address_and_text_and_leaves_the_letter(letter: Letter, stage: Stage) -> None:
    delivered(letter)
    asked_for(letter, "link")
    bystander = delivered(issued(stage, "Bart"))
    erase(person(letter), why="Asked for it.", by=None)

    assert list(Sending.objects.all()) == [bystander]
    assert Letter.objects.filter(pk=letter.pk, enrolment=None).exists()
    assert "ana@example.org" not in str(list(ModelLogEntry.objects.values()))


def test_asking_and_delivering_take_a_fixed_number_of_queries(letter: Letter, stage: Stage) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            delivered(letter)
        return len(captured)

    first = queries()
    for _each in range(5):
        delivered(letter)
        message("Another", language="fr", pathway=StageFactory().pathway)

    assert queries() == first
