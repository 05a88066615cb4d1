"""The page behind the link: what a teacher says there is stored whole or not at all, and once."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Listing, Purpose, Teacher
from imp_wagtail.directory.renewing.actions import answer
from tests.browsing import sent_by_browser
from tests.directory.support import log_of
from tests.factories import CourseFactory, QualificationFactory, registrar

from .support import TODAY, address, at, fresh, in_days, listed, new_text, send, shown_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def teacher() -> Teacher:
    return listed(name="Ana Núñez", agrees_to=["photo"], speaks=["en", "fr"], about="Before.")


def done(response: Any) -> bool:
    return response.status_code == 302 and response.url.endswith("/done/")


def log(teacher: Teacher) -> list[str]:
    return [action for action, _data in log_of(teacher.participant)]


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 400
    found = {field: list(messages) for field, messages in response.context["form"].errors.items()}
    assert [message for messages in found.values() for message in messages if message not in response.text] == []
    return found


def purposes(teacher: Teacher) -> list[str]:
    return [purpose for purpose in Purpose.values if fresh(teacher).agrees_to(purpose)]


class TestWhatItShows:
    def test_the_entry_and_what_is_agreed_to(self, client: Client, teacher: Teacher) -> None:
        QualificationFactory(teacher=teacher, title="Of a body", valid_until=dt.date(2099, 5, 1))
        course = CourseFactory(teacher=teacher, title="Eight weeks")
        shown = shown_form(client, address(teacher))

        assert {name: value for name, value in shown.items() if name not in ("read", "seen")} == {
            "about": "Before.",
            "website": "",
            "languages": ["en", "fr"],
            "teaches_in_person": "on",
            "profile": "on",
            "photo": "on",
            f"course_{course.pk}": "open",
        }
        text = client.get(address(teacher)).text
        assert all(words in text for words in ("Ana Núñez", "Utrecht", "Of a body", "1 May 2099", "Eight weeks"))

    def test_until_when_it_is_listed_or_why_not(self, client: Client) -> None:
        until = timezone.localdate() + dt.timedelta(days=10)
        suspended = listed()
        actions.suspend(suspended, why="Secret reason", by=registrar())

        assert f"until {until.day} " in client.get(address(listed(until))).text
        text = client.get(address(suspended)).text
        assert "suspended since" in text
        assert "Secret reason" not in text

    def test_everything_in_the_language_of_the_teacher(self, client: Client) -> None:
        teacher = listed(participant__language="ar")

        assert 'dir="rtl"' in client.get(address(teacher), headers={"Accept-Language": "fr"}).text

    def test_a_language_that_the_site_does_not_speak_is_the_sites(self, client: Client) -> None:
        assert client.get(address(listed(participant__language="ja"))).status_code == 200

    def test_a_wording_in_the_language_of_the_teacher(self, client: Client) -> None:
        from wagtail.models import Locale

        Locale.objects.get_or_create(language_code="fr")
        actions.publish_text("photo", {"en": "My photo is shown.", "fr": "Ma photo est montrée."}, by=None)

        assert "Ma photo est montrée." in client.get(address(listed(participant__language="fr"))).text


class TestRenewing:
    def test_it_is_a_declaration_of_today_that_lists_anew(self, client: Client, teacher: Teacher) -> None:
        with at(TODAY):
            assert done(send(client, address(teacher)))

        assert (fresh(teacher).renewed_on, fresh(teacher).listed_until) == (TODAY, in_days(365))
        assert log_of(teacher.participant) == [
            (
                "imp.teacher.renew",
                {"what": "Ana Núñez", "after": "29 February 2028", "why": "by personal link"},
            )
        ]

    def test_the_last_day_may_be_a_leap_day_and_counts(self, client: Client, teacher: Teacher) -> None:
        with at(TODAY):
            send(client, address(teacher))
        with at(dt.date(2028, 2, 29), hour=23, minute=59):
            assert fresh(teacher).is_listed
        with at(dt.date(2028, 3, 1), hour=0):
            assert not fresh(teacher).is_listed

    def test_the_day_is_that_of_the_site(self, client: Client, teacher: Teacher) -> None:
        # Where the site is it is the second of March already, in UTC still the first.
        with at(dt.date(2027, 3, 2), hour=0, minute=30):
            send(client, address(teacher))

        assert fresh(teacher).renewed_on == dt.date(2027, 3, 2)

    def test_without_a_period_it_runs_without_an_end(self, client: Client, settings: Any) -> None:
        settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "LISTING_DAYS": 0}
        teacher = listed(timezone.localdate() + dt.timedelta(days=3))
        assert done(send(client, address(teacher)))

        assert (fresh(teacher).renewed_on, fresh(teacher).listed_until) == (timezone.localdate(), None)

    def test_one_that_ran_out_is_listed_again_at_once(self, client: Client) -> None:
        teacher = listed(timezone.localdate() - dt.timedelta(days=400))
        assert not Listing.objects.shown().filter(teacher=teacher).exists()
        send(client, address(teacher))

        assert Listing.objects.shown().filter(teacher=teacher).exists()

    def test_a_suspended_one_stays_out(self, client: Client, teacher: Teacher) -> None:
        actions.suspend(teacher, why="Asked.", by=registrar())
        send(client, address(teacher))

        assert fresh(teacher).renewed_on == timezone.localdate()
        assert not fresh(teacher).is_listed

    def test_sent_twice_it_is_done_once(self, client: Client, teacher: Teacher) -> None:
        data = {**shown_form(client, address(teacher)), "about": "After.", "do": "renew"}
        for _time in range(2):
            assert done(client.post(address(teacher), data))

        assert log(teacher) == ["imp.teacher.change", "imp.teacher.renew"]

    def test_no_other_site_gains_by_sending_it(self, teacher: Teacher) -> None:
        client = Client(enforce_csrf_checks=True)
        data = {**shown_form(client, address(teacher)), "do": "renew"}

        # As a browser does on a page without referrer.
        assert done(client.post(address(teacher), data, headers={"Origin": "null"}))
        assert client.post("/directory/renew/guessed/", data).status_code == 404


class TestSaying:
    def test_what_the_entry_says(self, client: Client, teacher: Teacher) -> None:
        course = CourseFactory(teacher=teacher)
        said = {
            "about": "First line.\r\nSecond.",
            "website": "example.org",
            "languages": ["fr"],
            "another": "nl",
            "teaches_online": "on",
            f"course_{course.pk}": "full",
        }
        assert done(send(client, address(teacher), without="teaches_in_person", **said))

        after = fresh(teacher)
        assert (after.about, after.website) == ("First line.\nSecond.", "https://example.org")
        assert list(after.languages.values_list("language", flat=True)) == ["fr", "nl"]
        assert (after.teaches_online, after.teaches_in_person) == (True, False)
        assert after.courses.get().state == "full"
        assert sorted(log(teacher)) == ["imp.course.change", "imp.teacher.change", "imp.teacher.renew"]

    def test_saved_only_nothing_is_renewed(self, client: Client, teacher: Teacher) -> None:
        response = send(client, address(teacher), about="After.", do="save")
        assert done(response)

        assert (fresh(teacher).renewed_on, fresh(teacher).about) == (None, "After.")
        assert "It is saved" in client.get(response.url).text

    def test_what_is_wrong_stands_beside_its_field_and_nothing_is_stored(
        self, client: Client, teacher: Teacher
    ) -> None:
        response = send(
            client, address(teacher), without="teaches_in_person languages photo", website="http://", about="After."
        )

        assert set(errors(response)) == {"website", "languages", "teaches_in_person"}
        assert response.context["form"]["about"].value() == "After."
        assert (fresh(teacher).about, purposes(teacher), log(teacher)) == ("Before.", ["profile", "photo"], [])

    def test_what_the_verb_refuses_takes_all_of_it_back(self, client: Client, teacher: Teacher) -> None:
        course = CourseFactory(teacher=teacher)
        type(course).objects.update(ends=dt.date(2099, 1, 1))  # before it begins, which no form lets pass

        assert set(errors(send(client, address(teacher), about="After.", **{f"course_{course.pk}": "full"}))) == {
            "__all__"
        }
        assert (fresh(teacher).about, fresh(teacher).renewed_on, log(teacher)) == ("Before.", None, [])

    @pytest.mark.parametrize(
        "wrong",
        [
            {"languages": ["xx"]},
            {"another": "zz"},
            {"about": "x" * 4001},
            {"about": "a\x00b"},
            {"website": "javascript:alert(1)"},
        ],
    )
    def test_what_no_browser_sends_is_refused(self, client: Client, teacher: Teacher, wrong: dict[str, Any]) -> None:
        assert set(errors(send(client, address(teacher), **wrong))) & set(wrong)
        assert log(teacher) == []

    def test_what_belongs_to_the_staff_stays(self, client: Client, teacher: Teacher) -> None:
        others = CourseFactory(title="Of another")
        sent = {"name": "Dr Somebody", "country": "FR", "slug": "x", f"course_{others.pk}": "cancelled"}
        send(client, address(teacher), recognised_on="2020-01-01", listed_until="2099-01-01", **sent)

        after = fresh(teacher)
        assert (after.name, after.country, after.slug) == ("Ana Núñez", "NL", teacher.slug)
        assert after.recognised_on is None
        assert type(others).objects.get(pk=others.pk).state == "open"

    def test_nobody_overwrites_what_staff_changed_meanwhile(self, client: Client, teacher: Teacher) -> None:
        data = {**shown_form(client, address(teacher)), "about": "Mine.", "do": "renew"}
        actions.update_teacher(teacher, about="Of the staff.", by=registrar())
        response = client.post(address(teacher), data)

        assert "Of the staff." in errors(response)["__all__"][0]
        assert fresh(teacher).about == "Of the staff."
        assert done(client.post(address(teacher), {**data, "seen": response.context["form"]["seen"].value()}))
        assert fresh(teacher).about == "Mine."

    def test_a_course_that_was_removed_meanwhile_is_left_out(self, client: Client, teacher: Teacher) -> None:
        course = CourseFactory(teacher=teacher)
        data = {**shown_form(client, address(teacher)), f"course_{course.pk}": "full", "do": "renew"}
        actions.remove_course(course, by=registrar())

        assert done(client.post(address(teacher), data))

    def test_the_history_is_in_the_language_of_the_site(self, client: Client) -> None:
        teacher = listed(participant__language="fr", about="Before.")
        course = CourseFactory(teacher=teacher)
        send(client, address(teacher), about="After.", photo="on", **{f"course_{course.pk}": "full"})

        told = dict(log_of(teacher.participant))
        assert told["imp.teacher.change"]["what"] == "About"
        assert {data["why"] for action, data in log_of(teacher.participant) if action != "imp.teacher.consent"} == {
            "by personal link"
        }
        assert told["imp.teacher.consent"]["what"].endswith("Photo, version 1 of the text")


class TestAgreeing:
    def test_each_purpose_is_given_and_taken_back_by_itself(self, client: Client, teacher: Teacher) -> None:
        send(client, address(teacher), without="photo", map="on", sharing="on", told_of="photo")

        assert purposes(teacher) == ["profile", "map", "sharing"]
        consent = fresh(teacher).consents.get(purpose="map")
        assert (consent.given_on, consent.note, consent.version) == (timezone.localdate(), "by personal link", 1)

    def test_a_new_wording_is_asked_for_anew(self, client: Client, teacher: Teacher) -> None:
        new_text("photo", "In the printed programme too.")
        response = client.get(address(teacher))

        assert "In the printed programme too." in response.text
        assert "photo" not in shown_form(client, address(teacher))
        send(client, address(teacher), photo="on")
        assert fresh(teacher).consent_to("photo").version == 2

    def test_a_new_wording_that_is_not_agreed_to_ends_the_earlier_consent(
        self, client: Client, teacher: Teacher
    ) -> None:
        new_text("photo")
        asked = send(client, address(teacher))
        assert [label for label, _follows in asked.context["endings"]] == ["Photo"]
        client.post(address(teacher), sent_by_browser(asked))

        assert purposes(teacher) == ["profile"]

    def test_nobody_agrees_to_what_they_have_not_seen(self, client: Client, teacher: Teacher) -> None:
        data = {**shown_form(client, address(teacher)), "map": "on", "about": "After.", "do": "renew"}
        new_text("map", "The map is printed too.")
        response = client.post(address(teacher), data)

        assert set(errors(response)) == {"map"}
        assert "The map is printed too." in response.text
        assert not response.context["form"]["map"].value()
        assert (purposes(teacher), fresh(teacher).about) == (["profile", "photo"], "Before.")

        again = {**data, "read": response.context["form"]["read"].value()}
        assert done(client.post(address(teacher), again))
        assert fresh(teacher).consent_to("map").version == 2

    def test_nor_does_the_verb_take_it(self, teacher: Teacher) -> None:
        from django.core.exceptions import ValidationError

        new_text("map")
        with pytest.raises(ValidationError) as refused:
            answer(
                teacher, purposes=["profile", "photo", "map"], read={"map": 1}, states={}, renews=True, about="After."
            )

        assert list(refused.value.message_dict) == ["map"]
        assert (fresh(teacher).about, fresh(teacher).renewed_on, log(teacher)) == ("Before.", None, [])

    def test_one_that_is_left_as_it_is_needs_no_reading(self, client: Client, teacher: Teacher) -> None:
        assert done(send(client, address(teacher), read="nonsense"))
        assert purposes(teacher) == ["profile", "photo"]

    def test_whoever_left_comes_back(self, client: Client, teacher: Teacher) -> None:
        actions.end_consent(teacher, why="Asked.", by=registrar())
        assert set(errors(send(client, address(teacher)))) == {"profile"}
        assert done(send(client, address(teacher), profile="on"))

        assert fresh(teacher).is_listed


class TestTakingBack:
    """What ends is said first; then once more is a decision, for all that was sent."""

    @pytest.mark.parametrize("does", ["renew", "save"])
    def test_it_is_asked_once_more_and_then_all_of_it_is_stored(
        self, client: Client, teacher: Teacher, does: str
    ) -> None:
        CourseFactory(teacher=teacher)
        sent = {"about": "Two\r\nlines.", "another": "nl", "website": "example.org", "map": "on", "do": does}
        asked = send(client, address(teacher), without="photo", **sent)
        assert (asked.status_code, log(teacher)) == (200, [])
        assert "Your entry is shown without your photo." in asked.text

        assert done(client.post(address(teacher), sent_by_browser(asked)))
        after = fresh(teacher)
        assert (after.about, after.website) == ("Two\nlines.", "https://example.org")
        assert list(after.languages.values_list("language", flat=True)) == ["en", "fr", "nl"]
        assert purposes(teacher) == ["profile", "map"]
        assert (after.renewed_on is not None) == (does == "renew")

    def test_whoever_did_not_mean_it_goes_back_with_all_that_was_typed(self, client: Client, teacher: Teacher) -> None:
        asked = send(client, address(teacher), without="photo", about="After.")
        back = client.post(address(teacher), {**sent_by_browser(asked), "do": "back"})

        sent = sent_by_browser(back)
        assert (sent["about"], sent["photo"], log(teacher)) == ("After.", "on", [])
        assert done(client.post(address(teacher), sent))
        assert (fresh(teacher).about, purposes(teacher)) == ("After.", ["profile", "photo"])

    def test_who_goes_back_and_takes_back_is_asked_anew(self, client: Client, teacher: Teacher) -> None:
        asked = send(client, address(teacher), without="photo")
        back = sent_by_browser(client.post(address(teacher), {**sent_by_browser(asked), "do": "back"}))
        actions.record_consent(teacher, "map", on=timezone.localdate(), by=registrar())
        asked = client.post(address(teacher), {name: value for name, value in back.items() if name != "photo"})

        assert [label for label, _follows in asked.context["endings"]] == ["Photo", "Place on the map"]
        assert purposes(teacher) == ["profile", "photo", "map"]

    def test_a_second_click_does_nothing_more(self, client: Client, teacher: Teacher) -> None:
        sent = sent_by_browser(send(client, address(teacher), without="photo"))
        for _time in range(2):
            assert done(client.post(address(teacher), sent))

        assert log(teacher) == ["imp.teacher.end_consent", "imp.teacher.renew"]

    def test_what_counts_no_more_ends_without_a_question(self, client: Client, teacher: Teacher) -> None:
        new_text("photo", ends=timezone.localdate() + dt.timedelta(days=1))
        with at(timezone.localdate() + dt.timedelta(days=2)):
            assert done(send(client, address(teacher)))


class TestLeaving:
    def test_it_is_asked_once_more_and_until_then_nothing_happens(self, client: Client, teacher: Teacher) -> None:
        response = send(client, address(teacher), without="profile", about="After.", website="http://")

        assert response.url.endswith("/leave/")
        assert client.get(response.url).context["state"] == "ask"
        assert (fresh(teacher).is_listed, log(teacher)) == (True, [])

    def test_then_all_of_it_ends_at_once(self, client: Client, teacher: Teacher) -> None:
        response = client.post(address(teacher, "leave/"), follow=True)

        assert response.context["state"] == "left"
        assert purposes(teacher) == []
        assert not Listing.objects.shown().filter(teacher=teacher).exists()
        assert log(teacher) == ["imp.teacher.end_consent"] * 2

    def test_twice_is_once(self, client: Client, teacher: Teacher) -> None:
        for _time in range(2):
            client.post(address(teacher, "leave/"))

        assert log(teacher) == ["imp.teacher.end_consent"] * 2

    def test_a_link_that_is_followed_by_a_machine_does_nothing(self, client: Client, teacher: Teacher) -> None:
        for page in ("", "leave/", "done/"):
            client.get(address(teacher, page))
            client.head(address(teacher, page))

        assert (fresh(teacher).is_listed, log(teacher)) == (True, [])

    def test_a_wording_that_is_not_agreed_to_is_a_way_out_too(self, client: Client, teacher: Teacher) -> None:
        new_text("profile")

        assert send(client, address(teacher)).url.endswith("/leave/")
