"""The personal link: whose it is, for how long it opens, and what it keeps to itself."""

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from imp_wagtail.directory.models import Teacher
from imp_wagtail.directory.renewing.links import new_token, opened
from imp_wagtail.participants.personal.erasing import erase
from tests.factories import registrar

from .support import TODAY, address, at, in_days, listed

pytestmark = pytest.mark.django_db

NAME = "Ana Núñez"
PAGES = ("", "leave/", "done/")


@pytest.fixture
def teacher() -> Teacher:
    return listed(name=NAME)


def changed_token(token: str) -> str:
    """The same with the key of another teacher."""
    return f"9{token}"


def nothing_at(client: Client, url: str) -> int:
    """The status behind an address that leads nowhere, whichever of the pages it is of."""
    statuses = set()
    for page in PAGES:
        for response in (
            client.get(url + page),
            client.post(url + page) if page != "done/" else client.get(url + page),
        ):
            assert NAME not in response.text
            assert "<form" not in response.text.partition("<main")[2]
            statuses.add(response.status_code)
    (status,) = statuses
    return status


def test_it_opens_the_pages_of_its_teacher(client: Client, teacher: Teacher) -> None:
    assert NAME in client.get(address(teacher)).text
    assert [client.get(address(teacher, page)).status_code for page in PAGES] == [200] * 3


def test_it_opens_until_its_days_are_over(client: Client, teacher: Teacher, settings: object) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "RENEWAL_LINK_DAYS": 7}
    with at(TODAY):
        link = address(teacher)
    with at(in_days(7)):
        assert client.get(link).status_code == 200
    with at(in_days(7), minute=1):
        assert nothing_at(client, link) == 410


def test_nobody_makes_one(client: Client, teacher: Teacher) -> None:
    token = new_token(teacher)
    for wrong in (
        changed_token(token),
        token[:-1],
        f"{teacher.pk}",
        "x",
        "%00",
        signing.Signer().sign(str(teacher.pk)),
    ):
        assert nothing_at(client, f"/directory/renew/{wrong}/") == 404


def test_nothing_is_looked_up_for_what_was_not_signed() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert opened("1-abc.def.ghi").state == "unknown"
    assert len(queries) == 0


def test_that_of_one_teacher_leads_to_no_other(client: Client, teacher: Teacher) -> None:
    other = listed(name="Somebody Else")
    response = client.post(address(other, "leave/"))

    assert response.status_code == 302
    assert not Teacher.objects.get(pk=other.pk).is_listed
    assert Teacher.objects.get(pk=teacher.pk).is_listed


def test_that_of_an_erased_teacher_tells_nothing(client: Client, teacher: Teacher) -> None:
    link = address(teacher)
    erase(teacher.participant, why="Asked.", by=registrar())

    assert nothing_at(client, link) == 404


def test_whoever_reads_an_address_of_old_has_no_way_in(client: Client, teacher: Teacher) -> None:
    link = address(teacher)
    teacher.participant.email = "new@example.org"
    teacher.participant.save()

    assert nothing_at(client, link) == 404


def test_no_other_link_of_the_site_opens_it(client: Client, teacher: Teacher) -> None:
    value = new_token(teacher).split(".")[0]
    other = signing.TimestampSigner(salt="imp_directory.enquiry_link", sep=".").sign(value)

    assert nothing_at(client, f"/directory/renew/{other}/") == 404


@pytest.mark.parametrize("page", PAGES)
def test_nobody_keeps_or_finds_the_page_and_no_site_is_told_of_it(client: Client, teacher: Teacher, page: str) -> None:
    headers = client.get(address(teacher, page)).headers

    assert headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in headers["X-Robots-Tag"]
    assert {"private", "no-store"} <= set(headers["Cache-Control"].split(", "))
