"""The process that prints: ``python -m imp_wagtail.core.pdf.worker``, started by ``processes``.

It has no settings, no database and no secret. What it embeds comes through the pipe from the process that asks;
what it answers is a PDF, or why there is none.
"""

import contextlib
import json
import shutil
import signal
import sys
import traceback
from multiprocessing.connection import Connection

from ..assets import Asset, AssetRefusedError
from .documents import Document, Sheet
from .errors import PDFTooHeavy, PDFUnavailable
from .press import Press
from .wire import Message, receive, send

#: Seconds beyond what a document may take, after which the process ends itself: whoever should have, has died.
GRACE = 5


def main(descriptor: int, folder: str, megabytes: int, idle_seconds: float) -> None:
    """Print for whoever holds the other end of the pipe, until it is closed, or there is nothing to do for a while."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # meant for whoever asked, who then closes the pipe
    pipe = Connection(descriptor)
    try:
        with contextlib.suppress(EOFError, OSError):
            _work(pipe, megabytes, idle_seconds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _work(pipe: Connection, megabytes: int, idle_seconds: float) -> None:
    try:
        press = Press(Reader(pipe))
    except PDFUnavailable as error:
        send(pipe, {"unavailable": str(error)})
        return
    _limit_memory(megabytes)
    send(pipe, {"ready": True})
    while not press.is_worn() and pipe.poll(idle_seconds):
        if not _serve(pipe, press, receive(pipe)):
            return


def _serve(pipe: Connection, press: Press, message: Message) -> bool:
    """Print one document and send it; whether this process is fit for another."""
    signal.alarm(message.says["seconds"] + GRACE)
    try:
        printed = press.print(*_job(message))
    except PDFTooHeavy as error:
        send(pipe, {"heavy": str(error)})
    except MemoryError:
        send(pipe, {"heavy": ""})
        return False
    except Exception:
        send(pipe, {"failed": traceback.format_exc()})
    else:
        send(pipe, {"missing": printed.missing, "refused": printed.refused}, printed.content)
    signal.alarm(0)
    return True


def _job(message: Message) -> tuple[Document, list[Sheet]]:
    given = message.says["document"]
    images = dict(zip(given.pop("images"), message.parts, strict=True))
    return Document(**given, images=images), [Sheet(*sheet) for sheet in message.says["sheets"]]


class Reader:
    """Static files are the site's: it is asked for each, and may refuse it."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe = pipe

    def __call__(self, name: str) -> Asset:
        send(self.pipe, {"wants": name})
        answer = receive(self.pipe)
        if "refused" in answer.says:
            raise AssetRefusedError(answer.says["refused"])
        return Asset(answer.parts[0], answer.says["media_type"])


def _limit_memory(megabytes: int) -> None:
    import resource

    from PIL import Image

    most = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    # What people are called goes into no file that a crash leaves behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = 20_000_000


if __name__ == "__main__":
    main(**json.loads(sys.argv[1]))
