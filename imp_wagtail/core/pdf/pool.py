"""Prints documents with the processes that there are, or within this one where there may be none."""

import atexit
import logging
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from ..assets import read_asset
from ..conf import settings
from .documents import Document, Printed, Sheet
from .errors import PDFTooHeavy
from .press import Press
from .processes import DiedError, Process, python

logger = logging.getLogger(__package__)


class Pool:
    """At most ``PDF_PROCESSES`` processes; whoever finds them all at work waits for the next one that is free."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.idle: list[Process] = []
        self.busy: set[Process] = set()
        self.starting = 0

    def print(self, document: Document, sheets: Sequence[Sheet]) -> Printed:
        """Print in one of the processes.

        A process that has been kept may have ended for reasons of its own: the document gets a new one. With a new
        one that ends, it is the document.
        """
        while True:
            with self._process() as process:
                is_new = process.printed == 0
                try:
                    return process.print(document, sheets, settings.PDF_MAX_SECONDS)
                except DiedError:
                    if is_new:
                        raise PDFTooHeavy(
                            f"The document ends the process that prints it, which may take {process.megabytes} MB"
                        ) from None

    @contextmanager
    def _process(self) -> Iterator[Process]:
        process = self._taken()
        try:
            yield process
        finally:
            with self.changed:
                self.busy.discard(process)
                if process.is_alive():
                    self.idle.append(process)
                else:
                    process.stop()
                self.changed.notify()

    def _taken(self) -> Process:
        """One that is free, or a new one."""
        with self.changed:
            while not self.idle and len(self.busy) + self.starting >= max(1, settings.PDF_PROCESSES):
                self.changed.wait()
            while self.idle:
                process = self.idle.pop()
                if process.is_alive() and process.megabytes == settings.PDF_MAX_MB:
                    self.busy.add(process)
                    return process
                process.stop()
            self.starting += 1
        return self._started()

    def _started(self) -> Process:
        process = None
        try:
            process = Process(settings.PDF_MAX_MB)
        finally:
            with self.changed:
                self.starting -= 1
                if process is None:
                    self.changed.notify()
                else:
                    self.busy.add(process)
        return process

    def close(self) -> None:
        """End all processes."""
        with self.changed:
            for process in [*self.idle, *self.busy]:
                process.stop()
            self.idle.clear()

    def let_go(self) -> None:
        for process in [*self.idle, *self.busy]:
            process.let_go()


_pool = Pool()
_thread = threading.local()


def print_document(document: Document, sheets: Sequence[Sheet]) -> Printed:
    """Print in a process that can be stopped, or in this one where there are no others."""
    return _pool.print(document, sheets) if side_by_side() else _own_press().print(document, sheets)


def side_by_side() -> int:
    """How many documents are printed side by side, each in a process of its own; 0: one by one, within this one."""
    if not settings.PDF_PROCESSES:
        return 0
    if python() is None:
        _tell_once()
        return 0
    return int(settings.PDF_PROCESSES)


def close() -> None:
    """End the processes that print; the next PDF starts new ones."""
    _pool.close()


def _own_press() -> Press:
    press: Press | None = getattr(_thread, "press", None)
    if press is None or press.is_worn():
        press = _thread.press = Press(read_asset)
    return press


@cache
def _tell_once() -> None:
    logger.warning(
        "PDFs are made within the site's own process, where nothing stops one that takes too long: %r is no Python "
        "that could be started beside it. Set PDF_PROCESSES to 0 to be content with that.",
        sys.executable,
    )


def _after_fork() -> None:
    """A process forked from this one starts its own: two that speak into one pipe would get each other's PDFs."""
    global _pool, _thread
    _pool.let_go()
    _pool, _thread = Pool(), threading.local()


atexit.register(close)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
