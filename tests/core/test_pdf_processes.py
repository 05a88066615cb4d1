"""PDFs are made in processes that can be stopped: what stops them, and that the next one is there."""

import contextlib
import io
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from imp_wagtail.core import pdf
from imp_wagtail.core.pdf import (
    Document,
    MissingCharacters,
    PDFFailed,
    PDFTooHeavy,
    PDFUnavailable,
    pool,
    press,
    processes,
    render_many,
    render_one_page,
    render_pdf,
)

SIMPLE = '<html lang="de"><title>Titel</title><p>Ein Satz.'
#: A few hundred bytes that keep WeasyPrint busy for minutes.
BOMB = '<html lang="de"><title>Titel</title>' + '<div style="display: flex">' * 14 + "x"


@pytest.fixture
def limits(settings) -> Callable[..., None]:
    def limit(**own: int) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **own}

    return limit


@pytest.fixture
def new_process() -> Iterator[None]:
    """A process that begins with this test and ends with it, as does whatever was set for it."""
    pdf.close()
    yield
    pdf.close()


def kept() -> list[processes.Process]:
    return pool._pool.idle


def text_of(content: bytes) -> str:
    return PdfReader(io.BytesIO(content)).pages[0].extract_text()


def until(happened: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def in_own_process(script: str, path: str = "") -> str:
    """What a script says that prints PDFs in a site of its own."""
    entries = [path, *sys.path] if path else sys.path
    done = subprocess.run(
        [sys.executable, "-c", f"import django; django.setup(){script}"],
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "testapp.settings", "PYTHONPATH": os.pathsep.join(entries)},
    )
    return done.stdout.decode().strip()


# One process, kept warm


def test_a_process_is_kept_for_the_next_document():
    render_pdf(SIMPLE)
    (first,) = kept()
    render_pdf(SIMPLE)

    assert kept() == [first]


def test_the_site_itself_imports_none_of_what_prints():
    script = f"""
import sys
from imp_wagtail.core import pdf
print(len(pdf.pool._pool.idle), len(pdf.render_pdf({SIMPLE!r})) > 1000)
print({{"weasyprint", "fontTools", "pydyf"}} & set(sys.modules))
"""
    assert in_own_process(script).splitlines() == ["0 True", "set()"]


