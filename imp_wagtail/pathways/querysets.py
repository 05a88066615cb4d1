"""Named selections of pathways."""

from django.conf import settings
from django.db import models
from wagtail.coreutils import get_supported_content_language_variant


class PathwayQuerySet(models.QuerySet):
    def in_source_language(self) -> "PathwayQuerySet":
        """The pathways that people are tracked on: those in the site's default language."""
        # Not Locale.get_default(), which is a query of its own.
        return self.filter(locale__language_code=get_supported_content_language_variant(settings.LANGUAGE_CODE))

    def with_stages(self) -> "PathwayQuerySet":
        """With stages and requirements at hand, in two further queries whatever their number."""
        return self.prefetch_related("stages__requirements")
