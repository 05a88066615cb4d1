"""Deliver the e-mails that wait to be sent and are due."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from imp_wagtail.core.delivering import count_lost, deliver_due
from imp_wagtail.core.outgoing import Outgoing


class Command(BaseCommand):
    help = (
        "Hands the e-mails that wait to be sent, and those whose next attempt is due, to the mail server: letters, "
        "enquiries and reminders. Meant to be run every few minutes; several at once send nothing twice."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        states = Counter(deliver_due())
        if verbosity > 1 or states:
            self.stdout.write(
                f"{states[Outgoing.State.SENT]} sent, {states[Outgoing.State.WAITING]} to be tried again, "
                f"{states[Outgoing.State.FAILED]} failed. {count_lost()} perhaps sent."
            )
