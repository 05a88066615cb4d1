"""Reading a programme from a site, to be written as a pack."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _
from pydantic import ValidationError as ShapeError
from wagtail.models import Locale, Page, PageViewRestriction, Site

from ..words import quoted
from .errors import DumpError, PackError
from .file_names import name_for
from .folder import PACK_FILE, PackAbout, default_home, open_pack
from .loaders import PackLoader, registered_loaders
from .names import HOME, Names, registered_names
from .parts import IMAGE_FOLDER, Part, PartType, rich_fields
from .plain import plain
from .reasons import reason_for
from .saving import refuse_folder, save
from .text import Rich
from .writing import written, written_sections

#: Fields of every page that packs do not have.
EXTRAS = ("seo_title", "search_description")


@dataclass(frozen=True)
class Loss:
    """Something that a pack cannot hold, or does not, and where it stands."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class DumpResult:
    """The files of a written pack, and what is not in them."""

    files: list[str]
    losses: list[Loss] = field(default_factory=list)


class Dumping:
    """A programme on its way out of the database: what is published of it, in the site's default language.

    ``key`` is its pathway's, and the pack's. Loaders make parts by ``part`` and ``text``, and say what they leave out.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.name = key
        #: The keys of all pathways of the site, this one's among them.
        self.programmes: set[str] = {key}
        self.losses: list[Loss] = []
        #: The pictures that the pack shows, by the names of their files.
        self.images: dict[str, Any] = {}
        self._taken: set[tuple[type[models.Model], int]] = set()
        self._placed: set[tuple[type[models.Model], int]] = set()

    @cached_property
    def locale(self) -> Locale:
        return Locale.get_default()

    @cached_property
    def home(self) -> Page:
        return default_home()

    @cached_property
    def _names(self) -> dict[str, Names]:
        return registered_names()

    @property
    def is_alone(self) -> bool:
        """Whether the site has no other programme, so that all of it is this one's."""
        return self.programmes <= {self.key}

    def lose(self, record: models.Model, what: str) -> None:
        """Report something of a record that is not in the pack."""
        loss = Loss(f"{record._meta.verbose_name} {quoted(record)}", what)
        if loss not in self.losses:
            self.losses.append(loss)

    def seen(self, pages: Iterable[Page]) -> list[Page]:
        """Of these pages those that everybody may see; the others are reported."""
        found = []
        for page in pages:
            if not page.live:
                self.lose(page, _("it is not published"))
            elif self.is_restricted(page):
                self.lose(page, _("not everybody may see it"))
            else:
                found.append(page)
        return found

    def is_restricted(self, page: Page) -> bool:
        return PageViewRestriction.objects.filter(page__in=page.get_ancestors(inclusive=True)).exists()

    def take(self, record: models.Model, *, below: Page | None = None) -> None:
        """Let a record go into the pack; other parts may lead to it then.

        A page will stand ``below`` another one, or else directly below the home page.
        """
        self._taken.add((_kind(record), record.pk))
        if not isinstance(record, Page) or record.pk == self.home.pk:
            return
        if not record.is_child_of(below or self.home):
            self.lose(record, _("it stands elsewhere, and would be loaded directly below the home page"))
        for name in EXTRAS:
            if getattr(record, name):
                self.lose(record, str(record._meta.get_field(name).verbose_name))

    def has(self, record: models.Model) -> bool:
        """Whether a record goes into the pack."""
        return (_kind(record), record.pk) in self._taken

    def place(self, record: models.Model) -> None:
        """Say that a record's part is made: what is loaded in the order of the pack can show it from here on."""
        self._placed.add((_kind(record), record.pk))

    def is_placed(self, record: models.Model) -> bool:
        """Whether a record's part stands before what is made now."""
        return (_kind(record), record.pk) in self._placed

    def path(self, page: Page) -> str | None:
        """Where a page stands in the pack, from the home page on; ``None`` if it is not in it."""
        if not self.has(page):
            return None
        return page.url_path.removeprefix(self.home.url_path).strip("/") or HOME

    def image(self, record: models.Model, image: Any) -> str | None:
        """The name by which the pack has a picture that a record shows; ``None`` and a loss if its file is gone."""
        known = {other.pk: name for name, other in self.images.items()}
        if image.pk in known:
            return known[image.pk]
        if not image.file.storage.exists(image.file.name):
            self.lose(record, _("the picture “%(title)s”") % {"title": image.title})
            return None
        name = name_for(image, self.images)
        self.images[name] = image
        return name

    def text(self, record: models.Model, html: str, rich: Rich) -> str:
        """Rich text of a record as a pack says it."""
        return plain(html, lambda what: self.lose(record, what), rich=rich, name_of=self._name_of)

    def _name_of(self, kind: str, key: str) -> str | None:
        names = self._names.get(kind)
        return names.name(key, self) if names else key

    def part(self, record: models.Model, schema: type[PartType], **values: Any) -> PartType:
        """What a record says, as a part. Raises ``DumpError`` if no pack can say it."""
        try:
            return schema(**{name: _with_plain_line_ends(value) for name, value in values.items()})
        except ShapeError as error:
            reason = reason_for(error.errors(include_url=False)[0])
            raise DumpError(f"{record._meta.verbose_name} {quoted(record)}: {reason}") from error

    def part_of(self, record: models.Model, schema: type[PartType], **others: Any) -> PartType:
        """A part with what the record's fields of the same names say, and ``others`` as they are given."""
        names = {field.name for field in record._meta.concrete_fields} & set(schema.model_fields) - others.keys()
        values = {name: getattr(record, name) for name in names}
        texts = {name: rich for name, rich in rich_fields(schema).items() if name in values}
        values |= {name: self.text(record, values[name], rich) for name, rich in texts.items()}
        return self.part(record, schema, **values | others)


