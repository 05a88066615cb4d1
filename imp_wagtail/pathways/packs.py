"""What this room loads from packs: ``pathway.yaml``, and the pathway's page."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import Field
from wagtail.log_actions import log
from wagtail.models import Page

from imp_wagtail.core.packs import (
    DumpError,
    Dumping,
    Key,
    Loading,
    Months,
    Names,
    Number,
    Outcome,
    Pack,
    PackLoader,
    Part,
    Rich,
    Text,
    did_you_mean,
    identity,
    merged_order,
    refuse_doubles,
)

from . import rules
from .models import Pathway, PathwayPage, Requirement, Stage
from .signals import pathway_changed


class RequirementPart(Part):
    """One requirement, field by field as it is stored."""

    key: Key
    title: Text
    note: str = ""
    kind: rules.Kind
    amount: Number = Decimal(1)
    each_min: Number | None = None
    each_max: Number | None = None
    unit: rules.Unit | None = None
    cohort_kind: rules.CohortKind | None = None
    is_required: bool = True
    open_at_training: bool = False

    @property
    def values(self) -> dict[str, object]:
        return {
            **self.model_dump(exclude={"key"}),
            "kind": self.kind.value,
            "unit": self.unit.value if self.unit else "",
            "cohort_kind": self.cohort_kind.value if self.cohort_kind else "",
        }


class StagePart(Part):
    """One stage with its requirements."""

    key: Key
    title: Text
    summary: str = ""
    description: Annotated[str, Rich.of(Stage, "description")] = ""
    opens_after_months: Months | None = None
    closes_after_months: Months | None = None
    unlocks: rules.Unlock | None = None
    requirements: list[RequirementPart] = Field(min_length=1)

    def values(self, loading: Loading) -> dict[str, object]:
        return {
            **self.model_dump(exclude={"key", "requirements"}),
            "description": loading.text(self, "description"),
            "unlocks": self.unlocks.value if self.unlocks else "",
        }


class PathwayPart(Part):
    """``pathway.yaml``: a pathway with its stages."""

    key: Key
    title: Text
    programme: Text
    introduction: Annotated[str, Rich.of(Pathway, "introduction")] = ""
    contact_email: str = ""
    accredited_by: str = ""
    stages: list[StagePart] = Field(min_length=1)

    def values(self, loading: Loading) -> dict[str, object]:
        return {
            **self.model_dump(exclude={"key", "stages"}),
            "introduction": loading.text(self, "introduction"),
        }


class PathwayKeys(Names):
    """Texts call a pathway by its key, on a site and in packs alike."""

    def known(self, pack: Pack) -> Collection[str]:
        return pathway_keys(pack)

    def key(self, name: str, loading: Loading) -> str:
        return name

    def name(self, key: str, dumping: Dumping) -> str | None:
        return key if key.partition("/")[0] == dumping.key else None


class RequirementPaths(PathwayKeys):
    """A requirement is called by the keys of its pathway and its stage, and its own."""

    def known(self, pack: Pack) -> Collection[str]:
        there = Requirement.objects.filter(stage__pathway__in=Pathway.objects.in_source_language())
        paths = there.values_list("stage__pathway__key", "stage__key", "key")
        own = pack.part_for(PathwayLoader)
        stages = own.stages if own else []
        return {"/".join(path) for path in paths} | {
            f"{own.key}/{stage.key}/{item.key}" for stage in stages for item in stage.requirements
        }


class PathwayLoader(PackLoader[PathwayPart]):
    """Stages and requirements are found by their keys and changed in place: people's evidence points at them."""

    file = "pathway.yaml"
    says = "The pathway: its stages, and what each of them asks for."
    schema = PathwayPart
    names: Mapping[str, Names] = {"pathway": PathwayKeys(), "requirement": RequirementPaths()}

    def check(self, data: PathwayPart, pack: Pack) -> None:
        refuse_doubles(data.stages, "key")
        for stage in data.stages:
            refuse_doubles(stage.requirements, "key")

    def load(self, data: PathwayPart, loading: Loading) -> None:
        before = loading.result.changed
        found = pathway_with_key(data.key)
        pathway = loading.put(data, Pathway, found, {"key": data.key, "locale": loading.locale}, data.values(loading))
        stages = [self._load_stage(part, pathway, loading) for part in data.stages]
        put_in_order(pathway, pathway.stages.all(), stages, loading)
        if loading.result.changed > before:
            if found:
                log(pathway, "wagtail.edit")
            pathway_changed.send(Pathway, pathway=pathway.source, by=None)

    def _load_stage(self, part: StagePart, pathway: Pathway, loading: Loading) -> Stage:
        found = Stage.objects.filter(pathway=pathway, key=part.key).first()
        identity = {"pathway": pathway, "key": part.key, "locale": pathway.locale}
        stage = loading.put(part, Stage, found, identity, part.values(loading))
        requirements = [self._load_requirement(item, stage, loading) for item in part.requirements]
        put_in_order(stage, stage.requirements.all(), requirements, loading)
        return stage

    def _load_requirement(self, part: RequirementPart, stage: Stage, loading: Loading) -> Requirement:
        found = Requirement.objects.filter(stage=stage, key=part.key).first()
        identity = {"stage": stage, "key": part.key, "locale": stage.locale}
        return loading.put(part, Requirement, found, identity, part.values)

    def choose(self, dumping: Dumping) -> None:
        """No page, but the programme itself."""
        pathway = pathway_with_key(dumping.key)
        keys = set(Pathway.objects.in_source_language().values_list("key", flat=True))
        if pathway is None:
            reason = _("There is no pathway “%(key)s”.") % {"key": dumping.key}
            raise DumpError(reason + did_you_mean(dumping.key, keys))
        dumping.name, dumping.programmes = pathway.programme, keys

    def dump(self, dumping: Dumping) -> PathwayPart:
        pathway = Pathway.objects.in_source_language().with_stages().get(key=dumping.key)
        return dumping.part_of(
            pathway,
            PathwayPart,
            stages=[self._stage_part(stage, dumping) for stage in pathway.stages.all()],
        )

    def _stage_part(self, stage: Stage, dumping: Dumping) -> StagePart:
        return dumping.part_of(
            stage,
            StagePart,
            unlocks=stage.unlocks or None,
            requirements=[
                dumping.part_of(item, RequirementPart, unit=item.unit or None, cohort_kind=item.cohort_kind or None)
                for item in stage.requirements.all()
            ],
        )


