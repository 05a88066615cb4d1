"""One enquiry in the admin, and the forms behind its buttons."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.participants.forms import ReasonForm
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS
from imp_wagtail.participants.personal.facts import in_words
from imp_wagtail.participants.views import record_url

from ..models import Enquiry
from ..permissions import CHANGE_ENQUIRIES, SEE_ENQUIRIES
from . import actions
from .foresight import SenderErasure
from .in_words import delivery_in_words, state_in_words, why_not_delivered
from .lists import enquiry_url, sender_in_words


def found(pk: int) -> Enquiry:
    return get_object_or_404(Enquiry.objects.select_related("teacher__participant"), pk=pk)


def trail(enquiry: Enquiry) -> list[dict[str, Any]]:
    """The way from the list to an enquiry."""
    return [
        {"url": reverse("imp_enquiries:index"), "label": _("Enquiries")},
        {"url": enquiry_url(enquiry), "label": sender_in_words(enquiry)},
    ]


class EnquiryView(WagtailAdminTemplateMixin, TemplateView):
    """Who wrote to whom and when. What was written stands here only once somebody has reported it."""

    template_name = "imp_directory/admin/enquiry.html"
    header_icon = "mail"

    def dispatch(self, request: HttpRequest, *args: Any, pk: int, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(SEE_ENQUIRIES):
            raise PermissionDenied
        self.enquiry = found(pk)
        return super().dispatch(request, *args, **kwargs)

    def get_page_title(self) -> str:
        return _("Enquiry")

    def get_page_subtitle(self) -> str:
        return sender_in_words(self.enquiry)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        items = [*self.breadcrumbs_items, *trail(self.enquiry)]
        return [*items[:-1], {"url": "", "label": sender_in_words(self.enquiry)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context, enquiry, user = super().get_context_data(**kwargs), self.enquiry, self.request.user
        person = enquiry.teacher.participant
        context.update(
            {
                "enquiry": enquiry,
                "sender": sender_in_words(enquiry),
                "asked_at": in_words(enquiry.asked_at),
                "reported_at": in_words(enquiry.reported_at),
                "settled_at": in_words(enquiry.settled_at),
                "state": state_in_words(enquiry),
                "delivery": delivery_in_words(enquiry),
                "error": why_not_delivered(enquiry),
                "record_url": record_url(person) if user.has_perm(SEE_PARTICIPANTS) else "",
                "may_change": user.has_perm(CHANGE_ENQUIRIES),
            }
        )
        return context


class EnquiryActionView(ActionFormView):
    """A form about one enquiry, with a reason; it leads back there."""

    permission = CHANGE_ENQUIRIES
    header_icon = "mail"
    form_class = ReasonForm
    enquiry: Enquiry

    def look_up(self, pk: int, **kwargs: Any) -> None:
        self.enquiry = found(pk)

    def get_success_url(self) -> str:
        return enquiry_url(self.enquiry)

    def get_lost_url(self) -> str:
        return reverse("imp_enquiries:index")

    def get_page_subtitle(self) -> str:
        return sender_in_words(self.enquiry)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, *trail(self.enquiry), {"url": "", "label": self.get_page_title()}]


class SettleView(EnquiryActionView):
    page_title = gettext_lazy("Settle the report")
    submit_label = gettext_lazy("Settle")
    success_message = gettext_lazy("Settled.")
    help_text = gettext_lazy("Say what was decided. The enquiry is then deleted when its time is over.")

    def act(self, data: dict[str, Any]) -> None:
        actions.settle(self.enquiry, **data, by=self.request.user)


class BlockView(EnquiryActionView):
    page_title = gettext_lazy("Block the sender")
    submit_label = gettext_lazy("Block")
    success_message = gettext_lazy("Nothing more is passed on from this address.")
    help_text = gettext_lazy(
        "Nothing from this e-mail address reaches any teacher any more. Whoever uses it is thanked as before, and not "
        "told."
    )

    def act(self, data: dict[str, Any]) -> None:
        actions.block_sender(self.enquiry, **data, by=self.request.user)


class UnblockView(EnquiryActionView):
    page_title = gettext_lazy("End the block")
    submit_label = gettext_lazy("End the block")
    success_message = gettext_lazy("Messages from this address are passed on again.")
    help_text = gettext_lazy("What was written from this address in the meantime is lost.")

    def act(self, data: dict[str, Any]) -> None:
        actions.unblock_sender(self.enquiry, **data, by=self.request.user)


class EraseSenderView(EnquiryActionView):
    """Deletes all that one address has written, for whoever asks for it; says first what that is."""

    template_name = "imp_directory/admin/erase_sender.html"
    page_title = gettext_lazy("Erase the sender")
    submit_label = gettext_lazy("Erase")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        erasure = SenderErasure.of(self.enquiry)
        return {**super().get_context_data(**kwargs), "enquiry": self.enquiry, "erasure": erasure}

    def act(self, data: dict[str, Any]) -> int:
        return actions.erase_sender(self.enquiry, **data, by=self.request.user)

    def get_success_message(self) -> str:
        words = {"count": self.result}
        return ngettext("%(count)d enquiry was erased.", "%(count)d enquiries were erased.", self.result) % words

    def get_success_url(self) -> str:
        is_done = hasattr(self, "result")
        return reverse("imp_enquiries:index") if is_done else super().get_success_url()
