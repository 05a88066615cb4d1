"""A partner's feed is followed from where it was left, and what it tells is found here with everybody else."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from imp_wagtail.directory import actions
from imp_wagtail.directory.finding.search import Question, ask
from imp_wagtail.directory.models import Listing, MirroredEntry, Partner
from imp_wagtail.directory.partners import following
from imp_wagtail.directory.partners.following import follow, follow_all, follow_partner
from imp_wagtail.directory.renewing.keeping import keep
from tests.factories import DirectoryPageFactory, TeacherFactory, UserFactory
from tests.participants.screens import queries_of

from .partner_site import PartnerSite, deleted, uid_of

FEED = "/directory/feed/"


def limited(settings: Any, **limits: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **limits}


def followed(partner: Partner) -> Partner:
    """The partner, after its feed was read on."""
    follow(Partner.objects.get(pk=partner.pk))
    return Partner.objects.get(pk=partner.pk)


def found(**question: Any) -> list[str]:
    """The names that the public finds."""
    answer = ask(Question(**question))
    listings = Listing.objects.shown().in_bulk(answer.keys(0, 100))
    return [listings[key].face["name"] for key in answer.keys(0, 100)]


def paths(site: PartnerSite) -> list[str]:
    """What was asked since the last time."""
    asked = [path for path, _headers in site.asked]
    site.asked.clear()
    return asked


@pytest.mark.django_db
class TestReading:
    def test_teachers_are_found_with_our_own_and_lead_to_the_partner(
        self, site: PartnerSite, partner: Partner, client: Client
    ) -> None:
        TeacherFactory(name="Berta", town="Utrecht", country="NL")
        page = DirectoryPageFactory()
        site.tells([site.teacher("Ana"), site.teacher("Cor", languages=["fr"])])
        followed(partner)

        assert found() == ["Ana", "Berta", "Cor"]
        assert found(language="fr") == ["Cor"]
        shown = client.get(page.url).text
        assert f'href="{site.url}/teachers/{uid_of("Ana")}/" rel="external"' in shown
        assert shown.count("Listed by Friends") == 2

    def test_all_pages_are_read_and_the_next_time_only_what_is_new(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")], [site.teacher("Bo")], [site.teacher("Cor")])
        partner = followed(partner)

        assert found() == ["Ana", "Bo", "Cor"]
        assert paths(site) == [FEED, f"{FEED}?after=1", f"{FEED}?after=2", f"{FEED}?after=3"]
        assert (partner.cursor, partner.last_error) == (f"{site.feed_url}?after=3", "")
        followed(partner)
        assert paths(site) == [f"{FEED}?after=3"]

    def test_nothing_new_is_asked_for_by_etag(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")], etag='"e"')
        partner = followed(partner)
        site.says(f"{FEED}?after=1", status=304)
        before = partner.last_answered_at
        partner = followed(partner)

        assert site.asked[-1][1]["If-None-Match"] == '"e"'
        assert (found(), partner.last_error) == (["Ana"], "")
        assert partner.last_answered_at > before

    def test_a_change_takes_the_place_of_what_was_there_and_a_deletion_takes_it_away(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana"), site.teacher("Bo")])
        partner = followed(partner)
        changed = {**site.teacher("Ana", name="Anna"), "modified": "2026-02-01T00:00:00Z"}
        site.tells([], [changed, deleted("teacher", "Bo"), deleted("teacher", "never known")])
        followed(partner)

        assert found() == ["Anna"]
        assert MirroredEntry.objects.count() == 1

    def test_courses_are_counted_whichever_comes_first(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.course("Early", of="Ana")], [site.teacher("Ana"), site.teacher("Bo")])
        partner = followed(partner)
        assert found(upcoming=True) == ["Ana"]

        site.tells([], [], [site.course("Early", of="Bo")])
        partner = followed(partner)
        assert found(upcoming=True) == ["Bo"]

        site.tells([], [], [], [deleted("course", "Early")])
        followed(partner)
        assert (found(upcoming=True), found()) == ([], ["Ana", "Bo"])

    def test_a_course_without_its_teacher_is_kept_and_shown_nowhere(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.course("Early", of="Ana")])
        followed(partner)

        assert (found(), MirroredEntry.objects.count()) == ([], 1)

    def test_our_own_teachers_are_not_listed_twice(self, site: PartnerSite, partner: Partner) -> None:
        TeacherFactory(name="Ana", uid=uid_of("Ana"))
        site.tells([site.teacher("Ana")])
        followed(partner)

        assert (found(), MirroredEntry.objects.exists()) == (["Ana"], False)

    def test_who_is_near_is_found_by_the_town_and_the_map_shows_whom_the_partner_puts_there(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana", spot=[52.0, 5.0]), site.teacher("Bo")])
        followed(partner)

        assert [spot[1:] for spot in ask(Question()).spots()] == [(52.0, 5.0)]

    def test_a_text_in_a_name_is_never_more_than_text(
        self, site: PartnerSite, partner: Partner, client: Client
    ) -> None:
        page = DirectoryPageFactory()
        site.tells([site.teacher("Ana", name="Ana &lt;script&gt;alert(1)&lt;/script&gt; {{ page }}")])
        followed(partner)

        shown = client.get(page.url).text
        assert "Ana &lt;script&gt;alert(1)&lt;/script&gt; {{ page }}" in shown
        assert "<script>alert(1)" not in shown

    def test_a_hundred_entries_take_as_many_queries_as_one(self, site: PartnerSite, partner: Partner) -> None:
        counts = []
        for number, size in enumerate((1, 100)):
            people = [site.teacher(f"P{number} {index}") for index in range(size)]
            site.tells(*[[]] * number, people + [site.course(f"C{one['id']}", of="P0 0") for one in people])
            with CaptureQueriesContext(
                connection,
            ) as queries:
                partner = followed(partner)
            counts.append(len(queries))

        assert len(found()) == 100
        assert counts[1] <= counts[0] + 2  # what is there already is looked up in each kind

    def test_the_list_takes_one_query_more_with_partners_however_many(
        self, site: PartnerSite, partner: Partner, client: Client
    ) -> None:
        page = DirectoryPageFactory()
        TeacherFactory(name="Berta")
        without = queries_of(client, page.url)
        counts = []
        for number in range(2):
            site.tells(*[[]] * number, [site.teacher(f"P{number} {index}") for index in range(30 * number + 1)])
            followed(partner)
            counts.append(queries_of(client, page.url))

        assert len(found()) == 33
        assert counts == [without + 1] * 2
        assert counts[0] <= 10


@pytest.mark.django_db
class TestFaults:
    def test_what_is_not_as_agreed_is_left_out_alone_and_said(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana", country="XX"), site.teacher("Bo")])
        partner = followed(partner)

        assert (found(), partner.last_error) == (["Bo"], "")
        [fault] = partner.entries.exclude(fault="").values_list("fault", flat=True)
        assert fault == "country: “XX” is no country."

    def test_who_was_shown_and_cannot_be_understood_any_more_is_gone(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        site.tells([], [site.teacher("Ana", country="XX")])
        partner = followed(partner)
        assert found() == []

        site.tells([], [], [site.teacher("Ana")])
        followed(partner)
        assert (found(), partner.entries.exclude(fault="").count()) == (["Ana"], 0)

    @pytest.mark.parametrize("body", ["", "<html>", "[]", "null"])
    def test_nothing_is_touched_by_what_is_no_feed(self, site: PartnerSite, partner: Partner, body: str) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        site.says(f"{FEED}?after=1", body)
        after = followed(partner)

        assert (found(), after.cursor) == (["Ana"], partner.cursor)
        assert after.last_error == "What it answers is no feed of a directory."
        assert after.last_answered_at == partner.last_answered_at < after.last_tried_at

    def test_what_was_read_before_a_failure_stays_and_reading_goes_on_from_there(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana")], [site.teacher("Bo")])
        there = site.answers[f"{FEED}?after=1"]
        site.says(f"{FEED}?after=1", status=500)
        partner = followed(partner)
        assert (found(), partner.last_error) == (["Ana"], "It answers with status 500.")

        site.answers[f"{FEED}?after=1"] = there
        partner = followed(partner)
        assert (found(), partner.last_error) == (["Ana", "Bo"], "")

    def test_a_feed_that_goes_round_in_a_circle_is_left(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")], next=site.feed_url)

        assert followed(partner).last_error == "Its feed goes round in a circle."
        assert len(site.asked) == 1

    def test_a_feed_without_an_end_is_read_for_its_turn(
        self, site: PartnerSite, partner: Partner, settings: Any
    ) -> None:
        site.tells([site.teacher("Ana")], [site.teacher("Bo")], [site.teacher("Cor")])
        follow(partner, seconds=0)
        assert (found(), len(site.asked)) == (["Ana"], 1)

        followed(partner)
        assert found() == ["Ana", "Bo", "Cor"]

    def test_no_more_is_taken_than_the_site_allows(self, site: PartnerSite, partner: Partner, settings: Any) -> None:
        limited(settings, PARTNER_MAX_ENTRIES=2)
        site.tells([site.teacher("Ana"), site.teacher("Bo")], [site.teacher("Cor")])
        partner = followed(partner)

        assert found() == ["Ana", "Bo"]
        assert partner.last_error == "Their feed has more than 2 entries; no more are taken."

    def test_a_failure_of_one_partner_keeps_no_other_from_being_read(
        self, site: PartnerSite, partner: Partner, caplog: pytest.LogCaptureFixture
    ) -> None:
        Partner.objects.create(name="Aground", site_url=site.url, feed_url=f"{site.url}/nothing/")
        site.tells([site.teacher("Ana")])

        assert follow_all() == (1, 1)
        assert found() == ["Ana"]
        assert "could not be read: It answers with status 404." in caplog.text

    def test_what_nobody_thought_of_keeps_no_other_partner_from_being_read(
        self, site: PartnerSite, partner: Partner, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken = Partner.objects.create(name="Broken", site_url=site.url, feed_url=f"{site.url}/broken/")
        Partner.objects.create(name="Last", site_url=site.url, feed_url=f"{site.feed_url}?after=0")
        partner.delete()
        site.tells([site.teacher("Ana")])
        site.answers[f"{FEED}?after=0"] = site.answers[FEED]
        fetch = following.fetch

        def fails(address: str, etag: str) -> Any:
            if address == broken.feed_url:
                raise RuntimeError("no way")
            return fetch(address, etag)

        monkeypatch.setattr(following, "fetch", fails)
        assert follow_all() == (1, 1)
        assert (found(), "no way" in caplog.text) == (["Ana"], True)

    def test_the_daily_work_tells_what_came_of_it(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        [told] = keep(["partners"])

        assert (told.words, told.failed) == ("1 feed read. 0 feeds could not be read.", False)


@pytest.mark.django_db
class TestBeginningAnew:
    def test_who_was_away_too_long_reads_all_again_and_then_drops_what_is_not_there_any_more(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        faulty = site.course("Faulty", of="Ana", state="past")
        site.tells([site.teacher("Ana"), site.teacher("Bo"), site.course("Late", of="Ana"), faulty])
        partner = followed(partner)
        site.tells([site.teacher("Ana")], [site.teacher("Cor")])
        site.says(partner.cursor.removeprefix(site.url), status=410)
        there = site.answers.pop(f"{FEED}?after=2")
        site.says(f"{FEED}?after=1", status=410)
        follow(partner, seconds=0)
        assert found() == ["Ana", "Bo"]  # nothing is dropped before all is read

        site.tells([site.teacher("Ana")], [site.teacher("Cor")])
        site.answers[f"{FEED}?after=2"] = there
        followed(partner)
        assert (found(), found(upcoming=True)) == (["Ana", "Cor"], [])
        assert MirroredEntry.objects.count() == 2

    def test_a_feed_that_is_gone_from_its_beginning_is_a_failure(self, site: PartnerSite, partner: Partner) -> None:
        site.says(FEED, status=410)
        partner = followed(partner)

        assert partner.last_error == "Its feed has no beginning: it answers with status 410."
        assert (partner.reading, len(site.asked)) == (1, 1)

    def test_when_the_profiles_have_moved_all_is_read_again(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        moved = {"url": f"{site.url}/people/ana/"}
        site.tells([site.teacher("Ana", **moved)], directory=f"{site.url}/people/")
        partner = followed(partner)

        assert Listing.objects.get(is_shown=True).face["origin"] == f"{site.url}/people/ana/"
        assert (partner.directory, partner.last_error) == (f"{site.url}/people/", "")

    def test_two_who_read_at_once_take_each_answer_once(
        self, site: PartnerSite, partner: Partner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        site.tells([site.teacher("Ana")], [site.teacher("Bo")])
        late = Partner.objects.get(pk=partner.pk)
        page = following.read(following.fetch(late.asks).body, late.asks, following.hosts_of(late))
        followed(partner)
        numbers = list(Listing.objects.order_by("pk").values_list("number", flat=True))

        assert not actions.take_page(late, page)
        assert not actions.begin_anew(late)
        actions.note_failure(late, "late")
        actions.note_unchanged(late)
        partner.refresh_from_db()
        assert (partner.last_error, partner.reading) == ("", 1)
        assert list(Listing.objects.order_by("pk").values_list("number", flat=True)) == numbers


@pytest.mark.django_db
class TestTrust:
    def test_who_does_not_answer_is_shown_for_the_time_that_was_set_and_not_a_moment_longer(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        assert partner.gone_at - partner.last_answered_at == dt.timedelta(days=14)
        site.answers.clear()
        followed(partner)
        assert found() == ["Ana"]

        Partner.objects.update(gone_at=timezone.now())
        assert found() == []

    def test_what_was_not_confirmed_in_time_is_not_kept_and_comes_back_with_the_next_answer(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        site.answers.clear()
        Partner.objects.update(gone_at=timezone.now())
        follow_all()
        assert not MirroredEntry.objects.exists()

        site.tells([site.teacher("Ana")])
        followed(partner)
        assert found() == ["Ana"]

    def test_nobody_of_a_partner_is_in_our_own_feed_or_in_the_sitemap(
        self, site: PartnerSite, partner: Partner, client: Client
    ) -> None:
        page = DirectoryPageFactory()
        site.tells([site.teacher("Ana", spot=[52.0, 5.0])])
        followed(partner)

        assert client.get(FEED).json()["items"] == []
        addresses = page.get_sitemap_urls(RequestFactory().get("/"))
        assert not any(uid_of("Ana") in entry["location"] for entry in addresses)
        assert '"Person"' not in client.get(page.url).text


@pytest.mark.django_db
class TestTheList:
    def test_whoever_is_added_is_read_at_once(
        self, site: PartnerSite, django_capture_on_commit_callbacks: Any
    ) -> None:
        site.tells([site.teacher("Ana")])
        with django_capture_on_commit_callbacks(execute=True):
            details = {"name": "Friends", "site_url": site.url, "feed_url": site.feed_url}
            actions.add_partner(**details, by=UserFactory())

        assert found() == ["Ana"]

    def test_a_new_name_is_shown_with_everybody(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana"), site.teacher("Bo")])
        partner = followed(partner)
        actions.update_partner(partner, name="Good Friends", by=UserFactory())

        assert {listing.face["listed_by"] for listing in Listing.objects.shown()} == {"Good Friends"}

    def test_switched_off_nothing_is_shown_kept_or_asked(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        site.asked.clear()
        actions.update_partner(partner, is_active=False, by=UserFactory())

        assert (found(), MirroredEntry.objects.exists()) == ([], False)
        follow_all()
        follow_partner.call(partner.pk)
        assert site.asked == []

        partner = actions.update_partner(partner, is_active=True, by=UserFactory())
        followed(partner)
        assert found() == ["Ana"]

    def test_under_another_address_nothing_of_the_old_one_is_kept(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        partner = actions.update_partner(partner, feed_url=f"{site.url}/other/", by=UserFactory())

        assert (found(), partner.cursor, partner.gone_at) == ([], "", None)

    def test_another_time_without_an_answer_counts_from_the_last_answer(
        self, site: PartnerSite, partner: Partner
    ) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        partner = actions.update_partner(partner, gone_after_days=3, by=UserFactory())

        assert partner.gone_at - partner.last_answered_at == dt.timedelta(days=3)

    def test_whoever_is_removed_is_gone_with_all_that_they_told(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        for _time in range(2):
            actions.remove_partner(partner, by=UserFactory())

        assert found() == []
        assert not (MirroredEntry.objects.exists() or Partner.objects.exists())

    def test_a_change_that_changes_nothing_leaves_what_was_read(self, site: PartnerSite, partner: Partner) -> None:
        site.tells([site.teacher("Ana")])
        partner = followed(partner)
        same = actions.update_partner(partner, name=partner.name, is_active=True, by=UserFactory())

        assert (same.cursor, found()) == (partner.cursor, ["Ana"])
