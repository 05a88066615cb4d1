"""Several letters in one transaction: all of them or none, numbered in their order, with few questions asked."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from imp_wagtail.core import jobs
from imp_wagtail.core.pdf import MissingCharacters
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterYear
from imp_wagtail.letters.signals import letter_issued
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.models import Stage
from tests.factories import LetterTemplateFactory, StageFactory, UserFactory
from tests.letters.test_actions import nothing_issued, stored_files

from .conftest import ISSUED_ON, completed, issued
from .printing import QuickRenderer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def people(stage: Stage, count: int) -> list[tuple[Enrolment, Stage]]:
    return [(completed(stage, f"Person {number}"), stage) for number in range(1, count + 1)]


def test_letters_are_numbered_in_the_order_in_which_they_are_asked_for(stage: Stage) -> None:
    first, second, third = people(stage, 3)

    letters = actions.issue_many([third, first, second], on=ISSUED_ON, by=None)

    assert [(letter.number, letter.name) for letter in letters] == [
        ("2025-0001", "Person 3"),
        ("2025-0002", "Person 1"),
        ("2025-0003", "Person 2"),
    ]
    assert list(Letter.objects.order_by("running_number")) == letters


def test_each_is_stored_with_its_hash_logged_and_heard_of(stage: Stage, settings: Any) -> None:
    heard: list[int] = []

    def hear(letter: Letter, **kwargs: Any) -> None:
        heard.append(letter.pk)

    by = UserFactory()
    run = jobs.start("imp_letters.issue", title="Run", items=[], token="run", by=by)
    letter_issued.connect(hear)
    try:
        letters = actions.issue_many(people(stage, 3), on=ISSUED_ON, by=by, run=run)
    finally:
        letter_issued.disconnect(hear)

    assert heard == [letter.pk for letter in letters]
    assert len(stored_files(settings)) == 3
    for letter in Letter.objects.all():
        content = Path(letter.file.path).read_bytes()
        assert content == QuickRenderer().render(letter.snapshot)
        assert hashlib.sha256(content).hexdigest() == letter.sha256
        assert (letter.run, letter.issued_by, letter.is_valid) == (run, by, True)
        entry = ModelLogEntry.objects.for_instance(letter.enrolment.participant).get(action="imp.letter.issue")
        assert (entry.user, entry.data) == (by, {"what": "Engagement", "after": letter.number})


def test_somebody_may_get_the_letters_of_several_stages(stage: Stage) -> None:
    later = StageFactory(pathway=stage.pathway, title="Completion")
    enrolment = completed(stage)
    enrolment.completions.create(stage=later, completed_on=dt.date(2025, 4, 1))

    letters = actions.issue_many([(enrolment, later), (enrolment, stage)], on=ISSUED_ON, by=None)

    assert [letter.snapshot["stage"] for letter in letters] == ["Completion", "Engagement"]
    assert [letter.snapshot["stage_position"] for letter in letters] == [2, 1]


def has_a_letter(stage: Stage) -> Enrolment:
    return issued(stage, "Has one").enrolment


def has_completed_nothing(stage: Stage) -> Enrolment:
    enrolment = completed(stage)
    enrolment.completions.all().delete()
    return enrolment


def is_gone(stage: Stage) -> Enrolment:
    enrolment = completed(stage)
    Enrolment.objects.get(pk=enrolment.pk).delete()
    return enrolment


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (has_a_letter, "was issued on 1 June 2025"),
        (has_completed_nothing, "is not completed"),
        (is_gone, "no longer there"),
    ],
)
def test_one_that_is_refused_takes_the_others_back(stage: Stage, settings: Any, other: Any, why: str) -> None:
    refused = other(stage)
    before = list(Letter.objects.all()), list(LetterYear.objects.values_list("last_number")), stored_files(settings)

    with pytest.raises(ValidationError, match=why):
        actions.issue_many([*people(stage, 2), (refused, stage)], on=ISSUED_ON, by=None)

    # The row of the year is made ahead, without a number taken.
    after = list(LetterYear.objects.exclude(last_number=0).values_list("last_number"))
    assert (list(Letter.objects.all()), after, stored_files(settings)) == before


def test_one_that_cannot_be_printed_takes_the_others_back_and_no_number(
    stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = people(stage, 3)

    def fail(self: QuickRenderer, snapshot: dict) -> bytes:
        if snapshot["name"] == "Person 3":
            raise MissingCharacters("王")
        return b"%PDF"

    with monkeypatch.context() as patched, pytest.raises(ValidationError, match="No font on this server has 王"):
        patched.setattr(QuickRenderer, "render", fail)
        actions.issue_many(pairs, on=ISSUED_ON, by=None)
    assert nothing_issued(settings)

    assert [letter.running_number for letter in actions.issue_many(pairs, on=ISSUED_ON, by=None)] == [1, 2, 3]


def test_files_that_were_stored_before_a_failure_are_removed(stage: Stage, settings: Any) -> None:
    def fail(letter: Letter, **kwargs: Any) -> None:
        if letter.name == "Person 2":
            assert len(stored_files(settings)) == 3
            raise RuntimeError("a receiver of another app")

    letter_issued.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            actions.issue_many(people(stage, 3), on=ISSUED_ON, by=None)
    finally:
        letter_issued.disconnect(fail)
    assert nothing_issued(settings)


@pytest.mark.django_db(transaction=True)
def test_files_of_letters_that_are_issued_stay_whatever_fails_afterwards(stage: Stage, settings: Any) -> None:
    def fail_afterwards(letter: Letter, **kwargs: Any) -> None:
        transaction.on_commit(lambda: 1 / 0)

    letter_issued.connect(fail_afterwards)
    try:
        with pytest.raises(ZeroDivisionError):
            actions.issue_many(people(stage, 2), on=ISSUED_ON, by=None)
    finally:
        letter_issued.disconnect(fail_afterwards)
    assert {Path(letter.file.path) for letter in Letter.objects.all()} == set(stored_files(settings))
    assert Letter.objects.count() == 2


def test_eight_letters_ask_as_much_as_one(stage: Stage) -> None:
    def queries(pairs: list[tuple[Enrolment, Stage]]) -> int:
        stages = Stage.objects.select_related("pathway").prefetch_related("requirements")
        fresh = [(Enrolment(pk=enrolment.pk), stages.get(pk=stage.pk)) for enrolment, _stage in pairs]
        with CaptureQueriesContext(connection) as captured:
            actions.issue_many(fresh, on=ISSUED_ON, by=None)
        return len(captured)

    issued(stage)  # the year's row is there

    assert queries(people(stage, 1)) == queries(people(stage, 8)) == queries(people(stage, 9)) <= 18


def test_each_letter_is_in_its_own_language(stage: Stage) -> None:
    french = type(stage.locale).objects.create(language_code="fr")
    translated = stage.pathway.copy_for_translation(french)
    translated.save()
    LetterTemplateFactory(pathway=translated, heading="Attestation")
    pairs = [(completed(stage, f"In {code}", language=code), stage) for code in ("en", "fr", "en", "fr")]

    letters = actions.issue_many(pairs, on=ISSUED_ON, by=None)

    said = [(letter.snapshot["language"], letter.snapshot["heading"]) for letter in letters]
    assert said == [("en", "Letter of completion"), ("fr", "Attestation")] * 2
    assert [letter.snapshot["issued_on_text"] for letter in letters[:2]] == ["1 June 2025", "1 juin 2025"]


def test_a_replacement_takes_the_place_of_the_letter_in_its_run(stage: Stage) -> None:
    run = jobs.start("imp_letters.issue", title="Run", items=[], token="run", by=None)
    [old] = actions.issue_many(people(stage, 1), on=ISSUED_ON, by=None, run=run)

    new = actions.replace(old, reason="Misspelt", on=ISSUED_ON, by=None)

    assert list(Letter.objects.filter(run=run).valid()) == [new]
