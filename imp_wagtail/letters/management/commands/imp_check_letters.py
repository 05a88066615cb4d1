"""Hold the register of letters against what is stored, and report all that is not as it was issued."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imp_wagtail.letters.models import Letter
from imp_wagtail.letters.register.inventory import wrong_files, wrong_numbers
from imp_wagtail.letters.register.strays import STRAY_AFTER, age_of, delete_stray, strays


class Command(BaseCommand):
    help = (
        "Computes the hash of every letter's stored file and of every picture on letters anew, and reports those that "
        "are missing or altered, numbers with a gap or a double, and files that belong to no letter. Ends with an "
        "error where anything is wrong."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--delete-strays",
            action="store_true",
            help="delete files that belong to no letter and are older than a day; never a letter's",
        )

    def handle(self, *args: Any, delete_strays: bool, verbosity: int, **options: Any) -> None:
        self.verbosity = verbosity
        self.total = Letter.objects.count()
        wrong = 0
        for line in self._findings(delete_strays):
            self.stdout.write(line)
            wrong += 1
        if wrong:
            raise CommandError(
                f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong with {self.total} letters."
            )
        self._say(self.style.SUCCESS(f"{self.total} letters are as they were issued."))

    def _findings(self, delete_strays: bool) -> Iterator[str]:
        yield from wrong_numbers()
        yield from wrong_files(self._progress)
        try:
            for name in strays():
                yield from self._stray(name, delete_strays)
        except NotImplementedError:
            self._say("This storage does not list its files, so none was looked for that belongs to no letter.")

    def _stray(self, name: str, delete: bool) -> Iterator[str]:
        """A line where a file of no letter stays; not where it may be one's in a moment."""
        age = age_of(name)
        if age is not None and age < STRAY_AFTER:
            self._say(f"{name} belongs to no letter yet; it is younger than a day.", least=2)
        elif delete and delete_stray(name):
            self._say(f"{name} belonged to no letter, and was deleted.")
        else:
            yield f"{name} belongs to no letter"

    def _progress(self, done: int) -> None:
        if self.verbosity > 1:
            self.stderr.write(f"{done} of {self.total} looked at")

    def _say(self, text: str, least: int = 1) -> None:
        """Something that is not wrong."""
        if self.verbosity >= least:
            self.stdout.write(text)
