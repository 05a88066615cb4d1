"""The page of a training: what it says in each state, to people and to machines."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core.files.images import ImageFile
from django.test import Client
from PIL import Image
from wagtail.images import get_image_model

from imp_wagtail.pathways.models import Pathway
from imp_wagtail.pathways.rules import CohortKind, Kind
from imp_wagtail.trainings.models import TrainingPage, TrainingPicture, TrainingPrice
from imp_wagtail.trainings.rules import Format, Status
from tests.factories import (
    PathwayFactory,
    PathwayPageFactory,
    RequirementFactory,
    StageFactory,
    TrainerFactory,
    TrainingPageFactory,
)
from tests.trainings.support import changed, main_of, nodes_of, published, soup_of, words_of

pytestmark = pytest.mark.django_db

ADDRESS = "/trainings/lyon/"


@pytest.fixture
def pathway() -> Pathway:
    pathway = PathwayFactory(title="Teacher training")
    before = StageFactory(pathway=pathway, key="before", title="Preparation")
    RequirementFactory(stage=before, title="Own practice")
    during = StageFactory(pathway=pathway, key="during", title="Engagement")
    sessions = {"kind": Kind.SESSIONS, "amount": 9, "cohort_kind": CohortKind.TRAINING}
    RequirementFactory(stage=during, title="The training", **sessions)
    return pathway


@pytest.fixture
def training(pathway: Pathway) -> TrainingPage:
    """Ten days in Lyon, open for applications."""
    return published(
        TrainingPageFactory(
            title="Training in Lyon",
            slug="lyon",
            summary="By the river.",
            starts=dt.date(2098, 5, 12),
            ends=dt.date(2098, 5, 21),
            venue="",
            town="Lyon",
            country="FR",
            time_zone="Europe/Paris",
            languages=["fr", "en"],
            pathway=pathway,
            status=Status.OPEN,
            application_url="https://example.org/apply",
            application_email="apply@example.org",
        )
    )


def picture(**values: Any) -> TrainingPicture:
    content = BytesIO()
    Image.new("RGB", (640, 480), "#7a9").save(content, "JPEG")
    content.seek(0)
    image = get_image_model().objects.create(
        title="A hall", description="A hall, empty", file=ImageFile(content, "h.jpg")
    )
    return TrainingPicture(image=image, **values)


def links(client: Client) -> dict[str, str]:
    """The links of the page by their words."""
    found = main_of(client, ADDRESS).find_all("a")
    return {" ".join(link.get_text(" ").split()): link["href"] for link in found}


class TestStates:
    def test_while_applications_are_taken_one_can_apply(self, client: Client, training: TrainingPage) -> None:
        changed(training, application_closes=dt.date(2098, 3, 1))
        assert links(client)["Apply"] == "https://example.org/apply"
        assert links(client)["Apply by e-mail"] == "mailto:apply@example.org"
        said = words_of(client, ADDRESS)
        assert "Open for applications" in said
        assert "Applications are taken until 1 March 2098." in said

    def test_a_waiting_list_is_called_one(self, client: Client, training: TrainingPage) -> None:
        changed(training, status=Status.WAITING_LIST)
        assert links(client)["Join the waiting list"] == "https://example.org/apply"
        assert "Apply" not in links(client)

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"status": Status.ANNOUNCED}, "Announced"),
            ({"application_opens": dt.date(2098, 1, 1)}, "Applications are taken from 1 January 2098."),
            ({"application_closes": dt.date(2020, 1, 1)}, "Applications were taken until 1 January 2020."),
            ({"status": Status.FULL}, "Full"),
            ({"status": Status.CANCELLED}, "This training is cancelled."),
            ({"starts": dt.date(2020, 5, 1), "ends": dt.date(2020, 5, 9)}, "This training is over."),
        ],
    )
    def test_otherwise_it_says_why_not(
        self, client: Client, training: TrainingPage, values: dict[str, Any], said: str
    ) -> None:
        changed(training, **values)
        assert said in words_of(client, ADDRESS)
        assert not [address for address in links(client).values() if "apply" in address]

    def test_one_that_was_moved_shows_both_dates(self, client: Client, training: TrainingPage) -> None:
        changed(
            training,
            previous_starts=dt.date(2098, 4, 1),
            previous_ends=dt.date(2098, 4, 9),
            notice="The house is being repaired.",
        )
        said = words_of(client, ADDRESS)
        assert "This training was moved: from 1–9 April 2098 to 12–21 May 2098. The house is being repaired." in said
        assert "12–21 May 2098 instead of 1–9 April 2098" in said

    def test_one_that_is_cancelled_stays_readable(self, client: Client, training: TrainingPage) -> None:
        changed(training, status=Status.CANCELLED, notice="Too few people could come.")
        said = words_of(client, ADDRESS)
        assert "This training is cancelled. Too few people could come." in said
        assert "12–21 May 2098 (cancelled)" in said
        assert "By the river." in said
        assert "Own practice" not in said


class TestFacts:
    def test_hours_are_told_with_the_clock_that_is_meant(self, client: Client, training: TrainingPage) -> None:
        changed(training, start_time=dt.time(17), end_time=dt.time(13))
        assert (
            "begins at 17:00 on the first day, ends at 13:00 on the last (Central European Summer Time)"
            in words_of(client, ADDRESS)
        )

    def test_those_of_a_single_day_are_a_span(self, client: Client, training: TrainingPage) -> None:
        changed(training, ends=training.starts, start_time=dt.time(9), end_time=dt.time(16, 30))
        assert "09:00–16:30" in words_of(client, ADDRESS)

    def test_prices_each_with_whom_it_is_for_and_what_they_include(
        self, client: Client, training: TrainingPage
    ) -> None:
        training.prices = [
            TrainingPrice(label="shared room", amount=Decimal("1450"), currency="EUR"),
            TrainingPrice(label="single room", amount=Decimal("1790.50"), currency="EUR"),
            TrainingPrice(label="helpers", amount=Decimal("0"), currency="EUR"),
        ]
        changed(training, price_includes="<p>All meals.</p>")
        said = words_of(client, ADDRESS)
        assert "€1,450 shared room €1,790.50 single room free of charge helpers All meals." in said

    def test_who_it_is_for_and_how_many(self, client: Client, training: TrainingPage) -> None:
        changed(training, audience="<p>For teachers of MBSR.</p>", capacity=24)
        said = words_of(client, ADDRESS)
        assert "Who it is for For teachers of MBSR." in said
        assert "Group size up to 24 people" in said

    def test_prerequisites_come_from_the_pathway(
        self, client: Client, training: TrainingPage, pathway: Pathway
    ) -> None:
        PathwayPageFactory(pathway=pathway, slug="way")
        assert "Before the training Preparation Own practice" in words_of(client, ADDRESS)
        assert links(client)["The whole pathway"] == "/way/"
        requirement = pathway.stages.get(key="before").requirements.get()
        requirement.title = "A practice of one's own"
        requirement.save()
        assert "A practice of one's own" in words_of(client, ADDRESS)

    def test_what_is_hostile_is_text(self, client: Client, training: TrainingPage) -> None:
        hostile = "<script>alert(1)</script>"
        training.prices = [TrainingPrice(label=hostile, amount=1, currency="EUR")]
        changed(training, notice=hostile, summary=hostile, venue=hostile)
        assert main_of(client, ADDRESS).find_all("script") == []
        assert main_of(client, ADDRESS).get_text().count(hostile) == 4


class TestHowItWas:
    REPORT = [("paragraph", "<p>Twenty-two teachers came.</p>")]

    def test_report_and_pictures_are_shown_once_it_is_over(self, client: Client, training: TrainingPage) -> None:
        training.pictures = [picture(caption="In the morning", alternative="Cushions in a circle"), picture()]
        changed(training, report=self.REPORT)
        assert "Twenty-two" not in words_of(client, ADDRESS)
        changed(training, starts=dt.date(2020, 5, 1), ends=dt.date(2020, 5, 9))
        assert "How it was Twenty-two teachers came. In the morning" in words_of(client, ADDRESS)
        shown = soup_of(client, ADDRESS).select(".imp-gallery img")
        assert [image["alt"] for image in shown] == ["Cushions in a circle", "A hall, empty"]
        assert all(image["loading"] == "lazy" and image["srcset"] for image in shown)

    def test_nobody_reports_on_what_did_not_take_place(self, client: Client, training: TrainingPage) -> None:
        days = {"starts": dt.date(2020, 5, 1), "ends": dt.date(2020, 5, 9)}
        changed(training, report=self.REPORT, status=Status.CANCELLED, **days)
        assert "Twenty-two" not in words_of(client, ADDRESS)


class TestMachines:
    """Structured data, by the names that schema.org and those who read it ask for."""

    def instance(self, client: Client) -> dict[str, Any]:
        return nodes_of(client, ADDRESS)["Course"]["hasCourseInstance"]

    def test_a_course_has_what_search_engines_require(self, client: Client, training: TrainingPage) -> None:
        nodes = nodes_of(client, ADDRESS)
        course = nodes["Course"]
        assert course["name"] == "Training in Lyon"
        assert course["description"] == "By the river."
        assert course["provider"] == {"@id": nodes["Organization"]["@id"]}
        assert nodes["Organization"]["name"] == "Test Collaborative"
        assert course["coursePrerequisites"] == ["Own practice"]
        assert course["inLanguage"] == ["fr", "en"]

    def test_its_instance_says_when_where_and_how(self, client: Client, training: TrainingPage) -> None:
        instance = self.instance(client)
        assert (instance["startDate"], instance["endDate"]) == ("2098-05-12", "2098-05-21")
        assert instance["courseMode"] == "onsite"
        assert instance["eventAttendanceMode"] == "https://schema.org/OfflineEventAttendanceMode"
        assert instance["location"] == {
            "@type": "Place",
            "name": "Lyon",
            "address": {"@type": "PostalAddress", "addressLocality": "Lyon", "addressCountry": "FR"},
        }
        assert instance["eventStatus"] == "https://schema.org/EventScheduled"

    def test_hours_come_with_their_distance_from_universal_time(self, client: Client, training: TrainingPage) -> None:
        changed(training, start_time=dt.time(17), end_time=dt.time(13))
        instance = self.instance(client)
        assert instance["startDate"] == "2098-05-12T17:00:00+02:00"
        assert instance["endDate"] == "2098-05-21T13:00:00+02:00"

    def test_an_online_training_is_at_an_address(self, client: Client, training: TrainingPage) -> None:
        changed(training, format=Format.ONLINE, town="", country="")
        assert self.instance(client)["location"] == {"@type": "VirtualLocation", "url": "https://example.org/apply"}

    def test_a_hybrid_one_is_at_both(self, client: Client, training: TrainingPage) -> None:
        changed(training, format=Format.HYBRID)
        assert [place["@type"] for place in self.instance(client)["location"]] == ["Place", "VirtualLocation"]
        assert self.instance(client)["courseMode"] == "blended"

    def test_one_that_was_moved_says_from_when(self, client: Client, training: TrainingPage) -> None:
        changed(training, previous_starts=dt.date(2098, 4, 1), previous_ends=dt.date(2098, 4, 9))
        assert self.instance(client)["eventStatus"] == "https://schema.org/EventRescheduled"
        assert self.instance(client)["previousStartDate"] == "2098-04-01"

    def test_one_that_is_cancelled_offers_nothing(self, client: Client, training: TrainingPage) -> None:
        changed(training, status=Status.CANCELLED)
        assert self.instance(client)["eventStatus"] == "https://schema.org/EventCancelled"
        assert "offers" not in self.instance(client)

    @pytest.mark.parametrize(
        ("status", "availability"),
        [(Status.ANNOUNCED, "PreOrder"), (Status.OPEN, "InStock"), (Status.FULL, "SoldOut")],
    )
    def test_offers_say_whether_there_are_places(
        self, client: Client, training: TrainingPage, status: Status, availability: str
    ) -> None:
        training.prices = [TrainingPrice(label="shared room", amount=Decimal("1450"), currency="EUR")]
        changed(training, status=status)
        (offer,) = self.instance(client)["offers"]
        assert (offer["price"], offer["priceCurrency"], offer["name"]) == ("1450.00", "EUR", "shared room")
        assert offer["availability"] == f"https://schema.org/{availability}"

    def test_one_of_which_the_year_alone_is_known_has_no_dates(self, client: Client, training: TrainingPage) -> None:
        changed(training, year_only=True)
        assert "hasCourseInstance" not in nodes_of(client, ADDRESS)["Course"]

    def test_the_way_to_it(self, client: Client, training: TrainingPage) -> None:
        steps = nodes_of(client, ADDRESS)["BreadcrumbList"]["itemListElement"]
        assert [step["name"] for step in steps][1:] == ["Trainings", "Training in Lyon"]
        assert steps[-1]["item"] == "http://localhost/trainings/lyon/"


class TestHead:
    def head(self, client: Client) -> dict[str, str]:
        found = soup_of(client, ADDRESS).find_all("meta")
        return {meta.get("property") or meta.get("name"): meta.get("content", "") for meta in found}

    def test_what_messengers_show(self, client: Client, training: TrainingPage) -> None:
        head = self.head(client)
        assert head["og:title"] == "Training in Lyon"
        assert head["og:description"] == head["description"] == "By the river."
        assert head["og:image"] == "http://localhost/trainings/lyon/share.png"
        assert (head["og:image:width"], head["og:image:height"]) == ("1200", "630")

    def test_an_editor_s_own_description_comes_first(self, client: Client, training: TrainingPage) -> None:
        changed(training, search_description="For search engines.", seo_title="Another title")
        assert self.head(client)["og:description"] == "For search engines."
        assert self.head(client)["og:title"] == "Another title"

    def test_the_picture_is_one_of_the_size_that_is_told(self, client: Client, training: TrainingPage) -> None:
        response = client.get("/trainings/lyon/share.png")
        assert response.headers["Content-Type"] == "image/png"
        assert Image.open(BytesIO(response.content)).size == (1200, 630)

    def test_it_follows_the_facts(self, client: Client, training: TrainingPage) -> None:
        before = client.get("/trainings/lyon/share.png").headers["ETag"]
        assert client.get("/trainings/lyon/share.png").headers["ETag"] == before
        changed(training, ends=dt.date(2098, 5, 20))
        assert client.get("/trainings/lyon/share.png").headers["ETag"] != before


def test_it_takes_no_more_queries_for_many_trainers_pictures_and_prices(
    client: Client, training: TrainingPage, django_assert_max_num_queries: Any
) -> None:
    def fill(number: int) -> None:
        for name in range(number):
            training.training_trainers.create(trainer=TrainerFactory(name=f"Trainer {number} {name}"))
            training.prices.create(label=str(name), amount=1, currency="EUR")

    fill(1)
    client.get(ADDRESS)
    with django_assert_max_num_queries(40) as one:
        client.get(ADDRESS)
    fill(6)
    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(ADDRESS)
