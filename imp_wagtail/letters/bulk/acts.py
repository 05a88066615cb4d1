"""The bulk action that issues letters."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.bulk.acts import Act
from imp_wagtail.participants.bulk.outlook import Outlook
from imp_wagtail.participants.models import Participant
from imp_wagtail.participants.permissions import SEE_PARTICIPANTS
from imp_wagtail.pathways.models import Stage

from ..actions import day_of_issue
from ..permissions import ISSUE
from .foresight import LettersAhead
from .forms import IssueLettersForm


class IssueLetters(Act):
    """Issues the letters for one stage, or for all that are completed and have none."""

    name = "letters"
    title = gettext_lazy("Issue letters")
    order = 40
    permissions = (SEE_PARTICIPANTS, ISSUE)
    form_class = IssueLettersForm
    work = "imp_letters.issue"
    preview_template = "imp_letters/admin/bulk/preview.html"
    keeps_reasons = True

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__(data)
        self.stage: Stage | None = data["stage"]
        self.on = data["issued_on"]

    @property
    def what(self) -> str:
        return f"{self.stage or _('every completed stage')} · {long_date(self.on)}"

    def check(self) -> None:
        day_of_issue(self.on)

    def look_ahead(self, people: QuerySet[Participant]) -> Outlook:
        return LettersAhead(people, stage=self.stage, on=self.on).outlook()