class PathwayPagePart(Part):
    """``pages.yaml``, section ``pathway``: the public page of a pathway."""

    slug: Key
    title: Text
    pathway: Key
    introduction: Annotated[str, Rich.of(PathwayPage, "introduction")] = ""
    in_menu: bool = True


class PathwayPageLoader(PackLoader[PathwayPagePart]):
    """The page that shows the pathway's stages and gives them as a PDF."""

    file = "pages.yaml"
    section = "pathway"
    says = "The pages around the trainings: each section makes one page."
    schema = PathwayPagePart

    def check(self, data: PathwayPagePart, pack: Pack) -> None:
        check_pathway(data, pack)

    def addresses(self, data: PathwayPagePart) -> list[str]:
        return [data.slug]

    def load(self, data: PathwayPagePart, loading: Loading) -> None:
        values = {
            "title": data.title,
            "pathway": pathway_with_key(data.pathway),
            "introduction": loading.text(data, "introduction"),
            "show_in_menus": data.in_menu,
        }
        loading.put_page(data, PathwayPage, loading.home, data.slug, values)

    def choose(self, dumping: Dumping) -> None:
        for page in self._pages(dumping)[:1]:
            dumping.take(page)

    def dump(self, dumping: Dumping) -> PathwayPagePart | None:
        """The first page of the pathway; a pack has one."""
        pages = self._pages(dumping)
        for page in pages[1:]:
            dumping.lose(page, _("a pack has one page of the pathway, and this is another"))
        return self._part(pages[0], dumping) if pages else None

    def _part(self, page: PathwayPage, dumping: Dumping) -> PathwayPagePart:
        return dumping.part_of(
            page,
            PathwayPagePart,
            pathway=dumping.key,
            in_menu=page.show_in_menus,
        )

    def _pages(self, dumping: Dumping) -> list[PathwayPage]:
        pages = PathwayPage.objects.descendant_of(dumping.home).filter(locale=dumping.locale)
        return dumping.seen(pages.filter(pathway__key=dumping.key).order_by("path"))


def pathway_with_key(key: str) -> Pathway | None:
    """The pathway in the source language."""
    return Pathway.objects.in_source_language().filter(key=key).first()


def is_shared(page: Page, dumping: Dumping) -> bool:
    """Whether another programme's pack brought a page of which a site has one: its words are not this one's."""
    others = dumping.programmes - {dumping.key}
    return page.translation_key in {identity(key, type(page), page.slug) for key in others}


def check_pathway(part: Part, pack: Pack, field: str = "pathway") -> None:
    """Refuse the key of a pathway that is neither in the pack nor in the database yet."""
    key, known = getattr(part, field), pathway_keys(pack)
    if key not in known:
        reason = _("There is no pathway “%(key)s”.") % {"key": key}
        raise part.error(reason + did_you_mean(key, known), field)


def pathway_keys(pack: Pack) -> set[str]:
    """The keys of the site's pathways, and of the one that this pack is about to add."""
    known = set(Pathway.objects.in_source_language().values_list("key", flat=True))
    own = pack.part_for(PathwayLoader)
    return known | {own.key} if own else known


def stage_keys(pathway_key: str, pack: Pack) -> set[str]:
    """The keys of a pathway's stages, those that this pack is about to add among them."""
    known = set(Stage.objects.filter(pathway=pathway_with_key(pathway_key)).values_list("key", flat=True))
    own = pack.part_for(PathwayLoader)
    if own and own.key == pathway_key:
        known |= {stage.key for stage in own.stages}
    return known


def put_in_order(parent: Pathway | Stage, stored: Iterable, packed: list, loading: Loading) -> None:
    """Place what was added where the pack has it, or everything where ``overwrite`` is asked for.

    What only the site has is left alone, behind what it stands behind now.
    """
    now = [item for item in stored if item.sort_order is not None]
    for item in now:
        if item not in packed:
            loading.note(Outcome.LEFT, item, _("not in the pack"))
    order = merged_order(packed, now) if loading.overwrite else merged_order(now, packed)
    if [item for item in order if item in now] != now:
        loading.note(Outcome.UPDATED, parent, _("order"))
    for position, item in enumerate(order):
        if item.sort_order != position:
            item.sort_order = position
            item.save(update_fields=["sort_order"])
