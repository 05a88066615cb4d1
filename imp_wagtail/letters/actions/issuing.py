"""The verb that issues letters: number, code, snapshot and PDF, stored once."""

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import Error, transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone

from imp_wagtail.core.models import Job
from imp_wagtail.participants.actions import locked, locked_many, refuse_future
from imp_wagtail.participants.log import Entry, record_many
from imp_wagtail.participants.models import Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage

from ..achievements import Completed, achieved_many
from ..codes import grouped, new_code
from ..models import Letter, LetterTemplate, LetterYear
from ..rendering import renderer
from ..signals import letter_issued
from ..snapshot import Remembered, snapshot_with, template_for
from .refusals import issued_already, not_completed, refuse_early, refuse_nameless, why_unprinted

logger = logging.getLogger(__name__)

Pair = tuple[Enrolment, Stage]


def issue(enrolment: Enrolment, stage: Stage, *, on: dt.date | None = None, by: Any) -> Letter:
    """Issue the letter for a completed stage: number, code, snapshot and PDF, stored once.

    ``on`` is the date of issue, today unless given. A stage has one valid letter; a second is refused.
    """
    return issue_many([(enrolment, stage)], on=on, by=by)[0]


def issue_many(pairs: Sequence[Pair], *, on: dt.date | None = None, by: Any, run: Job | None = None) -> list[Letter]:
    """Issue the letters for several completed stages, each named once: all of them, numbered in their order, or none.

    ``ValidationError`` says why one of them is refused, as for ``issue``.
    """
    on = day_of_issue(on)
    with whole_or_nothing() as stored:
        pairs = locked_pairs(pairs)
        refuse_seconds(pairs)
        letters = make_letters(pairs, on=on, by=by, run=run and run.pk, stored=stored)
        record_many((_entry(letter) for letter in letters), by=by)
        for letter in letters:
            letter_issued.send(Letter, letter=letter, by=by)
    return letters


def _entry(letter: Letter) -> Entry:
    return Entry(letter.enrolment.participant, "imp.letter.issue", what=letter.stage, after=letter.number)


@contextmanager
def whole_or_nothing() -> Iterator[list[FieldFile]]:
    """One transaction; the files that were put into the list are removed again where it fails."""
    stored: list[FieldFile] = []
    try:
        with transaction.atomic():
            yield stored
    except BaseException:
        for file in _of_no_letter(stored):
            file.storage.delete(file.name)
        raise


def _of_no_letter(stored: list[FieldFile]) -> list[FieldFile]:
    """The files of letters that are not there: what fails may be what comes after the transaction.

    All are kept where the database cannot say; ``imp_check_letters`` finds those that belong to no letter.
    """
    if not stored:
        return []
    try:
        codes = [file.instance.code for file in stored]
        issued = set(Letter.objects.filter(code__in=codes).values_list("code", flat=True))
    except Error:
        logger.warning("%s files of letters may belong to none", len(stored), exc_info=True)
        return []
    return [file for file in stored if file.instance.code not in issued]


def day_of_issue(on: dt.date | None) -> dt.date:
    """The date that a letter bears, today unless given; the register has a row for its year from now on.

    The row is made ahead of the transaction that takes a number. Were it made within, MariaDB would let those who
    found it just made by another each keep a lock on it, and refuse one of them as a deadlock.
    """
    on = on or timezone.localdate()
    refuse_future(on, "issued_on")
    LetterYear.objects.get_or_create(year=on.year)
    return on


def locked_pairs(pairs: Sequence[Pair]) -> list[Pair]:
    """The enrolments as they stand now, locked in one order, each with its stage; the same ones share a record."""
    found = {enrolment.pk: enrolment for enrolment in locked_many(enrolment.pk for enrolment, _stage in pairs)}
    stages = {stage.pk: stage for _enrolment, stage in pairs}
    return [(found.get(enrolment.pk) or locked(enrolment), stages[stage.pk]) for enrolment, stage in pairs]


def refuse_seconds(pairs: Sequence[Pair]) -> None:
    """Refuse a second letter for a stage that has a valid one; the message names it."""
    standing = valid_letters(enrolment.pk for enrolment, _stage in pairs)
    for enrolment, stage in pairs:
        if letter := standing.get((enrolment.pk, stage.pk)):
            raise ValidationError(issued_already(letter, stage))


def valid_letters(enrolments: Any) -> dict[tuple[int, int], Letter]:
    """The valid letters of these enrolments (their keys, or a queryset), by enrolment and stage; one query."""
    if not hasattr(enrolments, "query"):
        enrolments = list(enrolments)
    found = Letter.objects.valid().filter(enrolment__in=enrolments).defer("snapshot")
    return {(letter.enrolment_id, letter.stage_id): letter for letter in found}


def make_letters(
    pairs: Sequence[Pair], *, on: dt.date, by: Any, run: int | None, stored: list[FieldFile]
) -> list[Letter]:
    """New letters, saved, their files added to ``stored``; called in a transaction, with the enrolments locked.

    ``run`` is the key of the job that issues them. The numbers are taken as late as can be: until the transaction
    ends, nobody else gets one of that year.
    """
    achievements = achieved_many(completed(pairs))
    for what in achievements:
        refuse_early(what.completion, on)
        refuse_nameless(what.enrolment.participant.name_on_letters)
    templates = LetterTemplate.objects.published_for(stage for _enrolment, stage in pairs)
    chosen = [
        template_for(what.enrolment, what.stage, without=what.unknown_fields, templates=templates)
        for what in achievements
    ]
    ask = Remembered()
    letters = []
    for what, template, number in zip(achievements, chosen, take_numbers(on.year, len(pairs)), strict=True):
        own = {"enrolment": what.enrolment, "stage": what.stage, "issued_on": on, "issued_by": by, "run_id": run}
        letter = Letter(**own, year=on.year, running_number=number, code=new_code())
        said = {"number": letter.number, "code": grouped(letter.code), "issued_on": on}
        letter.snapshot = snapshot_with(template, what, **said, ask=ask)
        letter.name = letter.snapshot["name"]
        letters.append(letter)
    _print(letters, stored)
    return Letter.objects.bulk_create(letters)


def _print(letters: list[Letter], stored: list[FieldFile]) -> None:
    """Print letters and store their files. Whatever fails in there is a refusal, because nothing has been issued."""
    try:
        contents = renderer().render_many([letter.snapshot for letter in letters])
    except Exception as error:
        raise ValidationError(why_unprinted(error)) from error
    for letter, content in zip(letters, contents, strict=True):
        letter.sha256 = hashlib.sha256(content).hexdigest()
        letter.file.save(f"letters/{letter.year}/{letter.number}-{letter.code}.pdf", ContentFile(content), save=False)
        stored.append(letter.file)


def completed(pairs: Sequence[Pair]) -> list[Completed]:
    """The completions that letters confirm; refuse a stage that has none."""
    standing = StageCompletion.objects.filter(enrolment__in=[pair[0].pk for pair in pairs], stands=True)
    found = {(completion.enrolment_id, completion.stage_id): completion for completion in standing}
    for enrolment, stage in pairs:
        if (enrolment.pk, stage.pk) not in found:
            raise ValidationError(not_completed(stage))
    return [(enrolment, stage, found[enrolment.pk, stage.pk]) for enrolment, stage in pairs]


def take_numbers(year: int, count: int) -> Iterable[int]:
    """The next running numbers of a year, from 1. Call it inside the transaction that uses all of them."""
    counter = LetterYear.objects.select_for_update().get(year=year)
    first = counter.last_number + 1
    counter.last_number += count
    counter.save(update_fields=["last_number"])
    return range(first, first + count)
