"""Forms that are sent: a double click acts once, and nobody overwrites what they have not seen."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.core import roles
from imp_wagtail.core.models import SentForm
from imp_wagtail.core.sending import AlreadySentError, new_token, once, was_sent
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.models import Enrolment, Evidence, Participant
from tests.factories import CohortFactory, EnrolmentFactory, ParticipantFactory, UserFactory, registrar
from tests.participants.support import PAST, asked, imp, retreat
from tests.processes import at_work, connected, told_at_once

pytestmark = pytest.mark.django_db


def sent(user: Any, **data: Any) -> HttpRequest:
    request = RequestFactory().post("/", data)
    request.user = user
    return request


def act(request: HttpRequest, *, fails: bool = False) -> None:
    """Makes one more user, which can be counted."""
    with once(request):
        UserFactory(first_name="made")
        if fails:
            raise ZeroDivisionError


def made() -> int:
    return get_user_model().objects.filter(first_name="made").count()


class TestOnce:
    def test_a_second_click_acts_no_more(self) -> None:
        user, token = registrar(), new_token()
        act(sent(user, once=token, name="Ana"))
        with pytest.raises(AlreadySentError):
            act(sent(user, once=token, name="Ana"))

        assert made() == 1
        assert was_sent(sent(user, once=token, name="Ana"))

    def test_each_showing_of_a_form_acts(self) -> None:
        user = registrar()
        for _time in range(2):
            act(sent(user, once=new_token(), name="Ana"))

        assert made() == 2

    def test_what_was_changed_before_it_was_sent_again_is_meant(self) -> None:
        """Whoever goes back in the browser comes to the same token, and may have another entry to make."""
        user, token = registrar(), new_token()
        act(sent(user, once=token, name="Ana"))
        act(sent(user, once=token, name="Bo"))
        act(sent(user, once=token, name=["Ana", "Bo"]))
        act(sent(user, once=token, name="Ana", file=SimpleUploadedFile("a.pdf", b"one")))
        act(sent(user, once=token, name="Ana", file=SimpleUploadedFile("a.pdf", b"another")))

        assert made() == 5
        assert not was_sent(sent(user, once=token, name="Cleo"))

    def test_the_same_document_is_the_same_form(self) -> None:
        user, token = registrar(), new_token()
        act(sent(user, once=token, file=SimpleUploadedFile("a.pdf", b"one")))
        with pytest.raises(AlreadySentError):
            act(sent(user, once=token, file=SimpleUploadedFile("a.pdf", b"one")))

        assert made() == 1

    def test_the_seal_against_forgery_is_no_part_of_the_form(self) -> None:
        user, token = registrar(), new_token()
        act(sent(user, once=token, csrfmiddlewaretoken="one"))

        assert was_sent(sent(user, once=token, csrfmiddlewaretoken="another"))

    def test_what_failed_may_be_sent_again(self) -> None:
        user, token = registrar(), new_token()
        with pytest.raises(ZeroDivisionError):
            act(sent(user, once=token), fails=True)
        assert made() == 0
        assert not was_sent(sent(user, once=token))

        act(sent(user, once=token))
        assert made() == 1

    def test_another_person_sends_another_form(self) -> None:
        token = new_token()
        act(sent(registrar(), once=token))
        act(sent(registrar(), once=token))

        assert made() == 2

    @pytest.mark.parametrize("data", [{}, {"once": ""}])
    def test_without_a_token_each_sending_acts(self, data: dict[str, str]) -> None:
        user = registrar()
        for _time in range(2):
            act(sent(user, **data))

        assert (made(), SentForm.objects.count()) == (2, 0)
        assert not was_sent(sent(user, **data))

    def test_is_remembered_for_two_days(self) -> None:
        user = registrar()
        act(sent(user, once="old"))
        act(sent(user, once="older"))
        hours = dict(zip(SentForm.objects.order_by("sent_at"), (49, 47), strict=True))
        for form, ago in hours.items():
            SentForm.objects.filter(pk=form.pk).update(sent_at=timezone.now() - dt.timedelta(hours=ago))
        act(sent(user, once="new"))

        assert SentForm.objects.count() == 2
        assert [was_sent(sent(user, once=token)) for token in ("old", "older", "new")] == [False, True, True]


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(registrar())
    return client


@pytest.fixture
def enrolment() -> Enrolment:
    return EnrolmentFactory(participant__name="Ana Núñez", participant__town="", pathway=imp())


def address(name: str, *keys: int) -> str:
    return reverse(f"imp_participants:{name}", args=keys)


def shown(client: Client, where: str, **typed: str) -> dict[str, Any]:
    """A form as it was shown, with what is typed into it."""
    context = client.get(where).context
    form = context["form"]
    data = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    return {**data, "once": context["once_token"], **typed}


def told(response: HttpResponse) -> list[str]:
    return [str(message).strip() for message in get_messages(response.wsgi_request)]


def record_evidence(enrolment: Enrolment) -> str:
    return address("record_evidence", enrolment.pk, asked(enrolment.pathway, "cycles").pk)


class TestADoubleClick:
    def test_acts_once_and_says_so(self, staff: Client, enrolment: Enrolment) -> None:
        where = record_evidence(enrolment)
        data = shown(staff, where, date="2024-05-01", amount="1")
        first, second = staff.post(where, data), staff.post(where, data)

        assert Evidence.objects.count() == ModelLogEntry.objects.filter(action="imp.evidence.record").count() == 1
        assert first.url == second.url
        assert first.url.startswith(address("record", enrolment.participant_id))
        assert told(second)[-1] == "This had been sent already. It was done once."

    def test_leads_on_where_the_first_has_made_the_second_impossible(
        self, staff: Client, enrolment: Enrolment
    ) -> None:
        """The pathway is no longer among the choices: the form alone would call it a mistake."""
        other = imp()
        where = address("enrol", enrolment.participant_id)
        data = shown(staff, where, pathway=str(other.pk))
        first, second = staff.post(where, data), staff.post(where, data)

        assert (first.status_code, second.status_code) == (302, 302)
        assert enrolment.participant.enrolments.count() == 2

    def test_adds_one_participant(self, staff: Client) -> None:
        where = address("add")
        data = shown(staff, where, name="Bo", email="bo@example.org")
        responses = [staff.post(where, data) for _time in range(2)]

        assert [response.status_code for response in responses] == [302, 302]
        assert Participant.objects.count() == 1

    def test_on_what_the_first_has_removed_leads_back(self, staff: Client, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment)
        where = address("remove_evidence", evidence.pk)
        data = shown(staff, where, why="A mistake.")
        first, second = staff.post(where, data), staff.post(where, data)

        assert first.url.startswith(address("record", enrolment.participant_id))
        assert second.url == address("index")
        assert staff.post(where, {**data, "once": new_token()}).status_code == 404

    def test_after_going_back_may_be_another_entry(self, staff: Client, enrolment: Enrolment) -> None:
        where = record_evidence(enrolment)
        data = shown(staff, where, date="2024-05-01", amount="1")
        staff.post(where, data)
        staff.post(where, {**data, "date": "2024-06-01"})

        assert list(Evidence.objects.values_list("date", flat=True)) == [dt.date(2024, 5, 1), dt.date(2024, 6, 1)]

    def test_of_a_form_that_was_refused_acts_when_it_is_corrected(self, staff: Client, enrolment: Enrolment) -> None:
        where = record_evidence(enrolment)
        data = shown(staff, where, date="2024-05-01", amount="0")
        assert staff.post(where, data).status_code == 200
        assert SentForm.objects.count() == 0

        assert staff.post(where, {**data, "amount": "1"}).status_code == 302
        assert Evidence.objects.count() == 1

    def test_of_a_form_that_an_action_refused_may_be_sent_just_so(self, staff: Client, enrolment: Enrolment) -> None:
        actions.set_status(enrolment, "withdrawn", why="At their wish.", by=None)
        where = record_evidence(enrolment)
        data = shown(staff, where, date="2024-05-01", amount="1")
        assert "withdrawn" in staff.post(where, data).text

        actions.set_status(enrolment, "active", why="At their wish.", by=None)
        assert staff.post(where, data).status_code == 302
        assert Evidence.objects.count() == 1


def details(participant: Participant) -> str:
    return address("edit", participant.pk)


class TestAFormThatWasSeen:
    @pytest.fixture
    def ana(self) -> Participant:
        return ParticipantFactory(name="Ana", town="Utrecht", country="NL", notes="")

    def change(self, ana: Participant, **values: Any) -> None:
        """Somebody else saves other details meanwhile."""
        theirs = Participant.objects.get(pk=ana.pk)
        for name, value in values.items():
            setattr(theirs, name, value)
        actions.save_participant(theirs, by=None)

    def stored(self, ana: Participant, *names: str) -> list[Any]:
        ana.refresh_from_db()
        return [getattr(ana, name) for name in names]

    def test_is_saved_where_nobody_came_in_between(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), town="Gouda", country="ES")

        assert staff.post(details(ana), data).status_code == 302
        assert self.stored(ana, "town", "country") == ["Gouda", "ES"]

    def test_tells_what_somebody_else_changed_and_keeps_what_was_typed(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), town="Gouda", notes="Rings on Mondays.")
        self.change(ana, town="Leiden")
        response = staff.post(details(ana), data)

        assert "It now says: Town: Leiden." in response.text
        form = response.context["form"]
        assert [form[name].value() for name in ("town", "notes")] == ["Gouda", "Rings on Mondays."]
        assert self.stored(ana, "town", "notes") == ["Leiden", ""]

    def test_sent_once_more_is_a_decision(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), town="Gouda")
        self.change(ana, town="Leiden")
        again = {**data, **self.returned(staff.post(details(ana), data))}

        assert staff.post(details(ana), again).status_code == 302
        assert self.stored(ana, "town") == ["Gouda"]

    def returned(self, response: HttpResponse) -> dict[str, Any]:
        """What a form that came back would send."""
        form = response.context["form"]
        assert response.status_code == 200
        return {name: form[name].value() or "" for name in form.fields} | {"once": response.context["once_token"]}

    def test_asks_again_where_somebody_was_quick_again(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), town="Gouda")
        self.change(ana, town="Leiden")
        again = {**data, **self.returned(staff.post(details(ana), data))}
        self.change(ana, town="Delft")

        assert "It now says: Town: Delft." in staff.post(details(ana), again).text
        assert self.stored(ana, "town") == ["Delft"]

    def test_gives_way_where_one_typed_nothing(self, staff: Client, ana: Participant) -> None:
        """Sending once more is about what one typed; what others did elsewhere in the form stays."""
        data = shown(staff, details(ana), name="Ana Núñez")
        self.change(ana, town="Leiden", country="ES")
        response = staff.post(details(ana), data)
        assert "It now says: Town: Leiden; Country: Spain." in response.text
        assert '<option value="ES" selected>' in response.text

        assert staff.post(details(ana), {**data, **self.returned(response)}).status_code == 302
        assert self.stored(ana, "name", "town", "country") == ["Ana Núñez", "Leiden", "ES"]

    def test_is_not_held_up_by_what_it_does_not_show(self, staff: Client, ana: Participant) -> None:
        where = address("notes", ana.pk)
        data = shown(staff, where, notes="Rings on Mondays.")
        self.change(ana, town="Leiden", email="new@example.org")

        assert staff.post(where, data).status_code == 302
        assert self.stored(ana, "notes", "town", "email") == ["Rings on Mondays.", "Leiden", "new@example.org"]

    def test_is_no_conflict_where_both_typed_the_same(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), town="Leiden", name="Ana Núñez")
        self.change(ana, town="Leiden")

        assert staff.post(details(ana), data).status_code == 302
        assert self.stored(ana, "name", "town") == ["Ana Núñez", "Leiden"]

    def test_does_not_mind_how_lines_end(self, staff: Client, ana: Participant) -> None:
        self.change(ana, notes="One.\nTwo.")
        data = shown(staff, details(ana), notes="One.\r\nTwo.", town="Gouda")
        self.change(ana, printed_name="")

        assert staff.post(details(ana), data).status_code == 302

    @pytest.mark.parametrize("seen", ["", "forged"])
    def test_says_nothing_to_a_script_that_has_seen_nothing(self, staff: Client, ana: Participant, seen: str) -> None:
        data = shown(staff, details(ana), town="Gouda", seen=seen)
        self.change(ana, town="Leiden")

        assert staff.post(details(ana), data).status_code == 302
        assert self.stored(ana, "town") == ["Gouda"]

    def test_of_another_sort_is_not_believed(self, staff: Client, ana: Participant) -> None:
        notes = shown(staff, address("notes", ana.pk))
        self.change(ana, notes="Theirs.")
        data = shown(staff, details(ana), notes="Mine.", seen=notes["seen"])

        assert staff.post(details(ana), data).status_code == 302

    def test_says_so_too_where_what_was_typed_is_wrong(self, staff: Client, ana: Participant) -> None:
        data = shown(staff, details(ana), email="no address", town="Gouda")
        self.change(ana, town="Leiden")
        errors = staff.post(details(ana), data).context["form"].errors

        assert list(errors) == ["email", "__all__"]

    def test_watches_dates_and_amounts(self, staff: Client, enrolment: Enrolment) -> None:
        evidence = retreat(enrolment, detail="Ammerdown")
        where = address("change_evidence", evidence.pk)
        data = shown(staff, where, detail="Gaia House")
        actions.change_evidence(evidence, date=dt.date(2024, 6, 1), amount=7, detail="Ammerdown", by=None)
        response = staff.post(where, data)

        assert "It now says: Date: 2024-06-01; Days: 7." in response.text
        assert staff.post(where, {**data, **self.returned(response)}).status_code == 302
        evidence.refresh_from_db()
        assert (evidence.date, evidence.amount, evidence.detail) == (dt.date(2024, 6, 1), 7, "Gaia House")

    def test_names_people_and_not_their_numbers(self, staff: Client) -> None:
        cohort = CohortFactory(title="Evenings")
        one, other = (UserFactory(username=name, role=roles.FACILITATORS) for name in ("one", "other"))
        cohort_actions.save_cohort(cohort, facilitators=[one], by=None)
        where = reverse("imp_cohorts:edit", args=[cohort.pk])
        data = shown(staff, where, title="Mornings", facilitators=[one.pk], training="")
        cohort_actions.save_cohort(cohort, facilitators=[one, other], by=None)
        response = staff.post(where, data)

        assert "It now says: Facilitators: one, other." in response.text
        again = {**data, **self.returned(response)}
        assert sorted(again["facilitators"]) == sorted([str(one.pk), str(other.pk)])
        assert staff.post(where, again).status_code == 302
        cohort.refresh_from_db()
        assert (cohort.title, set(cohort.facilitators.all())) == ("Mornings", {one, other})


class TestAtTheSameTime:
    """Two browsers, two processes of the server, one database."""

    @pytest.fixture
    def browsers(self, shared_database: dict[str, Any]) -> Any:
        with at_work("tests.core.works.send", shared_database) as workers:
            yield workers

    def test_two_clicks_act_once(self, browsers: Any, shared_database: dict[str, Any], client: Client) -> None:
        with connected(shared_database):
            user = registrar()
            client.force_login(user)
            enrolment = EnrolmentFactory(pathway=imp())
            where = record_evidence(enrolment)
            data = shown(client, where, date=PAST.isoformat(), amount="1")
            data.pop("file")
        answers = told_at_once(browsers, [{"user": user.pk, "address": where, "data": data}] * 2)
        with connected(shared_database):
            found = Evidence.objects.filter(enrolment=enrolment).count()

        assert (answers, found) == ([[302, {}]] * 2, 1)

    def test_of_two_who_save_the_same_detail_one_is_told(
        self, browsers: Any, shared_database: dict[str, Any], client: Client
    ) -> None:
        with connected(shared_database):
            people = [registrar(), registrar()]
            ana = ParticipantFactory(town="Utrecht")
            where, tasks = details(ana), []
            for user, town in zip(people, ("Gouda", "Leiden"), strict=True):
                client.force_login(user)
                tasks.append({"user": user.pk, "address": where, "data": shown(client, where, town=town)})
        answers = told_at_once(browsers, tasks)
        with connected(shared_database):
            ana.refresh_from_db()

        statuses = [status for status, _errors in answers]
        assert sorted(statuses) == [200, 302]
        assert ana.town == ("Gouda", "Leiden")[statuses.index(302)]
        [refused] = [errors for status, errors in answers if status == 200]
        assert f"It now says: Town: {ana.town}." in refused["__all__"][0]
