"""Two editors write one training in two languages at the same moment: neither of them waits for good."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import Locale, Revision

from imp_wagtail.trainings.models import TrainingPage
from tests.factories import TrainingPageFactory
from tests.meeting import PATIENCE, waiting_for_each_other
from tests.processes import connected
from tests.trainings.support import published

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it locks the database, and no rows"),
]

NEW = {"starts": dt.date(2098, 5, 12), "ends": dt.date(2098, 5, 21)}


@pytest.fixture
def side_by_side(shared_database: dict[str, Any]) -> Iterator[Callable[..., Future]]:
    """Runs a function beside the test, each with a connection of its own to the same database."""

    def with_connection(function: Callable[..., Any], *args: Any) -> Any:
        with connected(shared_database):
            return function(*args)

    with connected(shared_database), ThreadPoolExecutor(2) as threads:
        yield partial(threads.submit, with_connection)


@pytest.fixture
def training(side_by_side: Callable[..., Future]) -> TrainingPage:
    Locale.objects.get_or_create(language_code="en")
    return published(TrainingPageFactory())


@pytest.fixture
def translation(training: TrainingPage) -> TrainingPage:
    french, _created = Locale.objects.get_or_create(language_code="fr")
    copy = training.copy_for_translation(french, copy_parents=True)
    return published(copy)


def approve(revision: Revision) -> None:
    """As the last step of a workflow does it, or whoever publishes from a list: in one transaction."""
    with transaction.atomic():
        revision.publish()


def save_and_publish(page: TrainingPage) -> None:
    """As a site does it that makes one transaction of each request, with a page that was not published before."""
    with transaction.atomic():
        page.save()
        page.save_revision().publish()


def version(page: TrainingPage, **values: Any) -> Revision:
    for name, value in values.items():
        setattr(page, name, value)
    return page.save_revision()


def again(page: TrainingPage) -> TrainingPage:
    return TrainingPage.objects.get(pk=page.pk)


def test_two_languages_may_be_approved_at_once(
    training: TrainingPage, translation: TrainingPage, side_by_side: Callable[..., Future]
) -> None:
    versions = [version(training, **NEW), version(translation, title="Formation")]

    with waiting_for_each_other(training, translation):
        for approval in [side_by_side(approve, each) for each in versions]:
            approval.result(PATIENCE)

    assert (again(training).starts, again(translation).starts) == (NEW["starts"], NEW["starts"])
    assert again(translation).title == "Formation"


def test_two_languages_may_be_saved_and_published_at_once(
    training: TrainingPage, translation: TrainingPage, side_by_side: Callable[..., Future]
) -> None:
    training.starts, training.ends = NEW["starts"], NEW["ends"]
    translation.title = "Formation"

    with waiting_for_each_other(training, translation):
        for saving in [side_by_side(save_and_publish, page) for page in (training, translation)]:
            saving.result(PATIENCE)

    assert (again(training).starts, again(translation).starts) == (NEW["starts"], NEW["starts"])
    assert again(translation).title == "Formation"


def test_a_draft_may_be_saved_over_while_its_facts_are_brought_to_it(
    training: TrainingPage, translation: TrainingPage, side_by_side: Callable[..., Future]
) -> None:
    moved, draft = version(training, **NEW), version(translation, title="Brouillon")
    translation.title = "Formation"

    with waiting_for_each_other(translation, draft):
        publication = side_by_side(moved.publish)
        saving = side_by_side(partial(translation.save_revision, overwrite_revision=draft))
        publication.result(PATIENCE)
        saving.result(PATIENCE)

    assert again(translation).starts == NEW["starts"]
    assert again(translation).get_latest_revision_as_object().title == "Formation"


def test_one_language_may_be_deleted_while_another_is_approved(
    training: TrainingPage, translation: TrainingPage, side_by_side: Callable[..., Future]
) -> None:
    moved = version(training, **NEW)

    with waiting_for_each_other(training, translation.page_ptr):
        approval, deletion = side_by_side(approve, moved), side_by_side(again(translation).delete)
        approval.result(PATIENCE)
        deletion.result(PATIENCE)

    assert again(training).starts == NEW["starts"]
    assert not TrainingPage.objects.filter(pk=translation.pk).exists()
