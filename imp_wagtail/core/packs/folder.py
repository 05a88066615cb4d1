"""A pack: a folder of files, each read, shaped and checked before anything is written."""

import re
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from .errors import PackError
from .loaders import PackLoader, registered_loaders
from .parts import Key, Part, PartType, Text, shaped
from .reader import Source, read
from .reasons import did_you_mean

PACK_FILE = "pack.yaml"
#: Hidden files are some operating system's own.
YAML_NAME = re.compile(r"[^.].*\.ya?ml", re.IGNORECASE)


class PackAbout(Part):
    """``pack.yaml``: what the pack is."""

    key: Key
    name: Text
    language: Text
    about: Text


class Pack:
    """The content of a pack's folder. ``open_pack`` makes one."""

    def __init__(self, about: PackAbout, parts: dict[type[PackLoader], tuple[PackLoader, Part]]) -> None:
        self.about = about
        self._parts = parts

    @property
    def parts(self) -> list[tuple[PackLoader, Part]]:
        """What each loader has to load from this pack, in order."""
        return list(self._parts.values())

    def part_for(self, loader: type[PackLoader[PartType]]) -> PartType | None:
        """What one room's loader finds in this pack; ``None`` if the pack has nothing for it."""
        found = self._parts.get(loader)
        return found[1] if found else None  # type: ignore[return-value]

    @cached_property
    def addresses(self) -> set[str]:
        """The slugs of the pages directly below the home page: those there, and those that this pack has."""
        there = default_home().get_children().values_list("slug", flat=True)
        return {*there, *(slug for loader, part in self.parts for slug in loader.addresses(part))}


def open_pack(folder: Path) -> Pack:
    """Read and check a pack. Raises ``PackError`` for the first thing amiss."""
    loaders = registered_loaders()
    sources = _read_all(folder, {PACK_FILE, *(loader.file for loader in loaders)})
    about = shaped(PackAbout, sources.pop(PACK_FILE))
    _check_language(about)
    parts: dict[type[PackLoader], tuple[PackLoader, Part]] = {}
    for source in sources.values():
        _check_sections(source, loaders)
    for loader in loaders:
        source = sources.get(loader.file)
        if source and (not loader.section or loader.section in source.data):
            parts[type(loader)] = loader, shaped(loader.schema, source, loader.section)
    pack = Pack(about, parts)
    for loader, part in pack.parts:
        loader.check(part, pack)
    return pack


def _read_all(folder: Path, known: set[str]) -> dict[str, Source]:
    if not folder.exists():
        raise PackError(str(folder), None, _("There is no such folder."))
    if not folder.is_dir():
        raise PackError(str(folder), None, _("This is a file. A pack is a folder; give its path."))
    files = sorted(path for path in folder.iterdir() if YAML_NAME.fullmatch(path.name))
    if not files:
        raise PackError(str(folder), None, _("There is no pack here: the folder holds no YAML file."))
    for path in files:
        if path.name not in known:
            raise PackError(path.name, None, _("No part of a pack has this name.") + did_you_mean(path.name, known))
    if not (folder / PACK_FILE).exists():
        raise PackError(PACK_FILE, None, _("The file is missing. It gives the pack's name and language."))
    return {path.name: read(path) for path in files}


def _check_sections(source: Source, loaders: list[PackLoader]) -> None:
    sections = {loader.section for loader in loaders if loader.file == source.file}
    if "" in sections:
        return
    for name in source.data:
        if name not in sections:
            reason = _("“%(name)s” is not known here.") % {"name": name} + did_you_mean(name, sections)
            raise PackError(source.file, source.line((name,), of_key=True), reason)


def _check_language(about: PackAbout) -> None:
    # Loaded under another language's flag, every page would be announced and hyphenated wrongly.
    default = Locale.get_default()
    if about.language.split("-")[0].lower() != default.language_code.split("-")[0].lower():
        raise about.error(
            _("The pack is in “%(pack)s”, but the site's default language is “%(site)s”.")
            % {"pack": about.language, "site": default.language_code},
            "language",
        )


def default_home() -> Page:
    """The home page of the default site. Raises ``PackError`` where there is no such site."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is None:
        raise PackError(PACK_FILE, None, _("There is no default site to load the pack into."))
    return site.root_page
