"""Bulk actions as long work: one person after the other, each wholly or not at all."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from imp_wagtail.core import jobs

from ..models import Participant
from .acts import ACTS, Act


@jobs.register
class BulkWork(jobs.Work):
    """Does to each participant what the form said. The items are participants' keys."""

    kind = "imp_participants.bulk"
    permissions = Act.permissions

    def do(self, items: list[Any]) -> int:
        act_class = ACTS[self.job.params["act"]]
        by = self.started_by(act_class)
        act = self._act(act_class)
        return sum(act.do_for(pk, by=by) for pk in items)

    def started_by(self, act_class: type[Act]) -> Any:
        """Whoever started it. Asked anew for everybody: a right that was taken away meanwhile is gone at once."""
        by = get_user_model().objects.filter(pk=self.job.created_by_id).first()
        if by is None or not by.has_perms(act_class.permissions):
            raise ValidationError(_("Whoever started this may no longer do it."))
        return by

    def _act(self, act_class: type[Act]) -> Act:
        """What to do, read from the form anew: a requirement or a cohort may be gone meanwhile."""
        form = act_class.form_class(self.job.params["data"])
        if not form.is_valid():
            raise ValidationError([message for errors in form.errors.values() for message in errors])
        return act_class(form.cleaned_data)

    def name_of(self, item: Any) -> str:
        found: Any = Participant.objects.filter(pk=item).values_list("name", flat=True).first()
        return found or _("Person %(number)d, no longer on record") % {"number": item}

    def summary(self) -> str:
        """Whom the preview had left out from the start."""
        told = self.job.params["left_alone"]
        if not any(told.values()):
            return ""
        text = _("Left alone from the start: %(so_already)d for whom it was so already, %(refused)d who could not.")
        return text % told
