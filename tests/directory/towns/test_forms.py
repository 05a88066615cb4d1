"""Where somebody is, in the staff's form: the town, which of its name, and how exactly the map may show it."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from imp_wagtail.directory import actions
from imp_wagtail.directory.models import Teacher, Town
from imp_wagtail.directory.towns.loading import load_towns
from tests.factories import TeacherFactory, registrar

from .records import FRANKFURT_MAIN, FRANKFURT_ODER, LYON, record

pytestmark = pytest.mark.django_db

MAIN, ODER = str(FRANKFURT_MAIN["geonameid"]), str(FRANKFURT_ODER["geonameid"])
ENTRY = {"name": "Anna", "town": "Lyon", "country": "FR", "languages": ["fr"], "teaches_online": "on", "spot": "0"}
FRANKFURT = {**ENTRY, "town": "Frankfurt", "country": "DE"}


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def teacher() -> Teacher:
    return TeacherFactory(name="Anna", town="", country="BE", speaks=["fr"])


def address(teacher: Teacher) -> str:
    return reverse("imp_teachers:edit", args=[teacher.pk])


def as_a_browser_sends_it(response: Any, **typed: Any) -> dict[str, Any]:
    """The form as it came, sent again with what was typed into it; ``None`` for a choice that is not made."""
    form = response.context["form"]
    others = [name for name in form.fields if name != "located_in"]
    sent = {name: form[name].value() for name in others if form[name].value() not in (None, False)}
    if answers := checked(response):
        sent["located_in"] = answers[0]
    return {name: value for name, value in {**sent, **typed}.items() if value is not None}


def offered(response: Any) -> list[str]:
    """The answers to “Which town is it?”, as they are read; none where it is not asked."""
    form = response.context["form"]
    return [str(label) for _key, label in form.fields["located_in"].choices] if "located_in" in form.fields else []


def checked(response: Any) -> list[str]:
    """The values of the chosen answers to it."""
    inputs = re.findall(r"<input[^>]*name=\"located_in\"[^>]*>", response.text)
    return [re.search(r'value="(\w*)"', each)[1] for each in inputs if " checked" in each]


def located(teacher: Teacher) -> str:
    return str(Teacher.objects.get(pk=teacher.pk).located_in or "")


NONE = "None of these: shown, but not found by distance"


@pytest.mark.usefixtures("towns")
class TestWhichTown:
    def test_the_only_town_of_a_name_is_taken_without_a_question(self, staff: Client, teacher: Teacher) -> None:
        assert staff.post(address(teacher), {**ENTRY, "town": "Lugdunum"}).status_code == 302

        assert located(teacher) == "Lyon, France"
        assert Teacher.objects.get().town == "Lugdunum"

    def test_a_name_of_several_towns_brings_the_form_back_with_a_question(
        self, staff: Client, teacher: Teacher
    ) -> None:
        response = staff.post(address(teacher), FRANKFURT)

        assert response.context["form"].errors == {
            "located_in": ["Several towns have this name. Choose one of them, or none."]
        }
        assert offered(response) == ["Frankfurt am Main, Hesse", "Frankfurt (Oder), Brandenburg", NONE]
        assert checked(response) == []
        assert response.text.count(" autofocus") == 1
        assert Teacher.objects.get().town == ""

    def test_the_answer_is_taken(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        staff.post(address(teacher), as_a_browser_sends_it(asking, located_in=ODER))

        assert located(teacher) == "Frankfurt (Oder), Germany"
        assert checked(staff.get(address(teacher))) == [ODER]

    def test_none_of_them_is_an_answer_too_and_is_not_asked_for_again(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        staff.post(address(teacher), as_a_browser_sends_it(asking, located_in=""))
        assert (Teacher.objects.get().town, located(teacher)) == ("Frankfurt", "")

        form = staff.get(address(teacher))
        assert checked(form) == [""]
        assert staff.post(address(teacher), as_a_browser_sends_it(form, about="More.")).status_code == 302
        assert (Teacher.objects.get().about, located(teacher)) == ("More.", "")

    def test_no_answer_is_asked_for_again(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        response = staff.post(address(teacher), as_a_browser_sends_it(asking))

        assert "located_in" in response.context["form"].errors

    def test_an_answer_counts_for_the_name_that_it_was_given_for(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        sent = as_a_browser_sends_it(asking, located_in=ODER)
        staff.post(address(teacher), {**sent, "town": "Lyon", "country": "FR"})
        assert located(teacher) == "Lyon, France"

        sent = as_a_browser_sends_it(staff.get(address(teacher)), town="Frankfurt", country="DE")
        assert "located_in" in staff.post(address(teacher), sent).context["form"].errors
        assert located(teacher) == "Lyon, France"

    def test_a_part_of_a_name_is_asked_about_and_never_taken(self, staff: Client, teacher: Teacher) -> None:
        response = staff.post(address(teacher), {**ENTRY, "town": "Ly"})

        assert response.context["form"].errors == {
            "located_in": ["No town has exactly this name. Choose what is meant, or none."]
        }
        assert offered(response) == ["Lyon, Auvergne-Rhône-Alpes", NONE]

    def test_a_town_that_is_in_no_table_is_shown_and_said_not_to_be_found(
        self, staff: Client, teacher: Teacher
    ) -> None:
        staff.post(address(teacher), {**ENTRY, "town": "Saint-Nulle-Part"})
        assert (Teacher.objects.get().town, located(teacher)) == ("Saint-Nulle-Part", "")

        form = staff.get(address(teacher))
        assert offered(form) == []
        assert "Not in the table of towns" in form.text

    @pytest.mark.parametrize("values", [{"town": "Saint-Nulle-Part"}, {"town": ""}, {"country": "CH"}])
    def test_a_changed_town_leaves_no_stale_one_behind(
        self, staff: Client, teacher: Teacher, values: dict[str, str]
    ) -> None:
        staff.post(address(teacher), ENTRY)
        assert located(teacher) == "Lyon, France"
        staff.post(address(teacher), as_a_browser_sends_it(staff.get(address(teacher)), **values))

        assert located(teacher) == ""

    def test_a_town_that_is_not_offered_is_refused(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        for answer in (str(LYON["geonameid"]), "999", "x", "-1"):
            response = staff.post(address(teacher), as_a_browser_sends_it(asking, located_in=answer))
            assert "located_in" in response.context["form"].errors, answer
        assert located(teacher) == ""

    def test_saving_an_entry_anew_keeps_its_town(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        staff.post(address(teacher), as_a_browser_sends_it(asking, located_in=ODER))
        staff.post(address(teacher), as_a_browser_sends_it(staff.get(address(teacher)), about="More."))
        assert located(teacher) == "Frankfurt (Oder), Germany"

        # As a script would, which knows nothing of the question.
        staff.post(address(teacher), {**FRANKFURT, "about": "Still more."})
        assert (Teacher.objects.get().about, located(teacher)) == ("Still more.", "Frankfurt (Oder), Germany")

    def test_a_stored_town_stays_on_offer_when_the_table_calls_it_otherwise(
        self, staff: Client, teacher: Teacher
    ) -> None:
        staff.post(address(teacher), {**ENTRY, "town": "Lugdunum"})
        load_towns([{**LYON, "alternatenames": []}])
        form = staff.get(address(teacher))

        assert (offered(form)[0], checked(form)) == ("Lyon, Auvergne-Rhône-Alpes", [str(LYON["geonameid"])])

    def test_whoever_saves_second_is_told_that_the_town_was_changed(self, staff: Client, teacher: Teacher) -> None:
        asking = staff.post(address(teacher), FRANKFURT)
        staff.post(address(teacher), as_a_browser_sends_it(asking, located_in=ODER))
        second = staff.get(address(teacher))
        staff.post(address(teacher), as_a_browser_sends_it(staff.get(address(teacher)), located_in=MAIN))
        response = staff.post(address(teacher), as_a_browser_sends_it(second, about="More."))

        (told,) = response.context["form"].errors["__all__"]
        assert "Frankfurt am Main, Germany" in told
        assert checked(response) == [MAIN]
        staff.post(address(teacher), as_a_browser_sends_it(response))
        assert (Teacher.objects.get().about, located(teacher)) == ("More.", "Frankfurt am Main, Germany")

    def test_typing_another_town_is_no_change_of_somebody_else(self, staff: Client, teacher: Teacher) -> None:
        staff.post(address(teacher), ENTRY)
        sent = as_a_browser_sends_it(staff.get(address(teacher)), town="Frankfurt (Oder)", country="DE")

        assert staff.post(address(teacher), sent).status_code == 302
        assert located(teacher) == "Frankfurt (Oder), Germany"

    def test_towns_of_one_name_and_region_are_told_apart_by_their_degrees(
        self, staff: Client, teacher: Teacher
    ) -> None:
        load_towns([record(1, "Neustadt", "DE", "02"), record(2, "Neustadt", "DE", "02", latitude=49.0)])
        response = staff.post(address(teacher), {**FRANKFURT, "town": "Neustadt"})

        assert offered(response) == ["Neustadt, Bavaria (50.00°, 10.00°)", "Neustadt, Bavaria (49.00°, 10.00°)", NONE]


def test_where_no_towns_are_loaded_the_form_says_so(staff: Client, teacher: Teacher) -> None:
    assert "No towns are loaded on this site" in staff.get(address(teacher)).text

    assert staff.post(address(teacher), ENTRY).status_code == 302
    assert (Teacher.objects.get().town, located(teacher)) == ("Lyon", "")


def test_a_point_is_kept_as_the_middle_of_its_square(staff: Client, teacher: Teacher) -> None:
    staff.post(address(teacher), {**ENTRY, "spot": "5", "latitude": "45.764043", "longitude": "4.835659"})
    stored = Teacher.objects.get()
    point = (stored.latitude, stored.longitude)
    assert stored.spot == 5
    assert point != (45.764043, 4.835659)
    assert point == pytest.approx((45.764043, 4.835659), abs=0.05)

    staff.post(address(teacher), as_a_browser_sends_it(staff.get(address(teacher)), about="More."))
    stored.refresh_from_db()
    assert (stored.about, stored.latitude, stored.longitude) == ("More.", *point)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"latitude": "", "longitude": "4.8"}, "latitude"),
        ({"latitude": "45.7", "longitude": ""}, "longitude"),
        ({"latitude": "91", "longitude": "4.8"}, "latitude"),
        ({"latitude": "45.7", "longitude": "-181"}, "longitude"),
        ({"latitude": "nan", "longitude": "4.8"}, "latitude"),
        ({"latitude": "45.7", "longitude": "inf"}, "longitude"),
        ({"latitude": "45.7", "longitude": "4.8", "spot": "1"}, "spot"),
    ],
)
def test_a_mistake_in_a_point_is_said_beside_its_field(
    staff: Client, teacher: Teacher, values: dict[str, str], field: str
) -> None:
    response = staff.post(address(teacher), {**ENTRY, "spot": "2", **values})

    assert list(response.context["form"].errors) == [field]
    assert Teacher.objects.get().latitude is None


def test_where_the_town_is_enough_no_point_is_kept_and_none_is_a_mistake(staff: Client, teacher: Teacher) -> None:
    staff.post(address(teacher), {**ENTRY, "spot": "2", "latitude": "45.7", "longitude": "4.8"})
    response = staff.post(address(teacher), {**ENTRY, "spot": "0", "latitude": "north", "longitude": "4.8"})
    stored = Teacher.objects.get()

    assert response.status_code == 302
    assert (stored.spot, stored.latitude, stored.longitude) == (0, None, None)


@pytest.mark.usefixtures("towns")
class TestActions:
    """What changes a town without saying which one it is."""

    def test_the_town_is_looked_for_by_its_name(self, teacher: Teacher) -> None:
        actions.update_teacher(teacher, town="Lyon", country="FR", by=None)
        assert located(teacher) == "Lyon, France"

        actions.update_teacher(teacher, town="Frankfurt", country="DE", by=None)
        assert located(teacher) == ""

    def test_a_change_of_something_else_leaves_the_town(self, teacher: Teacher) -> None:
        actions.update_teacher(teacher, town="Frankfurt", country="DE", located_in=Town.objects.get(pk=ODER), by=None)
        actions.update_teacher(teacher, about="More.", by=None)

        assert located(teacher) == "Frankfurt (Oder), Germany"
