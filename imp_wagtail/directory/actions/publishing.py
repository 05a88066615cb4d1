"""To work out anew what the public sees of teachers, in the transaction of whatever changed it.

The rule of who is listed is ``querysets.is_listed``. What follows from it is stored for the search (``Listing``) and
for partner sites (``FeedEntry``), and only where it differs from what is stored: a write that changes nothing for the
public takes no edition and locks nobody out.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ..faces import Face, face_of, search_name
from ..feed.documents import course_document, teacher_document
from ..models import ConsentText, Edition, FeedEntry, Listing, Purpose, Teacher

#: How many teachers are held in memory at once.
BATCH = 500


@dataclass(frozen=True)
class Shown:
    """What the search stores of one teacher: nothing, where the face is ``None``."""

    face: Face | None
    until: dt.date | None = None
    photo_id: Any = None

    def differs_from(self, listing: Listing | None) -> bool:
        if listing is None:
            return self.face is not None
        stored = (listing.is_shown, listing.face, listing.until, listing.photo_id)
        return stored != (self.face is not None, self.face or {}, self.until, self.photo_id)

    def store_in(self, listing: Listing) -> Listing:
        listing.is_shown, listing.face = self.face is not None, self.face or {}
        listing.folded_name = search_name(listing.face)
        listing.until, listing.photo_id = self.until, self.photo_id
        return listing


@dataclass
class Changes:
    """What is to be written: listings and entries of the feed, new ones and changed ones."""

    listings: list[Listing] = field(default_factory=list)
    entries: list[FeedEntry] = field(default_factory=list)

    def write(self) -> int:
        """Write them as the latest of all changes; returns how many there were."""
        count = len(self.listings) + len(self.entries)
        if not count:
            return 0
        numbers, now = Edition.next(count)
        for listing, number in zip(self.listings, numbers, strict=False):
            listing.number = number
        for place, entry in enumerate(self.entries):
            entry.modified = now + dt.timedelta(microseconds=place)
        _write(Listing, self.listings, ["number", "is_shown", "until", "folded_name", "face", "photo"])
        _write(FeedEntry, self.entries, ["kind", "state", "modified", "data", "until", "teacher"])
        Edition.objects.filter(pk=1).update(changed_at=now + dt.timedelta(microseconds=len(self.entries)))
        return count


def site_days() -> AbstractContextManager:
    """Within this, it is the day that it is for the site: the admin has the time zone of whoever works in it."""
    return timezone.override(timezone.get_default_timezone())


def publish(teacher: Teacher) -> None:
    """Store what the public sees of one teacher from now on. Call it last in the transaction of the change."""
    publish_many([teacher.pk])


def publish_many(keys: Iterable[int]) -> int:
    """The same for teachers of these keys, in one transaction; returns how many listings and entries changed."""
    keys = sorted(set(keys))
    with site_days(), transaction.atomic():
        # All are locked before the first takes an edition: whoever changes one of them waits for this, and this for
        # nobody who waits for it. And what is read from here on cannot be overtaken by another change.
        for batch in _batches(keys):
            list(Teacher.objects.select_for_update().filter(pk__in=batch).order_by("pk").values_list("pk"))
        return sum(_publish_batch(batch) for batch in _batches(keys))


def publish_all() -> int:
    """The same for everybody, each batch in a transaction of its own."""
    keys = list(Teacher.objects.order_by("pk").values_list("pk", flat=True))
    return sum(publish_many(batch) for batch in _batches(keys))


def publish_lapsed() -> int:
    """Take out what ended by itself since the last time: a day passed, and nothing was written."""
    with site_days():
        today = timezone.localdate()
    listings = Listing.objects.filter(is_shown=True, until__lt=today, teacher__isnull=False)
    entries = FeedEntry.objects.filter(state=FeedEntry.State.UPDATED, until__lt=today, teacher__isnull=False)
    lapsed = chain(listings.values_list("teacher", flat=True), entries.values_list("teacher", flat=True))
    return sum(publish_many(batch) for batch in _batches(sorted(set(lapsed))))


def catch_up() -> None:
    """Store what nobody wrote, before the public is answered: what ended by itself, or all on a site that is new."""
    if Edition.current():
        publish_lapsed()
    else:
        publish_all()


def unpublish(teacher: Teacher) -> None:
    """Leave nothing of a teacher who is about to be deleted but that something was there."""
    with transaction.atomic():
        # Locked before the edition is, as ever: to delete the row later would be the other way round.
        list(Teacher.objects.select_for_update().filter(pk=teacher.pk).values_list("pk"))
        changes = Changes()
        listing = Listing.objects.filter(teacher=teacher).first()
        if listing and Shown(None).differs_from(listing):
            changes.listings.append(Shown(None).store_in(listing))
        changes.entries += [_deleted(entry) for entry in teacher.feed_entries.filter(state=FeedEntry.State.UPDATED)]
        changes.write()


def _batches(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _publish_batch(keys: list[int]) -> int:
    teachers = list(Teacher.objects.for_publishing().filter(pk__in=keys).order_by("pk"))
    ends = ends_of_texts()
    listings = {listing.teacher_id: listing for listing in Listing.objects.filter(teacher__in=keys)}
    entries = _entries_of(teachers)
    changes = Changes()
    for teacher in teachers:
        until = last_day(teacher, ends)
        _compare_listing(changes, teacher, listings.get(teacher.pk), until)
        _compare_entries(changes, teacher, entries[teacher.pk], until)
    return changes.write()


def _entries_of(teachers: list[Teacher]) -> dict[int, dict[Any, FeedEntry]]:
    """What the feed has of each teacher, by key; a course that was somebody else's is whose it is now."""
    owners = {each.uid: teacher.pk for teacher in teachers for each in (teacher, *teacher.upcoming_courses)}
    found: dict[int, dict[Any, FeedEntry]] = defaultdict(dict)
    for entry in FeedEntry.objects.filter(Q(teacher__in=teachers) | Q(uid__in=owners)):
        found[owners.get(entry.uid, entry.teacher_id)][entry.uid] = entry
    return found


