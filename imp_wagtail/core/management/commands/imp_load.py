"""``manage.py imp_load <folder>``: load a content pack."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from imp_wagtail.core.packs import Outcome, PackError, load_pack


class Command(BaseCommand):
    help = "Load a content pack: a folder with a programme's pathway, trainings, questions and letters."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="The pack's folder.")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Bring back the pack's wording and rules where they were edited. Without it, edits are kept.",
        )

    def handle(self, *args: Any, folder: Path, overwrite: bool, verbosity: int, **options: Any) -> None:
        report = (lambda line: self.stdout.write(str(line))) if verbosity > 0 else None
        try:
            result = load_pack(folder, overwrite=overwrite, report=report)
        except PackError as error:
            raise CommandError("\n".join([str(error), _("Nothing was loaded.")])) from error
        if verbosity > 0:
            self.stdout.write(
                _("%(name)s: %(added)d added, %(updated)d updated, %(kept)d kept.")
                % {
                    "name": result.name,
                    "added": result.count(Outcome.ADDED),
                    "updated": result.count(Outcome.UPDATED),
                    "kept": result.count(Outcome.KEPT),
                }
            )
