"""The form of a letter template: what editors begin with, and what no letter could print."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms.models import WagtailAdminModelForm

from imp_wagtail.core.dates import long_date
from imp_wagtail.participants.models import StageCompletion
from imp_wagtail.pathways.models import Pathway, Stage

from ..merge import FIELDS
from ..models import LetterTemplate
from ..wording import to_text

#: Most participants that are offered for the preview.
MOST_OFFERED = 50

#: A merge field, where none is filled in.
FIELD = re.compile(r"\{(" + "|".join(FIELDS) + r")\}")
#: What is printed as it is typed.
WITHOUT_FIELDS = ("letterhead", "heading", "place")


class ColourInput(forms.TextInput):
    """The browser's own chooser of colours."""

    input_type = "color"


class PreviewField(forms.IntegerField):
    """The completed stage for which a preview is made. Nothing of the template: choosing one changes nothing."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class LetterTemplateForm(WagtailAdminModelForm):
    """The design and wording of letters. Stages stand below their pathways: two may have stages of one name."""

    preview_of = PreviewField(
        label=gettext_lazy("Preview the letter of"),
        required=False,
        widget=forms.Select,
        help_text=gettext_lazy("The preview shows this participant's letter. Nothing is issued, and nothing is kept."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "stage" in self.fields:
            field = self.fields["stage"]
            field.choices = [("", field.empty_label), *stages_by_pathway()]
        if "preview_of" in self.fields:  # for whoever may see participants
            offered = [(found.pk, _in_words(found)) for found in completions_for(self.instance)]
            self.fields["preview_of"].widget.choices = [("", gettext_lazy("A sample person")), *offered]

    def clean(self) -> dict[str, Any]:
        """Refuse a merge field where it would be printed as it is typed, and empty wording in what is published."""
        cleaned = super().clean()
        if cleaned.get("body") and not to_text(cleaned["body"]) and not self.is_deferred_validation:
            self.add_error("body", ValidationError(self.fields["body"].error_messages["required"], code="required"))
        texts = {name: [cleaned.get(name) or ""] for name in WITHOUT_FIELDS}
        texts["signatories"] = _texts_of(cleaned.get("signatories") or [])
        for name in texts:
            if name in self.fields and (found := next(filter(None, map(FIELD.search, texts[name])), None)):
                self.add_error(name, _no_field_here(found[0]))
        self.instance.preview_of = cleaned.get("preview_of")
        return cleaned


def new_template(template: LetterTemplate) -> LetterTemplate:
    """A template as editors begin with it: nearly done, in the language of whoever begins it."""
    pathways = Pathway.objects.filter(locale=template.locale) if template.locale_id else Pathway.objects.all()
    if len(only := pathways[:2]) == 1:
        template.pathway = only[0]
    template.heading = _("Letter of completion")
    template.body = "<p>{}</p>".format(
        _("This is to confirm that {name} completed the stage “{stage}” of the {pathway} on {completed_on}.")
    )
    template.signatories = [("signatory", {"name": "", "role": "", "signature": None})]
    return template


def completions_for(template: LetterTemplate) -> Iterable[StageCompletion]:
    """The latest completed stages that a template would print a letter for."""
    completions = StageCompletion.objects.filter(stands=True).select_related("enrolment__participant", "stage")
    if template.stage_id:
        completions = completions.filter(stage__translation_key=template.stage.translation_key)
    elif template.pathway_id:
        completions = completions.filter(stage__pathway__translation_key=template.pathway.translation_key)
    return completions.order_by("-completed_on", "-pk")[:MOST_OFFERED]


def stages_by_pathway() -> list[tuple[str, list[tuple[int, str]]]]:
    """Every stage as a choice, in groups that name the pathway, and its language where there is more than one."""
    stages = Stage.objects.select_related("pathway", "locale").order_by(
        "pathway__title", "pathway_id", "sort_order", "pk"
    )
    several = len({stage.locale_id for stage in stages}) > 1

    def heading(stage: Stage) -> tuple[int, str]:
        title = f"{stage.pathway.title} ({stage.locale.language_code})" if several else stage.pathway.title
        return stage.pathway_id, title

    return [(title, [(stage.pk, stage.title) for stage in group]) for (_pk, title), group in groupby(stages, heading)]


def _in_words(completion: StageCompletion) -> str:
    person = completion.enrolment.participant
    return f"{person.name_on_letters} · {completion.stage} · {long_date(completion.completed_on)}"


def _texts_of(signatories: Any) -> list[str]:
    return [block.value[part] or "" for block in signatories for part in ("name", "role")]


def _no_field_here(field: str) -> ValidationError:
    text = _("%(field)s would be printed as it stands: fields are filled in within the wording and the footer only.")
    return ValidationError(text, params={"field": field})
