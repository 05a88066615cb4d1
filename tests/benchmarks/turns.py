"""The other side of a worker: starts its process, and asks it for one line after the other."""

import multiprocessing
from types import TracebackType
from typing import Any

from .measure import Sample
from .worker import Order, Title, work


class Worker:
    """A process that builds its database, and then waits for lines to run. A context: leaving it ends the process."""

    def __init__(self, order: Order) -> None:
        self.size = order.size
        # A process of its own from the ground up: Django is set up once in each, for another database.
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(order, theirs))
        self.process.start()
        theirs.close()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if error is None:
            self.pipe.send(None)
        # Where this one fails, the closed pipe ends the others.
        self.pipe.close()
        self.process.join()

    def ready(self) -> tuple[str, list[Title]]:
        """Wait until everything is built; what it runs on, and its lines."""
        return self._answer()

    def run(self, place: int) -> Sample:
        """Run the line in this place once."""
        self.pipe.send(place)
        return self._answer()

    def _answer(self) -> Any:
        try:
            return self.pipe.recv()
        except EOFError:
            raise SystemExit(f"The benchmark with {self.size:,} failed; why is said above.") from None
