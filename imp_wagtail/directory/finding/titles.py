"""What pathways are called, in the reader's language."""

from django.core.cache import cache

from imp_wagtail.core.translation import reading_language
from imp_wagtail.pathways.models import Pathway

#: For so many seconds titles are not asked for again: every page shows them, and hardly ever one changes.
KEPT_FOR = 60


def pathway_titles() -> dict[str, str]:
    """Titles of all pathways by translation key; one that is not translated has its own language's."""
    language = reading_language()
    return cache.get_or_set(f"imp_directory.pathways.{language}", lambda: titles_in(language), KEPT_FOR)


def titles_in(language: str) -> dict[str, str]:
    titles: dict[str, str] = {}
    rows = Pathway.objects.order_by("pk").values_list("translation_key", "locale__language_code", "title")
    for key, written_in, title in rows:
        if str(key) not in titles or written_in == language:
            titles[str(key)] = title
    return titles
