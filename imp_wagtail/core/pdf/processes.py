"""Keeps the processes that print: starts them when they are needed, and stops those that take too long."""

import contextlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

from ..assets import AssetRefusedError, read_asset
from .documents import Document, Printed, Sheet
from .errors import PDFFailed, PDFTooHeavy, PDFUnavailable
from .wire import Message, receive, send

logger = logging.getLogger(__package__)

#: Seconds that a process may take until it is ready to print; WeasyPrint is large, and a machine may be busy.
START_SECONDS = 60
#: Seconds without work after which a process ends by itself: it holds two hundred megabytes.
IDLE_SECONDS = 300

#: What a process that prints is told of the environment: where fonts and programs lie, and no secret.
ENVIRONMENT = ("PATH", "HOME", "LANG", "LANGUAGE", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
ENVIRONMENT_BEGINS = ("LC_", "FONTCONFIG_", "XDG_", "DYLD_", "PYTHON", "WEASYPRINT_")


class DiedError(Exception):
    """The process ended before it answered."""


def python() -> str | None:
    """The interpreter to start processes with; ``None`` within a server that does not say where its is."""
    if not hasattr(os, "fork"):
        return None  # the pipe is handed on as Unix does
    beside = Path(sys.exec_prefix, "bin", "python3")
    candidates = [Path(sys.executable)] if sys.executable else []
    for path in [*candidates, beside]:
        if path.name.startswith(("python", "pypy")) and path.exists():
            return str(path)
    return None


class Process:
    """A process that prints one document after the other."""

    def __init__(self, megabytes: int) -> None:
        self.megabytes = megabytes
        self.printed = 0
        # Its fonts lie in there, and go with it however it ends.
        self.folder = tempfile.mkdtemp(prefix="imp-pdf-")
        self.pipe, theirs = Pipe()
        try:
            with theirs:
                self.process = _started(theirs, self.folder, megabytes)
            self._await_ready()
        except BaseException:
            self.stop()
            raise

    def _await_ready(self) -> None:
        try:
            answer = self._answer(time.monotonic() + START_SECONDS)
        except (DiedError, TimeoutError) as error:
            raise PDFUnavailable(
                "The process that makes PDFs does not start; the site's error output says why."
            ) from error
        if "unavailable" in answer.says:
            raise PDFUnavailable(answer.says["unavailable"])

    def is_alive(self) -> bool:
        return self.process.poll() is None and not self.pipe.closed

    def print(self, document: Document, sheets: Sequence[Sheet], seconds: int) -> Printed:
        """Print a document.

        Raises ``PDFTooHeavy`` where it takes longer or more than it may, and ``DiedError``; the process is of no more
        use after either, but for one with too many pages.
        """
        until = time.monotonic() + seconds
        job = {"document": document.as_message(), "sheets": [(one.name, one.changed) for one in sheets]}
        try:
            self._send({**job, "seconds": seconds}, *document.images.values())
            return self._printed(until)
        except TimeoutError:
            self.stop()
            raise PDFTooHeavy(f"The document takes more than {seconds} seconds") from None
        except BaseException as error:
            # Whatever else it says belongs to a document that nobody waits for any more.
            if not isinstance(error, PDFTooHeavy | PDFFailed):
                self.stop()
            raise
        finally:
            self.printed += 1

    def _printed(self, until: float) -> Printed:
        while True:
            says, parts = self._answer(until)
            if "wants" in says:
                self._give(says["wants"])
            elif "heavy" in says:
                raise PDFTooHeavy(says["heavy"] or f"The document takes more than {self.megabytes} MB")
            elif "failed" in says:
                raise PDFFailed(says["failed"])
            else:
                return Printed(parts[0], says["missing"], [(url, why) for url, why in says["refused"]])

    def _give(self, name: str) -> None:
        try:
            asset = read_asset(name)
        except AssetRefusedError as error:
            self._send({"refused": str(error)})
        else:
            self._send({"media_type": asset.media_type}, asset.content)

    def _send(self, says: dict[str, Any], *parts: bytes) -> None:
        try:
            send(self.pipe, says, *parts)
        except OSError as error:
            raise DiedError from error

    def _answer(self, until: float) -> Message:
        try:
            if not self.pipe.poll(max(0.0, until - time.monotonic())):
                raise TimeoutError
            return receive(self.pipe)
        except TimeoutError:
            raise
        except (EOFError, OSError) as error:
            raise DiedError from error

    def stop(self) -> None:
        """End the process now, and remove what it leaves behind."""
        self.pipe.close()
        process = getattr(self, "process", None)
        if process is not None:
            process.kill()
            process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def let_go(self) -> None:
        """Forget it in a process that was forked from the one that started it, which goes on using it."""
        with contextlib.suppress(OSError):
            self.pipe.close()


def _started(theirs: Connection, folder: str, megabytes: int) -> subprocess.Popen:
    order = {
        "descriptor": theirs.fileno(),
        "folder": folder,
        "megabytes": megabytes,
        "idle_seconds": IDLE_SECONDS,
    }
    return subprocess.Popen(  # noqa: S603 (nothing in there was typed by anybody)
        [str(python()), "-m", "imp_wagtail.core.pdf.worker", json.dumps(order)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[theirs.fileno()],
        env=_environment(folder),
    )


def _environment(folder: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if name in ENVIRONMENT or name.startswith(ENVIRONMENT_BEGINS)
    }
    # Modules are found where this process finds them, and never in whatever folder it was started from.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return kept | {"TMPDIR": folder, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"}
