"""The registrar's forms for letters by e-mail. Each calls one action, or starts one run."""

from typing import Any

from django.contrib import messages as levels
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from wagtail.admin.utils import get_valid_next_url_from_request

from imp_wagtail.core import jobs
from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job

from .. import actions, permissions
from ..actions.delivering import why_unsendable
from ..admin_views import LetterActionView
from ..links import register_url
from ..models import Letter, Sending
from .forms import SendForm, SendRunForm, TryAgainForm, sealed
from .in_words import rows_of
from .messages import Message, compose
from .runs import look_ahead
from .works import SendingWork

#: Letters shown in one list; how many more there are is told.
LETTERS_SHOWN = 50


class SendingResultMixin:
    """For views whose result is a sending: where it was delivered at once, what became of it is told."""

    result: Sending

    def tell(self) -> None:
        self.result.refresh_from_db()
        words = {"number": self.result.letter.number, "to": self.result.to, "why": self.result.error}
        level, text = self._outcome()
        levels.add_message(self.request, level, text % words)  # type: ignore[attr-defined]

    def _outcome(self) -> tuple[int, str]:
        match self.result.state:
            case Sending.State.SENT:
                return levels.SUCCESS, _("Letter %(number)s sent to %(to)s.")
            case Sending.State.UNDER_WAY if self.result.is_lost:
                return levels.WARNING, _("Letter %(number)s was perhaps sent to %(to)s. %(why)s")
            case Sending.State.WAITING if self.result.attempts:
                return levels.WARNING, _("Letter %(number)s is not sent yet, and will be tried again. %(why)s")
            case Sending.State.WAITING | Sending.State.UNDER_WAY:
                return levels.SUCCESS, _("Letter %(number)s is on its way to %(to)s.")
        return levels.ERROR, _("Letter %(number)s was not sent. %(why)s")


class SendView(SendingResultMixin, LetterActionView):
    """Sends one letter; shows the message, and what was sent before."""

    permission = permissions.SEND
    form_class = SendForm
    template_name = "imp_letters/admin/send.html"
    page_title = gettext_lazy("Send letter")
    submit_label = gettext_lazy("Send letter")

    def get_initial(self) -> dict[str, Any]:
        return {"to": self.participant.email} if self.letter.has_holder else {}

    def act(self, data: dict[str, Any]) -> Sending:
        return actions.send(self.letter, manner=data["manner"], to=data["to"], by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["sendings"] = rows_of(self.letter, self.request.user)
        context["reason"] = why_unsendable(self.letter)
        if not context["reason"]:
            try:
                context["previews"] = previews(self.letter)
            except ValidationError as error:
                context["reason"] = cannot_be_filled_in(error)
        return context


class TryAgainView(SendingResultMixin, LetterActionView):
    """Delivers at once what failed, or what waits for another attempt."""

    permission = permissions.SEND
    form_class = TryAgainForm
    page_title = gettext_lazy("Try again")
    submit_label = gettext_lazy("Try again")
    help_text = gettext_lazy("The message goes to the same address, with the words that it had.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.sending = get_object_or_404(Sending, pk=pk)
        super().look_up(pk=self.sending.letter_id)

    def act(self, data: dict[str, Any]) -> Sending:
        return actions.try_again(self.sending, by=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["facts"] += [
            (pgettext("e-mail", "To"), self.sending.to),
            (_("How"), self.sending.get_manner_display()),
            (_("Attempts"), self.sending.attempts),
            (_("What failed"), self.sending.error or "–"),
        ]
        return context


class SendRunView(ActionFormView):
    """Sends the letters of a run of issuing: to whom they go and who is left out is shown, then it is long work."""

    permission = permissions.SEND
    form_class = SendRunForm
    template_name = "imp_letters/admin/send_run.html"
    header_icon = "mail"
    page_title = gettext_lazy("Send letters")
    success_message = gettext_lazy("Sending has begun.")

    def look_up(self, pk: int, **kwargs: Any) -> None:
        if not permissions.may_view(self.request.user):  # the page names whose letters they are
            raise PermissionDenied
        self.letters = Letter.objects.filter(run=pk)
        if not self.letters.exists():
            raise Http404

    @cached_property
    def back_url(self) -> str:
        return get_valid_next_url_from_request(self.request) or register_url()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        letters = {"url": register_url(), "label": _("Letters")}
        return [*self.breadcrumbs_items, letters, {"url": "", "label": self.get_page_title()}]

    def act(self, data: dict[str, Any]) -> Job:
        token, keys = data["letters"]
        text = ngettext("Send %(count)d letter", "Send %(count)d letters", len(keys))
        return jobs.start(
            SendingWork.kind,
            title=text % {"count": len(keys)},
            # Those of this run only, whatever was sealed for another.
            items=list(self.letters.filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)),
            params={"manner": data["manner"]},
            token=token,
            return_url=self.back_url,
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        job = self._job()
        return job_url(job) if job else self.back_url

    def _job(self) -> Job | None:
        """The work that was begun with this showing of the form, also by the first of two clicks."""
        form = self.get_form() if self.request.method == "POST" else None
        if form is None or not form.is_valid():
            return None
        return Job.objects.filter(token=form.cleaned_data["letters"][0]).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        outlook = look_ahead(self.letters)
        kwargs["form"] = kwargs.get("form") or self.get_form()
        kwargs["form"].initial["letters"] = sealed(outlook.sent)
        context = super().get_context_data(**kwargs)
        context.update(outlook=outlook, most=LETTERS_SHOWN, cancel_url=self.back_url)
        if outlook.sent:
            try:
                context["previews"] = previews(outlook.sent[0])
            except ValidationError as error:
                context["reason"] = cannot_be_filled_in(error)
        return context


def previews(letter: Letter) -> list[tuple[str, str, Message]]:
    """The message for each manner: the manner, what it is called, what it says."""
    return [(manner, label, compose(letter, manner)) for manner, label in Sending.Manner.choices]


def cannot_be_filled_in(error: ValidationError) -> str:
    """Why there is no message."""
    text = _("The wording of the message cannot be filled in. Mend it under Messages with letters. %(why)s")
    return text % {"why": " ".join(error.messages)}
