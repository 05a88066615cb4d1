"""Numbers of editions come in the order in which changes can be seen, whoever makes them at the same time."""

import time
from typing import Any

import pytest
from django.db import transaction
from wagtail.models import Locale

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Edition, Listing, Teacher
from tests.factories import TeacherFactory
from tests.processes import at_work, connected, told_at_once

#: Seconds for which somebody dawdles between a change and its end, and for which a reader waits at most.
DAWDLING, PATIENCE = 0.01, 30


def work(keys: list[int], expected: int) -> list[list[int]]:
    """In a process of its own: publish these, or with none of them read on until there are as many as expected."""
    return read_on(expected) if not keys else [publish_each(keys)]


def publish_each(keys: list[int]) -> list[int]:
    for key in keys:
        with transaction.atomic():
            actions.publish(Teacher(pk=key))
            time.sleep(DAWDLING)
    return keys


def read_on(expected: int) -> list[list[int]]:
    """The numbers of what was new at each look, as the search reads it."""
    looks: list[list[int]] = []
    last, end = 0, time.monotonic() + PATIENCE
    while last < expected and time.monotonic() < end:
        numbers = list(Listing.objects.since(last).values_list("number", flat=True))
        if numbers:
            looks.append(numbers)
            last = numbers[-1]
    return looks


@pytest.mark.django_db(transaction=True)
def test_whoever_reads_on_while_two_others_write_misses_nothing(shared_database: dict[str, Any]) -> None:
    with at_work("tests.directory.actions.test_editions.work", shared_database, count=3) as workers:
        with connected(shared_database):
            Locale.objects.get_or_create(language_code="en")
            keys = [TeacherFactory().pk for _number in range(20)]
            Listing.objects.all().delete()
            Edition.objects.all().delete()
        lots = [keys[::2], keys[1::2], []]
        *_written, looks = told_at_once(workers, [{"keys": lot, "expected": len(keys)} for lot in lots])

    assert [number for numbers in looks for number in numbers] == list(range(1, len(keys) + 1))
    assert len(looks) > 1
