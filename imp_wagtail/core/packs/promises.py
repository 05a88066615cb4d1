"""Texts that lead to what a pack makes after them: what they refer to is put in once it is there."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from .inline import Refer
from .parts import Part


@dataclass(frozen=True)
class Waiting:
    """A record with texts that are not whole yet, and the part to be blamed for them."""

    part: Part
    record: models.Model
    fields: list[str]


class Promises:
    """Keeps a place for each key that is not known yet."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[str, str]] = {}
        self._waiting: list[Waiting] = []

    def promise(self, kind: str, name: str) -> str:
        """What stands for a key until it is known: nothing that a text could hold otherwise."""
        place = f"imp-{uuid.uuid4().hex}"
        self._places[place] = kind, name
        return place

    def note(self, part: Part, record: models.Model, values: dict[str, Any]) -> None:
        """Remember what was written with places in it."""
        fields = [name for name, value in values.items() if any(place in _stored(value) for place in self._places)]
        if fields:
            self._waiting.append(Waiting(part, record, fields))

    def keep(self, refer: Refer) -> None:
        """Put in the keys. Raises ``PackError`` for what is still not there."""
        made = {place: refer(kind, name) for place, (kind, name) in list(self._places.items())}
        for waiting in self._waiting:
            record = self._put_in(waiting, made)
            for field in waiting.fields:
                for place, named in self._places.items():
                    if place in _stored(getattr(record, field)):
                        raise waiting.part.error(_("“%(name)s” is not known here.") % {"name": ":".join(named)})

    def _put_in(self, waiting: Waiting, made: dict[str, str]) -> models.Model:
        """Make the record whole, and its latest revision, which is what editors find. Returns it."""
        record = type(waiting.record)._default_manager.get(pk=waiting.record.pk)  # as it was published
        for name in waiting.fields:
            value = getattr(record, name)
            if isinstance(value, StreamValue):
                block = value.stream_block
                setattr(record, name, block.to_python(json.loads(_filled(_stored(value), made))))
            else:
                setattr(record, name, _filled(value, made))
        record.save()
        if revision := getattr(record, "latest_revision", None):
            revision.content = json.loads(_filled(json.dumps(revision.content, cls=DjangoJSONEncoder), made))
            revision.save()
        if isinstance(record, Page) and record.live:
            record.update_aliases()
        return record


def _stored(value: Any) -> str:
    """A text or a body as it is stored; other values hold no texts."""
    if isinstance(value, StreamValue):
        return json.dumps(value.get_prep_value())
    return value if isinstance(value, str) else ""


def _filled(text: str, made: dict[str, str]) -> str:
    for place, key in made.items():
        text = text.replace(place, key)
    return text
