"""What is forgotten of reminders, and that nobody is reminded twice for it."""

from typing import Any

import pytest

from imp_wagtail.directory.models import DirectoryMail, Teacher
from imp_wagtail.directory.renewing import keeping
from imp_wagtail.directory.renewing.actions import ask_to_renew, remind_all
from imp_wagtail.directory.renewing.pruning import prune_reminders

from .support import TODAY, at, in_days, listed, new_text, occasions

pytestmark = pytest.mark.django_db


def asked(teacher: Teacher, days: int, state: str = "sent") -> DirectoryMail:
    """A reminder that staff asked for so many days ago."""
    with at(in_days(-days)):
        mail = ask_to_renew(teacher, by=None)
    DirectoryMail.objects.filter(pk=mail.pk).update(state=state)
    return mail


def left() -> set[int]:
    return set(DirectoryMail.objects.values_list("pk", flat=True))


def test_old_ones_go_but_for_the_last_of_each_teacher() -> None:
    once, often = listed(), listed()
    last_of_one = asked(once, 800)
    [asked(often, days, state) for days, state in ((800, "sent"), (700, "failed"), (366, "sent"))]
    kept = [asked(often, 364), asked(often, 3)]
    with at(TODAY):
        assert prune_reminders() == 3
        assert prune_reminders() == 0

    assert left() == {last_of_one.pk, *(mail.pk for mail in kept)}


@pytest.mark.parametrize("state", ["waiting", "under_way"])
def test_what_is_on_its_way_stays(state: str) -> None:
    teacher = listed()
    on_its_way, _last = asked(teacher, 800, state), asked(teacher, 1)
    with at(TODAY):
        assert prune_reminders() == 0

    assert on_its_way.pk in left()


def test_nobody_is_told_again_what_an_old_reminder_told(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "REMINDER_KEEP_DAYS": 1}
    teacher = listed()
    with at(in_days(-900)):
        new_text("photo")
        new_text("profile")
        remind_all()
    DirectoryMail.objects.update(state="sent")
    told = occasions(teacher)
    for days in (0, 1, 400):
        with at(in_days(days)):
            assert keeping.remind() == "0 teachers are reminded."

    assert occasions(teacher) == told == [f"{in_days(-900)}/new"]


def test_the_daily_command_does_it_with_the_reminders() -> None:
    teacher = listed(in_days(14))
    asked(teacher, 800)
    asked(teacher, 700)
    with at(TODAY):
        assert keeping.remind() == "1 teacher is reminded. 2 old reminders deleted."
