"""What the tests of screens share: who may look, what a page shows, and what it takes of the database."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from tests.factories import UserFactory


def with_permissions(*codenames: str) -> Any:
    """Somebody who may enter the admin, has these rights and no others."""
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def listed(client: Client, address: str = "index", **query: Any) -> list[str]:
    """The names on a page of the list of participants."""
    response = client.get(reverse(f"imp_participants:{address}"), query)
    assert response.status_code == 200
    return [person.name for person in response.context["object_list"]]


def errors(response: HttpResponse) -> list[str]:
    """The fields of the form that have a message, each of which stands in the page; ``__all__`` is above them."""
    assert response.status_code == 200
    found = response.context["form"].errors
    for messages in found.values():
        assert escape(messages[0]) in response.text
    return list(found)


def queries_of(client: Client, where: str, **query: Any) -> int:
    """How many queries a page takes, to its last line, once what is kept in memory is there."""
    client.get(where, query)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(where, query)
        if response.streaming:
            list(response.streaming_content)
    assert response.status_code == 200
    return len(captured)
