"""``manage.py imp_dump <folder> --pathway KEY``: write a content pack from this site."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imp_wagtail.core.packs import DumpError, DumpResult, dump_pack


class Command(BaseCommand):
    help = "Write a content pack: what is published of a programme, in the site's default language."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="The folder to be made.")
        parser.add_argument("--pathway", required=True, metavar="KEY", help="The key of the programme's pathway.")
        parser.add_argument("--name", default="", help="The pack's name. Without it, the programme's.")
        parser.add_argument("--about", default="", help="What the pack holds, in a sentence.")
        parser.add_argument("--force", action="store_true", help="Replace the files of a pack that lies there.")
        parser.add_argument("--strict", action="store_true", help="Refuse whatever a pack cannot hold.")

    def handle(self, *args: Any, folder: Path, pathway: str, verbosity: int, **options: Any) -> None:
        asked = {name: options[name] for name in ("name", "about", "force", "strict")}
        try:
            result = dump_pack(folder, pathway, **asked)
        except DumpError as error:
            raise CommandError("\n".join([str(error), _("Nothing was written.")])) from error
        for loss in result.losses:
            self.stderr.write(self.style.WARNING(_("left out  %(loss)s") % {"loss": loss}))
        if verbosity > 0:
            self.stdout.write(f"{folder}: {in_words(result)}")


def in_words(result: DumpResult) -> str:
    """How much was written, and how much a pack cannot hold."""
    files, losses = len(result.files), len(result.losses)
    written = ngettext("%(files)d file written", "%(files)d files written", files) % {"files": files}
    left_out = ngettext("%(losses)d thing left out", "%(losses)d things left out", losses) % {"losses": losses}
    return f"{written}, {left_out}."
