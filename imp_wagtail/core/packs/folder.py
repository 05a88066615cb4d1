"""A pack: a folder of files, each read, shaped and checked before anything is written."""

import re
from collections.abc import Collection
from functools import cached_property
from pathlib import Path

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page, Site

from .errors import PackError
from .inline import TextError
from .loaders import PackLoader, registered_loaders
from .names import Names, registered_names
from .parts import Key, Part, PartType, Text, parts_in, picture_fields, rich_fields, shaped
from .reader import Source, read
from .reasons import did_you_mean
from .text import rich_text

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

    def __init__(self, folder: Path, about: PackAbout, parts: dict[type[PackLoader], tuple[PackLoader, Part]]) -> None:
        self.folder, self.about = folder, about
        self._parts = parts
        self._known_names: dict[str, Collection[str] | None] = {}

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
        """The paths of the pages below the home page: those there, and those that this pack has."""
        home = default_home()
        there = home.get_descendants().values_list("url_path", flat=True)
        return {*(path.removeprefix(home.url_path).strip("/") for path in there), *self.own_addresses}

    @cached_property
    def own_addresses(self) -> set[str]:
        """Of these, the paths of the pages that this pack has."""
        return {path for loader, part in self.parts for path in loader.addresses(part)}

    @cached_property
    def pictures(self) -> set[str]:
        """The names of the files of its pictures."""
        return {name for loader, part in self.parts for name in loader.images(part)}

    @cached_property
    def names(self) -> dict[str, Names]:
        """Of every kind of thing that texts can refer to."""
        return registered_names()

    def check_texts(self) -> None:
        """Refuse marks in texts that mean nothing, and links to what there is not. Raises ``PackError``."""
        for _loader, data in self.parts:
            for part in parts_in(data):
                for name, rich in rich_fields(type(part)).items():
                    try:
                        rich_text(getattr(part, name) or "", rich, self._refer)
                    except TextError as error:
                        raise part.error_within(error, name) from error

    def check_pictures(self) -> None:
        """Refuse the name of a picture that the pack does not have. Raises ``PackError``."""
        known = self.pictures
        for _loader, data in self.parts:
            for part in parts_in(data):
                for field in picture_fields(type(part)):
                    name = getattr(part, field)
                    if name is not None and name not in known:
                        reason = _("There is no picture “%(name)s” in images.yaml.") % {"name": name}
                        raise part.error(reason + did_you_mean(name, known), field)

    def _refer(self, kind: str, name: str) -> str:
        known = self._known(kind)
        if known is not None and name not in known:
            said = f"{kind}:{name}"
            reason = _("“%(name)s” is not known here.") % {"name": said}
            raise TextError(reason + did_you_mean(said, [f"{kind}:{one}" for one in known]))
        return name

    def _known(self, kind: str) -> Collection[str] | None:
        """The names of a kind; ``None`` where nobody has said which there are."""
        if kind not in self._known_names:
            names = self.names.get(kind)
            self._known_names[kind] = names.known(self) if names else None
        return self._known_names[kind]


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
    pack = Pack(folder, about, parts)
    for loader, part in pack.parts:
        loader.check(part, pack)
    pack.check_texts()
    pack.check_pictures()
    return pack


def _read_all(folder: Path, known: set[str]) -> dict[str, Source]:
    files = _yaml_files(folder)
    if not files:
        raise PackError(str(folder), None, _("There is no pack here: the folder holds no YAML file."))
    for path in files:
        if path.name not in known:
            raise PackError(path.name, None, _("No part of a pack has this name.") + did_you_mean(path.name, known))
    if not (folder / PACK_FILE).exists():
        raise PackError(PACK_FILE, None, _("The file is missing. It gives the pack's name and language."))
    return {path.name: read(path) for path in files}


def _yaml_files(folder: Path) -> list[Path]:
    try:
        if not folder.exists():
            raise PackError(str(folder), None, _("There is no such folder."))
        if not folder.is_dir():
            raise PackError(str(folder), None, _("This is a file. A pack is a folder; give its path."))
        return sorted(path for path in folder.iterdir() if YAML_NAME.fullmatch(path.name))
    except OSError as error:
        raise PackError(
            str(folder), None, _("The folder cannot be read: %(why)s.") % {"why": error.strerror}
        ) from error


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
