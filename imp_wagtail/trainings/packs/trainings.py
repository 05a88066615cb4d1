"""``trainings.yaml``: trainers, the index of trainings, and the trainings."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from imp_wagtail.core.packs import (
    Count,
    Day,
    Key,
    Loading,
    Number,
    Pack,
    PackLoader,
    Part,
    Text,
    Time,
    did_you_mean,
    refuse_doubles,
    rich_text,
)
from imp_wagtail.pathways.packs import check_pathway, pathway_with_key

from ..models import Format, Trainer, TrainingIndexPage, TrainingPage, TrainingPrice, TrainingTrainer
from ..rules import Status
from .blocks import Body, check_blocks, stream

RICH_TEXTS = ("audience", "price_includes")
BODIES = ("body", "report")
#: What a page holds otherwise than a pack says it.
SHAPED = {"format", "status", "pathway", "trainers", "prices", *RICH_TEXTS, *BODIES}


class TrainerPart(Part):
    """Somebody who leads trainings."""

    name: Text
    biography: str = ""


class IndexPart(Part):
    """The index of trainings."""

    slug: Key
    title: Text
    introduction: str | None = None
    in_menu: bool = True


class PricePart(Part):
    """What it costs; ``label`` says for whom, where there is more than one price."""

    label: str = ""
    amount: Number
    currency: Text


class TrainingPart(Part):
    """One training, field by field as its page has them."""

    slug: Key
    title: Text
    summary: str = ""
    starts: Day
    ends: Day
    year_only: bool = False
    start_time: Time | None = None
    end_time: Time | None = None
    time_zone: str = ""
    previous_starts: Day | None = None
    previous_ends: Day | None = None
    venue: str = ""
    town: str = ""
    country: str = ""
    format: Format
    languages: list[Text] = []
    pathway: Key | None = None
    trainers: list[Text] = []
    audience: str = ""
    capacity: Count | None = None
    prices: list[PricePart] = []
    price_includes: str = ""
    status: Status = Status.ANNOUNCED
    notice: str = ""
    application_opens: Day | None = None
    application_closes: Day | None = None
    application_url: str = ""
    application_email: str = ""
    body: Body = []
    report: Body = []


class TrainingsPart(Part):
    """``trainings.yaml``."""

    index: IndexPart
    trainers: list[TrainerPart] = []
    trainings: list[TrainingPart] = []


class TrainingsLoader(PackLoader[TrainingsPart]):
    """The trainings, below the index that all packs of a site share."""

    file = "trainings.yaml"
    schema = TrainingsPart

    def check(self, data: TrainingsPart, pack: Pack) -> None:
        refuse_doubles(data.trainers, "name")
        refuse_doubles(data.trainings, "slug")
        known = {trainer.name for trainer in data.trainers}
        known |= set(Trainer.objects.filter(locale=Locale.get_default()).values_list("name", flat=True))
        for training in data.trainings:
            if training.pathway:
                check_pathway(training, pack)
            check_trainers(training, known)
            check_blocks([*training.body, *training.report], pack)

    def addresses(self, data: TrainingsPart) -> list[str]:
        return [data.index.slug]

    def load(self, data: TrainingsPart, loading: Loading) -> None:
        """The index only: what trainings lead to may be made after it."""
        self._index(data.index, loading)

    def finish(self, data: TrainingsPart, loading: Loading) -> None:
        trainers = {part.name: self._trainer(part, loading) for part in data.trainers}
        index = loading.page(data.index.slug)
        for part in data.trainings:
            self._training(part, index, trainers, loading)

    def _index(self, part: IndexPart, loading: Loading) -> None:
        values = {"title": part.title, "show_in_menus": part.in_menu}
        if part.introduction is not None:
            values["introduction"] = rich_text(part.introduction)
        loading.put_page(part, TrainingIndexPage, loading.home, part.slug, values, only_one=True)

    def _trainer(self, part: TrainerPart, loading: Loading) -> Trainer:
        identity = {"translation_key": loading.identity(Trainer, part.name), "locale": loading.locale}
        found = Trainer.objects.filter(**identity).first() or trainer_named(part.name)
        return loading.put(part, Trainer, found, identity, part.model_dump())

    def _training(self, part: TrainingPart, index: Page, trainers: dict[str, Trainer], loading: Loading) -> None:
        leaders = [trainers.get(name) or trainer_named(name) for name in part.trainers]
        values: dict[str, Any] = {
            **part.model_dump(exclude={"slug", *SHAPED}),
            "format": part.format.value,
            "status": part.status.value,
            "pathway": pathway_with_key(part.pathway) if part.pathway else None,
            "training_trainers": [TrainingTrainer(trainer=trainer) for trainer in leaders],
            "prices": [_price(price) for price in part.prices],
            **{name: rich_text(getattr(part, name)) for name in RICH_TEXTS},
            **{name: stream(part, name, TrainingPage, loading) for name in BODIES},
        }
        loading.put_page(part, TrainingPage, index, part.slug, values)


def _price(part: PricePart) -> TrainingPrice:
    price = TrainingPrice(**part.model_dump())
    with part.blamed():
        price.clean_fields(exclude=["page"])
    return price


def trainer_named(name: str) -> Trainer | None:
    """The trainer of this name in the site's default language."""
    # To MariaDB "Zoe" and "Zoë" are the same name.
    found = Trainer.objects.filter(locale=Locale.get_default(), name=name)
    return next((trainer for trainer in found if trainer.name == name), None)


def check_trainers(part: TrainingPart, known: set[str]) -> None:
    """Refuse the name of a trainer who is neither in the pack nor in the database yet."""
    for name in part.trainers:
        if name not in known:
            reason = _("There is no trainer “%(name)s”.") % {"name": name}
            raise part.error(reason + did_you_mean(name, known), "trainers")
