"""What machines read of the directory: true, complete for what they ask for, and of nobody who did not agree."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client, override_settings

from imp_wagtail.directory.models import DirectoryPage, Qualification
from tests.factories import (
    CourseFactory,
    DirectoryPageFactory,
    PathwayFactory,
    QualificationFactory,
    TeacherFactory,
    TownFactory,
)

from .public import nodes_of, photo

pytestmark = pytest.mark.django_db

#: What search engines ask of a type before they use it, and what would make no sense without.
REQUIRED = {
    "ProfilePage": {"mainEntity"},
    "Person": {"name"},
    "Course": {"name", "description", "provider"},
    "CourseInstance": {"name", "startDate", "location", "eventStatus", "eventAttendanceMode", "courseMode"},
    "Place": {"name", "address"},
    "VirtualLocation": {"url"},
    "Offer": {"availability"},
    "EducationalOccupationalCredential": {"name", "credentialCategory"},
    "PostalAddress": {"addressCountry"},
    "BreadcrumbList": {"itemListElement"},
    "ListItem": {"position", "name"},
    "ItemList": {"itemListElement"},
    "CollectionPage": {"name", "url"},
    "Organization": {"name"},
}


@pytest.fixture
def page() -> DirectoryPage:
    return DirectoryPageFactory()


def told_of(client: Client, address: str) -> dict[str, Any]:
    response = client.get(address)
    assert response.status_code == 200
    return nodes_of(response.text)


def every_node(value: Any) -> list[dict[str, Any]]:
    """All nodes, however deep."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) and "@type" in value else []
    return own + [node for part in inner for node in every_node(part)]


