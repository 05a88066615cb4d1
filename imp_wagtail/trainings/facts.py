"""Facts about trainings for texts: of the next one, whichever it is, of a chosen one; and the way to a question."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Locale, ReferenceIndex

from imp_wagtail.core.facts import FactSource, References, Subject
from imp_wagtail.core.restrictions import public
from imp_wagtail.core.translation import readable
from imp_wagtail.pathways.facts import pathways_by_key
from imp_wagtail.pathways.models import Pathway

from .models import FAQPage, Question, TrainingPage
from .models.lookups import next_training_of
from .numbering import QUESTIONS, ShownQuestion

#: So many trainings are offered at most; the others are found by words of their names.
MOST = 30


class FactsOfTrainings(FactSource):
    """What is told of any training. A cancelled one is called so."""

    tells = {"dates": gettext_lazy("Dates"), "place": gettext_lazy("Place"), "link": gettext_lazy("Link")}

    def say(self, tell: str, record: Any) -> str:
        if tell == "dates":
            return self._with_state(record, format_html('<time datetime="{}">{}</time>', day_of(record), record.dates))
        if tell == "place":
            return record.place or record.format_in_words
        return self._with_state(record, self.link(record, record.title))

    def address(self, record: Any) -> str:
        return record.get_url() or ""

    def _with_state(self, training: Any, words: str) -> str:
        if not training.is_cancelled:
            return words
        return format_html("{} ({})", words, training.get_status_display())


class NextTrainingFacts(FactsOfTrainings):
    """Of the soonest training that has not begun: of the pathway with this key, or of any."""

    name = "next-training"

    def records(self, keys: Collection[str]) -> Mapping[str, Any]:
        return {key: training for key in keys if (training := next_training_of(key))}

    def subjects(self, words: str) -> Iterable[Subject]:
        keys = Pathway.objects.in_source_language().values_list("key", flat=True)
        offered = [Subject("", self.title("")), *(Subject(key, self.title(key)) for key in keys)]
        return [subject for subject in offered if has_words(subject.title, words)]

    def title(self, key: str) -> str:
        if not key:
            return _("The next training")
        pathway = pathways_by_key([key]).get(key)
        return _("The next training of “%(pathway)s”") % {"pathway": pathway} if pathway else ""

    def unsaid(self, tell: str, key: str) -> str:
        """None is announced, which readers are told, so that the sentence stays one."""
        return _("(to be announced)")

    def references(self, key: str) -> References:
        return [(Pathway, str(pathway.pk)) for pathway in pathways_by_key([key] if key else []).values()]


class ChosenTrainingFacts(FactsOfTrainings):
    """Of the training whose page has this number, in the reader's language."""

    name = "training"

    def records(self, keys: Collection[str]) -> Mapping[str, Any]:
        return {str(number): page for number, page in public_trainings(numbers_in(keys)).items()}

    def subjects(self, words: str) -> Iterator[Subject]:
        trainings = TrainingPage.objects.in_active_language()
        for word in words.split():
            trainings = trainings.filter(title__icontains=word)
        chosen = [*trainings.upcoming()[:MOST], *trainings.past()[:MOST]][:MOST]
        return (Subject(str(page.pk), called(page)) for page in chosen)

    def title(self, key: str) -> str:
        page = TrainingPage.objects.filter(pk__in=numbers_in([key])).first()
        return called(page) if page else ""

    def references(self, key: str) -> References:
        return [(TrainingPage, str(number)) for number in numbers_in([key])]


