"""Behind the links in e-mails: a page with a form, and only what is sent by it does something.

Programs that look through mail follow links, and press no buttons.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from ..models import DirectoryMail, Enquiry
from . import actions
from .forms import ReportForm
from .links import Party, enquiry_with
from .rules import may_be_written_to

Kind, State = DirectoryMail.Kind, DirectoryMail.State


# The address itself is what is secret: whoever has it may do this, so that no other site gains by sending the form.
# And browsers name no origin on a page without referrer, which Django's protection would refuse.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class EnquiryLinkView(View):
    """A page about one enquiry, in the language of the e-mail that led to it."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = ""

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        found = enquiry_with(token)
        with translation.override(_language_of(*found) if found else translation.get_language()):
            response = super().dispatch(request, *found) if found else self.page("unknown", status=404)
            if isinstance(response, TemplateResponse):
                response.render()
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def page(self, state: str, enquiry: Enquiry | None = None, status: int = 200, **context: Any) -> HttpResponse:
        context |= {"state": state, "enquiry": enquiry, "day": enquiry.written_on if enquiry else ""}
        return TemplateResponse(self.request, self.template_name, context, status=status)


class ReportView(EnquiryLinkView):
    """Says that an enquiry is misuse: the teacher who got it, or whoever has the address given as the sender's."""

    template_name = "imp_directory/report_enquiry.html"

    def get(self, request: HttpRequest, enquiry: Enquiry, party: Party) -> HttpResponse:
        if enquiry.reported_at:
            return self.page("done")
        return self.page("open", enquiry, party=party, form=ReportForm())

    def post(self, request: HttpRequest, enquiry: Enquiry, party: Party) -> HttpResponse:
        form = ReportForm(request.POST)
        if not form.is_valid():
            form.focus()
            return self.page("open", enquiry, status=400, party=party, form=form)
        actions.report(enquiry, text=form.cleaned_data["text"], is_senders=party == Party.SENDER, by=None)
        return self.page("done")


class ConfirmView(EnquiryLinkView):
    """Says that the sender's address is theirs, where many write at once."""

    template_name = "imp_directory/confirm_enquiry.html"

    def get(self, request: HttpRequest, enquiry: Enquiry, party: Party) -> HttpResponse:
        return self.page(what_waits(enquiry), enquiry)

    def post(self, request: HttpRequest, enquiry: Enquiry, party: Party) -> HttpResponse:
        state = what_waits(enquiry)
        if state == "waiting":
            actions.confirm(enquiry, by=None)
            state = "gone"
        return self.page(state, enquiry)


def what_waits(enquiry: Enquiry) -> str:
    """Whether an enquiry can be confirmed: ``waiting``; ``gone`` already; or ``ended``, because it goes no more."""
    if enquiry.reported_at or enquiry.is_blocked or not may_be_written_to(enquiry.teacher):
        return "ended"
    mail = enquiry.mails.filter(kind=Kind.ENQUIRY).first()
    if mail is None or mail.state == State.FAILED:
        return "ended"
    return "waiting" if mail.state == State.WAITING and not mail.attempts else "gone"


def _language_of(enquiry: Enquiry, party: Party) -> str:
    kind = Kind.ENQUIRY if party == Party.TEACHER else Kind.COPY
    return enquiry.mails.filter(kind=kind).values_list("language", flat=True).first() or translation.get_language()
