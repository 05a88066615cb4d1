"""The personal link to a letter: a page with a button, and behind the button the PDF."""

from io import BytesIO
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from imp_wagtail.participants.personal.facts import in_words

from ..files import LetterFileError, issued_bytes
from ..models import Letter, Sending
from .mails import filename_of
from .personal_links import sending_with

#: What the page says, and its status.
OPEN, EXPIRED, REPLACED, WITHDRAWN, UNKNOWN, BROKEN = "open", "expired", "replaced", "withdrawn", "unknown", "broken"
STATUS = {OPEN: 200, EXPIRED: 410, REPLACED: 410, WITHDRAWN: 410, UNKNOWN: 404, BROKEN: 503}


# The address itself is what is secret: whoever has it may have the letter, so that no other site gains by sending
# the form. And browsers name no origin on a page without referrer, which Django's protection would refuse.
@method_decorator([csrf_exempt, never_cache], name="dispatch")
class PersonalLinkView(View):
    """GET shows the page, POST gives the file: programs that look through mail follow links, and press no buttons."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> HttpResponse:
        self.sending = sending_with(token)
        with translation.override(self.sending.language if self.sending else translation.get_language()):
            response = super().dispatch(request, *args, **kwargs)
            if isinstance(response, TemplateResponse):
                response.render()
        response.headers["X-Robots-Tag"] = "noindex, noarchive"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(what_opens(self.sending))

    def post(self, request: HttpRequest) -> HttpResponse:
        state = what_opens(self.sending)
        if state != OPEN or self.sending is None:
            return self.page(state)
        letter = self.sending.letter
        try:
            content = issued_bytes(letter)
        except LetterFileError:
            return self.page(BROKEN)
        Sending.objects.filter(pk=self.sending.pk, fetched_at=None).update(fetched_at=timezone.now())
        return FileResponse(
            BytesIO(content),
            as_attachment=True,
            filename=filename_of(letter),
            content_type="application/pdf",
            headers={"X-Content-Type-Options": "nosniff"},
        )

    def page(self, state: str) -> HttpResponse:
        """The page; of a letter that is not to be had, it tells nothing."""
        context: dict[str, Any] = {"state": state}
        if state == OPEN and self.sending:
            context |= {"letter": self.sending.letter, "until": in_words(self.sending.expires_at)}
        return TemplateResponse(self.request, "imp_letters/personal_link.html", context, status=STATUS[state])


def what_opens(sending: Sending | None) -> str:
    """Whether a link leads to its letter, or why not."""
    if sending is None or sending.expires_at is None:
        return UNKNOWN
    if sending.expires_at <= timezone.now():
        return EXPIRED
    if sending.letter.is_valid:
        return OPEN
    return REPLACED if sending.letter.state == Letter.State.REPLACED else WITHDRAWN
