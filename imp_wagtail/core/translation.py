"""Between a translatable record and its other languages, and the languages that the site speaks."""

from typing import TypeVar

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from wagtail.models import Locale, TranslatableMixin

Record = TypeVar("Record", bound=TranslatableMixin)


def source_of(record: Record) -> Record:
    """The record in the site's default language; the oldest of its translations where that one is missing."""
    default = Locale.get_default()
    if record.locale_id == default.pk:
        return record
    siblings = type(record)._default_manager.filter(translation_key=record.translation_key).order_by("pk")
    return siblings.filter(locale=default).first() or siblings.first() or record


def supported(language: str, default: str = "") -> str:
    """A language that the site speaks: this one or its nearest variant, else the default, else the site's own."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return default or str(settings.LANGUAGE_CODE)
