"""Queries that are asked often with few values and must be answered at once.

To compose the SQL of a query takes Django many times as long as a database takes to find a few rows by their keys.
Here it is composed once for each day, because a rule may speak of today; the queryset stays the one place that says
what is asked.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from inspect import getattr_static
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query import RelatedPopulator, get_related_populators
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from .restrictions import restricted
from .translation import active_locale, default_locale, speaks_several

#: What a database gives for a column, made into what its field holds.
Converter = Callable[[Any, Any, Any], Any]
#: So many compositions of one query are kept: of languages, pages, counts of values.
KEPT = 32
#: A moment and days that are no record's, as samples.
SOME_TIME = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
SOME_DAYS = (dt.date(1, 1, 3), dt.date(1, 1, 4))


@dataclass(frozen=True)
class Composed:
    """A query as SQL, and how a row of its answer is read."""

    sql: str
    params: list[Any]
    #: Those of the columns that need any, by their places, with the expressions that they are read from.
    converters: dict[int, tuple[list[Converter], Any]]
    #: How a record is made of a row; ``None`` where values are asked for.
    shape: "Shape | None"

    def rows(self, values: dict[Any, Any]) -> list[tuple[Any, ...]]:
        """What the database answers with these values in the places of the samples."""
        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values.get(param, param) for param in self.params])
            return cursor.fetchall()

    def read(self, found: Sequence[Any]) -> Any:
        """A row of the answer as Django's querysets have it: a record, or a tuple of values."""
        row = list(found)
        for place, (converters, expression) in self.converters.items():
            for converter in converters:
                row[place] = converter(row[place], expression, connection)
        return self.shape.record(row) if self.shape else tuple(row)


#: Of what nothing can be: of the pages below none, say.
NOTHING = Composed("", [], {}, None)


@dataclass(frozen=True)
class Shape:
    """How a model's record is made of a row."""

    model: type[Model]
    #: The model's columns by the names of its attributes, as a slice of the row; and the other ones by their places.
    names: list[str]
    columns: slice
    annotations: dict[str, int]
    #: Those of the names whose field makes something else of a value when it is set.
    made: list[str]
    #: What ``select_related`` brings.
    related: list[RelatedPopulator]

    def record(self, row: list[Any]) -> Model:
        """The record of a row that is read already, made without ``__init__``, as Django makes one that was pickled.

        What a model sets up there is for new records; for a page, that takes longer than all the rest.
        """
        record = self.model.__new__(self.model)
        record._state = ModelState()
        record._state.db, record._state.adding = connection.alias, False
        record.__dict__.update(zip(self.names, row[self.columns], strict=True))
        for name in self.made:
            setattr(record, name, record.__dict__.pop(name))
        for populator in self.related:
            populator.populate(row, record)
        for name, place in self.annotations.items():
            setattr(record, name, row[place])
        return record


class Prepared:
    """``Prepared(lambda code: Letter.objects.filter(code=code), "a code")``: a queryset of one value, or of several.

    The samples stand for any; nothing else in the query may be equal to one. On what the queryset depends besides
    them, that is given as ``of``, and handed to ``compose`` before them.
    """

    def __init__(self, compose: Callable[..., QuerySet], *samples: Any) -> None:
        self.compose, self.samples = compose, samples
        self._composed = lru_cache(maxsize=KEPT)(self._compose)

    def all(self, *values: Any, of: tuple[Hashable, ...] = ()) -> list[Any]:
        """The records, whole, with their annotations, or tuples of values, in the queryset's order."""
        composed = self._now(of)
        return [composed.read(row) for row in composed.rows(self._given(values))]

    def first(self, *values: Any, of: tuple[Hashable, ...] = ()) -> Any:
        """The first of them; ``None`` if there is none."""
        composed = self._now(of, is_one=True)
        found = composed.rows(self._given(values))
        return composed.read(found[0]) if found else None

    def exists(self, *values: Any, of: tuple[Hashable, ...] = ()) -> bool:
        """Whether there is any such record."""
        return bool(self._now(of, is_one=True).rows(self._given(values)))

    def circumstances(self) -> tuple[Hashable, ...]:
        """On what else the composition depends."""
        return timezone.localdate(), connection.vendor

    def _now(self, of: tuple[Hashable, ...], *, is_one: bool = False) -> Composed:
        return self._composed(of, is_one, self.circumstances())

    def _given(self, values: Iterable[Any]) -> dict[Any, Any]:
        return dict(zip(map(as_param, self.samples), map(as_param, values), strict=True))

    def _compose(self, of: tuple[Hashable, ...], is_one: bool, circumstances: tuple[Hashable, ...]) -> Composed:
        queryset = self.compose(*of, *self.samples)
        return compose(queryset[:1] if is_one else queryset, self.samples)


class PreparedPublic(Prepared):
    """The same of a queryset of what everybody may see, in the reader's language."""

    def circumstances(self) -> tuple[Hashable, ...]:
        locales = (active_locale().pk, default_locale().pk) if speaks_several() else ()
        return *super().circumstances(), locales, restricted()


class PreparedMany:
    """``PreparedMany(lambda keys: Letter.objects.filter(pk__in=keys))``: of several whole numbers above 0.

    Composed once for each count of values. Those of the last counts are kept, so let lists of one kind be as long.
    """

    def __init__(self, compose: Callable[[list[int]], QuerySet]) -> None:
        self.compose = compose
        self._composed_for = lru_cache(maxsize=KEPT)(self._compose_for)

    def all(self, values: Sequence[int]) -> list[Model]:
        """The records, whole, with their annotations, in no order."""
        if not values:
            return []
        composed = self._composed_for(timezone.localdate(), connection.vendor, len(values))
        given = dict(zip(samples(len(values)), values, strict=True))
        return [composed.read(row) for row in composed.rows(given)]

    def _compose_for(self, today: dt.date, vendor: str, count: int) -> Composed:
        return compose(self.compose(samples(count)).order_by(), samples(count))


def samples(count: int) -> list[int]:
    """So many numbers that are no record's key."""
    return [-number for number in range(1, count + 1)]


def as_param(value: Any) -> Any:
    """A value as the database is handed it."""
    match value:
        case dt.datetime():
            return connection.ops.adapt_datetimefield_value(value)
        case dt.date():
            return connection.ops.adapt_datefield_value(value)
    return value


def compose(queryset: QuerySet, samples: Iterable[Any]) -> Composed:
    """A queryset as SQL, in which each sample must be a parameter."""
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return NOTHING
    for sample in samples:
        if as_param(sample) not in params:
            raise ValueError(f"The sample {sample!r} must stand in the query: {params!r}")
    expressions = [expression for expression, _sql, _alias in compiler.select]
    return Composed(sql, list(params), compiler.get_converters(expressions), shape_of(compiler))


def shape_of(compiler: SQLCompiler) -> Shape | None:
    """How the records of a query are made, once it is composed; ``None`` where it asks for values."""
    if not compiler.query.default_cols:
        return None
    model, places = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    columns = slice(places[0], places[-1] + 1)
    names = [expression.target.attname for expression, _sql, _alias in compiler.select[columns]]
    return Shape(
        model=model,
        names=names,
        columns=columns,
        made=[name for name in names if makes_something(getattr_static(model, name))],
        annotations=compiler.annotation_col_map,
        related=get_related_populators(compiler.klass_info, compiler.select, connection.alias),
    )


def makes_something(attribute: Any) -> bool:
    """Whether a field's attribute is more than a place for its value."""
    return hasattr(type(attribute), "__set__") and not isinstance(attribute, ForeignKeyDeferredAttribute)
