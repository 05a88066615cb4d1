"""``imp_check_letters``: what is stored, held against what was issued."""

import datetime as dt
import io
import os
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, InMemoryStorage
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.core.storage import private_storage
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate, LetterYear
from imp_wagtail.letters.register import inventory, strays
from imp_wagtail.pathways.models import Stage
from tests.factories import signed_by

from .conftest import issued

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


def checked(**options: Any) -> tuple[list[str], str]:
    """The lines of the command, and its complaint; empty if nothing is wrong."""
    out = io.StringIO()
    try:
        call_command("imp_check_letters", stdout=out, stderr=io.StringIO(), **options)
    except CommandError as error:
        assert error.returncode == 1
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), ""


def spoil(letter: Letter, content: bytes) -> None:
    path = Path(letter.file.path)
    path.chmod(0o600)
    path.write_bytes(content)


def store(name: str, *, days_ago: float = 0) -> Path:
    """A file beside those of letters."""
    storage = private_storage()
    path = Path(storage.path(storage.save(name, ContentFile(b"left over"))))
    moment = dt.datetime.now().timestamp() - days_ago * 86_400
    os.utime(path, (moment, moment))
    return path


def pictured(stage: Stage) -> Letter:
    """A letter with a picture of its signature."""
    image = get_image_model().objects.create(title="Signature", file=get_test_image_file())
    template = LetterTemplate.objects.get()
    template.signatories = [signed_by("A. Signatory", signature=image)]
    template.save()
    return issued(stage)


# Files


def test_letters_as_they_were_issued_are_right_whatever_became_of_them(stage: Stage) -> None:
    actions.withdraw(issued(stage), reason="A mistake", by=None)
    actions.replace(issued(stage), reason="A mistake", by=None)
    pictured(stage)

    assert checked() == (["4 letters are as they were issued."], "")
    assert checked(verbosity=0) == ([], "")


def test_an_empty_register_is_right() -> None:
    assert checked() == (["0 letters are as they were issued."], "")


def test_missing_and_altered_files_are_reported_by_number(stage: Stage) -> None:
    right, missing, altered, unnamed = (issued(stage) for _each in range(4))
    Path(missing.file.path).unlink()
    spoil(altered, altered.file.read() + b" ")
    Letter.objects.filter(pk=unnamed.pk).update(file="")

    lines, complaint = checked(verbosity=0)

    assert lines == [
        f"{missing.number}: the file is missing ({missing.file.name})",
        f"{altered.number}: the file is altered ({altered.file.name})",
        f"{unnamed.number}: the file is unreadable (none is named)",
    ]
    assert complaint == "3 things are wrong with 4 letters."
    assert right.number == "2025-0001"


def test_pictures_of_issued_letters_are_compared_too(stage: Stage) -> None:
    letter = pictured(stage)
    sha256 = letter.snapshot["signatories"][0]["signature"]["sha256"]
    picture = Path(private_storage().path(f"letters/images/{sha256}.png"))
    content = picture.read_bytes()
    picture.chmod(0o600)

    picture.write_bytes(content + b" ")
    assert checked()[0] == [f"{letter.number}: a picture on it is altered (letters/images/{sha256}.png)"]
    picture.unlink()
    assert checked()[0] == [f"{letter.number}: a picture on it is missing (letters/images/{sha256}.png)"]
    picture.write_bytes(content)
    assert checked()[1] == ""


