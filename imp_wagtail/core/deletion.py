"""What may not be deleted, because other records stand on it."""

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError


def is_in_use(instance: models.Model) -> bool:
    """Whether deleting this record would take protected ones (somebody's evidence, a letter) with it."""
    if instance.pk is None:
        return False
    try:
        Collector(using=router.db_for_write(type(instance), instance=instance)).collect([instance])
    except (ProtectedError, RestrictedError):
        return True
    return False
