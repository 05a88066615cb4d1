"""Staff send a teacher the link to renew."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from imp_wagtail.core.conf import settings
from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS

from ..models import DirectoryMail
from ..staff.base import TeacherActionView
from ..staff.forms import ConfirmForm
from . import actions


class AskToRenewView(TeacherActionView):
    """Says to which address the link goes, and when they were asked last."""

    form_class = ConfirmForm
    page_title = gettext_lazy("Send a link to renew")
    submit_label = gettext_lazy("Send")
    success_message = gettext_lazy("The link is on its way.")

    @property
    def help_text(self) -> str:
        told = ngettext(
            "An e-mail goes to %(name)s. With the link in it they change the entry, say what they agree to and renew "
            "the listing, without an account. It opens for %(days)d day.",
            "An e-mail goes to %(name)s. With the link in it they change the entry, say what they agree to and renew "
            "the listing, without an account. It opens for %(days)d days.",
            settings.RENEWAL_LINK_DAYS,
        )
        words = {"name": self._addressee(), "days": settings.RENEWAL_LINK_DAYS}
        return f"{told % words} {self._asked_last()}".strip()

    def _addressee(self) -> str:
        """The name, and the address for whoever may see the record that it stands on."""
        if not self.request.user.has_perm(SEE_PARTICIPANTS):
            return self.teacher.name
        return f"{self.teacher.name}, {self.teacher.participant.email or '–'}"

    def _asked_last(self) -> str:
        last = self.teacher.mails.filter(kind=DirectoryMail.Kind.REMINDER).order_by("asked_at", "pk").last()
        if last is None:
            return ""
        words = {"day": long_date(last.asked_at), "state": last.get_state_display()}
        return _("Asked last on %(day)s: %(state)s.") % words

    def act(self, data: dict[str, Any]) -> DirectoryMail:
        return actions.ask_to_renew(self.teacher, by=self.request.user)
