"""The screens of consent texts: what stands, who agreed to which, and a new one that says first whom it concerns."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Locale, ModelLogEntry

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import ConsentText
from tests.browsing import sent_by_browser
from tests.factories import UserFactory, registrar

from .support import listed, new_text

pytestmark = pytest.mark.django_db

LIST = "/admin/training/teachers/wordings/"
FORM = f"{LIST}profile/"
NEXT_MONTH = timezone.localdate() + dt.timedelta(days=30)


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


def publish(staff: Client, address: str = FORM, **data: Any) -> Any:
    """Send the form, look at whom it concerns, and send it once more."""
    seen = staff.post(address, data)
    return staff.post(address, {**data, "foreseen": seen.context["form"]["foreseen"].value() or ""})


def stored() -> list[tuple]:
    fields = ("purpose", "version", "locale__language_code", "text", "earlier_end_on")
    return list(ConsentText.objects.order_by("pk").values_list(*fields))


def section(staff: Client, purpose: str) -> Any:
    return next(one for one in staff.get(LIST).context["wordings"] if one.purpose == purpose)


class TestPublishing:
    def test_the_history_says_who_published_what_and_what_becomes_of_earlier_consent(self, client: Client) -> None:
        user = registrar()
        actions.publish_text("photo", {"en": "My photo too."}, by=user)
        actions.publish_text("profile", {"en": "I agree."}, earlier_end_on=dt.date(2099, 5, 1), by=user)

        said = [(entry.action, entry.user, entry.data["what"]) for entry in ModelLogEntry.objects.order_by("pk")]
        assert said == [
            (
                "imp.consent_text.publish",
                user,
                "Photo, version 2; consent to earlier ones goes on counting",
            ),
            (
                "imp.consent_text.publish",
                user,
                "Public profile, version 2; consent to earlier ones ends on 1 May 2099",
            ),
        ]
        client.force_login(user)
        assert "Photo, version 2" in client.get(reverse("wagtailadmin_reports:site_history")).text


class TestTheList:
    def test_it_is_found_from_the_teachers(self, staff: Client) -> None:
        assert LIST in staff.get(reverse("imp_teachers:index")).text

    def test_the_packages_own_is_the_first_version(self, staff: Client) -> None:
        listed()
        one = section(staff, "profile")

        assert (one.in_force.number, one.agreed_to_it, one.agreed_to_earlier) == (1, 1, 0)
        assert "I can end this at any time" in staff.get(LIST).text

    def test_it_counts_the_listed_who_agreed_to_which(self, staff: Client) -> None:
        earlier = [listed(agrees_to=["photo"]) for _ in range(3)]
        new_text("photo", "In print too.")
        actions.set_consents(earlier[0], ["profile", "photo"], note="", by=None)
        actions.suspend(earlier[1], why="Asked.", by=registrar())
        listed()

        one = section(staff, "photo")
        assert (one.in_force.number, one.agreed_to_it, one.agreed_to_earlier) == (2, 1, 1)
        text = staff.get(LIST).text
        assert "In print too." in text
        assert "My photo is shown with my entry." in text

    def test_it_asks_as_many_questions_for_many_as_for_few(self, staff: Client) -> None:
        counts = []
        for size in (1, 3):
            for number in range(size):
                listed(agrees_to=["photo", "map"])
                new_text("map", f"{size}-{number}")
            with CaptureQueriesContext(connection) as queries:
                staff.get(LIST)
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_without_the_right_to_write_there_is_nothing_to_press(self, client: Client) -> None:
        user = UserFactory()
        user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_consenttext"]))
        client.force_login(user)

        assert "Write a new wording" not in client.get(LIST).text
        assert client.get(FORM).status_code == 302


class TestANewOne:
    def test_it_says_first_whom_it_concerns_and_publishes_nothing(self, staff: Client) -> None:
        listed()
        listed()
        listed(participant__email="")
        actions.suspend(listed(), why="Asked.", by=registrar())
        response = staff.post(FORM, {"text_en": "New.", "earlier_end_on": NEXT_MONTH.isoformat()})

        foresight = response.context["foresight"]
        assert (foresight.asked, foresight.unreachable) == (2, 1)
        assert "2 listed teachers agreed to an earlier wording" in response.text
        assert "1 more teacher has no e-mail address" in response.text
        assert f"{NEXT_MONTH.day} " in response.text.partition("help-info")[2]
        assert stored() == []

    def test_sent_once_more_it_is_published_in_every_language(self, staff: Client) -> None:
        Locale.objects.get_or_create(language_code="fr")
        response = publish(staff, text_en="New.", text_fr="Nouveau.", earlier_end_on=NEXT_MONTH.isoformat(), once="x")

        assert response.url == LIST
        assert stored() == [
            ("profile", 2, "en", "New.", NEXT_MONTH),
            ("profile", 2, "fr", "Nouveau.", NEXT_MONTH),
        ]
        assert ConsentText.objects.first().published_by.groups.get().name == "Registrars"

    def test_what_somebody_else_published_meanwhile_is_shown_first(self, staff: Client) -> None:
        seen = staff.post(FORM, {"text_en": "Mine."})
        actions.publish_text("profile", {"en": "Theirs."}, by=None)
        response = staff.post(FORM, sent_by_browser(seen))

        assert "Version 2 stands now" in response.text
        assert [text for *_rest, text, _ends in stored()] == ["Theirs."]
        assert staff.post(FORM, sent_by_browser(response)).status_code == 302
        assert [text for *_rest, text, _ends in stored()] == ["Theirs.", "Mine."]

    def test_what_was_changed_after_it_was_foreseen_is_foreseen_anew(self, staff: Client) -> None:
        seen = staff.post(FORM, {"text_en": "New."})
        mark = seen.context["form"]["foreseen"].value()
        staff.post(FORM, {"text_en": "New.", "earlier_end_on": NEXT_MONTH.isoformat(), "foreseen": mark})
        staff.post(f"{LIST}photo/", {"text_en": "New.", "foreseen": mark})

        assert stored() == []

    def test_a_double_click_publishes_one(self, staff: Client) -> None:
        seen = staff.post(FORM, {"text_en": "New."})
        data = {"text_en": "New.", "foreseen": seen.context["form"]["foreseen"].value(), "once": "x"}
        for _time in range(2):
            assert staff.post(FORM, data).url == LIST

        assert [version for _purpose, version, *_rest in stored()] == [2]

    def test_it_begins_with_what_stands(self, staff: Client) -> None:
        Locale.objects.get_or_create(language_code="ar")
        form = staff.get(FORM).context["form"]
        assert form["text_en"].value().startswith("My name, country and town")
        assert 'dir="rtl"' in str(form["text_ar"])

        new_text("profile", "Second.")
        assert staff.get(FORM).context["form"]["text_en"].value() == "Second."

    @pytest.mark.parametrize(
        ("sent", "field"),
        [
            ({"text_en": " "}, "text_en"),
            ({"text_en": "x" * 4001}, "text_en"),
            ({"text_en": "New.", "earlier_end_on": "never"}, "earlier_end_on"),
            ({"text_en": "New.", "earlier_end_on": timezone.localdate().isoformat()}, "earlier_end_on"),
        ],
    )
    def test_what_makes_no_sense_is_said_beside_the_field(
        self, staff: Client, sent: dict[str, str], field: str
    ) -> None:
        response = publish(staff, **sent)

        assert list(response.context["form"].errors) == [field]
        assert stored() == []

    def test_what_stands_already_is_no_new_one(self, staff: Client) -> None:
        new_text("profile", "Second.")
        response = publish(staff, text_en="Second.")

        assert "stands already" in response.text
        assert len(stored()) == 1

    def test_of_what_nobody_is_asked_for_there_is_none(self, staff: Client) -> None:
        assert staff.get(f"{LIST}cookies/").status_code == 404
