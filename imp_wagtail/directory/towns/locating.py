"""Entries that were made before there was a table of towns."""

from django.core.exceptions import ValidationError

from ..actions import update_teacher
from ..models import Teacher
from .lookup import only_town


def locate_teachers() -> tuple[int, int]:
    """Find the town of each teacher who has none in the table, where only one can be meant.

    Returns how many were found and how many were not. An entry that cannot be saved as it is waits for staff.
    """
    teachers = list(Teacher.objects.filter(located_in__isnull=True).exclude(town="").order_by("pk"))
    found = sum(map(is_located, teachers))
    return found, len(teachers) - found


def is_located(teacher: Teacher) -> bool:
    """Whether a teacher's town could be found, which is stored then."""
    town = only_town(teacher.town, teacher.country)
    if town is None:
        return False
    try:
        update_teacher(teacher, located_in=town, by=None)
    except ValidationError:
        return False
    return True
