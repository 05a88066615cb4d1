"""Keep the directory: what ended leaves it, teachers are reminded, what is old is forgotten."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from imp_wagtail.directory.renewing.keeping import PARTS, keep


class Command(BaseCommand):
    help = (
        "Takes out of the directory what has ended, reminds teachers to renew, delivers what is due and deletes what "
        "is old. Meant to be run once a day, and may be run again at any time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", action="append", choices=[part.name for part in PARTS], help="do this part only")

    def handle(self, *args: Any, only: list[str] | None, verbosity: int, **options: Any) -> None:
        failed = []
        for told in keep(only or ()):
            if told.failed:
                failed.append(told.name)
                self.stderr.write(f"{told.name}: {told.words}")
            elif verbosity > 0:
                self.stdout.write(f"{told.name}: {told.words}")
        if failed:
            raise CommandError(f"Not done: {', '.join(failed)}. All else is. The site's log says more.")
