"""The verbs of this room: a training's facts are brought to its pages in other languages, and a copy begins anew."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from wagtail.log_actions import log
from wagtail.models import Page, TaskState

from imp_wagtail.core.translation import in_own_language
from imp_wagtail.core.words import in_a_row

from .languages import bring
from .log import SHARED
from .models import TrainingPage
from .models.locking import lock_training


def on_published(sender: type, instance: Any, **kwargs: Any) -> None:
    """For whatever page is published: of a training, its owner's facts go to the others, or come to this one."""
    if isinstance(instance, TrainingPage) and not instance.alias_of_id:
        share_facts(instance)


def on_translated(sender: type, target_obj: Any, **kwargs: Any) -> None:
    """For whatever is copied for another language: it may be a copy of what its source no longer says, or not yet."""
    if isinstance(target_obj, TrainingPage) and not target_obj.alias_of_id:
        share_facts(target_obj)


def on_deleting(sender: type, instance: TrainingPage, **kwargs: Any) -> None:
    """For a training's page that is about to be deleted, alone or with the page above it."""
    lock_training(instance.translation_key)


@transaction.atomic
def share_facts(page: TrainingPage, *, by: Any = None) -> list[TrainingPage]:
    """Bring the published facts of a training to its pages in all other languages, and to their drafts.

    What is public changes at once; a draft stays one, with the facts in it. Words are left alone. Returns the pages
    that changed; doing it again changes nothing. ``by``: whoever is at work, if not told.
    """
    lock_training(page.translation_key)
    pages = list(TrainingPage.objects.of_training(page.translation_key).in_owning_order())
    if not pages or not pages[0].live:
        return []
    owner, *others = pages
    return [other for other in others if _brought(owner, other, by)]


@transaction.atomic
def begin_anew(copied: Page) -> None:
    """Forget of trainings that an editor copied, with ``copied`` or below it, from which dates they were moved.

    They are other trainings, of which no other dates were announced. Aliases go on to be the same one.
    """
    none = {"previous_starts": None, "previous_ends": None}
    for copy in TrainingPage.objects.descendant_of(copied, inclusive=True).filter(alias_of=None).order_by("pk"):
        for revision in copy.revisions.all():
            revision.content |= none
            revision.save(update_fields=["content"])
        if copy.has_moved:
            copy.previous_starts = copy.previous_ends = None
            copy.save(clean=False)


def _brought(owner: TrainingPage, page: TrainingPage, by: Any) -> bool:
    changed = bring(owner, page)
    if changed:
        if page.live:
            page.last_published_at = timezone.now()
        # Whatever its words lack to be published today, the facts are as they are.
        page.save(clean=False)
    changed = list(dict.fromkeys([*changed, *_brought_to_versions(owner, page)]))
    if changed:
        with in_own_language():
            data = {"from": str(owner), "what": in_a_row(map(_called, changed))}
            log(instance=page, action=SHARED, user=by, data=data, content_changed=True)
        if page.live:
            page.update_aliases()
    return bool(changed)


def _brought_to_versions(owner: TrainingPage, page: TrainingPage) -> list[str]:
    """To the versions that editors see or that may yet be published: the latest, the public one, those that wait."""
    current = Q(pk__in=[pk for pk in (page.latest_revision_id, page.live_revision_id) if pk])
    asked_for = Q(task_states__status=TaskState.STATUS_IN_PROGRESS)
    waiting = page.revisions.filter(current | asked_for | Q(approved_go_live_at__isnull=False))
    found: list[str] = []
    for revision in page.revisions.filter(pk__in=waiting.values("pk")):
        version = revision.as_object()
        if changed := bring(owner, version):
            revision.content = version.serializable_data()
            revision.save(update_fields=["content"])
            found += changed
    return found


def _called(name: str) -> str:
    field = TrainingPage._meta.get_field(name)
    if field.is_relation and field.auto_created:
        return str(field.related_model._meta.verbose_name_plural)
    return capfirst(str(field.verbose_name))
