"""``trainings.yaml``: trainers, the index of trainings, and the trainings."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from imp_wagtail.core.packs import (
    Count,
    Day,
    Dumping,
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
from imp_wagtail.pathways.packs import check_pathway, is_shared, pathway_with_key

from ..models import Format, Trainer, TrainingIndexPage, TrainingPage, TrainingPrice, TrainingTrainer
from ..rules import Status
from .belonging import index_of, trainings_of
from .blocks import Body, BodyBlockPart, check_blocks, stream
from .order import in_order
from .streams import blocks_of

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
    says = "The trainings, those who lead them, and the page that lists them."
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

    def choose(self, dumping: Dumping) -> None:
        if index := index_of(dumping):
            dumping.take(index)

    def dump(self, dumping: Dumping) -> TrainingsPart | None:
        index = index_of(dumping)
        trainings = trainings_of(dumping)
        if index is None:
            return None
        return dumping.part(
            index,
            TrainingsPart,
            index=self._index_part(index, dumping),
            trainers=[self._trainer_part(trainer, dumping) for trainer in _trainers(trainings, dumping)],
            trainings=[self._training_part(training, index, dumping) for training in in_order(trainings)],
        )

    def _index_part(self, index: TrainingIndexPage, dumping: Dumping) -> IndexPart:
        introduction = None if is_shared(index, dumping) else dumping.text(index, index.introduction) or None
        return dumping.part_of(index, IndexPart, introduction=introduction, in_menu=index.show_in_menus)

    def _trainer_part(self, trainer: Trainer, dumping: Dumping) -> TrainerPart:
        if trainer.photo_id:
            dumping.lose(trainer, _("the photo"))
        return dumping.part_of(trainer, TrainerPart)

    def _training_part(self, training: TrainingPage, index: Page, dumping: Dumping) -> TrainingPart:
        for picture in training.pictures.all():
            dumping.lose(training, _("the picture “%(title)s”") % {"title": picture.image.title})
        if any(time and time.second for time in (training.start_time, training.end_time)):
            dumping.lose(training, _("the seconds of its times"))
        part = dumping.part_of(
            training,
            TrainingPart,
            pathway=training.pathway.key if training.pathway else None,
            trainers=[row.trainer.name for row in training.training_trainers.select_related("trainer")],
            prices=[dumping.part_of(price, PricePart) for price in training.prices.all()],
            **{name: dumping.text(training, getattr(training, name)) for name in RICH_TEXTS},
            **{name: blocks_of(training, name, BodyBlockPart, dumping) for name in BODIES},
        )
        dumping.take(training, below=index)  # now only: bodies can show what stands before them in a pack
        return part


def _trainers(trainings: list[TrainingPage], dumping: Dumping) -> list[Trainer]:
    """Those who lead the trainings; all whom the site has, if it has one programme."""
    known = Trainer.objects.filter(locale=dumping.locale).order_by("pk")
    if dumping.is_alone:
        return list(known)
    leading = TrainingTrainer.objects.filter(page__in=[training.pk for training in trainings])
    return list(known.filter(pk__in=leading.values("trainer")))


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
