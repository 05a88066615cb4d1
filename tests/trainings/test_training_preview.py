"""The previews of a training while its page is written: as it is read today, and as it will be when it is over."""

import datetime as dt
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import inline_formset, rich_text, streamfield

from imp_wagtail.trainings.models import TrainingPage
from imp_wagtail.trainings.models.announcing import WHEN_OVER
from tests.factories import TrainingPageFactory, editor
from tests.trainings.support import filled_in, published

pytestmark = pytest.mark.django_db

REPORT = streamfield([("paragraph", rich_text("<p>Twenty-two teachers came.</p>"))])


@pytest.fixture
def staff(client: Client) -> Client:
    """A browser in which an editor is logged in."""
    client.force_login(editor())
    return client


@pytest.fixture
def training() -> TrainingPage:
    """Announced for 2098."""
    days = {"starts": dt.date(2098, 4, 1), "ends": dt.date(2098, 4, 9)}
    return published(TrainingPageFactory(title="Training", slug="training", **days))


def written(client: Client, training: TrainingPage, **values: Any) -> str:
    """The address of the previews of what the form holds: a report, on a training that takes applications."""
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[training.pk])
    usual = {"status": "open", "application_email": "apply@example.org", "report": REPORT}
    assert client.post(address, filled_in(**{**usual, **values})).json()["is_valid"]
    return address


def shown(client: Client, address: str, mode: str | None = None) -> str:
    """What a preview says in one line; without a mode, the one that comes first."""
    response = client.get(address, {} if mode is None else {"mode": mode})
    return " ".join(BeautifulSoup(response.text, "html.parser").select_one(".imp").get_text(" ").split())


def test_the_first_is_as_it_is_read_today(staff: Client, training: TrainingPage) -> None:
    address = written(staff, training)
    for said in (shown(staff, address), shown(staff, address, "")):
        assert "Open for applications" in said
        assert "Twenty-two teachers came." not in said


def test_when_it_is_over_it_says_so_and_how_it_was(staff: Client, training: TrainingPage) -> None:
    said = shown(staff, written(staff, training), WHEN_OVER)
    assert "This training is over." in said
    assert "How it was Twenty-two teachers came." in said
    assert "Open for applications" not in said
    assert "Put it into your calendar" not in said


def test_pictures_are_shown_before_they_are_saved(staff: Client, training: TrainingPage) -> None:
    image = get_image_model().objects.create(title="A hall", file=get_test_image_file())
    row = {"image": image.pk, "alternative": "", "caption": "In the morning"}
    address = written(staff, training, pictures=inline_formset([row]))
    assert "In the morning" in shown(staff, address, WHEN_OVER)
    assert "In the morning" not in shown(staff, address)


def test_nobody_looks_back_on_one_that_is_cancelled(staff: Client, training: TrainingPage) -> None:
    said = shown(staff, written(staff, training, status="cancelled"), WHEN_OVER)
    assert "This training is cancelled." in said
    assert "Twenty-two teachers came." not in said


def test_nothing_is_stored_by_looking(staff: Client, training: TrainingPage) -> None:
    before = TrainingPage.objects.values().get()
    shown(staff, written(staff, training), WHEN_OVER)
    assert TrainingPage.objects.values().get() == before
    assert training.revisions.count() == 1
    assert not TrainingPage.objects.get().is_over


def test_the_editor_is_offered_both(staff: Client, training: TrainingPage) -> None:
    form = BeautifulSoup(staff.get(f"/admin/pages/{training.pk}/edit/").text, "html.parser")
    options = form.find("select", {"name": "preview_mode"}).find_all("option")
    assert [option["value"] for option in options] == ["", WHEN_OVER]
    assert options[1].get_text(strip=True) == "When it is over"


def test_a_new_one_has_them_too(staff: Client, training: TrainingPage) -> None:
    address = reverse(
        "wagtailadmin_pages:preview_on_add", args=["imp_trainings", "trainingpage", training.get_parent().pk]
    )
    assert staff.post(address, filled_in(slug="another", report=REPORT)).json()["is_valid"]
    assert "Twenty-two teachers came." in shown(staff, address, WHEN_OVER)
    assert "Twenty-two teachers came." not in shown(staff, address)
