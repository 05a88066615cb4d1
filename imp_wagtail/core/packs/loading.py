"""Writing a pack: what is missing is added, what exists is kept, or brought back to the pack's wording if asked."""

import uuid
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import DraftStateMixin, Locale, Page, get_page_models
from wagtail.query import PageQuerySet

from imp_wagtail.core.addresses import refuse_taken_address
from imp_wagtail.core.packs.comparing import assign, differs
from imp_wagtail.core.packs.folder import Pack, default_home, open_pack
from imp_wagtail.core.packs.names import HOME
from imp_wagtail.core.packs.parts import Part, rich_fields
from imp_wagtail.core.packs.promises import Promises
from imp_wagtail.core.packs.results import Line, Outcome, PackResult
from imp_wagtail.core.packs.text import rich_text
from imp_wagtail.core.words import quoted

#: Pages of packs are found by this and their first slug, wherever an editor has moved or renamed them since.
IDENTITIES = uuid.UUID("6d0bb3f0-6b1c-4b0e-9d44-1d6f5a6f0c27")

Record = TypeVar("Record", bound=models.Model)
PageType = TypeVar("PageType", bound=Page)


class Loading:
    """A pack on its way into the database. Loaders write through ``put`` and ``put_page`` only."""

    def __init__(self, pack: Pack, *, overwrite: bool) -> None:
        self.pack = pack
        self.overwrite = overwrite
        self.result = PackResult(pack.about.name)
        self._pages: dict[str, Page] = {}
        self._added: set[int] = set()
        self._promises = Promises()
        #: The pictures of the pack, by the names of their files.
        self.images: dict[str, models.Model] = {}
        #: What is to be done where loading fails, besides what the database takes back by itself.
        self.undo: list[Callable[[], object]] = []

    @cached_property
    def locale(self) -> Locale:
        """The language that everything is loaded in: the site's default, which is the pack's."""
        return Locale.get_default()

    @property
    def home(self) -> Page:
        """The home page of the default site, below which the pack's pages lie."""
        return default_home()

    def page(self, path: str) -> Page:
        """A page by the path that the pack knows it by, from the home page on; it may have another now."""
        page = self.find_page(path)
        if page is None:
            raise Page.DoesNotExist(path)
        return page

    def find_page(self, path: str) -> Page | None:
        """The same; ``None`` while it is not there."""
        if path == HOME:
            return self.home
        if path in self._pages:
            return self._pages[path]
        below = Page.objects.descendant_of(self.home).filter(locale=self.locale)
        there = below.filter(url_path=f"{self.home.url_path}{path}/").first()
        return (self._made_at(path, there, below) if path in self.pack.own_addresses else None) or there

    def _made_at(self, path: str, there: Page | None, below: PageQuerySet) -> Page | None:
        """The page that this pack made for a path, now or earlier: there, or wherever it was moved.

        A path of a pack may end as another does. What is known by that one is another page.
        """
        keys = {self.identity(model, path.rpartition("/")[2]) for model in get_page_models()}
        others = {page.pk for page in self._pages.values()}
        made = below.filter(translation_key__in=keys).exclude(pk__in=others).order_by("path")
        if there in made:
            return there
        as_deep = made.filter(depth=self.home.depth + path.count("/") + 1)
        return as_deep.first() or made.first()

    def text(self, part: Part, name: str) -> str:
        """A part's field as rich text. What it refers to may be made after it."""
        return rich_text(getattr(part, name) or "", rich_fields(type(part))[name], self._refer)

    def _refer(self, kind: str, name: str) -> str:
        names = self.pack.names.get(kind)
        key = names.key(name, self) if names else name
        return self._promises.promise(kind, name) if key is None else key

    def has_added(self, page: Page) -> bool:
        """Whether this loading made the page."""
        return page.pk in self._added

    def is_own_page(self, page: Page, model: type[Page], slug: str) -> bool:
        """Whether this pack made the page, now or earlier."""
        return page.translation_key == self.identity(model, slug)

    def identity(self, model: type[models.Model], name: str) -> uuid.UUID:
        """What a thing of this pack is known by, whatever editors call it later."""
        return identity(self.pack.about.key, model, name)

    def note(self, outcome: Outcome, record: models.Model, detail: str = "") -> None:
        """Put a line into the report."""
        what = f"{record._meta.verbose_name} {quoted(record)}{f' ({detail})' if detail else ''}"
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
        refuse_line_breaks(part, model, values)
        record = found or model(**identity, **values)
        outcome = self._outcome(found, values)
        if outcome != Outcome.KEPT:
            assign(record, values)
            with part.blamed():
                record.full_clean()
            record.save()
            self._promises.note(part, record, values)
            if isinstance(record, DraftStateMixin):  # what is edited is the latest revision, not the record
                revision = record.save_revision()
                if record.live:  # what staff have unpublished stays so
                    revision.publish()
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
        refuse_line_breaks(part, model, values)
        found = self._find_page(part, model, parent, slug, only_one=only_one)
        outcome = self._outcome(found, values)
        page = found
        if found is None:
            page = model(slug=slug, translation_key=self.identity(model, slug), **values)
            with part.blamed():
                refuse_taken_address(parent, slug)
                parent.add_child(instance=page)
            log(page, "wagtail.create")
            page.save_revision().publish()
            self._added.add(page.pk)
            self._promises.note(part, page, values)
        elif outcome == Outcome.UPDATED:
            self.rewrite(part, page, values)
        self._pages[self._path_in_pack(parent, slug)] = page
        self.note(outcome, page, self._path(page))
        return page

    def rewrite(self, part: Part, page: Page, values: dict[str, Any]) -> None:
        """Let a page say other things, with a revision of its own."""
        assign(page, values)
        with part.blamed():
            page.full_clean()
        revision = page.save_revision(log_action=True)
        if page.live:
            revision.publish()
        else:  # an editor took it off the site, and there it stays
            page.save()
        self._promises.note(part, page, values)

    def keep_promises(self) -> None:
        """Let texts lead to what was made after them."""
        self._promises.keep(self._refer)

    def _path_in_pack(self, parent: Page, slug: str) -> str:
        """The path by which the pack knows a page."""
        above = next((path for path, page in self._pages.items() if page.pk == parent.pk), "")
        return f"{above}/{slug}" if above else slug

    def _path(self, page: Page) -> str:
        """Where a page is, as its address has it."""
        return page.url_path.removeprefix(self.home.url_path.rstrip("/"))

    def _outcome(self, found: models.Model | None, values: dict[str, Any]) -> Outcome:
        if found is None:
            return Outcome.ADDED
        return Outcome.UPDATED if self.overwrite and differs(found, values) else Outcome.KEPT

    def _find_page(
        self, part: Part, model: type[PageType], parent: Page, slug: str, *, only_one: bool
    ) -> PageType | None:
        own = model.objects.filter(locale=parent.locale)
        known = own.filter(translation_key=self.identity(model, slug)).first()
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


