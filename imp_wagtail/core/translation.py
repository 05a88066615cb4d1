"""Between a translatable record and its other languages, and the languages that the site speaks."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant, override
from wagtail.coreutils import get_supported_content_language_variant
from wagtail.models import Locale, LockableMixin, TranslatableMixin

from . import memory

Record = TypeVar("Record", bound=TranslatableMixin)
Key = TypeVar("Key", bound=Hashable)


def source_of(record: Record) -> Record:
    """The record in the site's default language; the oldest of its translations where that one is missing."""
    default = Locale.get_default()
    if record.locale_id == default.pk:
        return record
    siblings = type(record)._default_manager.filter(translation_key=record.translation_key).order_by("pk")
    return siblings.filter(locale=default).first() or siblings.first() or record


#: When something with drafts was and is to be published, or not any more.
SCHEDULE = ("first_published_at", "last_published_at", "go_live_at", "expire_at")


def as_draft(copy: Record) -> Record:
    """A copy that nobody has published yet, with none of its source's history, schedule and lock.

    Wagtail copies what was last saved, and that it is published: a draft's words would be public in the copy.
    """
    copy.live, copy.has_unpublished_changes, copy.expired = False, True, False
    for name in ("latest_revision", "live_revision", *SCHEDULE):
        setattr(copy, name, None)
    if isinstance(copy, LockableMixin):
        copy.locked, copy.locked_by, copy.locked_at = False, None, None
    return copy


def supported(language: str, default: str = "") -> str:
    """A language that the site speaks: this one or its nearest variant, else the default, else the site's own."""
    try:
        return get_supported_language_variant(language)
    except LookupError:
        return default or str(settings.LANGUAGE_CODE)


@contextmanager
def in_own_language() -> Iterator[None]:
    """For words that are kept and read by many: within this the site's own language is spoken, whoever is at work.

    Around the making of the words alone: what is refused on the way is said to one person, in theirs.
    """
    with override(settings.LANGUAGE_CODE):
        yield


def default_locale() -> Locale:
    """The site's own language, asked for once for an answer."""
    return memory.once("default locale", Locale.get_default)


def active_locale() -> Locale:
    """The language that is read now; the site's own where it speaks but one."""
    return memory.once(f"locale {get_language()}", Locale.get_active) if speaks_several() else default_locale()


def speaks_several() -> bool:
    """Whether pages can have translations."""
    return bool(getattr(settings, "WAGTAIL_I18N_ENABLED", False))


def reading_language() -> str:
    """The content language that fits the active one; "" where there is none."""
    try:
        return str(get_supported_content_language_variant(get_language() or ""))
    except LookupError:
        return ""


def the_same_in_all_languages(*fields: str) -> list[Any]:
    """Fields that are no words, for a model's ``override_translatable_fields``: wagtail-localize copies them.

    Keys above all: to it, a field of text is words to be translated unless a model says otherwise.
    """
    if not apps.is_installed("wagtail_localize"):
        return []
    from wagtail_localize.fields import SynchronizedField

    return [SynchronizedField(name, overridable=False) for name in fields]


def of_each_language(*fields: str) -> list[Any]:
    """Fields that wagtail-localize leaves alone, for the same: each language has its own, or they are kept alike here.

    What it copies, it copies from the source as that was when somebody last sent it for translation.
    """
    if not apps.is_installed("wagtail_localize"):
        return []
    from wagtail_localize.fields import BaseTranslatableField

    return [BaseTranslatableField(name) for name in fields]


def readable(records: Iterable[Record], key: Callable[[Record], Key]) -> dict[Key, Record]:
    """One record by key: the one in the reader's language, else in the site's default one, else the first.

    The records come with their locale.
    """
    wanted = [reading_language(), get_supported_content_language_variant(settings.LANGUAGE_CODE)]

    def fit(record: Record) -> int:
        code = record.locale.language_code
        return wanted.index(code) if code in wanted else len(wanted)

    chosen: dict[Key, Record] = {}
    for record in sorted(records, key=fit):
        chosen.setdefault(key(record), record)
    return chosen
