"""Issuing, replacing and withdrawing: whole or not at all, numbered without gap, and never undone."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.core.pdf import MissingCharacters, PDFUnavailable
from imp_wagtail.letters import actions
from imp_wagtail.letters.actions import issuing
from imp_wagtail.letters.models import Letter, LetterTemplate, LetterYear
from imp_wagtail.letters.signals import letter_issued, letter_withdrawn
from imp_wagtail.participants.actions import reopen_stage
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from tests.factories import EnrolmentFactory, StageFactory, UserFactory

from .conftest import COMPLETED_ON, ISSUED_ON, completed, issued
from .printing import QuickRenderer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def stored_files(settings: Any) -> list[Path]:
    return [path for path in Path(settings.IMP_WAGTAIL["PRIVATE_ROOT"]).rglob("*") if path.is_file()]


def nothing_issued(settings: Any) -> bool:
    """No letter, no number taken, no file, no word of it in the history."""
    return not (
        Letter.objects.exists()
        or LetterYear.objects.filter(last_number__gt=0).exists()
        or stored_files(settings)
        or ModelLogEntry.objects.filter(action__startswith="imp.letter").exists()
    )


# Issuing


def test_a_letter_is_numbered_stored_and_logged(stage: Stage, settings: Any) -> None:
    enrolment, registrar = completed(stage), UserFactory()

    letter = actions.issue(enrolment, stage, on=ISSUED_ON, by=registrar)

    letter.refresh_from_db()
    assert (letter.number, letter.name, letter.issued_by, letter.is_valid) == (
        "2025-0001",
        "Ana Núñez",
        registrar,
        True,
    )
    with letter.file.open() as stored:
        content = stored.read()
    assert content == QuickRenderer().render(letter.snapshot)
    assert letter.sha256 == hashlib.sha256(content).hexdigest()
    assert stored_files(settings) == [Path(letter.file.path)]
    entry = ModelLogEntry.objects.for_instance(enrolment.participant).get(action="imp.letter.issue")
    assert (entry.user, entry.data) == (registrar, {"what": "Engagement", "after": "2025-0001"})


def test_a_letter_is_dated_today_unless_told_otherwise(stage: Stage) -> None:
    letter = actions.issue(completed(stage), stage, by=None)

    assert (letter.issued_on, letter.year) == (timezone.localdate(), timezone.localdate().year)


def test_numbers_run_from_one_in_each_year_of_issue(stage: Stage) -> None:
    days = [dt.date(2025, 6, 1), dt.date(2026, 1, 2), dt.date(2025, 12, 31), dt.date(2026, 1, 3)]

    numbers = [issued(stage, on=day).number for day in days]

    assert numbers == ["2025-0001", "2026-0001", "2025-0002", "2026-0002"]


def test_a_letter_needs_a_completed_stage(stage: Stage, settings: Any) -> None:
    enrolment = EnrolmentFactory(pathway=stage.pathway)

    with pytest.raises(ValidationError, match="“Engagement” is not completed"):
        actions.issue(enrolment, stage, by=None)
    assert nothing_issued(settings)


def test_a_reopened_completion_is_none(stage: Stage, settings: Any) -> None:
    enrolment = completed(stage)
    reopen_stage(enrolment, stage, why="A mistake", by=None)

    with pytest.raises(ValidationError, match="is not completed"):
        actions.issue(enrolment, stage, by=None)
    assert nothing_issued(settings)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (dt.date(2999, 1, 1), "This date lies in the future"),
        (COMPLETED_ON - dt.timedelta(days=1), "The stage was completed on 1 March 2025"),
    ],
)
def test_a_letter_is_dated_between_completion_and_today(stage: Stage, settings: Any, day: dt.date, why: str) -> None:
    with pytest.raises(ValidationError, match=why) as refused:
        actions.issue(completed(stage), stage, on=day, by=None)

    assert list(refused.value.error_dict) == ["issued_on"]
    assert nothing_issued(settings)


def test_a_stage_has_one_valid_letter(stage: Stage) -> None:
    letter = issued(stage)

    with pytest.raises(ValidationError, match=r"was issued on 1 June 2025 \(2025-0001\)"):
        actions.issue(letter.enrolment, stage, by=None)
    assert Letter.objects.get() == letter


@pytest.mark.parametrize("name", ["\u2068\u2069", "\u200b\u200b", "\ufeff", "…!"])
def test_a_name_in_which_nothing_can_be_read_is_not_printed(stage: Stage, settings: Any, name: str) -> None:
    with pytest.raises(ValidationError, match="neither a letter nor a digit"):
        actions.issue(completed(stage, name), stage, by=None)
    assert nothing_issued(settings)


def test_a_letter_needs_a_wording(stage: Stage, settings: Any) -> None:
    LetterTemplate.objects.all().delete()

    with pytest.raises(ValidationError, match="There is no letter template"):
        actions.issue(completed(stage), stage, by=None)
    assert nothing_issued(settings)


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (MissingCharacters("王"), "No font on this server has 王"),
        (PDFUnavailable(), "The letter cannot be printed, so none was issued.*apt-get"),
        (MemoryError(), "The letter could not be printed, so none was issued"),
    ],
)
def test_a_letter_that_cannot_be_printed_leaves_nothing(
    stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch, failure: Exception, message: str
) -> None:
    def fail(self: QuickRenderer, snapshot: dict) -> bytes:
        raise failure

    with monkeypatch.context() as patched, pytest.raises(ValidationError, match=message):
        patched.setattr(QuickRenderer, "render", fail)
        actions.issue(completed(stage), stage, on=ISSUED_ON, by=None)
    assert nothing_issued(settings)

    assert issued(stage).number == "2025-0001"


def test_what_fails_after_the_file_was_stored_leaves_nothing(stage: Stage, settings: Any) -> None:
    def fail(letter: Letter, **kwargs: Any) -> None:
        assert stored_files(settings) == [Path(letter.file.path)]
        raise RuntimeError("a receiver of another app")

    letter_issued.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.issue(completed(stage), stage, by=None)
    finally:
        letter_issued.disconnect(fail)
    assert nothing_issued(settings)


def test_the_database_refuses_a_second_valid_letter_whatever_the_code_does(stage: Stage) -> None:
    letter = issued(stage)
    twin = Letter(
        enrolment=letter.enrolment,
        stage=stage,
        issued_on=ISSUED_ON,
        snapshot={},
        year=2025,
        running_number=2,
        code="X",
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    assert Letter.objects.get() == letter


def test_two_who_issue_at_once_make_one_letter(stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes in between the first's check and its writing, as on a database without row locks."""
    enrolment = completed(stage)
    monkeypatch.setattr(issuing, "refuse_seconds", lambda pairs: None)
    first = actions.issue(enrolment, stage, on=ISSUED_ON, by=None)

    with pytest.raises(IntegrityError), transaction.atomic():
        actions.issue(enrolment, stage, on=ISSUED_ON, by=None)

    assert Letter.objects.get() == first
    assert LetterYear.objects.get().last_number == 1
    assert stored_files(settings) == [Path(first.file.path)]


