"""The shapes of what packs hold. A part knows where it was written, so that it can always be blamed by its line."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Annotated, Any, TypeVar, get_args

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr
from pydantic import ValidationError as ShapeError

from .errors import PackError
from .inline import TextError
from .reader import Source
from .reasons import reason_for
from .text import Rich

UNKNOWN_NAME = "extra_forbidden"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CLOCK_TIME = re.compile(r"\d{2}:\d{2}")


def _day(value: Any) -> dt.date:
    # Pydantic would take a number for seconds since 1970.
    if isinstance(value, dt.date):  # read from a site
        return value
    try:
        if isinstance(value, str) and ISO_DAY.fullmatch(value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass  # the 30th of February
    raise ValueError(_("“%(value)s” is not a date. Write year, month and day: 2027-10-21.") % {"value": value})


def _time(value: Any) -> dt.time:
    if isinstance(value, dt.time):
        return value
    try:
        if isinstance(value, str) and CLOCK_TIME.fullmatch(value):
            return dt.time.fromisoformat(value)
    except ValueError:
        pass  # 25:00
    raise ValueError(_("“%(value)s” is not a time of day. Write hours and minutes: 17:00.") % {"value": value})


def _number(value: Any) -> Decimal:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(str(value))
    raise ValueError(_("“%(value)s” is not a number.") % {"value": value})


Text = Annotated[str, Field(min_length=1)]
#: The name by which packs and the database know a thing: it stays when titles change.
Key = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
IMAGE_FOLDER = "images"
#: Says of a part's field that it names a picture of the pack: ``photo: Annotated[str | None, PICTURE] = None``.
PICTURE = object()
#: Where a page is, from the home page on: ``faq``, ``trainings/delft-2027``, or ``/`` for the home page itself.
PagePath = Annotated[str, Field(pattern=r"^(/|[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*)$")]
Day = Annotated[dt.date, BeforeValidator(_day)]
Time = Annotated[dt.time, BeforeValidator(_time)]
Number = Annotated[Decimal, BeforeValidator(_number)]
Months = Annotated[int, Field(strict=True, ge=0)]
Count = Annotated[int, Field(strict=True, ge=1)]


class Part(BaseModel):
    """A piece of a pack."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    _source: Source = PrivateAttr()
    _path: tuple[str | int, ...] = PrivateAttr(default=())

    def line(self, field: str = "") -> int:
        """The line on which a field stands, or the part itself."""
        return self._source.line((*self._path, field) if field else self._path)

    def error(self, reason: str, field: str = "") -> PackError:
        """A complaint about this part, or about one of its fields."""
        return PackError(self._source.file, self.line(field), reason)

    def error_within(self, fault: TextError, field: str) -> PackError:
        """A complaint about a line of a field's text."""
        return PackError(self._source.file, self._source.line_within((*self._path, field), fault.place), fault.reason)

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Turn a model's ``ValidationError`` into a complaint about this part, at the field's own line."""
        try:
            yield
        except ValidationError as error:
            field, reasons = _first(error)
            raise self.error(" ".join(reasons), field) from error


PartType = TypeVar("PartType", bound=Part)


def shaped(schema: type[PartType], source: Source, section: str = "") -> PartType:
    """The content of a file, or of one section of it, as parts. Raises ``PackError`` for the first thing amiss."""
    path = (section,) if section else ()
    try:
        part = schema.model_validate(source.data[section] if section else source.data)
    except ShapeError as error:
        raise _complaint(error, schema, source, path) from error
    _locate(part, source, path)
    return part


def rich_fields(schema: type[Part]) -> dict[str, Rich]:
    """The fields of a shape that hold rich text, and what each may have."""
    fields = schema.model_fields.items()
    return {name: rich for name, field in fields for rich in field.metadata if isinstance(rich, Rich)}


def picture_fields(schema: type[Part]) -> list[str]:
    """The fields of a shape that name pictures."""
    return [name for name, field in schema.model_fields.items() if PICTURE in field.metadata]


def parts_in(value: Any) -> Iterator[Part]:
    """A part and those in it, in the order in which they are written."""
    if isinstance(value, Part):
        yield value
        for name in [*type(value).model_fields, *(value.model_extra or {})]:
            yield from parts_in(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from parts_in(item)


def refuse_doubles(parts: Sequence[Part], field: str) -> None:
    """Refuse two parts of a list that have the same value in one field. ``None`` is a value too."""
    seen: dict[Any, Part] = {}
    for part in parts:
        value = getattr(part, field)
        if value in seen:
            raise part.error(
                _("“%(value)s” is here a second time; the first is in line %(line)d.")
                % {"value": "–" if value is None else value, "line": seen[value].line(field)},
                field,
            )
        seen[value] = part


def _complaint(error: ShapeError, schema: type[Part], source: Source, path: tuple[str | int, ...]) -> PackError:
    found = []
    for detail in error.errors(include_url=False):
        # An unknown name is itself what is wrong; otherwise what stands after it.
        line = source.line((*path, *detail["loc"]), of_key=detail["type"] == UNKNOWN_NAME)
        found.append((line, detail))
    line, detail = min(found, key=lambda item: item[0])
    known = _names_at(schema, detail["loc"][:-1]) if detail["type"] == UNKNOWN_NAME else []
    return PackError(source.file, line, reason_for({**detail, "loc": (*path, *detail["loc"])}, known))


def _names_at(schema: Any, path: tuple[str | int, ...]) -> list[str]:
    """The names that a shape knows at a place in it."""
    for step in path:
        if isinstance(step, str):
            if step not in schema.model_fields:  # what another room offers
                return []
            schema = schema.model_fields[step].annotation
        while not hasattr(schema, "model_fields"):
            schema = next(inner for inner in get_args(schema) if inner is not type(None))
    return list(schema.model_fields)


def _locate(value: Any, source: Source, path: tuple[str | int, ...]) -> None:
    if isinstance(value, Part):
        value._source, value._path = source, path
        for name in [*type(value).model_fields, *(value.model_extra or {})]:
            _locate(getattr(value, name), source, (*path, name))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            _locate(item, source, (*path, place))


def _first(error: ValidationError) -> tuple[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return "", error.messages
    field, messages = next(iter(error.message_dict.items()))
    return ("" if field == NON_FIELD_ERRORS else field), messages
