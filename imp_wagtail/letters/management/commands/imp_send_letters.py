"""Deliver the letters that wait to be sent and are due."""

from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand

from imp_wagtail.letters.actions import deliver_due
from imp_wagtail.letters.models import Sending


class Command(BaseCommand):
    help = (
        "Hands the letters that wait to be sent by e-mail, and those whose next attempt is due, to the mail server. "
        "Meant to be run every few minutes; several at once send nothing twice."
    )

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        states = Counter(deliver_due())
        perhaps = Sending.objects.lost().count()
        if verbosity > 1 or states:
            self.stdout.write(
                f"{states[Sending.State.SENT]} sent, {states[Sending.State.WAITING]} to be tried again, "
                f"{states[Sending.State.FAILED]} failed. {perhaps} perhaps sent."
            )