def test_the_process_knows_no_secret(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgres://user:secret@host/name")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    known = processes._environment("/folder")

    assert {name for name, value in known.items() if "secret" in value} == set()
    assert "DJANGO_SETTINGS_MODULE" not in known
    assert (known["LC_ALL"], known["TMPDIR"]) == ("C.UTF-8", "/folder")


def test_a_process_without_work_ends_by_itself_and_the_next_document_has_another(new_process, monkeypatch):
    monkeypatch.setattr(processes, "IDLE_SECONDS", 0.1)
    render_pdf(SIMPLE)
    (first,) = kept()
    until(lambda: not runs(first.process.pid))

    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."
    assert kept() != [first]
    assert not Path(first.folder).exists()


def test_a_press_is_worn_after_an_hour(limits, monkeypatch):
    limits(PDF_PROCESSES=0)
    first = render_pdf(SIMPLE)
    old = pool._own_press()
    monkeypatch.setattr(old, "born", old.born - press.PRESS_LIFETIME - 1)

    assert render_pdf(SIMPLE) == first
    assert pool._own_press() is not old


def test_a_process_ends_with_the_site_even_if_that_is_killed():
    script = f"""
import os, signal
from imp_wagtail.core import pdf
pdf.render_pdf({SIMPLE!r})
(process,) = pdf.pool._pool.idle
print(process.process.pid, process.folder, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    with pytest.raises(subprocess.CalledProcessError) as killed:
        in_own_process(script)
    pid, folder = killed.value.stdout.decode().split()

    until(lambda: not runs(int(pid)) and not Path(folder).exists())


def test_a_forked_site_prints_with_a_process_of_its_own():
    script = f"""
import os
from imp_wagtail.core import pdf
first = pdf.render_pdf({SIMPLE!r})
own = pdf.pool._pool.idle[0].process.pid
if child := os.fork():
    print(all(pdf.render_pdf({SIMPLE!r}) == first for _ in range(9)), os.waitpid(child, 0)[1])
else:
    same = all(pdf.render_pdf({SIMPLE!r}) == first for _ in range(9))
    os._exit(0 if same and pdf.pool._pool.idle[0].process.pid != own else 1)
"""
    assert in_own_process(script) == "True 0"


# Several


def test_many_documents_come_back_in_their_order_from_processes_side_by_side(limits, new_process):
    limits(PDF_PROCESSES=2)

    made = render_many(Document(f"{SIMPLE} {number}") for number in range(8))

    assert [text_of(content) for content in made] == [f"Ein Satz. {number}" for number in range(8)]
    assert len({one.process.pid for one in kept()}) == 2
    assert sum(one.printed for one in kept()) == 8


def test_many_documents_are_made_one_by_one_where_there_is_no_process(limits):
    limits(PDF_PROCESSES=0)

    assert [text_of(content) for content in render_many([Document(SIMPLE)] * 2)] == ["Ein Satz."] * 2


def test_the_first_failure_of_many_is_raised_and_nobody_waits_for_the_rest():
    asked = []

    def documents() -> Iterator[Document]:
        for number in range(100):
            asked.append(number)
            yield Document(SIMPLE if number else f"{SIMPLE}\U0010fffd", refuse_boxes=True)

    with pytest.raises(MissingCharacters):
        render_many(documents())

    assert len(asked) < 10
    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


def test_threads_wait_for_a_process_that_is_free():
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.append(text_of(render_pdf(SIMPLE)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == ["Ein Satz."] * 6
    assert len(kept()) == 1


# Limits


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_printed(limits):
    limits(PDF_MAX_SECONDS=1)
    began = time.monotonic()

    with pytest.raises(PDFTooHeavy, match="more than 1 seconds"):
        render_pdf(BOMB)

    assert time.monotonic() - began < 10
    assert kept() == []
    limits(PDF_MAX_SECONDS=20)
    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


def test_a_document_that_takes_too_much_memory_is_given_up_and_the_next_is_printed(limits, new_process):
    limits(PDF_MAX_MB=600, PDF_MAX_SECONDS=120)  # a busy machine must not run out of time first
    picture = io.BytesIO()
    Image.new("L", (4400, 4400)).save(picture, "PNG")
    images = {str(number): picture.getvalue() for number in range(40)}

    with pytest.raises(PDFTooHeavy, match="600 MB"):
        render_one_page(Document(SIMPLE, images=images))

    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


def test_a_changed_limit_of_memory_holds_from_the_next_document_on(limits, new_process):
    render_pdf(SIMPLE)
    (first,) = kept()
    limits(PDF_MAX_MB=900)
    render_pdf(SIMPLE)

    assert [one.megabytes for one in kept()] == [900]
    assert not runs(first.process.pid)


def test_a_document_of_too_many_characters_or_pages_is_refused(limits, monkeypatch):
    with pytest.raises(PDFTooHeavy, match="1000001 characters"):
        render_pdf("x" * 1_000_001)

    limits(PDF_PROCESSES=0)
    monkeypatch.setattr(press, "MOST_PAGES", 2)
    with pytest.raises(PDFTooHeavy, match="3 pages, more than 2"):
        render_pdf(SIMPLE + '<p style="break-before: page">x' * 2)


# Crashes


def test_a_kept_process_that_has_died_is_replaced_without_a_word():
    render_pdf(SIMPLE)
    (first,) = kept()
    os.kill(first.process.pid, signal.SIGKILL)

    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


def test_a_document_that_ends_even_a_new_process_is_given_up(limits, new_process):
    limits(PDF_MAX_SECONDS=30)
    failures: list[BaseException] = []

    def print_bomb() -> None:
        try:
            render_pdf(BOMB)
        except PDFTooHeavy as error:
            failures.append(error)

    thread = threading.Thread(target=print_bomb)
    thread.start()
    until(lambda: bool(pool._pool.busy))
    (process,) = pool._pool.busy
    os.kill(process.process.pid, signal.SIGKILL)
    thread.join(timeout=20)

    assert "ends the process that prints it" in str(failures[0])
    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


def test_a_failure_within_weasyprint_says_where_and_spares_the_process():
    render_pdf(SIMPLE)
    (first,) = kept()

    with pytest.raises(PDFFailed, match="UnidentifiedImageError"):
        render_one_page(Document(SIMPLE, images={"broken": b"no picture"}))

    assert kept() == [first]
    assert text_of(render_pdf(SIMPLE)) == "Ein Satz."


@pytest.mark.parametrize(
    "error", [MissingCharacters("ab"), PDFTooHeavy("too much"), PDFUnavailable(), PDFFailed("line 1")]
)
def test_an_error_means_the_same_in_another_process(error):
    passed = pickle.loads(pickle.dumps(error))

    assert (type(passed), str(passed), vars(passed)) == (type(error), str(error), vars(error))


# Machines and servers of other kinds


@pytest.mark.parametrize("count", [0, 1])
def test_a_machine_without_the_libraries_is_told_what_to_install(tmp_path, count):
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library')")
    script = f"""
from django.conf import settings
from imp_wagtail.core.pdf import PDFUnavailable, render_pdf
settings.IMP_WAGTAIL = {{**settings.IMP_WAGTAIL, "PDF_PROCESSES": {count}}}
try:
    render_pdf("<p>")
except PDFUnavailable as error:
    print(error)
"""
    told = in_own_process(script, path=str(tmp_path))

    assert told == str(PDFUnavailable())
    assert told.endswith("apt-get install -y libpangoft2-1.0-0 libharfbuzz-subset0")


def test_a_process_that_does_not_start_is_told_of(tmp_path):
    (tmp_path / "weasyprint.py").write_text("import sys; sys.exit(3)")
    script = """
from imp_wagtail.core.pdf import PDFUnavailable, render_pdf
try:
    render_pdf("<p>")
except PDFUnavailable as error:
    print(error)
"""
    assert "does not start" in in_own_process(script, path=str(tmp_path))


def test_a_server_that_hides_its_python_prints_within_itself_and_says_so_once(monkeypatch, tmp_path, caplog):
    monkeypatch.setattr(sys, "executable", "/usr/sbin/some-server")
    monkeypatch.setattr(sys, "exec_prefix", str(tmp_path))
    pool._tell_once.cache_clear()

    assert [text_of(content) for content in render_many([Document(SIMPLE)] * 2)] == ["Ein Satz."] * 2

    (said,) = [record.getMessage() for record in caplog.records if record.name == pdf.__name__]
    assert "'/usr/sbin/some-server' is no Python" in said
