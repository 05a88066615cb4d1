"""PDFs are printed once, whoever asks for them at once, and nobody waits for ever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache

from imp_wagtail.core import checks
from imp_wagtail.core.assets import AssetRefusedError
from imp_wagtail.core.pdf import PDFFailed, PDFTooHeavy, PDFUnavailable
from imp_wagtail.core.pdf import kept as keeping
from imp_wagtail.core.pdf.kept import Made, Shelf, kept, key_of

SHEET = ["imp_core/pdf-fonts.css"]


class Printer:
    """Prints what it was told, or raises it, and counts how often."""

    def __init__(self, *results: bytes | Exception, seconds: float = 0) -> None:
        self.results = list(results)
        self.seconds = seconds
        self.times = 0
        self.lock = threading.Lock()

    def __call__(self) -> Made:
        with self.lock:
            result = self.results[min(self.times, len(self.results) - 1)]
            self.times += 1
        time.sleep(self.seconds)
        if isinstance(result, Exception):
            raise result
        return Made(result)


@pytest.fixture
def own_settings(settings: Any) -> Any:
    def change(**own: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **own}

    return change


# What the key follows from


def test_the_same_document_has_the_same_key_and_every_other_another() -> None:
    one = key_of("<p>One", SHEET)

    assert key_of("<p>One", SHEET) == one
    assert len({one, key_of("<p>Two", SHEET), key_of("<p>One", []), key_of("<p>One", [*SHEET, *SHEET])}) == 4


def test_a_changed_stylesheet_changes_the_key(settings: Any, tmp_path: Any) -> None:
    settings.STATICFILES_DIRS = [tmp_path]
    sheet = tmp_path / "own.css"
    sheet.write_text("p { color: red }")
    red = key_of("<p>One", ["own.css"])
    sheet.write_text("p { color: tan }")

    assert key_of("<p>One", ["own.css"]) != red


def test_another_version_of_what_prints_changes_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("<p>One", SHEET)
    monkeypatch.setattr(keeping, "PRINT", keeping.PRINT + 1)
    keeping._print_version.cache_clear()
    try:
        assert key_of("<p>One", SHEET) != before
    finally:
        monkeypatch.undo()
        keeping._print_version.cache_clear()


def test_a_stylesheet_that_is_missing_is_told() -> None:
    with pytest.raises(AssetRefusedError):
        key_of("<p>One", ["nowhere.css"])


# Printed once


def test_what_was_printed_is_not_printed_again() -> None:
    printer = Printer(b"%PDF")

    assert [kept("a", printer), kept("a", printer), kept("b", printer)] == [b"%PDF"] * 3
    assert printer.times == 2


def test_ten_who_ask_at_once_get_what_one_of_them_printed() -> None:
    printer = Printer(b"%PDF", seconds=0.5)

    with ThreadPoolExecutor(10) as threads:
        got = list(threads.map(lambda _: kept("a", printer), range(10)))

    assert (got, printer.times) == ([b"%PDF"] * 10, 1)


def test_one_who_died_at_it_holds_up_the_others_for_no_longer_than_a_document_may_take(
    own_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_settings(PDF_MAX_SECONDS=1)
    monkeypatch.setattr(keeping, "GRACE", 0)
    cache.add(Shelf("a").mark, "one who is no more", 0.5)
    began = time.monotonic()

    assert kept("a", Printer(b"%PDF")) == b"%PDF"
    assert 0.4 < time.monotonic() - began < 2


def test_one_who_takes_for_ever_is_not_waited_for_that_long(
    own_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_settings(PDF_MAX_SECONDS=1)
    monkeypatch.setattr(keeping, "GRACE", 0)
    printer = Printer(b"%PDF")
    cache.add(Shelf("a").mark, "somebody else", 60)

    with pytest.raises(PDFUnavailable):
        kept("a", printer)
    assert printer.times == 0
    assert cache.get(Shelf("a").mark) == "somebody else"


def test_whoever_has_printed_leaves_no_mark_behind() -> None:
    kept("a", Printer(b"%PDF"))

    assert cache.get(Shelf("a").mark) is None


# What fails


@pytest.mark.parametrize("error", [PDFTooHeavy("too many pages"), PDFFailed("it broke")])
def test_a_document_at_fault_is_not_tried_again_for_a_while(error: Exception) -> None:
    printer = Printer(error)

    for _ in range(3):
        with pytest.raises(type(error), match=str(error)):
            kept("a", printer)
    assert printer.times == 1


def test_a_document_at_fault_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "RETRY_SECONDS", 0.2)
    printer = Printer(PDFFailed("it broke"), b"%PDF")
    with pytest.raises(PDFFailed):
        kept("a", printer)
    time.sleep(0.3)

    assert kept("a", printer) == b"%PDF"


def test_a_machine_that_makes_no_pdfs_is_asked_again_each_time() -> None:
    printer = Printer(PDFUnavailable("no library"), b"%PDF")
    with pytest.raises(PDFUnavailable):
        kept("a", printer)

    assert kept("a", printer) == b"%PDF"


def test_without_a_cache_that_answers_everybody_gets_the_pdf(
    own_settings: Any, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "down": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        },
    }
    own_settings(PDF_CACHE="down")
    printer = Printer(b"%PDF")

    assert [kept("a", printer), kept("a", printer)] == [b"%PDF"] * 2
    assert printer.times == 2
    assert "The cache does not answer" in caplog.text


def test_the_cache_that_the_site_names_is_used(own_settings: Any, settings: Any, tmp_path: Any) -> None:
    settings.CACHES = {
        **settings.CACHES,
        "pdf": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path},
    }
    own_settings(PDF_CACHE="pdf")
    printer = Printer(b"%PDF")
    kept("a", printer)
    cache.clear()

    assert kept("a", printer) == b"%PDF"
    assert printer.times == 1
    assert len(list(tmp_path.iterdir())) == 1


def test_a_cache_that_the_site_does_not_have_is_an_error(own_settings: Any) -> None:
    own_settings(PDF_CACHE="nowhere")

    assert [message.id for message in checks.check_settings(None)] == ["imp_core.E006"]
