"""Queries that are asked often with one value and must be answered at once.

To compose the SQL of a query takes Django many times as long as a database takes to find one row by its key. Here it
is composed once for each day, because a rule may speak of today; the queryset stays the one place that says what is
asked.
"""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone


class Prepared:
    """``Prepared(Letter, lambda code: Letter.objects.filter(code=code), sample="0")``: a queryset of one value.

    ``sample`` is a value that stands for any; nothing else in the query may be equal to it.
    """

    def __init__(self, model: type[Model], compose: Callable[[Any], QuerySet], *, sample: Any) -> None:
        self.model, self.compose, self.sample = model, compose, sample
        self._composed = lru_cache(maxsize=2)(self._compose)

    def first(self, value: Any) -> Model | None:
        """The record, whole, with annotations of plain columns as the database gives them; ``None`` if there is none.

        Which one of several is not said: for what is found by its key.
        """
        sql, params = self._for(value)
        return next(iter(self.model._default_manager.raw(sql, params)), None)

    def exists(self, value: Any) -> bool:
        """Whether there is any such record."""
        sql, params = self._for(value)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone() is not None

    def _for(self, value: Any) -> tuple[str, list[Any]]:
        sql, params = self._composed(timezone.localdate(), connection.vendor)
        return sql, [value if param == self.sample else param for param in params]

    def _compose(self, today: dt.date, vendor: str) -> tuple[str, list[Any]]:
        found = self.compose(self.sample)
        sql, params = found.order_by()[:1].query.get_compiler(connection=connection).as_sql()
        if list(params).count(self.sample) != 1:
            raise ValueError(f"The sample {self.sample!r} must stand in the query once: {params!r}")
        return sql, list(params)
