"""Two editors save one pathway in two languages at the same moment: neither of them waits for good."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Locale

from imp_wagtail.pathways.models import Pathway
from tests.factories import UserFactory
from tests.meeting import PATIENCE, waiting_for_each_other
from tests.pathways.support import as_it_is, edit, is_saved
from tests.processes import connected

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor == "sqlite", reason="it locks the database, and no rows"),
]


@pytest.fixture
def shared(shared_database: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The test works on a database that its threads share."""
    with connected(shared_database):
        Locale.objects.get_or_create(language_code="en")
        yield shared_database


def in_language(pathway: Pathway, code: str) -> Pathway:
    copy = pathway.copy_for_translation(Locale.objects.get_or_create(language_code=code)[0])
    copy.save()
    return Pathway.objects.get(pk=copy.pk)


def test_two_languages_may_be_saved_at_once(shared: dict[str, Any], pathway: Pathway) -> None:
    translations = [in_language(pathway, code) for code in ("fr", "de")]
    user = UserFactory(is_superuser=True)

    def save(translation: Pathway) -> bool:
        with connected(shared):
            client = Client()
            client.force_login(user)
            return is_saved(edit(client, translation, as_it_is(translation), title=f"IMP {translation.locale_id}"))

    with waiting_for_each_other(*translations), ThreadPoolExecutor(2) as threads:
        assert list(threads.map(save, translations, timeout=PATIENCE)) == [True, True]

    for translation in translations:
        assert Pathway.objects.get(pk=translation.pk).title == f"IMP {translation.locale_id}"