# Replacing


def test_a_replacement_says_what_is_so_now_and_the_old_letter_keeps_what_it_said(stage: Stage) -> None:
    old = issued(stage, "Ana Nunes")
    old.enrolment.participant.name = "Ana Núñez"
    old.enrolment.participant.save()
    registrar = UserFactory()

    new = actions.replace(old, reason="Misspelt", on=dt.date(2025, 7, 1), by=registrar)

    before = Letter.objects.get(pk=old.pk)
    assert (new.number, new.name, new.is_valid) == ("2025-0002", "Ana Núñez", True)
    assert (before.state, before.is_valid, before.replaced_by, before.reason) == ("replaced", False, new, "Misspelt")
    assert before.ended_on == timezone.localdate()
    assert (before.number, before.code, before.snapshot, before.sha256) == (
        old.number,
        old.code,
        old.snapshot,
        old.sha256,
    )
    assert new.code != before.code
    with before.file.open() as stored:
        assert stored.read() == QuickRenderer().render(old.snapshot)
    entry = ModelLogEntry.objects.for_instance(old.enrolment.participant).get(action="imp.letter.replace")
    assert entry.data == {"what": "Engagement", "before": "2025-0001", "after": "2025-0002", "why": "Misspelt"}
    assert entry.user == registrar


def test_a_replacement_that_fails_leaves_the_old_letter_valid(stage: Stage, settings: Any) -> None:
    letter = issued(stage)
    files = stored_files(settings)

    with pytest.raises(ValidationError) as refused:
        actions.replace(letter, reason="Misspelt", on=dt.date(2999, 1, 1), by=None)

    letter.refresh_from_db()
    assert list(refused.value.error_dict) == ["issued_on"]
    assert (letter.is_valid, letter.state, letter.reason, letter.ended_on) == (True, "valid", "", None)
    assert stored_files(settings) == files


