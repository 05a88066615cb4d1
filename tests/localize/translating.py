"""Sending something for translation, and translating it, as the admin's views of wagtail-localize do."""

from collections.abc import Callable, Iterator
from typing import Any

from django.test import TestCase
from wagtail.models import Locale
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    StringTranslation,
    Translation,
    TranslationSource,
)
from wagtail_localize.operations import translate_object


def french() -> Locale:
    return Locale.objects.get_or_create(language_code="fr")[0]


def sent(instance: Any) -> TranslationSource:
    """Submit it for translation into French, with whatever it refers to."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        translate_object(instance, [french()])
    return TranslationSource.objects.get_for_instance(instance)


def strings_of(source: TranslationSource) -> list[str]:
    """What translators are given."""
    return [segment.string.data for segment in StringSegment.objects.filter(source=source).order_by("order")]


def paths_of(source: TranslationSource) -> set[str]:
    """The fields of what translators are given, or may replace; keys of rows and blocks are left out."""
    given = [*StringSegment.objects.filter(source=source), *OverridableSegment.objects.filter(source=source)]
    return {".".join(part for part in segment.context.path.split(".") if "-" not in part) for segment in given}


def translate(source: TranslationSource, say: Callable[[str], str] = "[fr] {}".format, *, publish: bool = True) -> Any:
    """Translate every segment of it, and publish. Returns the French one as it is stored then."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        for segment in _segments(source):
            StringTranslation.objects.update_or_create(
                translation_of=segment.string,
                locale=french(),
                context=segment.context,
                defaults={"data": say(segment.string.data), "translation_type": "manual"},
            )
        Translation.objects.get(source=source, target_locale=french()).save_target(publish=publish)
    return source.get_translated_instance(french())


def _segments(source: TranslationSource) -> Iterator[StringSegment]:
    yield from StringSegment.objects.filter(source=source).select_related("string", "context")


def synced(instance: Any) -> TranslationSource:
    """Send what has changed since."""
    source, _created = TranslationSource.update_or_create_from_instance(instance)
    return source


def in_french(instance: Any, **kwargs: Any) -> Any:
    """Sent, translated, published."""
    return translate(sent(instance), **kwargs)
