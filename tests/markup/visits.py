"""Every public page in every state that changes its markup, and how a visitor comes to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client, override_settings
from django.utils import translation

from imp_wagtail.directory.contact.links import Party, confirm_link, report_link
from imp_wagtail.directory.renewing.links import renewal_link
from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.sending.personal_links import personal_link
from tests.directory.contact.support import enquired, typed
from tests.directory.renewing.support import send

from .world import People


@dataclass
class Visitor:
    """Somebody who reads the site in one language."""

    people: People
    client: Client = field(default_factory=Client)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(self.address(path), query)

    def post(self, path: str, **values: Any) -> HttpResponse:
        return self.client.post(self.address(path), values)

    def address(self, path: str) -> str:
        return f"/{self.people.language}{path}"

    def verify(self, letter: str) -> HttpResponse:
        return self.get(f"/verify/{self.people.letters[letter].printed_code}/")

    def follow(self, link: str, further: str = "", **values: Any) -> HttpResponse:
        """Open what stands in an e-mail; with values, send the form behind it."""
        path = urlsplit(link).path + further
        return self.client.post(path, values) if values else self.client.get(path)

    @property
    def profile(self) -> str:
        return f"/teachers/{self.people.known.slug}/"

    @property
    def renewal(self) -> str:
        return urlsplit(renewal_link(self.people.known)).path


@dataclass(frozen=True)
class Visit:
    """How an answer is come by, and the status that it has."""

    ask: Callable[[Visitor], HttpResponse]
    status: int = 200
    #: Whether the page is the reference site's, and none of the package's.
    is_the_sites: bool = False


def at(path: str, status: int = 200, **query: Any) -> Visit:
    return Visit(lambda visitor: visitor.get(path, **query), status)


def too_many_checks(visitor: Visitor) -> HttpResponse:
    elsewhere = Visitor(visitor.people, Client(REMOTE_ADDR="203.0.113.9"))
    with override_settings(IMP_WAGTAIL={**settings.IMP_WAGTAIL, "VERIFY_LIMIT": (1, 3600)}):
        elsewhere.get("/verify/x/")
        return elsewhere.get("/verify/x/")


def another_file(visitor: Visitor) -> HttpResponse:
    return visitor.post("/verify/", file=SimpleUploadedFile("letter.pdf", b"%PDF-"))


def unprintable(visitor: Visitor) -> HttpResponse:
    shown = visitor.get("/pathway/")
    with translation.override(visitor.people.language):
        return HttpResponse(
            render_to_string("imp_core/pdf_failed.html", {"page": shown.context["page"]}, request=shown.wsgi_request),
            status=503,
        )


def broken_server(visitor: Visitor) -> HttpResponse:
    with translation.override(visitor.people.language):
        return HttpResponse(render_to_string("500.html"), status=500)


def wrong_enquiry(visitor: Visitor) -> HttpResponse:
    values = typed(visitor.people.known, email="nobody", text="", name="")
    return visitor.post(f"{visitor.profile}contact/", **values)


def too_long_a_report(visitor: Visitor) -> HttpResponse:
    return visitor.follow(report_link(visitor.people.enquiry, Party.SENDER), text="x" * 100_000)


def reported(visitor: Visitor) -> HttpResponse:
    link = report_link(visitor.people.reported, Party.TEACHER)
    visitor.follow(link, text="Advertising.")
    return visitor.follow(link)


def waiting_enquiry(visitor: Visitor) -> HttpResponse:
    with translation.override(visitor.people.language):
        return visitor.follow(confirm_link(enquired(visitor.people.known)))


def renewal_with_errors(visitor: Visitor) -> HttpResponse:
    without = "teaches_in_person languages"
    return send(visitor.client, visitor.renewal, without=without, website="http://", about="x" * 5000)


def renewal_that_ends_something(visitor: Visitor) -> HttpResponse:
    return send(visitor.client, visitor.renewal, without="photo", about="After.")


def leave(visitor: Visitor) -> HttpResponse:
    link = renewal_link(visitor.people.unknown)
    visitor.follow(link, "leave/", sure="yes")
    return visitor.follow(link, "leave/")


VISITS: dict[str, Visit] = {
    "home": at("/"),
    "empty page": at("/empty/"),
    "trainings": at("/trainings/"),
    "no trainings": at("/no-trainings/"),
    "trainings of a year": at("/trainings/years/2019/"),
    "training, open": at("/trainings/open/"),
    "training, applications by e-mail": at("/trainings/by-mail/"),
    "training, bare": at("/trainings/bare/"),
    "training, applications closed": at("/trainings/closed/"),
    "training, full and online": at("/trainings/full/"),
    "training, moved and with every block": at("/trainings/kiln-2099/"),
    "training, cancelled": at("/trainings/kiln-2098/"),
    "training, of a year": at("/trainings/some-year/"),
    "training, past with pictures": at("/trainings/past/"),
    "questions": at("/faq/"),
    "questions, found": at("/faq/", q="yes"),
    "questions, none found": at("/faq/", q="nothing like it"),
    "questions without a search": at("/more/"),
    "no questions": at("/no-questions/"),
    "pathway": at("/pathway/"),
    "pathway that cannot be printed": Visit(unprintable, 503),
    "directory": at("/teachers/"),
    "directory, filtered": at("/teachers/", country="NL", format="in_person", near="Utrecht", km="50", upcoming="on"),
    "directory, none found": at("/teachers/", name="nobody", country="NL"),
    "directory, with errors": at("/teachers/", near="Nowhere at all", country="xx", language="xx", format="x", km="x"),
    "directory, second page": at("/teachers/", page="2"),
    "map": at("/teachers/map/"),
    "map, filtered": at("/teachers/map/", country="NL", name="nobody", near="Nowhere at all"),
    "qualifications explained": at("/teachers/qualifications/"),
    "teacher": Visit(lambda visitor: visitor.get(visitor.profile)),
    "teacher of whom little is known": Visit(lambda visitor: visitor.get(f"/teachers/{visitor.people.unknown.slug}/")),
    "contact": Visit(lambda visitor: visitor.get(f"{visitor.profile}contact/")),
    "contact, with errors": Visit(wrong_enquiry, 400),
    "contact, sent": Visit(lambda visitor: visitor.get(f"{visitor.profile}contact/sent/")),
    "report": Visit(lambda visitor: visitor.follow(report_link(visitor.people.enquiry, Party.TEACHER))),
    "report, with errors": Visit(too_long_a_report, 400),
    "report, made": Visit(reported),
    "report, of nothing": at("/directory/enquiries/x/report/", 404),
    "confirmation that is waited for": Visit(waiting_enquiry),
    "confirmation of what has ended": Visit(lambda visitor: visitor.follow(confirm_link(visitor.people.reported))),
    "confirmation of nothing": at("/directory/enquiries/x/confirm/", 404),
    "renewal": Visit(lambda visitor: visitor.client.get(visitor.renewal)),
    "renewal, with errors": Visit(renewal_with_errors, 400),
    "renewal that ends something": Visit(renewal_that_ends_something),
    "renewal, done": Visit(lambda visitor: visitor.client.get(f"{visitor.renewal}done/")),
    "leaving": Visit(lambda visitor: visitor.follow(renewal_link(visitor.people.unknown), "leave/")),
    "left": Visit(leave),
    "renewal of nothing": at("/directory/renew/x/", 404),
    "check a letter": at("/verify/"),
    "check a letter, malformed code": at("/verify/", code="no code"),
    "check a letter, no file": Visit(lambda visitor: visitor.post("/verify/"), 400),
    "check a letter, another file": Visit(another_file, 404),
    "check a letter, too often": Visit(too_many_checks, 429),
    "letter, genuine": Visit(lambda visitor: visitor.verify("genuine")),
    "letter, replaced": Visit(lambda visitor: visitor.verify("replaced")),
    "letter, withdrawn": Visit(lambda visitor: visitor.verify("withdrawn")),
    "letter, unknown": at(f"/verify/{new_code()}/", 404),
    "letter, malformed code": at("/verify/x/", 404),
    "letter's personal link": Visit(lambda visitor: visitor.follow(personal_link(visitor.people.sending))),
    "letter's personal link, ended": Visit(
        lambda visitor: visitor.follow(personal_link(visitor.people.ended_sending)), 410
    ),
    "letter's personal link to nothing": at("/letters/1.forged/", 404),
    "nothing at this address": Visit(lambda visitor: visitor.get("/nothing-here/"), 404, is_the_sites=True),
    "broken server": Visit(broken_server, 500, is_the_sites=True),
}