def identity(pack: str, model: type[models.Model], name: str) -> uuid.UUID:
    """What a thing is known by that a pack of this key brings by this name."""
    return uuid.uuid5(IDENTITIES, f"{pack}/{model._meta.label_lower}/{name}")


def refuse_line_breaks(part: Part, model: type[models.Model], values: dict[str, Any]) -> None:
    """Refuse several lines where forms have one, such as in a title. Raises ``PackError``."""
    for name, value in values.items():
        is_long = isinstance(value, str) and len(value.splitlines()) > 1
        if is_long and isinstance(model._meta.get_field(name), models.CharField):
            raise part.error(_("This text is to stand on one line. Take the line break out of it."), name)


def load_pack(folder: Path, *, overwrite: bool = False, report: Callable[[Line], object] | None = None) -> PackResult:
    """Load the pack in a folder, all of it or nothing.

    Things are looked up by their keys and slugs: what exists is kept as it is, so that later edits survive;
    with ``overwrite`` it says again what the pack says. ``report`` is called for each thing once all is written.
    Raises ``PackError`` with the file, the line and the reason.
    """
    pack = open_pack(Path(folder))
    loading = Loading(pack, overwrite=overwrite)
    try:
        with transaction.atomic():
            for step in ("prepare", "load", "finish"):
                for loader, part in pack.parts:
                    getattr(loader, step)(part, loading)
            loading.keep_promises()
    except BaseException:
        for undo in loading.undo:
            undo()
        raise
    for line in loading.result.lines if report else ():
        report(line)
    return loading.result
