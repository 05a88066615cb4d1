"""Which trainings, questions and pages of a site are a programme's: those of its pathway, and what they lead to."""

from collections import defaultdict
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.models import Page

from imp_wagtail.core.packs import Dumping
from imp_wagtail.pathways.models import Pathway, PathwayPage

from ..models import ContentPage, FAQPage, Question, TrainingIndexPage, TrainingPage


def index_of(dumping: Dumping) -> TrainingIndexPage | None:
    """The index that every pack of the site shares."""
    indexes = TrainingIndexPage.objects.descendant_of(dumping.home).filter(locale=dumping.locale)
    return next(iter(dumping.seen(indexes.order_by("path")[:1])), None)


def trainings_of(dumping: Dumping) -> list[TrainingPage]:
    """The programme's trainings in the index, in the order of the tree; those without a pathway if it is alone."""
    own = TrainingPage.objects.descendant_of(dumping.home).filter(locale=dumping.locale)
    is_own = models.Q(pathway__key=dumping.key)
    if dumping.is_alone:
        is_own |= models.Q(pathway=None)
    for training in [] if dumping.is_alone else own.filter(pathway=None):
        dumping.lose(training, _("it belongs to no pathway"))
    index = index_of(dumping)
    found = []
    for training in dumping.seen(own.filter(is_own).order_by("path").select_related("pathway")):
        if index and training.is_child_of(index):
            found.append(training)
        else:
            dumping.lose(training, _("it is not in the index of trainings that packs share"))
    return found


def home_of(dumping: Dumping) -> ContentPage | None:
    """The home page, unless it speaks of other programmes only."""
    home = dumping.home.specific
    if not isinstance(home, ContentPage):
        if home.specific_class is not Page:  # Wagtail's welcome page has nothing to lose
            dumping.lose(home, _("packs know no home page of this type"))
        return None
    if not dumping.seen([home]):
        return None
    named = programmes_named(home, "body")
    return home if dumping.is_alone or not named or dumping.key in named else None


def questions_pages_of(dumping: Dumping) -> list[FAQPage]:
    """The pages of questions that speak of the programme, or that its pages lead to; all if it is alone."""
    pages = FAQPage.objects.descendant_of(dumping.home).filter(locale=dumping.locale).order_by("path")
    claims = {} if dumping.is_alone else _claims(dumping, list(pages))
    found = [page for page in pages if dumping.is_alone or dumping.key in claims[page.pk]]
    for page in pages:
        if not dumping.is_alone and not claims[page.pk]:
            dumping.lose(page, _("nothing on it, and nothing that leads to it, says whose it is"))
    return [page for page in dumping.seen(found) if _shows_questions(page, dumping)]


def _shows_questions(page: FAQPage, dumping: Dumping) -> bool:
    if public_questions(page, dumping):
        return True
    dumping.lose(page, _("it shows no question"))
    return False


def public_questions(page: FAQPage, dumping: Dumping) -> list[Question]:
    """The questions of a page that readers see; the others are reported."""
    found = []
    for question in (item for section in page.sections for item in section.value["questions"] if item):
        if question.live:
            found.append(question)
        else:
            dumping.lose(question, _("it is not published"))
    return found


def _claims(dumping: Dumping, pages: list[FAQPage]) -> dict[int, set[str]]:
    """The programmes that each page of questions belongs to, by its number."""
    claims: defaultdict[int, set[str]] = defaultdict(set)
    for training in TrainingPage.objects.descendant_of(dumping.home).live().select_related("pathway"):
        for number in pages_led_to(training, "audience", "price_includes", "body", "report"):
            claims[number] |= {training.pathway.key} if training.pathway else set()
    for page in PathwayPage.objects.descendant_of(dumping.home).live().select_related("pathway"):
        for number in pages_led_to(page, "introduction"):
            claims[number].add(page.pathway.key)
    home = dumping.home.specific
    if isinstance(home, ContentPage) and len(named := programmes_named(home, "body")) == 1:
        for number in pages_led_to(home, "body"):
            claims[number] |= named
    for page in pages:
        for section in page.sections:
            for question in filter(None, section.value["questions"]):
                claims[page.pk] |= programmes_named(question, "answer")
    return claims


def programmes_named(record: models.Model, *fields: str) -> set[str]:
    """The keys of the pathways that a record's texts name, or whose pages or trainings they lead to."""
    found = _references(record, *fields)
    pages = [key for model, key in found if issubclass(model, Page)]
    named = Pathway.objects.filter(pk__in=[key for model, key in found if model is Pathway])
    shown = PathwayPage.objects.filter(pk__in=pages)
    held = TrainingPage.objects.filter(pk__in=pages, pathway__isnull=False)
    keys = (pages.values_list("pathway__key", flat=True) for pages in (shown, held))
    return set(named.values_list("key", flat=True)).union(*keys)


def pages_led_to(record: models.Model, *fields: str) -> set[int]:
    """The numbers of the pages that a record's texts lead to."""
    return {int(key) for model, key in _references(record, *fields) if issubclass(model, Page)}


def _references(record: models.Model, *fields: str) -> list[tuple[type[models.Model], Any]]:
    return [
        (model, key)
        for name in fields
        for model, key, *_path in record._meta.get_field(name).extract_references(getattr(record, name))
    ]
