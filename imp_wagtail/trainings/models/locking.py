"""A training is written by one at a time, on its pages in all languages."""

from typing import Any
from uuid import UUID

from django.db import models, transaction
from wagtail.models import Page, Revision


def lock_training(key: UUID) -> None:
    """Wait until nobody else writes a page of this training; others wait until the transaction is over.

    Its facts are brought from one page to the others. Two who each locked one page, and then asked for the other's,
    would wait for good: so all are locked, in the order of their ids, before any of them or its versions is written.
    """
    list(Page.objects.select_for_update().filter(translation_key=key).order_by("pk").values_list("pk"))


class LockedTogetherMixin(models.Model):
    """A page that is not written before those of its training in all languages are locked."""

    class Meta:
        abstract = True

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        lock_training(self.translation_key)
        super().save(*args, **kwargs)

    @transaction.atomic
    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        # Wagtail writes over a version before it writes the page.
        lock_training(self.translation_key)
        return super().save_revision(*args, **kwargs)

    def publish(self, *args: Any, **kwargs: Any) -> None:
        # As above, all versions. Outside a transaction none of them stays locked until the page is saved.
        if transaction.get_connection().in_atomic_block:
            lock_training(self.translation_key)
        super().publish(*args, **kwargs)
