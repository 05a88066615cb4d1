"""The registrar's forms for letters, and the download. Each form calls one action."""

from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.utils import get_valid_next_url_from_request

from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.permissions import CHANGE_PARTICIPANTS
from imp_wagtail.participants.views import EnrolmentActionView, RecordActionView

from . import actions, forms, permissions
from .files import LetterFileError, issued_bytes
from .links import letter_url, register_url
from .models import Letter
from .permissions import may_replace
from .register.differences import differences


class IssueView(EnrolmentActionView):
    """Issues the letter for a stage of an enrolment; the address names both."""

    permission = permissions.ISSUE
    form_class = forms.IssueForm
    template_name = "imp_letters/admin/action_form.html"
    header_icon = "mail"
    page_title = gettext_lazy("Issue letter")
    submit_label = gettext_lazy("Issue letter")
    help_text = gettext_lazy("What the letter says cannot be changed afterwards, only replaced by another letter.")

    def prepare(self, data: dict[str, Any]) -> None:
        actions.day_of_issue(data["issued_on"])

    def act(self, data: dict[str, Any]) -> Letter:
        return actions.issue(self.enrolment, self.stage, on=data["issued_on"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Letter %(number)s issued.") % {"number": self.result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [
            (_("Name as printed"), self.participant.name_on_letters),
            (_("Pathway"), self.enrolment.pathway),
            (_("Stage"), self.stage),
        ]
        return super().get_context_data(**kwargs, facts=facts)


class LetterActionView(RecordActionView):
    """A form about one letter. It leads back to where it was called from, else to the person's record.

    Of somebody who was erased, there is no record: then to the letter's page in the register.
    """

    permission = permissions.WITHDRAW
    template_name = "imp_letters/admin/action_form.html"
    header_icon = "mail"

    def look_up(self, pk: int, **kwargs: Any) -> None:
        letters = Letter.objects.select_related("enrolment__participant", "stage")
        self.letter = get_object_or_404(letters, pk=pk)
        if self.letter.has_holder:
            self.participant = self.letter.enrolment.participant

    def get_success_url(self) -> str:
        own = super().get_success_url() if self.letter.has_holder else letter_url(self.letter)
        return get_valid_next_url_from_request(self.request) or own

    def get_page_subtitle(self) -> str:
        return super().get_page_subtitle() if self.letter.has_holder else str(self.letter)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        if self.letter.has_holder:
            return super().get_breadcrumbs_items()
        return [
            *self.breadcrumbs_items,
            {"url": register_url(), "label": _("Letters")},
            {"url": letter_url(self.letter), "label": str(self.letter)},
            {"url": "", "label": self.get_page_title(), "sublabel": str(self.letter)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = [
            (_("Register number"), self.letter.number),
            (_("Name as printed"), self.letter.name),
            (_("Stage"), self.letter.snapshot["stage"]),
            (_("Date of issue"), long_date(self.letter.issued_on)),
        ]
        return super().get_context_data(**kwargs, facts=facts)


class ReplaceView(LetterActionView):
    """Issues a letter anew; shows what the new one will say otherwise, and where that can still be mended."""

    form_class = forms.ReplaceForm
    template_name = "imp_letters/admin/replace.html"
    page_title = gettext_lazy("Replace letter")
    submit_label = gettext_lazy("Replace letter")

    @property
    def help_text(self) -> str:
        if not self.letter.has_holder:
            return actions.holder_is_erased()
        return _(
            "A new letter is issued from the record as it is now, with a number and a code of its own; "
            "whoever checks this one reads that it was replaced."
        )

    def prepare(self, data: dict[str, Any]) -> None:
        actions.day_of_issue(data["issued_on"])

    def act(self, data: dict[str, Any]) -> Letter:
        return actions.replace(self.letter, reason=data["reason"], on=data["issued_on"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Letter %(old)s replaced by %(new)s.") % {"old": self.letter.number, "new": self.result.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if may_replace(self.request.user, self.letter):
            context |= self.outlook()
        return context

    def outlook(self) -> dict[str, Any]:
        """What will be different; or why no letter can be issued, before anybody has filled in the form."""
        found: dict[str, Any] = {"details_url": self.details_url()}
        try:
            return found | {"differences": differences(self.letter)}
        except ValidationError as error:
            return found | {"reason": " ".join(error.messages)}

    def details_url(self) -> str:
        """The person's details, which lead back here; empty for whoever may not change them."""
        if not self.request.user.has_perm(CHANGE_PARTICIPANTS):
            return ""
        details = reverse("imp_participants:edit", args=[self.participant.pk])
        return f"{details}?{urlencode({'next': self.request.get_full_path()})}"


class WithdrawView(LetterActionView):
    form_class = forms.WithdrawForm
    page_title = gettext_lazy("Withdraw letter")
    submit_label = gettext_lazy("Withdraw letter")
    help_text = gettext_lazy(
        "Whoever checks this letter reads that it was withdrawn, and when. This cannot be taken back."
    )

    def act(self, data: dict[str, Any]) -> Letter:
        return actions.withdraw(self.letter, reason=data["reason"], by=self.request.user)

    def get_success_message(self) -> str:
        return _("Letter %(number)s withdrawn.") % {"number": self.letter.number}


@require_safe
@never_cache
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The letter's PDF, byte for byte as issued; a page that says why where the stored file is no longer that."""
    if not permissions.may_view(request.user):
        raise PermissionDenied
    letter = get_object_or_404(Letter, pk=pk)
    try:
        content = issued_bytes(letter)
    except LetterFileError as error:
        context = {"letter": letter, "error": error, "header_title": letter.number}
        return TemplateResponse(request, "imp_letters/admin/file_refused.html", context, status=409)
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=f"letter-{letter.number}.pdf",
        content_type="application/pdf",
        headers={"X-Content-Type-Options": "nosniff"},
    )
