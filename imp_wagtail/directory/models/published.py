"""What the public sees, as it was worked out at the last change: for the search, and for partner sites.

Both are written by ``actions.publishing`` alone, in the transaction of the change. Whoever reads them asks the rule of
who is listed once more (``ListingQuerySet.shown``), so that neither can show anybody who is not.
"""

import datetime as dt
import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string

from .partners import MirroredEntry
from .teachers import Teacher

LONG_AGO = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Edition(models.Model):
    """The number of the directory's last change, in its one row.

    Every change takes the next one and holds the row until it is committed: numbers, and the times that go with them,
    are in the order in which changes can be seen, so that who reads on from the last number misses none.
    """

    number = models.PositiveBigIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """The number of the last change that can be seen; 0 before the first."""
        return cls.objects.values_list("number", flat=True).filter(pk=1).first() or 0

    @classmethod
    def next(cls, count: int = 1) -> tuple[range, dt.datetime]:
        """Take numbers for so many changes, and a time later than that of all before them.

        Within the transaction of the changes, and last in it: everybody else who changes anything waits for its end.
        """
        cls.objects.get_or_create(pk=1)
        edition = cls.objects.select_for_update().get(pk=1)
        first = edition.number + 1
        edition.number += count
        edition.changed_at = max(timezone.now(), (edition.changed_at or LONG_AGO) + dt.timedelta(microseconds=1))
        edition.save()
        return range(first, first + count), edition.changed_at


class ListingQuerySet(models.QuerySet):
    def shown(self) -> "ListingQuerySet":
        """Those that the public sees now: the rule is asked, whatever is stored."""
        own = Teacher.objects.listed().filter(pk=OuterRef("teacher_id"))
        mirrored = MirroredEntry.objects.shown().filter(pk=OuterRef("mirrored_id"))
        return self.filter(Q(is_shown=True) & (Q(Exists(own)) | Q(Exists(mirrored))))

    def since(self, number: int) -> "ListingQuerySet":
        """What changed after an edition, in the order of the changes."""
        return self.filter(number__gt=number).order_by("number")


class Listing(models.Model):
    """The public face of one teacher, own or a partner's: what the list shows and is searched by."""

    teacher = models.OneToOneField(Teacher, on_delete=models.SET_NULL, null=True, related_name="listing")
    mirrored = models.OneToOneField(MirroredEntry, on_delete=models.SET_NULL, null=True, related_name="listing")
    #: The edition in which it changed last.
    number = models.PositiveBigIntegerField(unique=True)
    is_shown = models.BooleanField()
    #: The last day on which this is true as it stands if nothing changes; ``None`` where no day is set.
    until = models.DateField(null=True)
    #: Sorted and searched by.
    folded_name = models.CharField(max_length=200)
    #: What the list shows, as ``faces.Face`` describes it; empty for what is not shown.
    face = models.JSONField(default=dict)
    photo = models.ForeignKey(get_image_model_string(), on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        default_permissions = ()
        indexes = [models.Index(fields=["is_shown", "until"])]

    def __str__(self) -> str:
        return self.folded_name


class FeedEntry(models.Model):
    """What partner sites are told of one teacher or course. A deleted one keeps its name only, for a while."""

    class Kind(models.TextChoices):
        TEACHER = "teacher", _("teacher")
        COURSE = "course", _("course")

    class State(models.TextChoices):
        UPDATED = "updated", _("updated")
        DELETED = "deleted", _("deleted")

    uid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    #: Later than every other that could be read before it; see ``Edition``.
    modified = models.DateTimeField()
    #: As the feed gives it out; empty once it is deleted.
    data = models.JSONField(default=dict)
    #: The last day on which it is given out if nothing changes; ``None`` where no day is set.
    until = models.DateField(null=True)
    teacher = models.ForeignKey(Teacher, on_delete=models.SET_NULL, null=True, related_name="feed_entries")

    class Meta:
        verbose_name = _("entry of the feed")
        verbose_name_plural = _("entries of the feed")
        default_permissions = ()
        indexes = [models.Index(fields=["modified", "uid"]), models.Index(fields=["state", "until"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"
