"""The feed as a partner site reads it; every answer is held against the schema that it points at."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from jsonschema import Draft202012Validator

from imp_wagtail.directory.feed.views import schema_text
from tests.factories import DirectoryPageFactory

FEED = "/directory/feed/"

Read = Callable[..., dict[str, Any]]


def closed(schema: Any) -> Any:
    """The schema with nothing more allowed than what it names: readers are to take new names, tests are not."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(part) for name, part in schema.items()}
    return {**inner, "additionalProperties": False} if "properties" in schema and "type" in schema else inner


VALIDATOR = Draft202012Validator(closed(json.loads(schema_text())), format_checker=Draft202012Validator.FORMAT_CHECKER)


def told_by(response: HttpResponse) -> dict[str, Any]:
    """What an answer says, if it is one that the schema describes."""
    assert response.status_code == 200, response.content
    answer = json.loads(response.content)
    VALIDATOR.validate(answer)
    return answer


def read_on(address: str = FEED) -> list[dict[str, Any]]:
    """All entries from an address on, page after page."""
    items: list[dict[str, Any]] = []
    while True:
        answer = told_by(Client().get(address))
        if not answer["items"]:
            assert answer["next"].endswith(address) or not items
            return items
        items += answer["items"]
        address = answer["next"]


@pytest.fixture
def directory(db: None) -> Any:
    return DirectoryPageFactory(slug="teachers", title="Find a teacher")


@pytest.fixture
def read(client: Client, directory: Any) -> Read:
    """Ask the feed for a page, the first one unless an address is given."""

    def read(address: str = FEED, **headers: str) -> dict[str, Any]:
        return told_by(client.get(address, headers=headers))

    return read
