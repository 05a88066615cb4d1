"""Named selections of pathways."""

from django.db import models
from wagtail.models import Locale


class PathwayQuerySet(models.QuerySet):
    def in_source_language(self) -> "PathwayQuerySet":
        """The pathways that people are tracked on: those in the site's default language."""
        return self.filter(locale=Locale.get_default())

    def with_stages(self) -> "PathwayQuerySet":
        """With stages and requirements at hand, in two further queries whatever their number."""
        return self.prefetch_related("stages__requirements")
