"""How long something takes, and how many queries it makes."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Sample:
    """One run: seconds, and queries."""

    seconds: float
    queries: int


@dataclass(frozen=True)
class Result:
    """Several runs of the same: the median of the seconds, and the most queries."""

    seconds: float
    queries: int

    @classmethod
    def of(cls, samples: list[Sample]) -> "Result":
        return cls(median(one.seconds for one in samples), max(one.queries for one in samples))


class Counter:
    """Counts queries, as a wrapper of their execution: next to nothing beside what a query takes."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable, sql: str, params: Any, many: bool, context: dict) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def garbage_left_alone() -> Iterator[None]:
    """Whoever was run before leaves nothing to be cleared away by whoever is run now."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def measure(act: Callable[[], Any]) -> Sample:
    """Do it once."""
    counter = Counter()
    with garbage_left_alone(), connection.execute_wrapper(counter):
        began = time.perf_counter()
        act()
        seconds = time.perf_counter() - began
    return Sample(seconds, counter.count)
