"""Fields that follow from other fields."""

import datetime as dt
from typing import Any

from django.db import models
from django.utils import timezone

from .rules import end_of_day


class DayEndField(models.DateTimeField):
    """The moment at which a day of another field is over, in the record's own ``zone``; kept by every save.

    With it, what is over anywhere in the world is found by one comparison.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "null": True, "db_index": True, **kwargs})

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> dt.datetime:
        # Migrations know the fields of a model and nothing else of it.
        zone = getattr(model_instance, "zone", None) or timezone.get_default_timezone()
        value = end_of_day(getattr(model_instance, self.of), zone)
        setattr(model_instance, self.attname, value)
        return value
