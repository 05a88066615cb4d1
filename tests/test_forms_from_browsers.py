"""Forms as browsers send them: opened, filled in where they ask for something, and sent with all that they show.

Tests that post what they think a form sends miss what it shows besides, such as hidden fields, fields that it leaves
out, and line ends. Here nothing is sent that the page did not show.
"""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from imp_wagtail.directory import actions as directory_actions
from imp_wagtail.directory.contact import actions as contact_actions
from imp_wagtail.directory.contact import seals
from imp_wagtail.directory.contact.links import Party, confirm_link, report_link
from imp_wagtail.directory.models import ConsentText, Qualification, Teacher
from imp_wagtail.directory.renewing.links import renewal_link
from imp_wagtail.participants import actions
from tests.browsing import sent_by_browser
from tests.directory.contact.support import enquired
from tests.factories import (
    CohortFactory,
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    ParticipantFactory,
    QualificationFactory,
    SessionFactory,
    TeacherFactory,
    TownFactory,
    registrar,
)
from tests.participants.screens import with_permissions
from tests.participants.support import asked, imp

pytestmark = pytest.mark.django_db

LINES = "First line.\nSecond line."
TODAY = "2025-06-01"
WHY = {"why": "Asked for it."}


def a_graduate(**values: Any) -> Any:
    enrolment = EnrolmentFactory(**values)
    day = dt.date(2024, 12, 1)
    type(enrolment).objects.filter(pk=enrolment.pk).update(completed_on=day, may_be_listed_on=day)
    return enrolment.participant


def a_teacher(**values: Any) -> Any:
    return TeacherFactory(speaks=["en", "nl"], teaches_in_person=True, about=LINES, agrees_to=["photo"], **values)


def in_town(**values: Any) -> Any:
    town = TownFactory()
    return a_teacher(located_in=town, spot=5, latitude=52.1, longitude=5.1, **values)


def suspended() -> Any:
    return directory_actions.suspend(a_teacher(), why="Asked.", by=None)


def recognised() -> Any:
    return directory_actions.recognise(a_teacher(standing=False), why="Known to us.", by=None)


def unchecked() -> Any:
    return QualificationFactory(teacher=a_teacher(), sort=Qualification.Sort.ACCREDITED, checked_on=None)


def reported() -> Any:
    return contact_actions.report(enquired(a_teacher()), text="Spam.")


def blocked() -> Any:
    return contact_actions.block_sender(enquired(a_teacher()), why="Spam.", by=None)


def evidence(key: str) -> Any:
    pathway = imp()
    enrolment = EnrolmentFactory(pathway=pathway)
    amount = {} if key == "practice" else {"amount": Decimal(6)}
    return actions.record_evidence(
        enrolment, asked(pathway, key), date=dt.date(2024, 5, 1), note=LINES, by=None, **amount
    )


def in_admin(name: str, made: Callable[[], Any]) -> str:
    return reverse(name, args=[made().pk])


def by_link(link: Callable[[Any], str], made: Callable[[], Any]) -> str:
    return link(made()).removeprefix("http://testserver")


def contact() -> str:
    page = DirectoryPageFactory()
    return page.get_url() + page.reverse_subpage("contact", args=[a_teacher().slug])


def session() -> str:
    made = SessionFactory()
    return reverse("imp_cohorts:edit_session", args=[made.cohort_id, made.pk])


def ask_many() -> str:
    long_ago = timezone.now() - dt.timedelta(days=400)
    Teacher.objects.filter(pk=a_teacher(participant__email="a@example.org").pk).update(updated_at=long_ago)
    return reverse("imp_teachers:ask_many")


def staff(name: str, made: Callable[[], Any] = a_teacher) -> Callable[[], str]:
    return partial(in_admin, f"imp_{name}", made)


def public(link: Callable[[Any], str], made: Callable[[], Any] = a_teacher) -> Callable[[], str]:
    return partial(by_link, link, made)


LISTED = {"country": "NL", "languages": ["nl", "en"], "teaches_online": "on", "consented_on": TODAY}
COURSE = {"title": "Eight weeks", "starts": "2099-01-01", "ends": "2099-03-01"}

