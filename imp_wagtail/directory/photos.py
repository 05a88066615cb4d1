"""Photos of directory entries, which lie among the site's images."""

from typing import Any

from django.db.models import Model, QuerySet
from wagtail.models import ReferenceIndex

from imp_wagtail.core.traces import delete_without_trace
from imp_wagtail.participants.models import Participant

from .models import Listing, Teacher


def erase_photo(sender: Any, participant: Participant, **kwargs: Any) -> None:
    """Delete the photo of somebody who is being erased, unless the site shows it elsewhere too."""
    teacher = Teacher.objects.filter(participant=participant, photo__isnull=False).select_related("photo").first()
    if teacher and not is_used_elsewhere(teacher):
        delete_without_trace(teacher.photo)


def is_used_elsewhere(teacher: Teacher) -> bool:
    """Whether anything but this entry shows its photo: another record, or the text of a page."""
    photo = teacher.photo
    return ReferenceIndex.get_references_to(photo).exists() or any(
        others_with(photo, relation, teacher).exists() for relation in relations_to(photo)
    )


def relations_to(photo: Model) -> list[Any]:
    """The relations by which records show an image; its renditions are itself, and a listing shows its entry's."""
    own = (None, type(photo).get_rendition_model(), Listing)
    relations = photo._meta.get_fields(include_hidden=True)
    return [relation for relation in relations if relation.auto_created and relation.related_model not in own]


def others_with(photo: Model, relation: Any, teacher: Teacher) -> QuerySet:
    """Records other than this entry that show the image through a relation."""
    found = relation.related_model._base_manager.filter(**{relation.field.name: photo})
    return found.exclude(pk=teacher.pk) if relation.related_model is Teacher else found
