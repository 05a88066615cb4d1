"""The facts of a training are entered once: its page in the site's language owns them, the others follow."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale, PageLogEntry, Task, Workflow, WorkflowTask
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from imp_wagtail.trainings.actions import share_facts
from imp_wagtail.trainings.languages import SHARED, owner_of
from imp_wagtail.trainings.models import CalendarEntry, TrainingPage
from tests.factories import PathwayFactory, TrainerFactory, TrainingPageFactory, UserFactory, editor
from tests.trainings.support import changed, published, soup_of

pytestmark = pytest.mark.django_db

OLD = {"starts": dt.date(2098, 4, 1), "ends": dt.date(2098, 4, 9)}
NEW = {"starts": dt.date(2098, 5, 12), "ends": dt.date(2098, 5, 21)}


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


@pytest.fixture
def training() -> TrainingPage:
    page = TrainingPageFactory(title="Training", slug="training", town="Ammerdown", **OLD)
    page.prices.create(label="Single room", amount=Decimal(900), currency="EUR")
    page.prices.create(label="Shared room", amount=Decimal(700), currency="EUR")
    page.training_trainers.create(trainer=TrainerFactory(name="Ann"))
    return TrainingPage.objects.get(pk=published(page).pk)


@pytest.fixture
def translation(training: TrainingPage, french: Locale) -> TrainingPage:
    return published(translated(training, french))


def translated(page: TrainingPage, locale: Locale, **values: Any) -> TrainingPage:
    """A draft in another language."""
    copy = page.copy_for_translation(locale, copy_parents=True)
    for name, value in {"title": "Formation", **values}.items():
        setattr(copy, name, value)
    copy.save_revision()
    return copy


def again(page: TrainingPage) -> TrainingPage:
    return TrainingPage.objects.get(pk=page.pk)


def draft_of(page: TrainingPage) -> TrainingPage:
    """What its editors see."""
    return again(page).get_latest_revision_as_object()


def prices(page: TrainingPage) -> list[tuple[str, int]]:
    return [(row.label, int(row.amount)) for row in page.prices.all()]


def set_prices(page: TrainingPage, *rows: tuple[str, int]) -> TrainingPage:
    """The page with these prices, published."""
    page = draft_of(page)
    model = page.prices.model
    page.prices.set([model(label=label, amount=Decimal(amount), currency="EUR") for label, amount in rows])
    return published(page)


class TestMoving:
    def test_a_moved_training_is_moved_in_every_language_at_once(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        changed(training, **NEW, previous_starts=OLD["starts"], previous_ends=OLD["ends"], status="full", capacity=9)
        after = again(translation)
        assert (after.starts, after.ends, after.previous_starts) == (NEW["starts"], NEW["ends"], OLD["starts"])
        assert (after.status, after.capacity, after.title) == ("full", 9, "Formation")
        assert draft_of(translation).starts == NEW["starts"]

    def test_every_fact_follows(self, training: TrainingPage, translation: TrainingPage) -> None:
        values = {
            **NEW,
            "year_only": False,
            "start_time": dt.time(17),
            "end_time": dt.time(13),
            "time_zone": "Europe/Paris",
            "previous_starts": OLD["starts"],
            "previous_ends": OLD["ends"],
            "country": "FR",
            "format": "hybrid",
            "languages": ["fr", "en"],
            "pathway": PathwayFactory(),
            "status": "cancelled",
            "capacity": 20,
            "application_opens": dt.date(2098, 1, 1),
            "application_closes": dt.date(2098, 2, 1),
        }
        assert set(values) == set(SHARED)
        changed(training, **values)
        for page in (again(translation), draft_of(translation)):
            assert {name: getattr(page, name) for name in SHARED} == values

    def test_it_changes_among_those_to_come_too(self, training: TrainingPage, translation: TrainingPage) -> None:
        changed(training, starts=dt.date(2019, 1, 1), ends=dt.date(2019, 1, 9))
        assert translation not in TrainingPage.objects.upcoming()

    def test_a_draft_stays_a_draft_with_its_words_and_the_facts(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        translation.title = "Nouvelle formation"
        translation.save_revision()
        changed(training, **NEW)
        after = again(translation)
        assert (after.title, after.starts, after.has_unpublished_changes) == ("Formation", NEW["starts"], True)
        draft = draft_of(translation)
        assert (draft.title, draft.starts) == ("Nouvelle formation", NEW["starts"])

    def test_a_page_that_was_never_published_follows_and_is_not_published(
        self, training: TrainingPage, french: Locale
    ) -> None:
        draft = translated(training, french)
        changed(training, **NEW)
        assert (again(draft).live, draft_of(draft).starts) == (False, NEW["starts"])

    def test_what_waits_for_its_day_goes_public_with_the_facts_of_that_day(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        translation.title = "Plus tard"
        translation.go_live_at = timezone.now() + dt.timedelta(days=1)
        waiting = translation.save_revision()
        waiting.publish()
        translation.go_live_at = None
        again(translation).save_revision()  # the latest is another by then
        changed(training, **NEW)
        waiting.refresh_from_db()
        waiting.approved_go_live_at = timezone.now() - dt.timedelta(minutes=1)
        waiting.content["go_live_at"] = None
        waiting.save()
        assert waiting.content["starts"] == NEW["starts"].isoformat()
        call_command("publish_scheduled")
        after = again(translation)
        assert (after.title, after.starts) == ("Plus tard", NEW["starts"])

    def test_what_somebody_is_asked_to_approve_has_the_facts(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        workflow = Workflow.objects.create(name="Approval")
        task = Task.objects.create(name="Look")
        WorkflowTask.objects.create(workflow=workflow, task=task)
        translation.summary = "Un résumé"
        asked = translation.save_revision()
        workflow.start(translation, UserFactory(superuser=True))
        again(translation).save_revision()
        changed(training, **NEW)
        asked.refresh_from_db()
        assert asked.content["starts"] == NEW["starts"].isoformat()

    def test_a_draft_of_the_source_is_nobody_elses(self, training: TrainingPage, translation: TrainingPage) -> None:
        training.starts = dt.date(2098, 4, 2)
        training.save_revision()
        published(translation)
        assert draft_of(translation).starts == OLD["starts"]
        assert draft_of(training).starts == dt.date(2098, 4, 2)


class TestOnce:
    def test_repeating_it_changes_nothing(self, training: TrainingPage, translation: TrainingPage) -> None:
        changed(training, **NEW)
        before = again(translation)
        entries = PageLogEntry.objects.count()
        assert share_facts(training) == []
        assert again(translation).last_published_at == before.last_published_at
        assert PageLogEntry.objects.count() == entries

    def test_it_is_logged_on_the_page_that_changed_with_who_did_it(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        who = UserFactory(superuser=True)
        training.starts = dt.date(2098, 4, 2)
        training.save_revision()
        share_facts(published(training), by=who)
        entry = PageLogEntry.objects.get(action="imp.training.facts")
        assert entry.page_id == translation.pk
        assert entry.message == "Brought from “Training”: First day"

    def test_calendars_are_told_once(self, training: TrainingPage, translation: TrainingPage) -> None:
        before = CalendarEntry.objects.get().sequence
        changed(training, **NEW)
        assert CalendarEntry.objects.get().sequence == before + 1


class TestWords:
    def test_a_place_that_nobody_translated_follows(self, training: TrainingPage, translation: TrainingPage) -> None:
        changed(training, venue="Gaia House", town="Newton Abbot")
        after = again(translation)
        assert (after.venue, after.town) == ("Gaia House", "Newton Abbot")

    def test_one_that_is_called_otherwise_there_stays(self, training: TrainingPage, translation: TrainingPage) -> None:
        changed(translation, venue="Centre d’Ammerdown")
        changed(training, venue="Gaia House", **NEW)
        after = again(translation)
        assert (after.venue, after.starts) == ("Centre d’Ammerdown", NEW["starts"])

    def test_where_it_opens_for_applications_no_language_is_without_a_link(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        changed(training, status="open", application_url="https://example.org/apply")
        assert again(translation).application_url == "https://example.org/apply"

    def test_a_form_of_its_own_stays(self, training: TrainingPage, translation: TrainingPage) -> None:
        changed(training, status="open", application_url="https://example.org/apply")
        changed(again(translation), application_url="https://example.org/fr")
        changed(training, application_url="https://example.org/new")
        assert again(translation).application_url == "https://example.org/fr"


class TestPrices:
    @pytest.fixture
    def named(self, training: TrainingPage, translation: TrainingPage) -> TrainingPage:
        return set_prices(translation, ("Chambre simple", 900), ("Chambre double", 700))

    def test_labels_are_words_and_amounts_are_not(self, training: TrainingPage, named: TrainingPage) -> None:
        set_prices(training, ("Single room", 950), ("Shared room", 700))
        assert prices(again(named)) == [("Chambre simple", 950), ("Chambre double", 700)]
        assert prices(draft_of(named)) == [("Chambre simple", 950), ("Chambre double", 700)]

    def test_amounts_that_change_places_keep_to_their_labels(
        self, training: TrainingPage, named: TrainingPage
    ) -> None:
        set_prices(training, ("Single room", 700), ("Shared room", 900))
        assert prices(again(named)) == [("Chambre simple", 700), ("Chambre double", 900)]

    def test_one_more_comes_with_the_source_s_label_and_one_less_goes(
        self, training: TrainingPage, named: TrainingPage
    ) -> None:
        set_prices(training, ("Shared room", 720), ("Tent", 300))
        assert prices(again(named)) == [("Chambre double", 720), ("Tent", 300)]

    def test_a_form_that_is_open_goes_on_to_know_its_rows(self, training: TrainingPage, named: TrainingPage) -> None:
        rows = list(again(named).prices.values_list("pk", flat=True))
        set_prices(training, ("Single room", 950), ("Shared room", 700), ("Tent", 300))
        assert list(again(named).prices.values_list("pk", flat=True))[:2] == rows

    def test_trainers_are_the_same_in_their_order(self, training: TrainingPage, translation: TrainingPage) -> None:
        first = TrainerFactory(name="Zoe")
        page = draft_of(training)
        row = page.training_trainers.model
        page.training_trainers.set([row(trainer=first), row(trainer=page.training_trainers.get().trainer)])
        published(page)
        assert [trainer.name for trainer in again(translation).leaders] == ["Zoe", "Ann"]


class TestPictures:
    def test_they_are_added_once_and_described_in_each_language(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        hall, garden = (Image.objects.create(title=title, file=get_test_image_file()) for title in ("Hall", "Garden"))
        show(training, (hall, "The hall"))
        assert captions(translation) == [("Hall", "The hall")]
        show(translation, (hall, "La salle"))
        show(training, (garden, "The garden"), (hall, "The hall"))
        assert captions(translation) == [("Garden", "The garden"), ("Hall", "La salle")]
        show(training, (garden, "The garden"))
        assert captions(translation) == [("Garden", "The garden")]
        assert share_facts(training) == []


def show(page: TrainingPage, *pictures: tuple[Image, str]) -> None:
    page = draft_of(page)
    page.pictures.set([page.pictures.model(image=image, caption=caption) for image, caption in pictures])
    published(page)


def captions(page: TrainingPage) -> list[tuple[str, str]]:
    return [(row.image.title, row.caption) for row in again(page).pictures.all()]


class TestOwning:
    def test_it_is_the_page_in_the_site_s_language(self, training: TrainingPage, translation: TrainingPage) -> None:
        assert owner_of(translation) == owner_of(training) == training

    def test_what_a_translation_says_otherwise_is_mended_when_it_is_published(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        changed(translation, **NEW)
        assert again(translation).starts == OLD["starts"]
        assert again(training).starts == OLD["starts"]

    def test_a_copy_of_a_draft_has_the_facts_that_are_public(self, training: TrainingPage, french: Locale) -> None:
        training.starts = dt.date(2098, 4, 2)
        draft = training.save_revision().as_object()
        copy = draft.copy_for_translation(french, copy_parents=True)
        assert draft_of(copy).starts == again(copy).starts == OLD["starts"]

    def test_where_the_source_is_not_published_the_oldest_that_is_owns_them(
        self, training: TrainingPage, translation: TrainingPage
    ) -> None:
        training.unpublish()
        assert owner_of(again(training)) == translation
        changed(again(translation), **NEW)
        assert draft_of(training).starts == NEW["starts"]
        published(draft_of(training))
        assert owner_of(again(translation)) == training
        assert again(translation).starts == NEW["starts"]

    def test_where_the_source_is_deleted_too(self, training: TrainingPage, translation: TrainingPage) -> None:
        arabic = published(translated(training, Locale.objects.create(language_code="ar")))
        TrainingPage.objects.get(pk=training.pk).delete()
        changed(again(translation), **NEW)
        assert again(arabic).starts == NEW["starts"]
        assert owner_of(again(arabic)) == translation

    def test_while_none_is_published_nothing_is_brought(self, french: Locale) -> None:
        draft = TrainingPageFactory(live=False, **OLD)
        draft.save_revision()
        copy = translated(draft, french)
        draft.starts = dt.date(2098, 3, 1)
        draft.save_revision()
        assert share_facts(draft) == []
        assert (draft_of(copy).starts, owner_of(copy)) == (OLD["starts"], draft)


class TestAliases:
    def test_one_in_another_language_is_what_its_original_is(self, training: TrainingPage, french: Locale) -> None:
        alias = training.copy_for_translation(french, copy_parents=True, alias=True)
        changed(training, **NEW)
        assert again(alias).starts == NEW["starts"]
        assert owner_of(again(alias)) == training
        assert not PageLogEntry.objects.filter(action="imp.training.facts").exists()

    def test_one_of_a_translation_follows_with_it(self, training: TrainingPage, translation: TrainingPage) -> None:
        alias = translation.create_alias(update_slug="formation-encore")
        changed(training, **NEW)
        assert (again(alias).starts, again(alias).title) == (NEW["starts"], "Formation")

    def test_one_of_a_draft_is_not_published_by_it(self, training: TrainingPage, french: Locale) -> None:
        draft = translated(training, french)
        alias = draft.create_alias(update_slug="formation-encore")
        changed(training, **NEW)
        assert not again(alias).live


def filled_in(page: TrainingPage, **values: Any) -> dict[str, Any]:
    """What a browser sends of a form whose facts are shown only: nothing that is disabled."""
    rows = {
        "training_trainers": [{"id": str(row.pk), "ORDER": "1"} for row in page.training_trainers.all()],
        "prices": [{"id": str(row.pk), "label": f"Libellé {row.label}"} for row in page.prices.all()],
    }
    usual = {
        "title": "Formation",
        "slug": page.slug,
        "venue": "Ammerdown",
        "audience": rich_text("<p></p>"),
        "price_includes": rich_text("<p></p>"),
        "body": streamfield([]),
        "report": streamfield([]),
        **{name: inline_formset(sent, initial=len(sent)) for name, sent in rows.items()},
        **{name: inline_formset([]) for name in ("pictures", "comments")},
    }
    return nested_form_data({**usual, **values, "action-publish": "action-publish"})


class TestForm:
    @pytest.fixture
    def client(self) -> Client:
        client = Client()
        client.force_login(editor())
        return client

    def test_facts_are_shown_and_cannot_be_changed(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        soup = soup_of(client, f"/admin/pages/{translation.pk}/edit/")
        for name in ("starts", "status", "country", "languages", "pathway", "moved", "capacity", "prices-0-amount"):
            assert soup.find(attrs={"name": name}).has_attr("disabled"), name
        assert soup.find(attrs={"name": "starts"})["value"] == "2098-04-01"
        for name in ("title", "summary", "venue", "application_url", "notice", "prices-0-label"):
            assert not soup.find(attrs={"name": name}).has_attr("disabled"), name
        assert not soup.find(id="id_prices-ADD")

    def test_it_says_where_they_come_from(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        soup = soup_of(client, f"/admin/pages/{translation.pk}/edit/")
        link = soup.find("a", string="Change the facts")
        assert link["href"] == f"/admin/pages/{training.pk}/edit/"
        assert "come from “Training” in English" in " ".join(link.parent.get_text(" ").split())

    def test_on_the_page_itself_nothing_is_locked(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        soup = soup_of(client, f"/admin/pages/{training.pk}/edit/")
        assert not soup.find(attrs={"name": "starts"}).has_attr("disabled")
        assert soup.find(id="id_prices-ADD")
        assert not soup.find("a", string="Change the facts")

    def test_words_are_saved_and_facts_that_are_sent_are_not(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        changed(training, previous_starts=NEW["starts"], previous_ends=NEW["ends"])
        data = filled_in(again(translation), summary="Un résumé", starts="2098-01-01", status="cancelled")
        response = client.post(f"/admin/pages/{translation.pk}/edit/", data)
        assert response.status_code == 302
        after = again(translation)
        assert (after.summary, after.starts, after.status) == ("Un résumé", OLD["starts"], "announced")
        assert after.previous_starts == NEW["starts"]
        assert prices(after) == [("Libellé Single room", 900), ("Libellé Shared room", 700)]
        assert [trainer.name for trainer in after.leaders] == ["Ann"]

    def test_a_form_that_was_open_while_it_moved_brings_no_old_dates_back(
        self, client: Client, training: TrainingPage, translation: TrainingPage
    ) -> None:
        data = filled_in(again(translation), **{name: str(day) for name, day in OLD.items()})
        changed(training, **NEW)
        client.post(f"/admin/pages/{translation.pk}/edit/", data)
        assert again(translation).starts == NEW["starts"]


def test_the_form_of_another_language_offers_no_rows_to_add(
    client: Client, training: TrainingPage, translation: TrainingPage
) -> None:
    client.force_login(editor())
    for offered in ("id_prices-ADD", "id_training_trainers-ADD", "wagtail.panels.InlinePanel"):
        assert offered in client.get(f"/admin/pages/{training.pk}/edit/").content.decode()
        assert offered not in client.get(f"/admin/pages/{translation.pk}/edit/").content.decode()


def test_a_moved_training_is_moved_in_a_translation_that_is_made_later(training: TrainingPage, french: Locale) -> None:
    changed(training, previous_starts=OLD["starts"], previous_ends=OLD["ends"], **NEW)
    assert draft_of(translated(training, french)).previous_starts == OLD["starts"]
