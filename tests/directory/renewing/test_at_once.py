"""Two answers, and two commands, at the same time: two processes on one database, as on a server."""

from collections import Counter
from typing import Any

import pytest
from wagtail.models import Locale

from imp_wagtail.directory.models import DirectoryMail
from imp_wagtail.directory.renewing.actions import remind_all
from tests.directory.support import log_of
from tests.processes import at_work, connected, told_at_once

from .support import address, fresh, listed, send_in_process, shown_form

pytestmark = pytest.mark.django_db


def remind_in_process() -> int:
    return remind_all()


def test_a_form_that_is_sent_twice_at_once_is_done_once(client: Any, shared_database: dict[str, Any]) -> None:
    with connected(shared_database):
        Locale.objects.get_or_create(language_code="en")
        teacher = listed(about="Before.")
        url = address(teacher)
        data = {**shown_form(client, url), "about": "After.", "map": "on", "do": "renew"}
        function = f"{send_in_process.__module__}.{send_in_process.__name__}"
        with at_work(function, shared_database) as workers:
            statuses = told_at_once(workers, [{"url": url, "data": data}] * 2)

        assert statuses == [302, 302]
        assert fresh(teacher).about == "After."
        assert Counter(action for action, _data in log_of(teacher.participant)) == {
            "imp.teacher.change": 1,
            "imp.teacher.consent": 1,
            "imp.teacher.renew": 1,
        }


def test_two_commands_at_once_remind_once(shared_database: dict[str, Any]) -> None:
    from django.utils import timezone

    with connected(shared_database):
        teachers = [listed(timezone.localdate(), slug=f"at-once-{number}") for number in range(5)]
        function = f"{remind_in_process.__module__}.{remind_in_process.__name__}"
        with at_work(function, shared_database) as workers:
            counts = told_at_once(workers, [{}, {}])

        assert sum(counts) == len(teachers)
        assert DirectoryMail.objects.count() == len(teachers)
