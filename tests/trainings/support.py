"""What tests of trainings share."""

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from imp_wagtail.trainings.models import TrainingPage


@contextmanager
def clock(moment: str | dt.datetime) -> Iterator[None]:
    """Lets it be this moment: "2028-05-21 13:00", by universal time."""
    now = dt.datetime.fromisoformat(str(moment)).replace(tzinfo=dt.UTC)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.utils.timezone.now", lambda: now)
        yield


def published(page: TrainingPage) -> TrainingPage:
    """The page, published as an editor publishes it."""
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def changed(page: TrainingPage, **values: Any) -> TrainingPage:
    """The page with other values, published again."""
    for name, value in values.items():
        setattr(page, name, value)
    return published(page)


def soup_of(client: Client, address: str) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def main_of(client: Client, address: str) -> Tag:
    """The part of a page that is the package's own, inside the frame of the site."""
    main = soup_of(client, address).select_one(".imp")
    assert main
    return main


def words_of(client: Client, address: str) -> str:
    """What a page says in its main part, in one line."""
    return " ".join(main_of(client, address).get_text(" ").split())


def nodes_of(client: Client, address: str) -> dict[str, Any]:
    """A page's structured data by type; of several of one type, the first."""
    element = soup_of(client, address).find("script", type="application/ld+json")
    nodes: dict[str, Any] = {}
    for node in json.loads(element.string)["@graph"]:
        nodes.setdefault(node["@type"], node)
    return nodes


def filled_in(**values: Any) -> dict[str, Any]:
    """What a browser sends with the form of a training."""
    usual = {
        "title": "Training",
        "slug": "training",
        "format": "residential",
        "town": "Lyon",
        "status": "announced",
        "audience": rich_text("<p></p>"),
        "price_includes": rich_text("<p></p>"),
        "body": streamfield([]),
        "report": streamfield([]),
        **{name: inline_formset([]) for name in ("training_trainers", "prices", "pictures", "comments")},
        "starts": dt.date(2098, 4, 1),
        "ends": dt.date(2098, 4, 9),
    }
    languages = values.pop("languages", ["fr", "", "en", "fr"])
    return {**nested_form_data({**usual, **values}), "languages": languages}


def send(client: Client, page: TrainingPage, *, publish: bool = True, **values: Any) -> Any:
    data = filled_in(**values) | ({"action-publish": "action-publish"} if publish else {})
    response = client.post(f"/admin/pages/{page.pk}/edit/", data)
    page.refresh_from_db()
    return response
