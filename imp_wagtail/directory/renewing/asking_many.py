"""Staff send the link to renew to all whose entry needs their answer for one reason."""

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core import jobs
from imp_wagtail.core.action_views import ActionFormView
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job

from ..permissions import CHANGE_TEACHERS
from ..staff.statuses import status
from .works import LATELY, TO_ANSWER, AskWork, to_ask


class AskManyForm(forms.Form):
    """For which reason; each with how many would be asked now."""

    status = forms.ChoiceField(label=gettext_lazy("Whom"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [(key, f"{status(key).label}: {to_ask(key).count()}") for key in TO_ANSWER]


class AskManyView(ActionFormView):
    """Chooses whom to ask, with how many that are; then it is long work."""

    permission = CHANGE_TEACHERS
    form_class = AskManyForm
    header_icon = "mail"
    page_title = gettext_lazy("Send links to renew")
    submit_label = gettext_lazy("Send to all of these")
    success_message = gettext_lazy("The links are on their way.")
    result: Job

    @property
    def help_text(self) -> str:
        told = _(
            "An e-mail goes to each of them. With the link in it they change the entry, say what they agree to and "
            "renew the listing, without an account. Left alone is whoever has no e-mail address on record, is "
            "suspended, has left the directory, or was asked within the last %(days)d days."
        )
        return told % {"days": LATELY}

    def act(self, data: dict[str, Any]) -> Job:
        keys = list(to_ask(data["status"]).values_list("pk", flat=True))
        if not keys:
            raise ValidationError({"status": _("There is nobody to ask.")})
        return jobs.start(
            AskWork.kind,
            title=_("Links to renew: %(status)s") % {"status": status(data["status"]).label},
            items=keys,
            params={"status": data["status"]},
            token=uuid4().hex,
            return_url=reverse("imp_teachers:index"),
            by=self.request.user,
        )

    def get_success_url(self) -> str:
        job = getattr(self, "result", None)
        return job_url(job) if job else reverse("imp_teachers:index")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("imp_teachers:index"), "label": _("Teachers")},
            {"url": "", "label": self.get_page_title()},
        ]
