"""What a public page costs, with a thousand others beside it: queries, and bytes on their way to the reader."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from imp_wagtail.core.packs import load_pack
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import FAQPage, Trainer, TrainingIndexPage, TrainingPage, TrainingPrice
from tests.factories import FAQPageFactory, QuestionFactory, TrainingPageFactory

pytestmark = pytest.mark.django_db

PACK = Path(__file__).resolve().parents[1] / "fixtures" / "imp"
#: A page without its images, as it comes from the server before it is compressed.
MOST_BYTES = 100_000
MOST_QUERIES = 12
#: Questions on the page that is measured.
QUESTIONS = 60


@pytest.fixture
def site(settings: Any) -> Page:
    """A site of one language with many trainings and questions; its home page."""
    settings.WAGTAIL_I18N_ENABLED = False
    load_pack(PACK)
    index, pathway = TrainingIndexPage.objects.get(), Pathway.objects.get()
    for number in range(60):
        days = {"starts": dt.date(1990 + number, 5, 1), "ends": dt.date(1990 + number, 5, 9)}
        TrainingPageFactory(parent=index, pathway=pathway, summary="Silence, and practice with others. " * 4, **days)
    questions = [QuestionFactory(says="<p>One learns it by practice, and among others.</p>") for _ in range(QUESTIONS)]
    FAQPageFactory(slug="many-questions", questions=questions, has_search=True)
    fullest(index.trainings().upcoming().first())
    return Site.objects.get(is_default_site=True).root_page


def fullest(page: TrainingPage) -> None:
    """A training on which everything is said."""
    content = BytesIO()
    Image.new("RGB", (400, 400), "#7a9").save(content, "JPEG")
    content.seek(0)
    photo = get_image_model().objects.create(title="Photo", file=ImageFile(content, "photo.jpg"))
    for name in ("Ada", "Bo", "Chris"):
        trainer = Trainer.objects.create(name=name, biography="Teaches. " * 20, photo=photo)
        page.training_trainers.create(trainer=trainer)
    page.prices = [TrainingPrice(label=label, amount=Decimal(1450), currency="EUR") for label in ("shared", "single")]
    page.audience = page.price_includes = "<p>For teachers who have led groups for some time.</p>"
    page.body = [("heading", "How the days unfold"), ("paragraph", "<p>Silence first.</p>")]
    page.slug = "fullest"
    page.save()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/trainings/",
        "/trainings/?page=2",
        "/trainings/years/2019/",
        "/trainings/fullest/",
        "/trainings/spain-2025/",
        "/faq/",
        "/many-questions/",
        "/many-questions/?q=practice",
        "/pathway/",
    ],
)
def test_a_public_page_takes_twelve_queries_at_the_most_and_is_light(
    client: Client, site: Page, address: str, django_assert_max_num_queries: Any
) -> None:
    assert client.get(address).status_code == 200
    with django_assert_max_num_queries(MOST_QUERIES):
        response = client.get(address)
    assert len(response.content) < MOST_BYTES


def test_there_is_as_much_on_the_pages_as_is_said(client: Client, site: Page) -> None:
    assert client.get("/many-questions/").content.decode().count("<details") == QUESTIONS
    assert FAQPage.objects.count() == 2
    assert TrainingPage.objects.count() > 60