class QuestionFacts(FactSource):
    """Of the question with this number, in the reader's language."""

    name = QUESTIONS
    tells = {"link": gettext_lazy("Link")}

    def records(self, keys: Collection[str]) -> Mapping[str, ShownQuestion]:
        versions = list(Question.objects.filter(translation_key__in=same_questions(keys)).select_related("locale"))
        shown = readable([one for one in versions if one.live], lambda question: question.translation_key)
        addresses = addresses_of(versions)
        return {
            str(version.pk): ShownQuestion(shown[key], address_on(addresses.get(key), shown[key]))
            for version in versions
            if (key := version.translation_key) in shown
        }

    def say(self, tell: str, record: ShownQuestion) -> str:
        return self.link(record, record.question.question)

    def address(self, record: ShownQuestion) -> str:
        return record.address

    def subjects(self, words: str) -> Iterator[Subject]:
        if not words.strip():
            return iter(())
        found = Question.objects.filter(live=True, locale=Locale.get_default())
        for word in words.split():
            found = found.filter(question__icontains=word)
        return (Subject(str(question.pk), question.question) for question in found[:MOST])

    def title(self, key: str) -> str:
        return str(Question.objects.filter(pk__in=numbers_in([key])).first() or "")

    def references(self, key: str) -> References:
        return [(Question, str(number)) for number in numbers_in([key])]


def same_questions(keys: Collection[str]) -> QuerySet:
    """What the questions with these numbers have in common with their translations."""
    return Question.objects.filter(pk__in=numbers_in(keys)).values("translation_key")


def addresses_of(versions: Collection[Question]) -> dict[Any, str]:
    """The pages on which these questions stand, by what they have in common with their translations.

    Of several, the one in the reader's language; a fixed number of queries.
    """
    if not versions:
        return {}
    keys = {str(version.pk): version.translation_key for version in versions}
    standing = ReferenceIndex.get_references_to_in_bulk(versions)
    rows = [(int(page), keys[number]) for page, number in standing.values_list("object_id", "to_object_id")]
    pages = public(FAQPage.objects.live()).filter(pk__in={page for page, _key in rows}).select_related("locale")
    by_key = defaultdict(list)
    found = {page.pk: page for page in pages.order_by("path")}
    for number, key in rows:
        if number in found:
            by_key[key].append(found[number])
    return {key: readable(those, lambda page: None)[None].get_url() or "" for key, those in by_key.items()}


def address_on(page: str | None, question: Question) -> str:
    return f"{page}#{question.address}" if page else ""


def public_trainings(numbers: Collection[int]) -> dict[int, TrainingPage]:
    """The pages of these trainings that everybody may see, by their numbers, each in the reader's language.

    A fixed number of queries; what is not published, or not for everybody, is missing.
    """
    if not numbers:
        return {}
    keys = dict(TrainingPage.objects.filter(pk__in=numbers).values_list("pk", "translation_key"))
    found = TrainingPage.objects.published().filter(translation_key__in=set(keys.values()))
    pages = readable(found.select_related("locale").order_by("pk"), lambda page: page.translation_key)
    return {number: pages[key] for number, key in keys.items() if key in pages}


def numbers_in(keys: Iterable[str]) -> list[int]:
    """Those of the keys that can be the number of a page."""
    return [int(key) for key in keys if key.isascii() and key.isdigit() and len(key) < 19]


def called(page: TrainingPage) -> str:
    """What editors know a training by: several may have the same title."""
    return f"{page.title} ({page.dates})"


def day_of(page: TrainingPage) -> str:
    """The first day for machines, as exactly as it is known."""
    return str(page.starts.year) if page.year_only else page.starts.isoformat()


def has_words(title: str, words: str) -> bool:
    return all(word in title.casefold() for word in words.casefold().split())


NEXT_TRAINING, CHOSEN_TRAINING, QUESTION = NextTrainingFacts(), ChosenTrainingFacts(), QuestionFacts()


def next_training(key: str = "") -> TrainingPage | None:
    """The soonest training that has not begun, of the pathway with this key or of any; looked up once for a page."""
    return NEXT_TRAINING.shown([key])[key]


def chosen_training(number: int, among: Collection[int] = ()) -> TrainingPage | None:
    """A chosen training as everybody may see it; with it, those ``among`` which it stands are looked up."""
    return CHOSEN_TRAINING.shown([str(one) for one in (number, *among)])[str(number)]


def asked_question(number: int, among: Collection[int] = ()) -> ShownQuestion | None:
    """A chosen question as everybody may see it; with it, those ``among`` which it stands are looked up."""
    return QUESTION.shown([str(one) for one in (number, *among)])[str(number)]
