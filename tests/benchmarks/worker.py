"""A process with a database of its own size, which runs the lines that it is told to."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from .environment import drop_database, start
from .targets import Targets

if TYPE_CHECKING:
    from .lines import Line


@dataclass(frozen=True)
class Order:
    """What a process is to build, and where."""

    #: The module in here that builds, and says what is measured.
    section: str
    size: int
    database: str
    folder: Path
    server: str
    #: People of the bulk action, and rows of the import.
    bulk: int = 0
    imported: int = 0


@dataclass(frozen=True)
class Title:
    """A line as the other process needs to know it: without what it does."""

    group: str
    name: str
    #: The place of the line that it is compared with.
    floor: int | None
    is_long: bool
    targets: Targets


def work(order: Order, pipe: Connection) -> None:
    """Build, say which lines there are, run each whose place comes through the pipe until ``None`` does; drop."""
    start(order.database, folder=order.folder, server=order.server)
    section = import_module(f".{order.section}", __package__)
    section.build(order)
    try:
        _serve(section.lines(order), pipe)
    except EOFError:
        pass  # Whoever asked has gone.
    finally:
        drop_database()


def _serve(found: "Iterable[Line]", pipe: Connection) -> None:
    from .measure import measure

    lines = list(found)
    pipe.send((_machine(), [_title(line, lines) for line in lines]))
    for place in iter(pipe.recv, None):
        line = lines[place]
        if line.prepare:
            line.prepare()
        pipe.send(measure(line.act))


def _title(line: "Line", lines: "list[Line]") -> Title:
    floor = [one.key for one in lines].index(line.floor) if line.floor else None
    return Title(line.group, line.name, floor, line.is_long, line.targets)


def _machine() -> str:
    """What it runs on, for the report's head."""
    import platform

    import django
    import wagtail
    from django.db import connection

    database = ".".join(map(str, connection.get_database_version()))
    return (
        f"{connection.display_name} {database}, Python {platform.python_version()}, "
        f"Django {django.get_version()}, Wagtail {wagtail.__version__}"
    )
