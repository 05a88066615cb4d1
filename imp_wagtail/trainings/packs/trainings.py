"""``trainings.yaml``: trainers, the index of trainings, and the trainings."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from wagtail.models import Locale, Page

from imp_wagtail.core.packs import (
    PICTURE,
    Count,
    Day,
    Dumping,
    Key,
    Loading,
    Names,
    Number,
    Pack,
    PackLoader,
    Part,
    Rich,
    Text,
    Time,
    did_you_mean,
    refuse_doubles,
)
from imp_wagtail.pathways.packs import check_pathway, is_shared, pathway_with_key

from ..models import Format, Trainer, TrainingIndexPage, TrainingPage, TrainingPicture, TrainingPrice, TrainingTrainer
from ..rules import Status
from .belonging import index_of, trainings_of
from .blocks import Body, BodyBlockPart, check_blocks, stream
from .names import NextTrainingKeys, TrainingSlugs
from .order import in_order
from .streams import blocks_of

RICH_TEXTS = ("audience", "price_includes")
BODIES = ("body", "report")
#: What a page holds otherwise than a pack says it.
SHAPED = {"format", "status", "pathway", "trainers", "prices", "pictures", *RICH_TEXTS, *BODIES}


class TrainerPart(Part):
    """Somebody who leads trainings."""

    name: Text
    biography: str = ""
    photo: Annotated[str | None, PICTURE] = None


class IndexPart(Part):
    """The index of trainings."""

    slug: Key
    title: Text
    introduction: Annotated[str | None, Rich.of(TrainingIndexPage, "introduction")] = None
    in_menu: bool = True


class PicturePart(Part):
    """A picture of how it was, by the name of its file; ``alternative`` is for those who cannot see it."""

    image: Annotated[Text, PICTURE]
    alternative: str = ""
    caption: str = ""


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
    audience: Annotated[str, Rich.of(TrainingPage, "audience")] = ""
    capacity: Count | None = None
    prices: list[PricePart] = []
    price_includes: Annotated[str, Rich.of(TrainingPage, "price_includes")] = ""
    status: Status = Status.ANNOUNCED
    notice: str = ""
    application_opens: Day | None = None
    application_closes: Day | None = None
    application_url: str = ""
    application_email: str = ""
    body: Body = []
    report: Body = []
    pictures: list[PicturePart] = []


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
    names: Mapping[str, Names] = {"training": TrainingSlugs(), "next-training": NextTrainingKeys()}

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
        index = data.index.slug
        return [index, *(f"{index}/{training.slug}" for training in data.trainings)]

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
            values["introduction"] = loading.text(part, "introduction")
        loading.put_page(part, TrainingIndexPage, loading.home, part.slug, values, only_one=True)

    def _trainer(self, part: TrainerPart, loading: Loading) -> Trainer:
        identity = {"translation_key": loading.identity(Trainer, part.name), "locale": loading.locale}
        found = Trainer.objects.filter(**identity).first() or trainer_named(part.name)
        values = part.model_dump(exclude={"photo"})
        if part.photo:  # a pack without one leaves the site's
            values["photo"] = loading.images[part.photo]
        return loading.put(part, Trainer, found, identity, values)

    def _training(self, part: TrainingPart, index: Page, trainers: dict[str, Trainer], loading: Loading) -> None:
        leaders = [trainers.get(name) or trainer_named(name) for name in part.trainers]
        values: dict[str, Any] = {
            **part.model_dump(exclude={"slug", *SHAPED}),
            "format": part.format.value,
            "status": part.status.value,
            "pathway": pathway_with_key(part.pathway) if part.pathway else None,
            "training_trainers": [TrainingTrainer(trainer=trainer) for trainer in leaders],
            "prices": [_price(price) for price in part.prices],
            **{name: loading.text(part, name) for name in RICH_TEXTS},
            **{name: stream(part, name, TrainingPage, loading) for name in BODIES},
        }
        if part.pictures:  # a pack without any leaves the site's
            values["pictures"] = [_picture(picture, loading) for picture in part.pictures]
        loading.put_page(part, TrainingPage, index, part.slug, values)

    def choose(self, dumping: Dumping) -> None:
        if index := index_of(dumping):
            dumping.take(index)
            for training in trainings_of(dumping):
                dumping.take(training, below=index)

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
            trainings=[self._training_part(training, dumping) for training in in_order(trainings)],
        )

    def _index_part(self, index: TrainingIndexPage, dumping: Dumping) -> IndexPart:
        part = dumping.part_of(index, IndexPart, in_menu=index.show_in_menus)
        if is_shared(index, dumping) or not part.introduction:
            part.introduction = None
        return part

    def _trainer_part(self, trainer: Trainer, dumping: Dumping) -> TrainerPart:
        photo = dumping.image(trainer, trainer.photo) if trainer.photo else None
        return dumping.part_of(trainer, TrainerPart, photo=photo)

    def _training_part(self, training: TrainingPage, dumping: Dumping) -> TrainingPart:
        pictures = [
            dumping.part_of(picture, PicturePart, image=name)
            for picture in training.pictures.select_related("image")
            if (name := dumping.image(training, picture.image))
        ]
        if any(time and time.second for time in (training.start_time, training.end_time)):
            dumping.lose(training, _("the seconds of its times"))
        part = dumping.part_of(
            training,
            TrainingPart,
            pathway=training.pathway.key if training.pathway else None,
            trainers=[row.trainer.name for row in training.training_trainers.select_related("trainer")],
            prices=[dumping.part_of(price, PricePart) for price in training.prices.all()],
            pictures=pictures,
            **{name: blocks_of(training, name, BodyBlockPart, dumping) for name in BODIES},
        )
        dumping.place(training)
        return part


def _trainers(trainings: list[TrainingPage], dumping: Dumping) -> list[Trainer]:
    """Those who lead the trainings; all whom the site has, if it has one programme."""
    known = Trainer.objects.filter(locale=dumping.locale).order_by("pk")
    if dumping.is_alone:
        return list(known)
    leading = TrainingTrainer.objects.filter(page__in=[training.pk for training in trainings])
    return list(known.filter(pk__in=leading.values("trainer")))


def _picture(part: PicturePart, loading: Loading) -> TrainingPicture:
    picture = TrainingPicture(**part.model_dump(exclude={"image"}), image=loading.images[part.image])
    with part.blamed():
        picture.clean_fields(exclude=["page"])
    return picture


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
