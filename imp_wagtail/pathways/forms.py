"""The pathway's form: what staff may not remove, because people stand on it, and what follows from a change."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _
from wagtail.admin.forms.models import WagtailAdminModelForm

from imp_wagtail.core.deletion import is_in_use

from .effects import effects_of, fingerprint, proposed_stages
from .signals import pathway_changed

#: The fields of a pathway, a stage or a requirement that are no words: see ``languages``.
RULES = {
    "key",
    "opens_after_months",
    "closes_after_months",
    "unlocks",
    "kind",
    "amount",
    "each_min",
    "each_max",
    "unit",
    "cohort_kind",
    "is_required",
    "open_at_training",
}


class PathwayForm(WagtailAdminModelForm):
    """A pathway with its stages and requirements.

    Refuses to remove a stage or requirement that somebody's record counts on, beside that stage. Where changed
    rules would change where people stand, it says for how many, and saves when it is sent once more. Saving tells
    the other rooms that the rules may have changed.
    """

    #: The rules whose effects on people have been told; they are saved when they come back the same.
    told_effects = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: The pathway whose rules these are; ``None`` on that pathway itself.
        self.owner = self.instance.source if self.instance.pk else None
        if self.owner == self.instance:
            self.owner = None
        if self.owner:
            for form in (self, *self._rows()):
                form.owner = self.owner
                for name in RULES.intersection(form.fields):
                    form.fields[name].disabled = True

    def is_valid(self) -> bool:
        valid = super().is_valid()
        if self.owner:
            return self._keeps_rows() and valid
        # A preview saves nothing, so that nobody need be told what would follow. Only it defers what is required.
        return self._keeps_what_is_in_use() and valid and (self.is_deferred_validation or self._has_told_effects())

    def clean(self) -> dict[str, Any]:
        """A key belongs to one pathway of a language; the form, which lacks the language, would not look."""
        cleaned = super().clean()
        twins = type(self.instance).objects.filter(key=cleaned.get("key"), locale=self.instance.locale_id)
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("key", ValidationError(_("Another pathway has this key."), code="unique"))
        return cleaned

    def save(self, commit: bool = True) -> models.Model:
        """Save the pathway with its stages, and send ``pathway_changed`` for its source.

        Sent from here because the form is the one place where all of it is written, and in one transaction:
        Wagtail runs its ``after_edit_snippet`` hooks when that is over, so a failure there would leave
        everyone's stored progress behind the rules.
        """
        if not commit:
            return super().save(commit=False)
        with transaction.atomic():
            if self.owner:
                # Before this one is written: somebody who saves another at the same moment will want it as well.
                self.owner.locked_translations()
            pathway = super().save()
            pathway_changed.send(type(pathway), pathway=pathway.source, by=self.for_user)
        return pathway

    def _has_told_effects(self) -> bool:
        """Whether the rules that would be saved change nothing for people, or whoever saves them has been told."""
        if self.instance.pk is None or self.instance.pk != self.instance.source.pk:
            return True  # nobody is tracked on a new pathway, nor on a translation
        proposed = proposed_stages(self)
        rules = fingerprint(proposed)
        if self.cleaned_data.get("told_effects") == rules:
            return True
        effects = effects_of(self.instance, proposed)
        if effects:
            advice = _("Save once more if this is meant; otherwise change the rules back.")
            self.add_error(None, " ".join([*effects, advice]))
            self.data = self.data.copy()
            self.data[self.add_prefix("told_effects")] = rules
        return not effects

    def _keeps_what_is_in_use(self) -> bool:
        refused = [form for form in self._removed_rows() if is_in_use(form.instance)]
        for form in refused:
            refuse_removal(form)
        return not refused

    def _keeps_rows(self) -> bool:
        """On a translation, refuse rows that came or go: they do so where the rules are."""
        others = [form for form in self._rows() if is_removed(form) or (not form.instance.pk and form.has_changed())]
        for form in others:
            reason = _("Stages and requirements are added, and removed, on the pathway in %(language)s.")
            refuse_row(form, reason % {"language": self.owner.locale})
        return not others

    def _rows(self) -> Iterator[Any]:
        """The forms of the stages, and of their requirements."""
        for stage_form in self.formsets["stages"].forms if "stages" in self.formsets else []:
            yield stage_form
            for formset in stage_form.formsets.values():
                yield from formset.forms

    def _removed_rows(self) -> Iterator[Any]:
        """The forms of the stages, and of the requirements of the other stages, that were sent to be removed."""
        for stage_form in self.formsets["stages"].forms if "stages" in self.formsets else []:
            if is_removed(stage_form):
                yield stage_form
            else:
                formsets = stage_form.formsets.values()
                yield from (form for formset in formsets for form in formset.forms if is_removed(form))


def is_removed(form: Any) -> bool:
    """Whether a row of a formset was sent to be removed; rows that cannot be have no such field."""
    return (
        form.is_bound
        and not form.errors.get(DELETION_FIELD_NAME)
        and form.cleaned_data.get(DELETION_FIELD_NAME, False)
    )


def refuse_removal(form: Any) -> None:
    reason = _("“%(title)s” cannot be removed: participants have evidence, decisions or letters for it.")
    refuse_row(form, reason % {"title": form.instance})


def refuse_row(form: Any, reason: str) -> None:
    """Say beside a row why not, and show it again: rows to be removed are hidden."""
    form.add_error(None, reason)
    form.data = form.data.copy()
    form.data[form.add_prefix(DELETION_FIELD_NAME)] = ""