# Withdrawing


def test_a_withdrawn_letter_keeps_everything_and_says_when_and_why(stage: Stage) -> None:
    letter, registrar = issued(stage), UserFactory()

    actions.withdraw(letter, reason="Issued by mistake", by=registrar)

    now = Letter.objects.get()
    assert (now.state, now.is_valid, now.reason) == ("withdrawn", False, "Issued by mistake")
    assert now.ended_on == timezone.localdate()
    assert (now.code, now.snapshot, now.sha256, now.file.name) == (
        letter.code,
        letter.snapshot,
        letter.sha256,
        letter.file.name,
    )
    assert now.file.storage.exists(now.file.name)
    entry = ModelLogEntry.objects.for_instance(letter.enrolment.participant).get(action="imp.letter.withdraw")
    assert entry.data["why"] == "Issued by mistake"


def test_after_a_withdrawal_the_stage_may_have_a_letter_again(stage: Stage) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="Issued by mistake", by=None)

    assert actions.issue(letter.enrolment, stage, on=ISSUED_ON, by=None).number == "2025-0002"


def test_the_other_rooms_hear_of_issuing_and_withdrawing(stage: Stage) -> None:
    heard: list[tuple[str, str]] = []

    def hear_issued(letter: Letter, **kwargs: Any) -> None:
        heard.append(("issued", letter.number))

    def hear_withdrawn(letter: Letter, **kwargs: Any) -> None:
        heard.append(("withdrawn", letter.number))

    letter_issued.connect(hear_issued)
    letter_withdrawn.connect(hear_withdrawn)
    try:
        letter = actions.replace(issued(stage), reason="Misspelt", on=ISSUED_ON, by=None)
        actions.withdraw(letter, reason="Issued by mistake", by=None)
    finally:
        letter_issued.disconnect(hear_issued)
        letter_withdrawn.disconnect(hear_withdrawn)
    assert heard == [("issued", "2025-0001"), ("issued", "2025-0002"), ("withdrawn", "2025-0002")]


@pytest.mark.parametrize("end", [actions.replace, actions.withdraw])
def test_a_letter_ends_with_a_reason(stage: Stage, end: Any) -> None:
    letter = issued(stage)

    with pytest.raises(ValidationError) as refused:
        end(letter, reason="  ", by=None)
    assert list(refused.value.error_dict) == ["reason"]
    assert Letter.objects.get().is_valid


@pytest.mark.parametrize("end", [actions.replace, actions.withdraw])
def test_a_letter_ends_once(stage: Stage, end: Any) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="Issued by mistake", by=None)

    with pytest.raises(ValidationError, match="Letter 2025-0001 is withdrawn already"):
        end(letter, reason="Once more", by=None)
    assert Letter.objects.get().reason == "Issued by mistake"


# Keeping


def test_letters_are_never_deleted(stage: Stage) -> None:
    letter = issued(stage)
    actions.withdraw(letter, reason="Issued by mistake", by=None)

    with pytest.raises(ProtectedError):
        letter.delete()
    with pytest.raises(ProtectedError):
        Letter.objects.all().delete()
    with pytest.raises(ProtectedError):
        letter.enrolment.participant.delete()
    with pytest.raises(ProtectedError):
        stage.pathway.delete()
    assert Letter.objects.get() == letter


def test_an_account_that_goes_leaves_its_letters(stage: Stage) -> None:
    registrar = UserFactory()
    letter = actions.issue(completed(stage), stage, by=registrar)

    registrar.delete()

    letter.refresh_from_db()
    assert letter.issued_by is None


def test_a_stage_with_a_valid_letter_is_not_reopened(stage: Stage) -> None:
    letter = issued(stage)

    with pytest.raises(ValidationError, match="Letter 2025-0001 says that this stage is completed"):
        reopen_stage(letter.enrolment, stage, why="A mistake", by=None)
    assert StageCompletion.objects.get().stands


def test_a_stage_without_a_valid_letter_is_reopened(stage: Stage) -> None:
    letter = issued(stage)
    other = StageFactory(pathway=stage.pathway)
    StageCompletion.objects.create(enrolment=letter.enrolment, stage=other, completed_on=COMPLETED_ON)
    reopen_stage(letter.enrolment, other, why="A mistake", by=None)
    actions.withdraw(letter, reason="Issued by mistake", by=None)

    reopen_stage(Enrolment.objects.get(), stage, why="A mistake", by=None)

    assert not StageCompletion.objects.filter(stands=True).exists()