def test_a_storage_that_fails_on_one_file_does_not_end_the_check(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters = [issued(stage), issued(stage)]
    opened = FileSystemStorage._open

    def fail(self: FileSystemStorage, name: str, mode: str = "rb") -> Any:
        if name == letters[0].file.name:
            raise ConnectionError("no answer")  # other storages have classes of their own
        return opened(self, name, mode)

    monkeypatch.setattr(FileSystemStorage, "_open", fail)

    assert checked()[0] == [f"{letters[0].number}: the file is unreadable ({letters[0].file.name})"]


def test_progress_is_told_to_whoever_asks(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inventory, "BATCH", 2)
    for _each in range(3):
        issued(stage)
    err = io.StringIO()
    call_command("imp_check_letters", verbosity=2, stdout=io.StringIO(), stderr=err)

    assert err.getvalue().splitlines() == ["2 of 3 looked at", "3 of 3 looked at"]


def test_a_large_file_in_a_letter_s_place_does_not_fill_the_memory(stage: Stage) -> None:
    letter = issued(stage)
    spoil(letter, b"x" * 30_000_000)
    tracemalloc.start()
    try:
        lines, _complaint = checked()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert lines == [f"{letter.number}: the file is altered ({letter.file.name})"]
    assert peak < 5_000_000


def test_letters_are_read_some_at_a_time(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    for _each in range(7):
        issued(stage)
    monkeypatch.setattr(inventory, "BATCH", 3)
    with CaptureQueriesContext(connection) as captured:
        assert checked()[1] == ""

    rows = [query["sql"] for query in captured if '"snapshot"' in query["sql"] or "`snapshot`" in query["sql"]]
    assert len(rows) == 4
    assert all("LIMIT 3" in sql for sql in rows)


# Numbers


def test_gaps_in_numbers_are_reported_wherever_they_lie(stage: Stage) -> None:
    letters = [issued(stage) for _each in range(4)]
    for letter, number in zip(letters, (2, 3, 7, 9), strict=True):
        Letter.objects.filter(pk=letter.pk).update(running_number=number + 100)
    Letter.objects.update(running_number=F("running_number") - 100)
    LetterYear.objects.filter(year=2025).update(last_number=12)

    lines, complaint = checked()

    assert lines == [
        "2025: no letter has the number 1",
        "2025: no letters have the numbers 4 to 6",
        "2025: no letter has the number 8",
        "2025: no letters have the numbers 10 to 12",
    ]
    assert complaint == "4 things are wrong with 4 letters."


def test_numbers_without_any_letter_are_a_gap(stage: Stage) -> None:
    LetterYear.objects.create(year=2024, last_number=3)
    LetterYear.objects.create(year=2023, last_number=0)

    assert checked()[0] == ["2024: no letters have the numbers 1 to 3"]


def test_a_number_that_is_still_to_be_counted_is_reported(stage: Stage) -> None:
    issued(stage)
    LetterYear.objects.update(last_number=0)
    assert checked()[0] == ["2025: letters are numbered up to 1, and 0 is the last number counted"]
    LetterYear.objects.all().delete()
    assert checked()[0] == ["2025: letters are numbered up to 1, and 0 is the last number counted"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="Elsewhere the rule cannot be taken away for a moment")
def test_doubles_are_found_even_where_the_database_has_lost_its_rule(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    _first, second = issued(stage), issued(stage)
    rule = next(rule for rule in Letter._meta.constraints if rule.name == "imp_letter_number_once")
    others = [constraint for constraint in Letter._meta.constraints if constraint is not rule]
    monkeypatch.setattr(Letter._meta, "constraints", others)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Letter, rule)
    try:
        Letter.objects.filter(pk=second.pk).update(running_number=1)
        LetterYear.objects.update(last_number=1)
        lines, _complaint = checked()
    finally:
        Letter.objects.filter(pk=second.pk).update(running_number=2)
        with connection.schema_editor() as editor:
            editor.add_constraint(Letter, rule)

    assert lines == ["2025: 2 letters have the number 1"]


# Strays


def test_a_file_of_no_letter_is_reported_and_kept(stage: Stage) -> None:
    issued(stage)
    stray = store("letters/2025/2025-0002-K7QF2M9XRT4WP.pdf", days_ago=2)
    odd = store("letters/2025/notes.txt", days_ago=2)

    lines, complaint = checked()

    assert lines == [
        "letters/2025/2025-0002-K7QF2M9XRT4WP.pdf belongs to no letter",
        "letters/2025/notes.txt belongs to no letter",
    ]
    assert complaint == "2 things are wrong with 1 letters."
    assert stray.exists()
    assert odd.exists()


def test_strays_are_deleted_when_asked_and_older_than_a_day(stage: Stage) -> None:
    letter = issued(stage)
    os.utime(letter.file.path, (0, 0))
    old = store("letters/2025/2025-0002-K7QF2M9XRT4WP.pdf", days_ago=1.1)
    young = store("letters/2025/2025-0003-K7QF2M9XRT4WP.pdf", days_ago=0.9)

    lines, complaint = checked(delete_strays=True)

    assert complaint == ""
    assert lines[0] == "letters/2025/2025-0002-K7QF2M9XRT4WP.pdf belonged to no letter, and was deleted."
    assert not old.exists()
    assert young.exists()
    assert Path(letter.file.path).exists()


def test_a_young_file_may_become_a_letter_s_and_is_not_wrong(stage: Stage) -> None:
    store("letters/2025/2025-0003-K7QF2M9XRT4WP.pdf")

    assert checked() == (["0 letters are as they were issued."], "")
    assert "belongs to no letter yet" in checked(verbosity=2)[0][0]


def test_a_letter_s_file_is_no_stray_whatever_it_is_called(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strays, "BATCH", 2)
    letters = [issued(stage) for _each in range(5)]
    for letter, name in zip(letters[:3], ("odd.pdf", "2025-9-K7QF2M9XRT4WP.pdf", "x_y.pdf"), strict=True):
        path = store(f"letters/2025/{name}", days_ago=9)
        path.write_bytes(Path(letter.file.path).read_bytes())
        Path(letter.file.path).unlink()
        Letter.objects.filter(pk=letter.pk).update(file=f"letters/2025/{name}")
        os.utime(path, (0, 0))

    assert checked(delete_strays=True) == (["5 letters are as they were issued."], "")
    assert all(Path(letter.file.path).exists() for letter in Letter.objects.all())


def test_pictures_kept_for_letters_to_come_are_no_strays(stage: Stage) -> None:
    picture = store(f"letters/images/{'a' * 64}.png", days_ago=9)

    assert checked(delete_strays=True)[1] == ""
    assert picture.exists()


class Mute(InMemoryStorage):
    """A storage that cannot list what it holds, as some cannot."""

    def listdir(self, path: str) -> Any:
        raise NotImplementedError


class Ageless(InMemoryStorage):
    """A storage that does not know when a file was stored."""

    def get_modified_time(self, name: str) -> dt.datetime:
        raise NotImplementedError


def stored_in(storage: type, settings: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, "imp_private": {"BACKEND": f"{__name__}.{storage.__name__}"}}


def test_any_storage_is_checked(stage: Stage, settings: Any) -> None:
    stored_in(Ageless, settings)
    letter = issued(stage)
    assert checked()[1] == ""

    letter.file.storage.delete(letter.file.name)
    assert checked()[0] == [f"{letter.number}: the file is missing ({letter.file.name})"]


def test_where_a_storage_does_not_list_its_files_the_command_says_so(stage: Stage, settings: Any) -> None:
    stored_in(Mute, settings)
    issued(stage)

    lines, complaint = checked()
    assert lines[0].startswith("This storage does not list its files")
    assert complaint == ""


def test_a_file_whose_age_nobody_knows_is_reported_and_never_deleted(stage: Stage, settings: Any) -> None:
    stored_in(Ageless, settings)
    private_storage().save("letters/2025/stray.pdf", ContentFile(b"left over"))

    lines, complaint = checked(delete_strays=True)
    assert lines == ["letters/2025/stray.pdf belongs to no letter"]
    assert complaint
    assert private_storage().exists("letters/2025/stray.pdf")
