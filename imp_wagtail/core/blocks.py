"""Blocks in which a record is chosen."""

from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from wagtail.snippets.blocks import SnippetChooserBlock

from .prepared import PreparedMany


class RecordChooserBlock(SnippetChooserBlock):
    """A chosen snippet: those of one list are fetched together, and where none is chosen nothing is asked.

    To migrations it is the block that it extends: both store the same.
    """

    def records(self, numbers: list[int]) -> QuerySet:
        """The records of these numbers."""
        return self.model_class.objects.filter(pk__in=numbers)

    @cached_property
    def prepared(self) -> PreparedMany:
        return PreparedMany(self.records)

    def bulk_to_python(self, values: list[Any]) -> list[Any]:
        """The record of each number, in their order; ``None`` where none is chosen, or it is gone."""
        numbers = {value for value in values if isinstance(value, int)}
        found = {record.pk: record for record in self.prepared.all(sorted(numbers))}
        # One that is chosen twice is two records: nothing that is done with one is done at the other place.
        given: set[Any] = set()
        chosen = []
        for value in values:
            chosen.append(copy(found[value]) if value in given else found.get(value))
            given.update(found.keys() & {value})
        return chosen

    def deconstruct(self) -> tuple[str, Any, Any]:
        _path, args, kwargs = super().deconstruct()
        return "wagtail.snippets.blocks.SnippetChooserBlock", args, kwargs
