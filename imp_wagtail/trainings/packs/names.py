"""What texts of packs call trainings and questions, which the database knows by numbers."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from wagtail.models import Locale

from imp_wagtail.core.packs import Dumping, Loading, Names, Pack
from imp_wagtail.pathways.packs import PathwayKeys, pathway_keys

from ..models import Question, TrainingPage

if TYPE_CHECKING:
    from ..querysets import TrainingQuerySet


class NextTrainingKeys(PathwayKeys):
    """The next training is that of a pathway, by its key, or of any."""

    def known(self, pack: Pack) -> Collection[str]:
        return {"", *pathway_keys(pack)}

    def name(self, key: str, dumping: Dumping) -> str | None:
        return key if key in ("", dumping.key) else None


class TrainingSlugs(Names):
    """Trainings are called by their slugs."""

    def known(self, pack: Pack) -> Collection[str]:
        from .trainings import TrainingsLoader

        data = pack.part_for(TrainingsLoader)
        return slugs_there() | {training.slug for training in (data.trainings if data else [])}

    def key(self, name: str, loading: Loading) -> str | None:
        own = trainings_there().filter(translation_key=loading.identity(TrainingPage, name)).first()
        found = own or training_at(name)
        return str(found.pk) if found else None

    def name(self, key: str, dumping: Dumping) -> str | None:
        training = trainings_there().filter(pk=key).first() if key.isdigit() else None
        return training.slug if training and dumping.has(training) else None


class QuestionAnchors(Names):
    """Questions are called by the ends of their addresses."""

    def known(self, pack: Pack) -> Collection[str]:
        from .questions import QuestionsLoader

        data = pack.part_for(QuestionsLoader)
        return anchors_there() | {question.anchor for question in (data.written if data else [])}

    def key(self, name: str, loading: Loading) -> str | None:
        identity = {"translation_key": loading.identity(Question, name), "locale": loading.locale}
        found = Question.objects.filter(**identity).first() or question_at(name)
        return str(found.pk) if found else None

    def name(self, key: str, dumping: Dumping) -> str | None:
        question = Question.objects.filter(pk=key).first() if key.isdigit() else None
        return question.anchor if question and dumping.has(question) else None


def trainings_there() -> "TrainingQuerySet":
    """The site's trainings, in its default language."""
    return TrainingPage.objects.filter(locale=Locale.get_default()).order_by("pk")


def slugs_there() -> set[str]:
    return set(trainings_there().values_list("slug", flat=True))


def training_at(slug: str) -> TrainingPage | None:
    """The site's training of this slug, in its default language."""
    return trainings_there().filter(slug=slug).first()


def anchors_there() -> set[str]:
    """The addresses of the site's questions, in its default language."""
    own = Question.objects.filter(locale=Locale.get_default(), anchor__isnull=False)
    return set(own.values_list("anchor", flat=True))


def question_at(anchor: str) -> Question | None:
    """The site's question at this address, in its default language."""
    return Question.objects.filter(locale=Locale.get_default(), anchor=anchor).first()
