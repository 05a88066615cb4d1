"""The register held against itself and what is stored: every letter's file, every picture, every number."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery

from imp_wagtail.core.storage import private_storage

from ..files import compared, state_of
from ..images import path_of
from ..models import Letter, LetterYear

#: Letters looked at together.
BATCH = 200


def wrong_files(progress: Callable[[int], None]) -> Iterator[str]:
    """Letters whose file is missing or not what was issued, and pictures of which that is so, in a line each."""
    pictures: set[str] = set()
    done = 0
    for letters in _in_batches():
        for letter in letters:
            if fault := state_of(letter).fault:
                yield f"{letter.number}: the file is {fault} ({letter.file.name or 'none is named'})"
            # A few pictures are on many letters.
            for sha256 in pictures_of(letter.snapshot) - pictures:
                pictures.add(sha256)
                if fault := compared(private_storage(), path_of(sha256), sha256).fault:
                    yield f"{letter.number}: a picture on it is {fault} ({path_of(sha256)})"
        done += len(letters)
        progress(done)


def _in_batches() -> Iterator[list[Letter]]:
    """All letters, some at a time. By key, because not every database's driver reads a long result in parts."""
    found = Letter.objects.only("year", "running_number", "file", "sha256", "snapshot").order_by("pk")
    letters = list(found[:BATCH])
    while letters:
        yield letters
        letters = list(found.filter(pk__gt=letters[-1].pk)[:BATCH])


def pictures_of(snapshot: dict[str, Any]) -> set[str]:
    """The hashes of the pictures that a letter was printed with."""
    signatures = [signatory.get("signature") for signatory in snapshot.get("signatories", [])]
    return {picture["sha256"] for picture in [snapshot.get("logo"), *signatures] if picture}


def wrong_numbers() -> Iterator[str]:
    """Numbers that are missing, or there twice, or higher than the last that was counted."""
    # The counters are read first: letters issued meanwhile have higher numbers, and those are not asked for.
    counted = dict(LetterYear.objects.order_by("year").values_list("year", "last_number"))
    issued = set(Letter.objects.order_by("year").values_list("year", flat=True).distinct())
    for year in sorted(counted.keys() | issued):
        yield from _gaps(year, counted.get(year, 0))
        yield from _doubles(year)
        yield from _beyond(year)


def _gaps(year: int, last: int) -> Iterator[str]:
    """The numbers from 1 to the last one counted that no letter has."""
    letters = Letter.objects.filter(year=year)
    following = letters.filter(running_number__gt=OuterRef("running_number")).order_by("running_number")
    follower = letters.filter(running_number=OuterRef("running_number") + 1)
    first = letters.aggregate(first=Min("running_number"))["first"]
    if last and first != 1:
        yield _missing(year, 1, last if first is None else min(last, first - 1))
    before_gaps = letters.filter(~Exists(follower), running_number__lt=last).order_by("running_number").distinct()
    following_number = Subquery(following.values("running_number")[:1])
    for before, after in before_gaps.values_list("running_number", following_number).iterator(chunk_size=BATCH):
        yield _missing(year, before + 1, min(last, after - 1) if after else last)


def _missing(year: int, first: int, last: int) -> str:
    if first == last:
        return f"{year}: no letter has the number {first}"
    return f"{year}: no letters have the numbers {first} to {last}"


def _doubles(year: int) -> Iterator[str]:
    numbers = Letter.objects.filter(year=year).order_by("running_number").values("running_number")
    for row in numbers.annotate(times=Count("pk")).filter(times__gt=1).iterator(chunk_size=BATCH):
        yield f"{year}: {row['times']} letters have the number {row['running_number']}"


def _beyond(year: int) -> Iterator[str]:
    """A letter whose number is still to be counted keeps the next one from being issued."""
    highest = Letter.objects.filter(year=year).aggregate(highest=Max("running_number"))["highest"] or 0
    last = LetterYear.objects.filter(year=year).values_list("last_number", flat=True).first() or 0
    if highest > last:
        yield f"{year}: letters are numbered up to {highest}, and {last} is the last number counted"
