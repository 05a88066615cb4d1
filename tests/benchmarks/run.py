"""Drives one process for each size, in turns, so that whatever else the machine does falls on all alike."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack

from .measure import Result, Sample
from .report import Measured
from .turns import Worker
from .worker import Order, Title

#: Runs before those that count: caches fill, templates are compiled.
WARM_UPS = 2

Say = Callable[[str], None]


def run(orders: Iterable[Order], *, repetitions: int, only: str, say: Say) -> tuple[str, list[Measured]]:
    """Build for each order and measure all lines; ``only`` those that have this text in their names, if it is given.

    Returns what they ran on, and the measured lines.
    """
    with ExitStack() as stack:
        # All build at the same time.
        workers = [stack.enter_context(Worker(order)) for order in orders]
        answers = [worker.ready() for worker in workers]
        machine, titles = answers[0]
        measured = []
        for place, title in enumerate(titles):
            if only.lower() not in f"{title.group}: {title.name}".lower():
                continue
            say(f"{title.group}: {title.name}")
            measured.append(_measured(workers, title, place, repetitions))
        return machine, measured


def _measured(workers: list[Worker], title: Title, place: int, repetitions: int) -> Measured:
    own: dict[int, list[Sample]] = {worker.size: [] for worker in workers}
    floors: dict[int, list[Sample]] = {worker.size: [] for worker in workers}
    for turn in range(1 if title.is_long else WARM_UPS + repetitions):
        for worker in workers:
            counts = title.is_long or turn >= WARM_UPS
            if title.floor is not None:
                _keep(floors[worker.size], worker.run(title.floor), counts)
            _keep(own[worker.size], worker.run(place), counts)
    return Measured(title.group, title.name, _results(own), _results(floors), title.targets)


def _keep(samples: list[Sample], sample: Sample, counts: bool) -> None:
    if counts:
        samples.append(sample)


def _results(samples: dict[int, list[Sample]]) -> dict[int, Result]:
    return {size: Result.of(found) for size, found in samples.items() if found}
