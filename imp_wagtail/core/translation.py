"""Between a translatable record and its other languages."""

from typing import TypeVar

from wagtail.models import Locale, TranslatableMixin

Record = TypeVar("Record", bound=TranslatableMixin)


def source_of(record: Record) -> Record:
    """The record in the site's default language; the oldest of its translations where that one is missing."""
    default = Locale.get_default()
    if record.locale_id == default.pk:
        return record
    siblings = type(record)._default_manager.filter(translation_key=record.translation_key).order_by("pk")
    return siblings.filter(locale=default).first() or siblings.first() or record