#: Where a form is, and what is filled in that is empty when it opens.
ASKING: dict[str, tuple[Callable[[], str], dict[str, Any]]] = {
    "list": (staff("teachers:list", a_graduate), LISTED),
    "list without a pathway": (
        staff("teachers:list", ParticipantFactory),
        {**LISTED, "recognised_why": "Known to us."},
    ),
    "record consent": (staff("teachers:record_consent"), {"on": TODAY}),
    "end consent": (staff("teachers:end_consent"), WHY),
    "renew": (staff("teachers:renew"), {}),
    "ask to renew": (staff("teachers:ask_to_renew"), {}),
    "ask many to renew": (ask_many, {"status": "stale"}),
    "suspend": (staff("teachers:suspend"), WHY),
    "resume": (staff("teachers:resume", suspended), WHY),
    "recognise": (staff("teachers:recognise", partial(a_teacher, standing=False)), WHY),
    "end recognition": (staff("teachers:end_recognition", recognised), WHY),
    "add a course": (staff("teachers:add_course"), COURSE),
    "remove a course": (staff("teachers:remove_course", CourseFactory), {}),
    "add a qualification": (staff("teachers:add_qualification"), {"sort": "attended", "title": "Course"}),
    "check a qualification": (staff("teachers:check_qualification", unchecked), {}),
    "remove a qualification": (staff("teachers:remove_qualification", QualificationFactory), {}),
    "settle": (staff("enquiries:settle", reported), WHY),
    "block": (staff("enquiries:block", lambda: enquired(a_teacher())), WHY),
    "erase a sender": (staff("enquiries:erase_sender", lambda: enquired(a_teacher())), WHY),
    "unblock": (staff("enquiries:unblock", blocked), WHY),
    "renew by link": (public(renewal_link), {}),
    "leave by link": (public(lambda teacher: renewal_link(teacher) + "leave/"), {}),
    "contact": (contact, {"name": "Sam", "email": "sam@example.org", "text": "Is there a place left?"}),
}
#: Forms that show what is stored, and one thing that somebody changes in them.
EDITING: dict[str, tuple[Callable[[], str], dict[str, Any]]] = {
    "entry": (staff("teachers:edit"), {"about": "Another."}),
    "entry in a town": (staff("teachers:edit", in_town), {"spot": "0"}),
    "entry of one who left": (staff("teachers:edit", partial(a_teacher, consent=False)), {"website": "example.org"}),
    "course": (staff("teachers:edit_course", CourseFactory), {"state": "full"}),
    "qualification": (staff("teachers:edit_qualification", QualificationFactory), {"level": "2"}),
    "renewal": (public(renewal_link), {"about": "Another.", "do": "save"}),
    "renewal with a course": (
        public(renewal_link, lambda: CourseFactory(teacher=a_teacher()).teacher),
        {"another": "fr", "do": "save"},
    ),
    "participant": (staff("participants:edit", partial(ParticipantFactory, notes=LINES)), {"town": "Lyon"}),
    "notes": (staff("participants:notes", partial(ParticipantFactory, notes=LINES)), {"notes": "Another."}),
    "evidence": (staff("participants:change_evidence", partial(evidence, "retreats")), {"detail": "Elsewhere"}),
    "evidence without amount": (staff("participants:change_evidence", partial(evidence, "practice")), {"note": "x"}),
    "cohort": (staff("cohorts:edit", CohortFactory), {"title": "Another"}),
    "session": (session, {"title": "Another"}),
}


@pytest.fixture
def client(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(seals, "SOONEST", dt.timedelta(0))
    client.force_login(registrar())
    return client


def log() -> list[tuple[str, dict[str, str]]]:
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", "data"))


def send(client: Client, address: str, filled_in: dict[str, Any], *without: str) -> None:
    """Open a form, fill it in and send it; it is taken."""
    sent = {**sent_by_browser(client.get(address)), **filled_in}
    response = client.post(address, {name: value for name, value in sent.items() if name not in without})
    told = dict(response.context["form"].errors) if response.context and "form" in response.context else {}
    assert (response.status_code, told) == (302, {})


@pytest.mark.parametrize("screen", ASKING)
def test_what_a_form_asks_for_is_enough(client: Client, screen: str) -> None:
    where, filled_in = ASKING[screen]

    send(client, where(), filled_in)


@pytest.mark.parametrize("screen", EDITING)
def test_sent_as_it_was_shown_it_changes_nothing(client: Client, screen: str) -> None:
    address, saves = EDITING[screen][0](), {name: value for name, value in EDITING[screen][1].items() if name == "do"}
    before = log()
    send(client, address, saves)

    assert log() == before


@pytest.mark.parametrize("screen", EDITING)
def test_one_thing_may_be_changed_and_the_rest_left(client: Client, screen: str) -> None:
    address = EDITING[screen][0]()
    before = log()
    send(client, address, EDITING[screen][1])

    assert len(log()) == len(before) + 1


@pytest.mark.parametrize("screen", ["entry", "entry in a town", "list", "list without a pathway"])
def test_whoever_may_choose_no_photo_sends_a_form_without(client: Client, screen: str) -> None:
    where, filled_in = {**ASKING, **EDITING}[screen]
    client.force_login(with_permissions("add_teacher", "change_teacher", "change_participant", "view_participant"))

    send(client, where(), filled_in)


def test_an_enquiry_is_reported_and_confirmed_with_what_its_page_shows(client: Client, settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "ENQUIRIES_A_DAY": 0}
    enquiry = enquired(a_teacher())
    for link, state in ((confirm_link(enquiry), "gone"), (report_link(enquiry, Party.TEACHER), "done")):
        response = client.post(link, sent_by_browser(client.get(link)))
        assert (response.status_code, response.context["state"]) == (200, state)


def test_a_new_wording_is_published_with_what_the_second_page_shows(client: Client) -> None:
    address = reverse("imp_teachers:new_wording", args=["photo"])
    sent = sent_by_browser(client.get(address)) | {"text_en": LINES}
    foreseen = client.post(address, sent)

    assert client.post(address, sent_by_browser(foreseen)).status_code == 302
    assert ConsentText.objects.get().text == LINES
