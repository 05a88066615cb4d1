"""The pathway's form: what staff may not remove, because people stand on it."""

from typing import Any

from django.db import models, router
from django.db.models.deletion import Collector, ProtectedError, RestrictedError
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm


def is_in_use(instance: models.Model) -> bool:
    """Whether deleting this record would take protected ones (somebody's evidence, a letter) with it."""
    if instance.pk is None:
        return False
    try:
        Collector(using=router.db_for_write(type(instance), instance=instance)).collect([instance])
    except (ProtectedError, RestrictedError):
        return True
    return False


class PathwayForm(WagtailAdminModelForm):
    """Refuses to remove a stage or requirement that somebody's record counts on, beside that stage."""

    def is_valid(self) -> bool:
        valid = super().is_valid()
        return self._keeps_what_is_in_use() and valid

    def _keeps_what_is_in_use(self) -> bool:
        kept = True
        for stage_form in self.formsets["stages"].forms if "stages" in self.formsets else []:
            kept &= refuse_removal_in_use(self.formsets["stages"], stage_form)
            for formset in stage_form.formsets.values():
                for form in formset.forms:
                    kept &= refuse_removal_in_use(formset, form)
        return kept


def refuse_removal_in_use(formset: Any, form: Any) -> bool:
    """Whether a row of the form may go or stay as it was sent; says why not where it may not."""
    if not (formset.can_delete and formset._should_delete_form(form) and is_in_use(form.instance)):
        return True
    form.add_error(
        None,
        _("“%(title)s” cannot be removed: participants have evidence, decisions or letters for it.")
        % {"title": form.instance},
    )
    return False
