"""The editor's form of a training: how it begins, and how it knows from when a training was moved."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from imp_wagtail.trainings.models import ContentPage, Question, TrainingIndexPage, TrainingPage
from imp_wagtail.trainings.rules import Status
from tests.factories import (
    PathwayFactory,
    TrainingPageFactory,
    editor,
)
from tests.trainings.support import changed, published, send, soup_of

pytestmark = pytest.mark.django_db

OLD = {"starts": dt.date(2098, 4, 1), "ends": dt.date(2098, 4, 9)}
NEW = {"starts": dt.date(2098, 5, 12), "ends": dt.date(2098, 5, 21)}


@pytest.fixture
def client() -> Client:
    """Signed in as an editor."""
    client = Client()
    client.force_login(editor())
    return client


@pytest.fixture
def training() -> TrainingPage:
    return published(TrainingPageFactory(title="Training", slug="training", **OLD))


def wrong(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


class TestMoving:
    def test_the_dates_announced_so_far_are_kept(self, client: Client, training: TrainingPage) -> None:
        assert send(client, training, moved="on", **NEW).status_code == 302
        assert (training.starts, training.ends) == (NEW["starts"], NEW["ends"])
        assert (training.previous_starts, training.previous_ends) == (OLD["starts"], OLD["ends"])

    def test_a_mistake_is_mended_without_a_word(self, client: Client, training: TrainingPage) -> None:
        assert send(client, training, **NEW).status_code == 302
        assert not training.has_moved

    def test_other_changes_later_leave_it_as_it_is(self, client: Client, training: TrainingPage) -> None:
        send(client, training, moved="on", **NEW)
        send(client, training, moved="on", venue="Gaia House", **NEW)
        assert (training.venue, training.previous_starts) == ("Gaia House", OLD["starts"])

    def test_moved_again_it_tells_what_was_announced_last(self, client: Client, training: TrainingPage) -> None:
        send(client, training, moved="on", **NEW)
        send(client, training, moved="on", starts=dt.date(2098, 6, 1), ends=dt.date(2098, 6, 9))
        assert training.previous_starts == NEW["starts"]

    def test_what_was_only_a_draft_was_never_announced(self, client: Client, training: TrainingPage) -> None:
        send(client, training, publish=False, starts=dt.date(2098, 4, 2))
        send(client, training, moved="on", **NEW)
        assert training.previous_starts == OLD["starts"]

    def test_unticked_it_is_forgotten(self, client: Client, training: TrainingPage) -> None:
        send(client, training, moved="on", **NEW)
        send(client, training, **NEW)
        assert not training.has_moved

    def test_without_other_dates_it_was_not_moved(self, client: Client, training: TrainingPage) -> None:
        response = send(client, training, moved="on", **OLD)
        assert list(wrong(response)) == ["moved"]
        assert not training.has_moved

    def test_nobody_is_asked_before_anything_was_announced(self, client: Client) -> None:
        draft = TrainingPageFactory(title="Training", slug="training", live=False, **OLD)
        draft.save_revision()
        assert "moved" not in client.get(f"/admin/pages/{draft.pk}/edit/").context["form"].fields
        send(client, draft, moved="on", **NEW)
        assert not draft.has_moved

    def test_of_a_copy_no_other_dates_were_announced(self, client: Client, training: TrainingPage) -> None:
        send(client, training, moved="on", **NEW)
        copy = {"new_title": "Another", "new_slug": "another", "new_parent_page": training.get_parent().pk}
        client.post(f"/admin/pages/{training.pk}/copy/", {**copy, "publish_copies": "on"})
        other = TrainingPage.objects.get(slug="another")
        assert (other.starts, other.has_moved) == (NEW["starts"], False)
        assert not other.get_latest_revision_as_object().has_moved

    def test_the_form_shows_that_it_was(self, client: Client, training: TrainingPage) -> None:
        changed(training, previous_starts=NEW["starts"], previous_ends=NEW["ends"])
        form = client.get(f"/admin/pages/{training.pk}/edit/").context["form"]
        assert form["moved"].value() is True


class TestLanguages:
    def test_they_are_kept_in_the_order_of_choice(self, client: Client, training: TrainingPage) -> None:
        send(client, training)
        assert training.languages == ["fr", "en"]

    def test_there_is_a_choice_for_each_and_one_more(self, client: Client, training: TrainingPage) -> None:
        changed(training, languages=["en", "fr", "it"])
        selects = soup_of(client, f"/admin/pages/{training.pk}/edit/").find_all("select", {"name": "languages"})
        shown = [select.find("option", selected=True)["value"] for select in selects]
        assert shown == ["en", "fr", "it", ""]

    def test_what_is_no_language_is_told(self, client: Client, training: TrainingPage) -> None:
        assert set(wrong(send(client, training, languages=["xx"]))) == {"languages"}


class TestErrors:
    def test_each_is_told_at_its_field_and_nothing_is_saved(self, client: Client, training: TrainingPage) -> None:
        response = send(client, training, ends=dt.date(2098, 3, 1), town="", status="open")
        assert set(wrong(response)) == {"ends", "venue", "status"}
        assert training.ends == OLD["ends"]

    @pytest.mark.parametrize(
        ("values", "told"),
        [
            ({"status": "open", "application_url": "htp:/x"}, {"application_url": ["Enter a valid URL."]}),
            ({"status": "open", "application_email": "us@"}, {"application_email": ["Enter a valid email address."]}),
            ({"start_time": "25:00", "end_time": "13:00"}, {"start_time": ["Enter a valid time."]}),
        ],
        ids=["a link", "an address", "an hour"],
    )
    def test_what_was_given_wrongly_is_not_told_as_missing(
        self, client: Client, training: TrainingPage, values: dict[str, str], told: dict[str, list[str]]
    ) -> None:
        assert wrong(send(client, training, **values)) == told

    def test_where_people_meet_is_not_asked_again_for_a_name_that_is_too_long(
        self, client: Client, training: TrainingPage
    ) -> None:
        changed(training, venue="", town="Lyon")
        (reason,) = wrong(send(client, training, town="", venue="x" * 161))["venue"]
        assert "at most 160" in reason


class TestClock:
    @pytest.mark.parametrize(
        ("country", "zone"),
        [("IT", "Europe/Rome"), ("DE", "Europe/Berlin"), ("US", ""), ("", "")],
        ids=["one zone", "two that are alike", "several", "no country"],
    )
    def test_it_is_the_country_s_where_it_has_one_only(
        self, client: Client, training: TrainingPage, country: str, zone: str
    ) -> None:
        assert send(client, training, country=country).status_code == 302
        assert training.time_zone == zone

    def test_one_that_is_chosen_stays(self, client: Client, training: TrainingPage) -> None:
        send(client, training, country="BE", time_zone="Europe/Paris", start_time="17:00")
        assert training.time_zone == "Europe/Paris"

    @pytest.mark.parametrize("zone", ["Europe/London", ""])
    def test_hours_by_none_of_the_country_s_are_refused(
        self, client: Client, training: TrainingPage, zone: str
    ) -> None:
        errors = wrong(send(client, training, country="US", time_zone=zone, start_time="17:00"))
        reason = "No clock of United States shows these hours. Choose the time zone of the place."
        assert errors == {"time_zone": [reason]}

    def test_on_its_last_day_as_well(self, client: Client, training: TrainingPage) -> None:
        """In London clocks are put forward on 28 March 2100: until then they show universal time."""
        hours = {"start_time": "17:00", "end_time": "13:00"}
        days = {"starts": "2100-03-20", "ends": "2100-03-30"}
        errors = wrong(send(client, training, country="GB", time_zone="Africa/Abidjan", **days, **hours))
        assert list(errors) == ["time_zone"]
        assert send(client, training, country="GB", time_zone="Europe/London", **days, **hours).status_code == 302

    def test_without_hours_no_clock_is_wrong(self, client: Client, training: TrainingPage) -> None:
        assert send(client, training, country="IT", time_zone="Asia/Tokyo").status_code == 302


class TestStarting:
    def new(self, client: Client, index: TrainingIndexPage) -> Any:
        response = client.get(f"/admin/pages/add/imp_trainings/trainingpage/{index.pk}/")
        assert response.status_code == 200
        return response.context["form"]

    def test_a_new_one_begins_with_what_the_latest_one_says_that_stays_the_same(self, client: Client) -> None:
        pathway = PathwayFactory()
        TrainingPageFactory(past=True, format="online")
        TrainingPageFactory(
            format="hybrid",
            languages=["fr"],
            pathway=pathway,
            audience="<p>Teachers.</p>",
            time_zone="Europe/Paris",
            body=[("heading", "How the days unfold"), ("paragraph", "<p>Silence first.</p>")],
        )
        form = self.new(client, TrainingIndexPage.objects.get())
        values = {name: form[name].value() for name in ("format", "languages", "pathway", "time_zone")}
        assert values == {
            "format": "hybrid",
            "languages": ["fr"],
            "pathway": pathway.pk,
            "time_zone": "",
        }
        body = [(block.block_type, str(block.value)) for block in form["body"].value()]
        assert body == [("heading", "How the days unfold"), ("paragraph", "<p>Silence first.</p>")]
        assert form["starts"].value() is None
        assert form["status"].value() == Status.ANNOUNCED

    def test_its_clock_is_the_latest_one_s_where_no_country_gives_it(self, client: Client) -> None:
        TrainingPageFactory(format="online", country="", time_zone="Europe/Paris")
        assert self.new(client, TrainingIndexPage.objects.get())["time_zone"].value() == "Europe/Paris"

    def test_it_is_only_proposed_and_no_default_of_the_model(self) -> None:
        assert not TrainingPage().body

    def test_a_training_is_put_below_an_index_and_nowhere_else(self, client: Client) -> None:
        home = Page.objects.get(depth=2)
        assert client.get(f"/admin/pages/add/imp_trainings/trainingpage/{home.pk}/").status_code == 302
        assert TrainingPage.allowed_subpage_models() == []
        assert TrainingIndexPage.allowed_subpage_models() == [TrainingPage]


class TestWhatWasLeftEmpty:
    def send_new(self, client: Client, body: list[tuple[str, Any]]) -> Any:
        home = Page.objects.get(depth=2)
        data = nested_form_data(
            {
                "title": "About us",
                "slug": "about",
                "lead": "",
                "body": streamfield(body),
                "comments": inline_formset([]),
            }
        )
        address = f"/admin/pages/add/imp_trainings/contentpage/{home.pk}/"
        return client.post(address, {**data, "action-publish": "action-publish"})

    def test_a_new_page_s_proposals_keep_nobody_from_publishing(self, client: Client) -> None:
        nothing = rich_text("<p></p>")
        assert self.send_new(client, [("heading", ""), ("paragraph", nothing)]).status_code == 302
        page = ContentPage.objects.get(slug="about")
        assert page.live
        assert not page.body

    def test_what_is_filled_in_stays_where_it_is(self, client: Client) -> None:
        words = rich_text("<p>Who we are.</p>")
        body = [("heading", "Us"), ("paragraph", rich_text("<p></p>")), ("paragraph", words), ("heading", "")]
        self.send_new(client, body)
        kept = [block.block_type for block in ContentPage.objects.get(slug="about").body]
        assert kept == ["heading", "paragraph"]

    def test_a_text_of_one_fact_is_not_empty(self) -> None:
        fact = '<p><embed embedtype="imp-fact" of="" source="next-training" tell="dates"/></p>'
        block = ContentPage._meta.get_field("body").stream_block
        assert len(block.clean(block.normalize([("paragraph", fact)]))) == 1

    def test_an_answer_has_something_to_say(self) -> None:
        block = Question._meta.get_field("answer").stream_block
        with pytest.raises(ValidationError):
            block.clean(block.normalize([("paragraph", "<p></p>")]))
