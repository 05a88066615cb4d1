"""What a partner's feed told, stored and shown: page by page, each one transaction, and none lost or taken twice."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from imp_wagtail.core.conf import settings

from ..models import Listing, MirroredEntry, Partner, Teacher
from ..models.partners import MirroredEntryQuerySet
from ..partners.documents import Item, Page
from ..partners.faces import mirrored_face
from .publishing import Changes, Shown

Kind = MirroredEntry.Kind
#: What is written of an entry that is there already.
FROM_THE_FEED = ["teacher_uid", "modified", "data", "fault", "reading"]
#: How many entries are looked for or written at once.
BATCH = 500


def take_page(partner: Partner, page: Page, *, etag: str = "") -> bool:
    """Store one answer of a partner's feed, asked as ``partner`` says; returns whether there may be more to read.

    ``etag``: the answer's. At the end of the feed whatever an earlier reading had told and this one has not, goes.
    Raises ``ValidationError`` where there are more than ``PARTNER_MAX_ENTRIES``. What somebody else read meanwhile,
    and what belongs to a partner who was changed or switched off meanwhile, is left alone.
    """
    with transaction.atomic():
        standing = as_it_stands(partner)
        if standing is None:
            return False
        if page.items:
            _store(standing, page.items)
        else:
            publish_mirrored(standing, _drop(standing.entries.filter(reading__lt=standing.reading)))
        standing.etag = etag if page.next == standing.asks else ""
        standing.cursor, standing.directory = page.next, page.directory
        standing.answered(timezone.now())
        standing.save()
    return bool(page.items)


def note_unchanged(partner: Partner) -> None:
    """The partner answered that nothing has changed."""
    with transaction.atomic():
        if standing := as_it_stands(partner):
            standing.answered(timezone.now())
            standing.save()


def note_failure(partner: Partner, message: str) -> None:
    """The partner did not answer, or not as it should; nothing of theirs is touched until their time is over."""
    with transaction.atomic():
        if standing := as_it_stands(partner):
            standing.last_tried_at, standing.last_error = timezone.now(), message[:240]
            standing.save()


def begin_anew(partner: Partner) -> bool:
    """Read everything again the next time; what is there stays until that is done. Whether anybody else did not."""
    with transaction.atomic():
        standing = as_it_stands(partner)
        if standing is None:
            return False
        standing.begin_anew()
        standing.save()
    return True


def forget_entries(partner: Partner) -> None:
    """Drop all that a locked partner told, and let it be read from the beginning; the caller saves the partner."""
    _drop(partner.entries.all())
    partner.begin_anew()


def publish_mirrored(partner: Partner, uids: Collection[UUID] | None = None) -> int:
    """Store what the public sees of a partner's teachers, all unless some are named; the number of changes.

    Call it in the transaction of the change, with the partner locked.
    """
    teachers = partner.entries.filter(kind=Kind.TEACHER)
    keys = list(teachers.order_by("pk").values_list("uid", flat=True)) if uids is None else sorted(uids)
    return sum(_publish_batch(partner, batch) for batch in _batches(keys))


def as_it_stands(partner: Partner) -> Partner | None:
    """The partner, locked; ``None`` if its feed was read further, or it was changed, since ``partner`` was read."""
    standing = Partner.objects.select_for_update().filter(pk=partner.pk, is_active=True).first()
    if standing and (standing.asks, standing.reading) == (partner.asks, partner.reading):
        return standing
    return None


def _store(partner: Partner, items: Iterable[Item]) -> None:
    told = {item.uid: item for item in items}
    # A site that was copied from this one, or this one itself: its teachers are not listed twice.
    ours = set(Teacher.objects.filter(uid__in=told).values_list("uid", flat=True))
    kept = {uid: item for uid, item in told.items() if not item.is_deleted and uid not in ours}
    known = {entry.uid: entry for entry in partner.entries.filter(uid__in=told)}
    gone = {uid: entry for uid, entry in known.items() if uid not in kept or kept[uid].kind != entry.kind}
    # Whose a course was, too: it may have gone from one teacher to another.
    touched = {whose(entry) for entry in known.values()}
    _drop(MirroredEntry.objects.filter(pk__in=[entry.pk for entry in gone.values()]))
    entries = [_entry(partner, item, None if uid in gone else known.get(uid)) for uid, item in kept.items()]
    MirroredEntry.objects.bulk_create([entry for entry in entries if entry.pk is None])
    standing = [entry for entry in entries if entry.pk is not None]
    MirroredEntry.objects.bulk_update(standing, FROM_THE_FEED, batch_size=200)
    if partner.entries.count() > settings.PARTNER_MAX_ENTRIES:
        most = settings.PARTNER_MAX_ENTRIES
        raise ValidationError(_("Their feed has more than %(most)d entries; no more are taken.") % {"most": most})
    publish_mirrored(partner, touched | {whose(entry) for entry in entries})


def whose(entry: MirroredEntry) -> UUID:
    """The teacher whose face an entry is part of."""
    return entry.teacher_uid or entry.uid


def _entry(partner: Partner, item: Item, known: MirroredEntry | None) -> MirroredEntry:
    entry = known or MirroredEntry(partner=partner, uid=item.uid, kind=item.kind)
    entry.teacher_uid, entry.modified, entry.reading = item.teacher_uid, item.modified, partner.reading
    entry.data, entry.fault = item.data or {}, item.fault[:240]
    return entry


def _drop(entries: MirroredEntryQuerySet) -> set[UUID]:
    """Take entries off the list and delete them; returns the teachers whose courses were among them."""
    keys = list(entries.order_by("pk").values_list("pk", flat=True))
    owners = set(entries.filter(teacher_uid__isnull=False).values_list("teacher_uid", flat=True))
    for batch in _batches(keys):
        listings = Listing.objects.filter(mirrored__in=batch, is_shown=True)
        Changes(listings=[Shown(None).store_in(listing) for listing in listings]).write()
        MirroredEntry.objects.filter(pk__in=batch).delete()
    return owners


def _publish_batch(partner: Partner, uids: list[UUID]) -> int:
    teachers = list(partner.entries.filter(kind=Kind.TEACHER, uid__in=uids).order_by("pk"))
    listings = {listing.mirrored_id: listing for listing in Listing.objects.filter(mirrored__in=teachers)}
    courses = defaultdict(list)
    for course in partner.entries.understood().filter(kind=Kind.COURSE, teacher_uid__in=uids).order_by("pk"):
        courses[course.teacher_uid].append(course)
    changes = Changes()
    for teacher in teachers:
        face = None if teacher.fault else mirrored_face(partner, teacher, courses[teacher.uid])
        shown, listing = Shown(face), listings.get(teacher.pk)
        if shown.differs_from(listing):
            changes.listings.append(shown.store_in(listing or Listing(mirrored=teacher)))
    return changes.write()


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[at : at + BATCH] for at in range(0, len(keys), BATCH))
