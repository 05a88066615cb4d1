"""Threads that meet in the middle of their work: each waits there for the other, so that they cross if they can."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

from django.db import models
from django.db.models.signals import post_save, pre_delete

#: Seconds after which a thread is taken for stuck; those in which the other comes as far, if nothing is in its way.
PATIENCE, MOMENT = 60, 1


@contextmanager
def waiting_for_each_other(*written: models.Model) -> Iterator[None]:
    """Whoever has written one of these, or begun to delete it, waits a moment for the other to come as far."""
    meeting = Barrier(2)

    def wait(sender: type, instance: Any, **kwargs: Any) -> None:
        if instance in written:
            with suppress(BrokenBarrierError):
                meeting.wait(MOMENT)

    for signal in (post_save, pre_delete):
        signal.connect(wait)
    try:
        yield
    finally:
        for signal in (post_save, pre_delete):
            signal.disconnect(wait)
