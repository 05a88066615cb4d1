"""The allow-list in the admin: who may see and keep it, and what staff are told of a partner."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.directory.models import MirroredEntry, Partner
from imp_wagtail.directory.partners.viewset import silent_partners
from tests.browsing import sent_by_browser
from tests.factories import ParticipantFactory, editor, facilitator, registrar
from tests.participants.screens import errors, queries_of, with_permissions

from .partner_site import PartnerSite, uid_of
from .test_following import followed, found

pytestmark = pytest.mark.django_db

DETAILS = {
    "name": "Secret Friends",
    "site_url": "https://friends.example/",
    "feed_url": "https://friends.example/directory/feed/",
    "is_active": "on",
    "gone_after_days": "14",
}
OF_ONE = ("partner", "edit", "read", "remove", "history", "history_results")


def address(name: str, *pks: int) -> str:
    return reverse(f"imp_partners:{name}", args=pks)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def send(client: Client, where: str, **values: str) -> Any:
    """Open a form and send it as a browser does, with these values typed in."""
    return client.post(where, {**sent_by_browser(client.get(where)), **values})


def secret(**values: Any) -> Partner:
    details = {name: value for name, value in DETAILS.items() if name != "is_active"}
    return Partner.objects.create(**{**details, **values})


def told(partner: Partner, name: str, **values: Any) -> MirroredEntry:
    """An entry that the partner told of."""
    at = {"modified": timezone.now(), "kind": "teacher"}
    return MirroredEntry.objects.create(partner=partner, uid=uid_of(name), **{**at, **values})


@pytest.mark.parametrize("user", [editor, facilitator, lambda: with_permissions("view_teacher", "add_teacher")])
def test_nobody_else_learns_who_is_on_the_list(client: Client, user: Any) -> None:
    partner = secret()
    client.force_login(user())

    for where in (*map(address, ("index", "index_results", "add")), *(address(name, partner.pk) for name in OF_ONE)):
        for response in (
            client.get(where),
            client.post(where, DETAILS),
            client.get(where.replace(f"/{partner.pk}/", "/999/")),
        ):
            assert response.status_code in (302, 403)
            assert "Secret Friends" not in response.text
    assert Partner.objects.get().feed_url == partner.feed_url


def test_whoever_may_only_look_changes_nothing(client: Client) -> None:
    partner = secret()
    client.force_login(with_permissions("view_partner"))
    shown = client.get(address("partner", partner.pk)).text

    for name in ("edit", "read", "remove"):
        assert address(name, partner.pk) not in shown
        assert client.post(address(name, partner.pk), DETAILS).status_code == 302
    assert address("add") not in client.get(address("index")).text
    assert Partner.objects.exists()


def test_registrars_find_the_list_in_the_menu(staff: Client) -> None:
    assert address("index") in staff.get(reverse("wagtailadmin_home")).text


def test_a_partner_is_added_by_the_form_as_a_browser_sends_it(staff: Client) -> None:
    response = send(staff, address("add"), **{key: DETAILS[key] for key in ("name", "site_url", "feed_url")})
    partner = Partner.objects.get()

    assert response.url == address("partner", partner.pk)
    assert (partner.name, partner.is_active, partner.gone_after_days) == ("Secret Friends", True, 14)
    entry = ModelLogEntry.objects.get(action="imp.partner.add")
    assert entry.data["what"] == partner.feed_url


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Known"}, "name"),
        ({"feed_url": "https://known.example/feed/"}, "feed_url"),
        ({"feed_url": "http://friends.example/feed/"}, "feed_url"),
        ({"feed_url": "ftp://friends.example/feed/"}, "feed_url"),
        ({"feed_url": "javascript:alert(1)"}, "feed_url"),
        ({"feed_url": "here"}, "feed_url"),
        ({"site_url": ""}, "site_url"),
        ({"gone_after_days": "0"}, "gone_after_days"),
        ({"gone_after_days": "366"}, "gone_after_days"),
        ({"gone_after_days": "soon"}, "gone_after_days"),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_adds_nobody(staff: Client, values: dict[str, str], field: str) -> None:
    secret(name="Known", feed_url="https://known.example/feed/")
    response = staff.post(address("add"), {**DETAILS, **values})

    assert errors(response) == [field]
    assert Partner.objects.count() == 1


def test_a_double_click_adds_one(staff: Client) -> None:
    once = staff.get(address("add")).context["once_token"]
    for _click in range(2):
        assert staff.post(address("add"), {**DETAILS, "once": once}).status_code == 302

    assert Partner.objects.count() == 1


def test_a_partner_is_edited_and_the_history_says_how(staff: Client) -> None:
    partner = secret()
    response = send(staff, address("edit", partner.pk), gone_after_days="30")
    partner.refresh_from_db()

    assert (response.url, partner.gone_after_days) == (address("partner", partner.pk), 30)
    assert "days without an answer (14 → 30)" in staff.get(address("history", partner.pk)).text


def test_whoever_saves_second_is_told_what_the_first_one_changed(staff: Client) -> None:
    partner = secret()
    form = staff.get(address("edit", partner.pk)).context["form"]
    Partner.objects.update(name="Best Friends")
    response = staff.post(
        address("edit", partner.pk), {**DETAILS, "seen": form["seen"].value(), "gone_after_days": "9"}
    )

    assert "Best Friends" in str(response.context["form"].non_field_errors())
    assert Partner.objects.get().gone_after_days == 14


def test_a_feed_is_read_when_staff_ask_for_it(
    staff: Client, site: PartnerSite, partner: Partner, django_capture_on_commit_callbacks: Any
) -> None:
    site.tells([site.teacher("Ana")])
    with django_capture_on_commit_callbacks(execute=True):
        response = send(staff, address("read", partner.pk))

    assert (response.url, found()) == (address("partner", partner.pk), ["Ana"])


def test_a_partner_is_removed_with_its_teachers(staff: Client, site: PartnerSite, partner: Partner) -> None:
    site.tells([site.teacher("Ana")])
    followed(partner)
    response = send(staff, address("remove", partner.pk))

    assert (response.url, found(), Partner.objects.exists()) == (address("index"), [], False)
    assert ModelLogEntry.objects.filter(action="imp.partner.remove", label="Friends").exists()


def test_the_page_says_what_there_is_and_what_cannot_be_shown_and_why(staff: Client) -> None:
    partner = secret(last_answered_at=timezone.now(), last_tried_at=timezone.now())
    told(partner, "Ana")
    told(partner, "Early", kind="course")
    told(partner, "Bo", fault="country: <b>XX</b>")
    response = staff.get(address("partner", partner.pk))

    assert "1 entry is not shown" in response.text
    assert "country: &lt;b&gt;XX&lt;/b&gt;" in response.text
    shown = response.context["partner"]
    assert (shown.teacher_count, shown.course_count, shown.fault_count) == (1, 1, 1)


NOW = timezone.now()
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "faults", "status", "on_desk"),
    [
        ({}, 0, "Not read yet", 0),
        ({"last_tried_at": NOW, "last_error": "No."}, 0, "Does not answer", 1),
        ({"last_tried_at": NOW, "last_answered_at": NOW, "gone_at": NOW + DAY}, 0, "Shown", 0),
        ({"last_tried_at": NOW, "last_answered_at": NOW, "gone_at": NOW + DAY}, 1, "Shown, but not all", 1),
        ({"last_tried_at": NOW, "last_answered_at": NOW - DAY, "gone_at": NOW + DAY}, 0, "Does not answer", 1),
        ({"last_tried_at": NOW, "last_answered_at": NOW - DAY, "gone_at": NOW}, 0, "Not shown: no answer", 1),
        ({"is_active": False, "last_error": "No."}, 0, "Switched off", 0),
    ],
)
def test_the_list_says_how_it_stands_and_the_desk_whom_to_look_at(
    staff: Client, values: Any, faults: int, status: str, on_desk: int
) -> None:
    partner = secret(**values)
    for number in range(faults):
        told(partner, str(number), fault="No.")

    assert re.search(rf">\s*{status}\s*<", staff.get(address("index")).text)
    assert [figure.count for _order, figure in silent_partners(registrar())] == (
        [on_desk] if partner.is_active else []
    )


def test_the_list_takes_as_many_queries_for_many_as_for_one(staff: Client) -> None:
    told(secret(), "Ana")
    one = queries_of(staff, address("index"))
    for number in range(20):
        partner = secret(name=f"P{number}", feed_url=f"https://p{number}.example/")
        told(partner, f"Ana {number}")

    assert queries_of(staff, address("index")) == one


def test_the_desk_speaks_of_partners_where_there_are_any(staff: Client) -> None:
    ParticipantFactory()
    desk = reverse("imp_desk:index")
    assert "Feed not read" not in staff.get(desk).text

    secret(last_error="No.")
    assert "Feed not read" in staff.get(desk).text
