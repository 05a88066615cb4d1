"""Locks, and what every verb of the directory checks."""

import datetime as dt
from copy import copy
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from imp_wagtail.participants.actions import refuse_future
from imp_wagtail.participants.log import changes_between, in_one_line

from ..models import Teacher


def locked(teacher: Teacher) -> Teacher:
    """The entry as it stands now, locked until the transaction ends: two writes never interleave."""
    found = Teacher.objects.select_for_update().filter(pk=teacher.pk).first()
    if found is None:
        raise ValidationError(_("This entry is no longer there: somebody merged or erased the person meanwhile."))
    return found


def refuse_undated(day: dt.date | None, name: str = "consented_on") -> None:
    """Consent has a day, and it is not in the future; ``name`` is the field that says so."""
    if day is None:
        raise ValidationError({name: _("Give the day on which consent was given; without it, no listing.")})
    refuse_future(day, name)


def check_field(model: type[models.Model], field: str, value: str, name: str) -> None:
    """Refuse a value that a field of a model has no room for; ``name`` is the field of the form."""
    try:
        model._meta.get_field(field).run_validators(value)
    except ValidationError as error:
        raise ValidationError({name: error.messages}) from error


def add_item(teacher: Teacher, item: Any) -> tuple[Any, bool]:
    """Save a checked record of a teacher, unless the very same is there; returns it and whether it is new."""
    item.teacher = teacher
    item.full_clean()
    same = type(item).objects.filter(**said_by(item)).first()
    if same:
        return same, False
    item.save()
    teacher.save(update_fields=["updated_at"])
    return item, True


def remove_item(item: models.Model) -> bool:
    """Delete a record; whether it was still there."""
    was_there = bool(type(item).objects.filter(pk=item.pk).delete()[0])
    if was_there:
        item.teacher.save(update_fields=["updated_at"])
    return was_there


def locked_item(item: Any) -> tuple[Teacher, Any]:
    """The entry that a record belongs to, locked, and the record as it stands now; refused if it is gone."""
    teacher = locked(item.teacher)
    standing = type(item).objects.filter(pk=item.pk, teacher=teacher).first()
    if standing is None:
        raise ValidationError(_("Somebody removed “%(item)s” meanwhile.") % {"item": item})
    standing.teacher = teacher
    return teacher, standing


def update_item(item: Any, details: dict[str, Any]) -> dict[str, str]:
    """Change a checked record of a teacher; returns what the log says of it, nothing where nothing changed."""
    before = copy(item)
    for name, value in details.items():
        setattr(item, name, value)
    item.full_clean()
    changes = changes_between(before, item, said_by(item))
    if not changes:
        return {}
    item.save()
    item.teacher.save(update_fields=["updated_at"])
    said = in_one_line(changes)
    return {**said, "what": f"{before}: {said['what']}"}


def said_by(item: models.Model) -> dict[str, Any]:
    """All that a record says, by field; not what it is called, nor who checked it."""
    fields = [field.attname for field in item._meta.concrete_fields if not field.unique]
    return {name: getattr(item, name) for name in fields if name != "checked_by_id"}
