"""What was looked up already for this answer: a page may tell one fact in forty places.

It is remembered only while a request is answered that changes nothing, and nowhere longer.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from asgiref.local import Local
from django.utils.translation import get_language

Answer = TypeVar("Answer")
Known = dict[tuple[str, str | None], dict[str, Any]]

_here = Local()


def begin(environ: Mapping[str, Any] | None = None, scope: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
    """For Django's signal: begin with nothing, and not at all where something may be changed."""
    method = (environ or {}).get("REQUEST_METHOD") or (scope or {}).get("method")
    _here.known = {} if method in ("GET", "HEAD") else None


def forget(**kwargs: Any) -> None:
    """For Django's signal at the end of a request."""
    _here.known = None


def once(name: str, look_up: Callable[[], Answer]) -> Answer:
    """What is the same for a whole answer, looked up the first time that it is asked for."""
    known: Known | None = getattr(_here, "known", None)
    if known is None:
        return look_up()
    had = known.setdefault((name, None), {})
    if "" not in had:
        had[""] = look_up()
    return had[""]


def keep(name: str, value: Any) -> None:
    """What is the same for a whole answer, told by whoever knows it: ``once`` gives it from now on."""
    known: Known | None = getattr(_here, "known", None)
    if known is not None:
        known[name, None] = {"": value}


def tell(name: str, known: Mapping[str, Any]) -> None:
    """What there is by these keys in the reader's language, told by whoever has it: ``each`` need not look it up."""
    remembered: Known | None = getattr(_here, "known", None)
    if remembered is not None:
        remembered.setdefault((name, get_language()), {}).update(known)


def each(name: str, keys: Collection[str], look_up: Callable[[list[str]], Mapping[str, Any]]) -> dict[str, Any]:
    """What there is by each of these keys in the reader's language; ``None`` for those that are not found.

    Only those are looked up, all together, that were not before.
    """
    known: Known | None = getattr(_here, "known", None)
    had = {} if known is None else known.setdefault((name, get_language()), {})
    if missing := [key for key in dict.fromkeys(keys) if key not in had]:
        found = look_up(missing)
        had.update({key: found.get(key) for key in missing})
    return {key: had[key] for key in keys}