class TestATeacher:
    def test_is_told_as_the_page_tells_it(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(
            name="Anna de Vries",
            slug="anna",
            about="Small\ngroups.",
            town="Lyon",
            country="FR",
            located_in=TownFactory(country="FR", region="FR.84"),
            website="https://anna.example/",
            photo=photo(),
            agrees_to=["photo", "indexing"],
            speaks=["nl", "en"],
        )
        file = teacher.photo.get_rendition("fill-640x640").url
        shown = told_of(client, page.teacher_url(teacher))["ProfilePage"]
        person = shown["mainEntity"]

        assert shown["url"] == "http://localhost/teachers/anna/"
        assert person.pop("hasCredential")
        assert person == {
            "@type": "Person",
            "@id": "http://localhost/teachers/anna/#teacher",
            "name": "Anna de Vries",
            "url": "http://localhost/teachers/anna/",
            "description": "Small groups.",
            "image": f"http://localhost{file}",
            "sameAs": "https://anna.example/",
            "address": {
                "@type": "PostalAddress",
                "addressLocality": "Lyon",
                "addressRegion": "Auvergne-Rhône-Alpes",
                "addressCountry": "FR",
            },
            "knowsLanguage": ["nl", "en"],
        }

    def test_has_no_photo_without_consent(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(photo=photo(), agrees_to=["indexing"])

        assert "image" not in told_of(client, page.teacher_url(teacher))["ProfilePage"]["mainEntity"]

    def test_who_did_not_agree_to_being_found_is_not_told_of(self, client: Client, page: DirectoryPage) -> None:
        teacher = TeacherFactory(photo=photo(), agrees_to=["photo", "map", "sharing"])
        CourseFactory(teacher=teacher)

        assert list(told_of(client, page.teacher_url(teacher))) == ["BreadcrumbList"]

    def test_holds_what_was_trained_and_accredited_and_never_what_was_attended(
        self, client: Client, page: DirectoryPage
    ) -> None:
        teacher = TeacherFactory(agrees_to=["indexing"])
        teacher.participant.enrolments.update(pathway=PathwayFactory(title="The pathway"))
        QualificationFactory(teacher=teacher, sort=Qualification.Sort.ATTENDED, title="Attended")
        QualificationFactory(teacher=teacher, title="Unchecked", checked_on=None)
        QualificationFactory(teacher=teacher, title="Run out", valid_until=dt.date(2020, 1, 1))
        QualificationFactory(
            teacher=teacher,
            title="Certified",
            body="The Register",
            level="Professional",
            awarded_on=dt.date(2024, 2, 1),
            valid_until=dt.date(2099, 1, 31),
        )
        person = told_of(client, page.teacher_url(teacher))["ProfilePage"]["mainEntity"]

        assert person["hasCredential"] == [
            {
                "@type": "EducationalOccupationalCredential",
                "name": "The pathway",
                "credentialCategory": "certificate",
                "recognizedBy": {"@type": "Organization", "name": "Test Collaborative"},
                "dateCreated": "2024-12-01",
            },
            {
                "@type": "EducationalOccupationalCredential",
                "name": "Certified",
                "credentialCategory": "accreditation",
                "educationalLevel": "Professional",
                "recognizedBy": {"@type": "Organization", "name": "The Register"},
                "dateCreated": "2024-02-01",
                "expires": "2099-01-31",
            },
        ]

    def test_may_be_called_anything(self, client: Client, page: DirectoryPage) -> None:
        name = '</script><script>alert("1")</script>\u2028&'
        teacher = TeacherFactory(name=name, agrees_to=["indexing"])
        CourseFactory(teacher=teacher, title=name, place=name)
        told = told_of(client, page.teacher_url(teacher))

        assert told["ProfilePage"]["mainEntity"]["name"] == name
        assert told["Course"]["hasCourseInstance"]["location"]["name"] == name


class TestACourse:
    @pytest.fixture
    def told(self, client: Client, page: DirectoryPage) -> Any:
        """What is told of a course with these values."""
        teacher = TeacherFactory(name="Anna", slug="anna", town="Ede", agrees_to=["indexing"])

        def told(**values: Any) -> dict[str, Any]:
            CourseFactory(teacher=teacher, title="Evenings", **values)
            return told_of(client, page.teacher_url(teacher))["Course"]

        return told

    def test_is_what_when_and_by_whom(self, told: Any) -> None:
        course = told(language="nl", url="https://example.org/8")
        instance = course["hasCourseInstance"]

        assert course["name"] == instance["name"] == "Evenings"
        assert course["description"] == "1 March – 26 April 2099 · in person · Dutch"
        assert (instance["startDate"], instance["endDate"]) == ("2099-03-01", "2099-04-26")
        assert course["inLanguage"] == instance["inLanguage"] == "nl"
        assert course["url"] == instance["url"] == "https://example.org/8"
        teacher = {"@type": "Person", "@id": "http://localhost/teachers/anna/#teacher", "name": "Anna"}
        assert course["provider"] == instance["organizer"] == instance["instructor"] == teacher

    @pytest.mark.parametrize(
        ("format", "mode", "attendance", "location"),
        [
            ("in_person", "onsite", "Offline", {"@type": "Place", "name": "De Kazerne", "address": "De Kazerne"}),
            ("online", "online", "Online", {"@type": "VirtualLocation", "url": "http://localhost/teachers/anna/"}),
            (
                "hybrid",
                "blended",
                "Mixed",
                [
                    {"@type": "Place", "name": "De Kazerne", "address": "De Kazerne"},
                    {"@type": "VirtualLocation", "url": "http://localhost/teachers/anna/"},
                ],
            ),
        ],
    )
    def test_is_where_its_format_says(self, told: Any, format: str, mode: str, attendance: str, location: Any) -> None:
        instance = told(format=format, place="De Kazerne")["hasCourseInstance"]

        assert instance["courseMode"] == mode
        assert instance["eventAttendanceMode"] == f"https://schema.org/{attendance}EventAttendanceMode"
        assert instance["location"] == location

    def test_without_a_place_is_where_the_teacher_is(self, told: Any) -> None:
        assert told()["hasCourseInstance"]["location"]["name"] == "Ede, Netherlands"

    @pytest.mark.parametrize(
        ("state", "status", "availability"),
        [("open", "Scheduled", "InStock"), ("full", "Scheduled", "SoldOut"), ("cancelled", "Cancelled", None)],
    )
    def test_says_whether_it_takes_place_and_has_room(
        self, told: Any, state: str, status: str, availability: str | None
    ) -> None:
        instance = told(state=state)["hasCourseInstance"]
        offer = instance.get("offers", {}).get("availability")

        assert instance["eventStatus"] == f"https://schema.org/Event{status}"
        assert offer == (availability and f"https://schema.org/{availability}")


class TestTheList:
    @override_settings(IMP_WAGTAIL={"TEACHERS_PER_PAGE": 2})
    def test_is_told_by_page_with_those_who_agreed(self, client: Client, page: DirectoryPage) -> None:
        for name in ("Ada", "Bo", "Cleo", "Dan"):
            agrees = [] if name == "Cleo" else ["indexing"]
            TeacherFactory(name=name, slug=name.lower(), agrees_to=agrees)
        told = told_of(client, page.url + "?page=2&nonsense=1")["CollectionPage"]

        assert told["url"] == "http://localhost/teachers/?page=2"
        assert told["mainEntity"]["itemListElement"] == [
            {"@type": "ListItem", "position": 4, "name": "Dan", "url": "http://localhost/teachers/dan/"}
        ]

    def test_of_nobody_is_a_page_without_a_list(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory()

        assert "mainEntity" not in told_of(client, page.url)["CollectionPage"]

    def test_has_one_address_for_all_that_mean_the_same(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory(speaks=["nl"])
        html = client.get(page.url + "?utm_source=a&country=NL&page=1&name=").text

        assert '<link rel="canonical" href="http://localhost/teachers/?country=NL">' in html


def test_the_way_to_each_page_is_told(client: Client, page: DirectoryPage) -> None:
    teacher = TeacherFactory(name="Anna", slug="anna")
    ends = {
        page.url: ["Teachers"],
        page.teacher_url(teacher): ["Teachers", "Anna"],
        page.url + "qualifications/": ["Teachers", "What the qualifications mean"],
    }

    for address, names in ends.items():
        trail = told_of(client, address)["BreadcrumbList"]["itemListElement"]
        assert [step["name"] for step in trail][1:] == names
        assert trail[-1]["item"] == f"http://localhost{address}"


def test_every_node_has_what_its_type_must_have(client: Client, page: DirectoryPage) -> None:
    teacher = TeacherFactory(photo=photo(), agrees_to=["photo", "indexing"], speaks=["en"])
    QualificationFactory(teacher=teacher)
    for course_format in ("in_person", "online", "hybrid"):
        CourseFactory(teacher=teacher, format=course_format)
    nodes = [
        node
        for address in (page.url, page.teacher_url(teacher))
        for node in every_node(list(told_of(client, address).values()))
    ]

    assert {node["@type"] for node in nodes} == set(REQUIRED)
    assert [json.dumps(node) for node in nodes if REQUIRED[node["@type"]] - set(node)] == []


class TestTheListForSearchEngines:
    NOINDEX = '<meta name="robots" content="noindex, noarchive">'

    def test_is_open_where_everybody_on_the_page_agreed(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory(name="Ada", country="FR", agrees_to=["indexing"])

        assert self.NOINDEX not in client.get(page.url).text

    def test_is_closed_where_somebody_did_not(self, client: Client, page: DirectoryPage) -> None:
        TeacherFactory(name="Ada", country="FR", agrees_to=["indexing"])
        TeacherFactory(name="Bo", country="NL")

        assert self.NOINDEX in client.get(page.url).text
        assert self.NOINDEX in client.get(f"{page.url}?country=NL").text
        assert self.NOINDEX not in client.get(f"{page.url}?country=FR").text