def _kind(record: models.Model) -> type[models.Model]:
    return Page if isinstance(record, Page) else type(record)


def _with_plain_line_ends(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def dump_pack(
    folder: Path, pathway: str, *, name: str = "", about: str = "", force: bool = False, strict: bool = False
) -> DumpResult:
    """Write the programme of a pathway, by its key, into a folder as a pack.

    With ``force`` the files and pictures of a pack that lies there are replaced. ``strict`` refuses whatever a pack
    cannot hold. Raises ``DumpError``, and nothing is written.
    """
    refuse_folder(folder, force=force)
    if not Site.objects.filter(is_default_site=True).exists():
        raise DumpError(_("There is no default site, and so no home page to begin from."))
    dumping = Dumping(pathway)
    with transaction.atomic():
        parts = _parts(dumping)
    if strict and dumping.losses:
        raise DumpError("\n".join([_("A pack cannot hold all of this:"), *map(str, dumping.losses)]))
    files: dict[str, str | bytes] = {**_files(_about(dumping, name, about), parts), **_pictures(dumping)}
    try:
        save(folder, files, force=force, check=open_pack, gone=_pictures_of_pack_in(folder))
    except PackError as error:
        raise DumpError(_("No pack can be made of this. %(why)s") % {"why": error}) from error
    return DumpResult(list(files), dumping.losses)


def _parts(dumping: Dumping) -> list[tuple[PackLoader, Part]]:
    loaders = registered_loaders()
    for loader in loaders:
        loader.choose(dumping)
    found = [(loader, loader.dump(dumping)) for loader in loaders]
    return [(loader, part) for loader, part in found if part is not None]


def _about(dumping: Dumping, name: str, about: str) -> PackAbout:
    name = name or dumping.name
    return PackAbout(
        key=dumping.key,
        name=name,
        language=dumping.locale.language_code,
        about=about or _("%(name)s, as a site had it.") % {"name": name},
    )


def _pictures(dumping: Dumping) -> dict[str, bytes]:
    """The content of each picture, as it was uploaded."""
    found = {}
    for name, image in dumping.images.items():
        with image.file.storage.open(image.file.name) as file:
            found[f"{IMAGE_FOLDER}/{name}"] = file.read()
    return found


def _pictures_of_pack_in(folder: Path) -> set[str]:
    """The files of the pictures of a pack that lies there; of none where there is no pack, or a faulty one."""
    try:
        return {f"{IMAGE_FOLDER}/{name}" for name in open_pack(folder).pictures}
    except PackError:
        return set()


def _files(about: PackAbout, parts: list[tuple[PackLoader, Part]]) -> dict[str, str]:
    """The text of each file by its name."""
    heading = _("What this pack is.")
    files = {PACK_FILE: f"# {heading}\n\n{written(about)}"}
    for file in dict.fromkeys(loader.file for loader, _part in parts):
        held = [(loader, part) for loader, part in parts if loader.file == file]
        says = next((loader.says for loader, _part in held if loader.says), file)
        whole = [part for loader, part in held if not loader.section]
        text = written(whole[0]) if whole else written_sections({loader.section: part for loader, part in held})
        files[file] = f"# {says}\n\n{text}"
    return files
