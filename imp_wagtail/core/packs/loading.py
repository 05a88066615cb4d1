"""Writing a pack: what is missing is added, what exists is kept, or brought back to the pack's wording if asked."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.log_actions import log
from wagtail.models import Locale, Page, Site

from .errors import PackError
from .folder import PACK_FILE, Pack, open_pack
from .parts import Part

#: Pages of packs are found by this and their first slug, wherever an editor has moved or renamed them since.
IDENTITIES = uuid.UUID("6d0bb3f0-6b1c-4b0e-9d44-1d6f5a6f0c27")

Record = TypeVar("Record", bound=models.Model)
PageType = TypeVar("PageType", bound=Page)


class Outcome(StrEnum):
    """What became of one thing."""

    ADDED = "added"
    UPDATED = "updated"
    KEPT = "kept"
    LEFT = "left"


@dataclass(frozen=True)
class Line:
    """One thing of a report."""

    outcome: Outcome
    what: str

    def __str__(self) -> str:
        return f"{self.outcome.value:<8}{self.what}"


@dataclass
class PackResult:
    """What loading a pack did, thing by thing."""

    name: str
    lines: list[Line] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(line.outcome == outcome for line in self.lines)

    @property
    def changed(self) -> int:
        """How many things were added or updated."""
        return self.count(Outcome.ADDED) + self.count(Outcome.UPDATED)


class Loading:
    """A pack on its way into the database. Loaders write through ``put`` and ``put_page`` only."""

    def __init__(self, pack: Pack, *, overwrite: bool) -> None:
        self.pack = pack
        self.overwrite = overwrite
        self.result = PackResult(pack.about.name)

    @cached_property
    def locale(self) -> Locale:
        """The language that everything is loaded in: the site's default, which is the pack's."""
        return Locale.get_default()

    @property
    def site(self) -> Site:
        site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
        if site is None:
            raise PackError(PACK_FILE, None, _("There is no default site to load the pack into."))
        return site

    @property
    def home(self) -> Page:
        """The home page of the default site, below which the pack's pages lie."""
        return self.site.root_page

    def note(self, outcome: Outcome, record: models.Model, *, at: str = "") -> None:
        what = f"{record._meta.verbose_name} “{record}”{f' ({at})' if at else ''}"
        self.result.lines.append(Line(outcome, what))

    def put(
        self,
        part: Part,
        model: type[Record],
        found: Record | None,
        identity: dict[str, Any],
        values: dict[str, Any],
    ) -> Record:
        """Add a record, or keep or update the one that was ``found``. Returns it.

        ``identity`` is set when it is added and never again; ``values`` are what ``overwrite`` brings back.
        """
        record = found or model(**identity, **values)
        outcome = self._outcome(found, values)
        if outcome != Outcome.KEPT:
            assign(record, values)
            with part.blamed():
                record.full_clean()
            record.save()
            if not hasattr(record, "sort_order"):  # a part of something else is logged with that
                log(record, "wagtail.edit" if found else "wagtail.create")
        self.note(outcome, record)
        return record

    def put_page(
        self,
        part: Part,
        model: type[PageType],
        parent: Page,
        slug: str,
        values: dict[str, Any],
        *,
        only_one: bool = False,
    ) -> PageType:
        """Add and publish a page below ``parent``, or keep or update the one that is there. Returns it.

        ``only_one``: a site has one page of this type, and any is as good as the pack's.
        """
        found = self._find_page(part, model, parent, slug, only_one=only_one)
        outcome = self._outcome(found, values)
        page = found or model(slug=slug, translation_key=self._identity(model, slug))
        if outcome != Outcome.KEPT:
            assign(page, values)
            with part.blamed():
                page.full_clean() if found else parent.add_child(instance=page)
            revision = page.save_revision(log_action="wagtail.edit" if found else "wagtail.create")
            if page.live:
                revision.publish()
            else:  # an editor took it off the site, and there it stays
                page.save()
        self.note(outcome, page, at=page.url_path.removeprefix(self.home.url_path.rstrip("/")))
        return page

    def _outcome(self, found: models.Model | None, values: dict[str, Any]) -> Outcome:
        if found is None:
            return Outcome.ADDED
        return Outcome.UPDATED if self.overwrite and differs(found, values) else Outcome.KEPT

    def _identity(self, model: type[Page], slug: str) -> uuid.UUID:
        return uuid.uuid5(IDENTITIES, f"{self.pack.about.key}/{model._meta.label_lower}/{slug}")

    def _find_page(
        self, part: Part, model: type[PageType], parent: Page, slug: str, *, only_one: bool
    ) -> PageType | None:
        own = model.objects.filter(locale=parent.locale)
        known = own.filter(translation_key=self._identity(model, slug)).first()
        if known is None and only_one:
            known = own.descendant_of(self.home).first()
        if known is not None:
            return known
        neighbour = parent.get_children().filter(slug=slug).first()
        if neighbour is None:
            return None
        if neighbour.specific_class is not model:
            raise part.error(_("There is another kind of page at /%(slug)s/ already.") % {"slug": slug}, "slug")
        return neighbour.specific


def assign(record: models.Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(record, name, value)


def differs(record: models.Model, values: dict[str, Any]) -> bool:
    """Whether a record says anything else than these values."""
    return any(comparable(getattr(record, name)) != comparable(value) for name, value in values.items())


def comparable(value: Any) -> Any:
    """A field's value without what the database adds to it: the identifiers of blocks and of child rows."""
    if isinstance(value, StreamValue):
        return without_ids(value.get_prep_value())
    if hasattr(value, "get_queryset"):  # the rows of a page's inline panel
        value = list(value.all())
    if isinstance(value, list) and value and isinstance(value[0], models.Model):
        return [_own_values(row) for row in value]
    return value


def without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_ids(item) for name, item in value.items() if name != "id"}
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def _own_values(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: field.value_from_object(row)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in ("sort_order", "page")
    }


def load_pack(folder: Path, *, overwrite: bool = False, report: Callable[[Line], object] | None = None) -> PackResult:
    """Load the pack in a folder, all of it or nothing.

    Things are looked up by their keys and slugs: what exists is kept as it is, so that later edits survive;
    with ``overwrite`` it says again what the pack says. ``report`` is called for each thing once all is written.
    Raises ``PackError`` with the file, the line and the reason.
    """
    pack = open_pack(Path(folder))
    loading = Loading(pack, overwrite=overwrite)
    with transaction.atomic():
        for step in ("prepare", "load", "finish"):
            for loader, part in pack.parts:
                getattr(loader, step)(part, loading)
    for line in loading.result.lines if report else ():
        report(line)
    return loading.result


def merged_order(first: Iterable[Any], second: Iterable[Any]) -> list[Any]:
    """The first order, with what only the second has put behind what comes before it there."""
    merged = list(first)
    place = 0
    for item in second:
        if item not in merged:
            merged.insert(place, item)
        place = merged.index(item) + 1
    return merged
