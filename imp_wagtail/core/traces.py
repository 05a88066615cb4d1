"""To delete a record so that nothing speaks of it any more: rows, files, history, search and references.

Django deletes rows. The files that they name stay in the storage, and so does what Wagtail and Django's own admin
have written about them elsewhere, beside their keys: the audit log has a record's title in every entry.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import unquote_plus

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, router, transaction
from django.db.models.deletion import Collector
from django.db.models.fields.files import FieldFile

from .models import Job
from .names import is_named_in

#: Models that speak of others: their name, and the fields that say of which.
ABOUT_OTHERS = (
    ("wagtailcore.ModelLogEntry", "content_type", "object_id"),
    ("wagtailcore.Revision", "base_content_type", "object_id"),
    ("wagtailcore.ReferenceIndex", "base_content_type", "object_id"),
    ("wagtailcore.ReferenceIndex", "to_content_type", "to_object_id"),
    ("wagtailsearch.IndexEntry", "content_type", "object_id"),
    ("modelsearch.IndexEntry", "content_type", "object_id"),
    ("admin.LogEntry", "content_type", "object_id"),
)


class Everything(Collector):
    """A record and all that goes with it, every row of it by name."""

    def __init__(self, instance: models.Model) -> None:
        """Raises ``ProtectedError`` or ``RestrictedError`` where something else stands on the record."""
        super().__init__(using=router.db_for_write(type(instance), instance=instance), origin=instance)
        self.collect([instance])

    def can_fast_delete(self, *args: Any, **kwargs: Any) -> bool:
        """Rows that are deleted unseen leave their files behind."""
        return False

    def files(self) -> Iterator[FieldFile]:
        """The stored files of all rows."""
        for model, rows in self.data.items():
            fields = [field for field in model._meta.concrete_fields if isinstance(field, models.FileField)]
            stored = (getattr(row, field.attname) for row in rows for field in fields)
            yield from (file for file in stored if file)


def delete_without_trace(instance: models.Model) -> None:
    """Delete a record, all that goes with it and all that is kept about it; the files once that is certain.

    Within a transaction. Raises ``ProtectedError`` or ``RestrictedError``, and then nothing is deleted.
    """
    everything = Everything(instance)
    for file in everything.files():
        # One that cannot be deleted is told to the site's log, and the others are deleted all the same.
        transaction.on_commit(partial(file.storage.delete, file.name), robust=True)
    for model, rows in everything.data.items():
        forget(model, [row.pk for row in rows])
    everything.delete()


def forget(model: type[models.Model], keys: Iterable[Any]) -> None:
    """Delete what is written about records elsewhere: history, revisions, references, search."""
    content_type = ContentType.objects.get_for_model(model, for_concrete_model=False)
    named = [str(key) for key in keys]
    for about, type_field, key_field in _about_others():
        deleted, _rows = about._default_manager.filter(
            **{type_field: content_type, f"{key_field}__in": named}
        ).delete()
        if deleted and about._meta.object_name == "IndexEntry":
            _forget_words(about)


def _forget_words(index: type[models.Model]) -> None:
    """Rewrite the full text index of SQLite, which keeps the words of entries that are deleted until then."""
    connection = connections[router.db_for_write(index)]
    with suppress(LookupError):  # another database, or an SQLite without full text search
        words = apps.get_model(index._meta.app_label, "SQLiteFTSIndexEntry")
        table = connection.ops.quote_name(words._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table}({table}) VALUES ('optimize')")  # noqa: S608 (a model's table)


def _about_others() -> Iterator[tuple[type[models.Model], str, str]]:
    for name, type_field, key_field in ABOUT_OTHERS:
        with suppress(LookupError):  # an app that this site does without
            yield apps.get_model(name), type_field, key_field


def forget_in_jobs(names: list[str]) -> None:
    """Take out of all jobs what names somebody: who was left out and why, and in those that are over all else.

    Call it before any other record is locked: a job at work locks its own row first.
    """
    naming = [job.pk for job in Job.objects.defer("items").iterator() if _told(job) != _told(job, without=names)]
    for job in Job.objects.select_for_update().filter(pk__in=naming).order_by("pk"):
        for field, value in _told(job, without=names).items():
            setattr(job, field, value)
        job.save(update_fields=list(_told(job)))


def _told(job: Job, without: list[str] | None = None) -> dict[str, Any]:
    """What a job says in words, without what names somebody."""
    names = without or []
    told: dict[str, Any] = {"refusals": _refusals(job.refusals, names)}
    if "refused" in job.params:
        told["params"] = {**job.params, "refused": _refusals(job.params["refused"], names)}
    if job.is_over:
        told["params"] = _without(told.get("params", job.params), names)
        told["return_url"] = _without(job.return_url, names)
        told["title"] = _without(job.title, names) or "–"
    return told


def _refusals(told: list[list[str]], names: list[str]) -> list[list[str]]:
    """Who was left out and why, beforehand (``params["refused"]``) or on the way, without those of these names."""
    return [refusal for refusal in told if not any(is_named_in(str(part), names) for part in refusal)]


def _without(value: Any, names: list[str]) -> Any:
    match value:
        case str():
            return "" if is_named_in(unquote_plus(value), names) else value
        case list():
            return [_without(part, names) for part in value]
        case dict():
            return {key: _without(part, names) for key, part in value.items()}
    return value
