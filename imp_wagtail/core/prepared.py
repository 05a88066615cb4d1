"""Queries that are asked often with one value and must be answered at once.

To compose the SQL of a query takes Django many times as long as a database takes to find one row by its key. Here it
is composed once for each day, because a rule may speak of today; the queryset stays the one place that says what is
asked.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone

#: What a database gives for a column, made into what its field holds.
Converter = Callable[[Any, Any, Any], Any]


@dataclass(frozen=True)
class Composed:
    """A query as SQL, and how a row of its answer is read."""

    sql: str
    params: list[Any]
    #: The model's columns by the names of its attributes, as a slice of the row; and the other ones by their places.
    names: list[str]
    columns: slice
    annotations: dict[str, int]
    #: Those of the columns that need any, by their places, with the expressions that they are read from.
    converters: dict[int, tuple[list[Converter], Any]]

    def record(self, model: type[Model], row: list[Any]) -> Model:
        """A row of the answer as Django's querysets make their records."""
        for place, (converters, expression) in self.converters.items():
            for converter in converters:
                row[place] = converter(row[place], expression, connection)
        record = model.from_db(connection.alias, self.names, row[self.columns])
        for name, place in self.annotations.items():
            setattr(record, name, row[place])
        return record


class Prepared:
    """``Prepared(Letter, lambda code: Letter.objects.filter(code=code), sample="0")``: a queryset of one value.

    ``sample`` is a value that stands for any; nothing else in the query may be equal to it.
    """

    def __init__(self, model: type[Model], compose: Callable[[Any], QuerySet], *, sample: Any) -> None:
        self.model, self.compose, self.sample = model, compose, sample
        self._composed = lru_cache(maxsize=2)(self._compose)

    def first(self, value: Any) -> Model | None:
        """The record, whole, with its annotations; ``None`` if there is none.

        Which one of several is not said: for what is found by its key.
        """
        composed = self._for_today()
        row = self._row(composed, value)
        return composed.record(self.model, list(row)) if row else None

    def exists(self, value: Any) -> bool:
        """Whether there is any such record."""
        return self._row(self._for_today(), value) is not None

    def _for_today(self) -> Composed:
        return self._composed(timezone.localdate(), connection.vendor)

    def _row(self, composed: Composed, value: Any) -> tuple[Any, ...] | None:
        params = [value if param == self.sample else param for param in composed.params]
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, params)
            return cursor.fetchone()

    def _compose(self, today: dt.date, vendor: str) -> Composed:
        return compose(self.compose(self.sample).order_by()[:1], [self.sample])


class PreparedMany:
    """``PreparedMany(Letter, lambda keys: Letter.objects.filter(pk__in=keys))``: of several whole numbers above 0.

    Composed once for each count of values. Those of the last counts are kept, so let lists of one kind be as long.
    """

    def __init__(self, model: type[Model], compose: Callable[[list[int]], QuerySet]) -> None:
        self.model, self.compose = model, compose
        self._composed_for = lru_cache(maxsize=8)(self._compose_for)

    def all(self, values: Sequence[int]) -> list[Model]:
        """The records, whole, with their annotations, in no order."""
        if not values:
            return []
        composed = self._composed_for(timezone.localdate(), connection.vendor, len(values))
        given = dict(zip(samples(len(values)), values, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(composed.sql, [given.get(param, param) for param in composed.params])
            return [composed.record(self.model, list(row)) for row in cursor.fetchall()]

    def _compose_for(self, today: dt.date, vendor: str, count: int) -> Composed:
        return compose(self.compose(samples(count)).order_by(), samples(count))


def samples(count: int) -> list[int]:
    """So many numbers that are no record's key."""
    return [-number for number in range(1, count + 1)]


def compose(queryset: QuerySet, samples: list[Any]) -> Composed:
    """A queryset as SQL, in which each sample must be one parameter and no other."""
    compiler = queryset.query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    for sample in samples:
        if list(params).count(sample) != 1:
            raise ValueError(f"The sample {sample!r} must stand in the query once: {params!r}")
    expressions = [expression for expression, _sql, _alias in compiler.select]
    places = compiler.klass_info["select_fields"]
    return Composed(
        sql=sql,
        params=list(params),
        names=[expressions[place].target.attname for place in places],
        columns=slice(places[0], places[-1] + 1),
        annotations=compiler.annotation_col_map,
        converters=compiler.get_converters(expressions),
    )