def _compare_listing(changes: Changes, teacher: Teacher, listing: Listing | None, until: dt.date | None) -> None:
    shown = Shown(None)
    if teacher.is_listed:
        photo = teacher.photo_id if teacher.agrees_to(Purpose.PHOTO) else None
        shown = Shown(face_of(teacher), until, photo)
    if shown.differs_from(listing):
        changes.listings.append(shown.store_in(listing or Listing(teacher=teacher)))


def _compare_entries(changes: Changes, teacher: Teacher, entries: dict[Any, FeedEntry], until: dt.date | None) -> None:
    wanted = {}
    if teacher.is_listed and teacher.agrees_to(Purpose.SHARING):
        wanted[teacher.uid] = (
            FeedEntry.Kind.TEACHER,
            teacher_document(teacher),
            earliest(until, *ends_of_held(teacher)),
        )
        for course in teacher.upcoming_courses:
            wanted[course.uid] = (FeedEntry.Kind.COURSE, course_document(course), earliest(until, course.ends))
    for uid, (kind, data, last) in wanted.items():
        entry = entries.get(uid) or FeedEntry(uid=uid, kind=kind, state="", teacher=teacher)
        if (entry.state, entry.data, entry.until) != (FeedEntry.State.UPDATED, data, last):
            entry.state, entry.data, entry.until, entry.teacher = FeedEntry.State.UPDATED, data, last, teacher
            changes.entries.append(entry)
    changes.entries += [
        _deleted(entry)
        for uid, entry in entries.items()
        if uid not in wanted and entry.state == FeedEntry.State.UPDATED
    ]


def _deleted(entry: FeedEntry) -> FeedEntry:
    entry.state, entry.data, entry.until = FeedEntry.State.DELETED, {}, None
    return entry


def last_day(teacher: Teacher, ends: dict[str, list[tuple[int, dt.date]]]) -> dt.date | None:
    """The last day on which what is stored now is true if nobody changes anything; ``None`` where none is set.

    A listing runs out; a consent ends with its wording, of which ``ends`` says when. Courses and qualifications carry
    their own days, and whoever shows a face looks at them.
    """
    days = [teacher.listed_until]
    for consent in teacher.current_consents:
        later = [day for version, day in ends.get(consent.purpose, []) if version > consent.version]
        days += [day - dt.timedelta(days=1) for day in later if day > timezone.localdate()]
    return earliest(*days)


def ends_of_held(teacher: Teacher) -> list[dt.date | None]:
    """The last days of the qualifications that a teacher holds now."""
    return [held.valid_until for held in teacher.qualifications.all() if held.is_current]


def earliest(*days: dt.date | None) -> dt.date | None:
    """The first of these days; ``None`` if there is none."""
    return min((day for day in days if day is not None), default=None)


def ends_of_texts() -> dict[str, list[tuple[int, dt.date]]]:
    """By purpose: which versions of the wording end consent to earlier ones, and when."""
    ends: dict[str, list[tuple[int, dt.date]]] = {}
    texts = ConsentText.objects.filter(earlier_end_on__isnull=False)
    for purpose, version, day in texts.order_by("version").values_list("purpose", "version", "earlier_end_on"):
        ends.setdefault(purpose, []).append((version, day))
    return ends


def _write(model: Any, rows: list[Any], fields: list[str]) -> None:
    new = [row for row in rows if row._state.adding]
    standing = [row for row in rows if not row._state.adding]
    model.objects.bulk_create(new)
    model.objects.bulk_update(standing, fields, batch_size=200)
