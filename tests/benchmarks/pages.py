"""The section about public pages: each type against the plainest page of Wagtail's, by trainings and questions."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from uuid import uuid4

from django.utils import timezone
from wagtail.models import Page, Site

from imp_wagtail.core.packs import load_pack
from imp_wagtail.pathways.models import Pathway, PathwayPage
from imp_wagtail.trainings.models import (
    ContentPage,
    FAQPage,
    Question,
    Trainer,
    TrainingIndexPage,
    TrainingPage,
    TrainingPrice,
    TrainingTrainer,
)
from imp_wagtail.trainings.models.lookups import years_of_past
from imp_wagtail.trainings.rules import Status

from . import targets
from .builder import analyse
from .environment import ROOT, make_database
from .lines import Line
from .verification import empty_page, visits
from .worker import Order

GROUP = "Pages"
FLOOR = (GROUP, "an empty page of Wagtail's")

#: Trainings of one year, and questions on one page: with more of them there are more years and more pages.
A_YEAR = 40
ON_A_PAGE = 30
#: So many trainings are still to come, of however many there are.
UPCOMING = 8
SECTIONS = 3


def build(order: Order) -> None:
    """The site of the first pack, with so many trainings and so many questions beside its own."""
    make_database()
    load_pack(ROOT / "fixtures" / "imp")
    build_trainings(order.size)
    build_questions(order.size)
    analyse()


def build_trainings(count: int) -> None:
    index, pathway = TrainingIndexPage.objects.get(), Pathway.objects.get()
    trainers = list(Trainer.objects.all()) + [Trainer.objects.create(name=f"Trainer {number}") for number in range(3)]
    for number in range(count):
        starts = first_day(number)
        page = TrainingPage(
            title=f"Training {number}",
            slug=f"training-{number}",
            summary="A residential training for experienced teachers: silence, and practice with others.",
            starts=starts,
            ends=starts + dt.timedelta(days=9),
            town="Lyon",
            country="FR",
            languages=["fr", "en"],
            pathway=pathway,
            status=Status.OPEN,
            application_email="imp@example.org",
            audience="<p>For teachers of MBSR and MBCT.</p>",
            body=[("heading", "How the days unfold"), ("paragraph", "<p>Silence first, then practice.</p>")],
        )
        page.training_trainers = [TrainingTrainer(trainer=trainer) for trainer in trainers]
        page.prices = [TrainingPrice(label=label, amount=Decimal(1450), currency="EUR") for label in ("one", "two")]
        index.add_child(instance=page)
        page.save_revision().publish()


def first_day(number: int) -> dt.date:
    """The first few are ahead, all others spread over the years behind."""
    today = timezone.localdate()
    if number < UPCOMING:
        return today + dt.timedelta(days=30 * (number + 1))
    return today - dt.timedelta(days=20 + (number - UPCOMING) * 365 // A_YEAR)


def build_questions(count: int) -> None:
    """Pages of questions, each of three sections; every third answer shows the next training."""
    home = Site.objects.get(is_default_site=True).root_page
    questions = [question(number) for number in range(count)]
    for place, first in enumerate(range(0, count, ON_A_PAGE)):
        some = [one.pk for one in questions[first : first + ON_A_PAGE]]
        parts = [[chosen(key) for key in some[part::SECTIONS]] for part in range(SECTIONS)]
        sections = [{"type": "section", "value": {"title": "Section", "questions": part}} for part in parts if part]
        home.add_child(
            instance=FAQPage(title="Questions", slug=f"faq-{place}", has_search=True, sections=json.dumps(sections))
        )


def chosen(key: int) -> dict[str, object]:
    """A question of a section, as Wagtail stores it when a page is saved."""
    return {"type": "item", "value": key, "id": str(uuid4())}


def question(number: int) -> Question:
    answer = [{"type": "paragraph", "value": "<p>Yes. One learns it by practice, and in the company of others.</p>"}]
    if number % 3 == 0:
        next_one = {"pathway": None, "sentence": "The next training will be held at"}
        answer.append({"type": "next_training", "value": next_one})
    return Question.objects.create(
        question=f"What is question {number} about?",
        anchor=f"question-{number}",
        answer=json.dumps(answer),
        locale=Site.objects.get(is_default_site=True).root_page.locale,
    )


def lines(order: Order) -> Iterator[Line]:
    def line(name: str, act: Callable[[], None], asked: targets.Targets = targets.PAGE) -> Line:
        return Line(GROUP, name, act, asked, FLOOR)

    def fuller(name: str, act: Callable[[], None]) -> Line:
        return line(name, act, targets.FULLER_PAGE)

    def of(model: type[Page]) -> Iterator[str]:
        return (page.get_url() for page in model.objects.live().order_by("-pk")[:50])

    index = TrainingIndexPage.objects.get()
    at = index.get_url()
    upcoming, past = index.trainings().upcoming()[:5], index.trainings().past()[:50]
    yield Line(*FLOOR, visits([empty_page()]))
    yield line("the first page", visits([ContentPage.objects.get(slug="home").get_url()]))
    yield fuller("the index of trainings", visits([at]))
    yield fuller("the trainings of a year", visits(f"{at}years/{year}/" for year, _count in years_of_past(index)[:20]))
    yield line("a training to come", visits(page.get_url() for page in upcoming))
    yield line("a past training", visits(page.get_url() for page in past))
    yield fuller("a page of questions", visits(of(FAQPage)))
    yield fuller("a search among them", visits(f"{address}?q=practice" for address in of(FAQPage)))
    yield line("the pathway", visits(of(PathwayPage)))
    yield line("the pathway as PDF, kept", visits(f"{address}pdf/" for address in of(PathwayPage)))
    yield fuller("the calendar of all", visits([f"{at}calendar.ics"]))
    yield fuller("the feed", visits([f"{at}feed.atom"]))
