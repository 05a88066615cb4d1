"""What tests of renewals share."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.test import Client
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import ConsentText, DirectoryMail, Teacher
from imp_wagtail.directory.renewing.links import renewal_link
from tests.factories import TeacherFactory

#: A Monday in the middle of nothing.
TODAY = dt.date(2027, 3, 1)
AMSTERDAM = timezone.get_default_timezone()


@contextmanager
def at(day: dt.date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Within this it is that day, and so late where the site is."""
    now = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=AMSTERDAM)
    clock = SimpleNamespace(time=now.timestamp)
    with mock.patch.object(timezone, "now", lambda: now), mock.patch("django.core.signing.time", clock):
        yield


def in_days(days: int, since: dt.date = TODAY) -> dt.date:
    return since + dt.timedelta(days=days)


def listed(until: dt.date | None = None, **values: Any) -> Teacher:
    """A listed teacher with a language; until a day, and never renewed."""
    values = {"speaks": ["en"], "teaches_in_person": True, **values}
    return TeacherFactory(listed_until=until, **values)


def fresh(teacher: Teacher) -> Teacher:
    return Teacher.objects.get(pk=teacher.pk)


def address(teacher: Teacher, further: str = "") -> str:
    return renewal_link(teacher).removeprefix("http://testserver") + further


def shown_form(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send if the form at an address were sent as it is shown."""
    form = client.get(url).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "on" if value is True else value for name, value in values.items() if value not in (None, False)}


def send(client: Client, url: str, *, without: str = "", **changed: Any) -> Any:
    """Open the form, change some of it, and send it."""
    data = {name: value for name, value in shown_form(client, url).items() if name not in without.split()}
    return client.post(url, {**data, "do": "renew", **changed})


def send_in_process(url: str, data: dict[str, Any]) -> int:
    """The same in a process of its own, of a form that was opened before; returns the status of the answer."""
    return Client().post(url, data).status_code


def new_text(
    purpose: str = "profile", text: str = "I agree anew.", *, ends: dt.date | None = None
) -> list[ConsentText]:
    texts = actions.publish_text(purpose, {"en": text}, earlier_end_on=ends, by=None)
    # A default does not look at the clock of a test.
    ConsentText.objects.filter(pk__in=[one.pk for one in texts]).update(published_at=timezone.now())
    return texts


def occasions(teacher: Teacher) -> list[str | None]:
    """What somebody was reminded for, in the order of the reminders."""
    reminders = teacher.mails.filter(kind=DirectoryMail.Kind.REMINDER)
    return list(reminders.order_by("pk").values_list("occasion", flat=True))
