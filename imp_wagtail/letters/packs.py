"""What this room loads from packs: ``letters.yaml``, the wording of a pathway's letters and of their e-mail."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import Field

from imp_wagtail.core.packs import (
    Dumping,
    Key,
    Loading,
    Pack,
    PackLoader,
    Part,
    Rich,
    Text,
    did_you_mean,
    refuse_doubles,
)
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.packs import check_pathway, pathway_with_key, stage_keys

from .models import LetterMessage, LetterTemplate
from .sending.messages import validate_subject, validate_text


class SignatoryPart(Part):
    """One who signs."""

    name: Text
    role: str = ""


class LetterTemplatePart(Part):
    """The wording for one stage, or without ``stage`` for every stage that has none of its own."""

    stage: Key | None = None
    heading: Text
    body: Annotated[Text, Rich.of(LetterTemplate, "body")]
    place: str = ""
    letterhead: str = ""
    signatories: list[SignatoryPart] = Field(min_length=1, max_length=3)
    footer: str = ""
    paper: LetterTemplate.Paper = LetterTemplate.Paper.A4
    accent: str = "#2f5f5b"
    ink: str = "#22262b"

    def values(self, loading: Loading) -> dict[str, Any]:
        """The template's fields that the pack speaks of: wording as rich text, those who sign as a stream."""
        signatories = [{"type": "signatory", "value": signatory.model_dump()} for signatory in self.signatories]
        stream = LetterTemplate._meta.get_field("signatories").stream_block.to_python(signatories)
        own = self.model_dump(exclude={"stage", "signatories", "body"}, exclude_unset=True)
        return {**own, "body": loading.text(self, "body"), "signatories": stream}


class LetterMessagePart(Part):
    """The e-mail with which letters of the pathway are sent."""

    subject: Text
    body: Text

    def check(self) -> None:
        """Refuse what could not be filled in, as the form does."""
        for field, validate in (("subject", validate_subject), ("body", validate_text)):
            try:
                validate(getattr(self, field))
            except ValidationError as error:
                raise self.error(" ".join(error.messages), field) from error


class LettersPart(Part):
    """``letters.yaml``: the letter templates of one pathway, and the message with which its letters are sent."""

    pathway: Key
    message: LetterMessagePart | None = None
    templates: list[LetterTemplatePart] = Field(min_length=1)


class LettersLoader(PackLoader[LettersPart]):
    file = "letters.yaml"
    says = "The wording of the letters of completion, and of the e-mail with them."
    schema = LettersPart

    def check(self, data: LettersPart, pack: Pack) -> None:
        check_pathway(data, pack)
        refuse_doubles(data.templates, "stage")
        if data.message:
            data.message.check()
        known = stage_keys(data.pathway, pack)
        for template in data.templates:
            if template.stage is not None and template.stage not in known:
                reason = _("The pathway has no stage “%(key)s”.") % {"key": template.stage}
                raise template.error(reason + did_you_mean(template.stage, known), "stage")

    def load(self, data: LettersPart, loading: Loading) -> None:
        pathway = pathway_with_key(data.pathway)
        stages = {stage.key: stage for stage in Stage.objects.filter(pathway=pathway)}
        for part in data.templates:
            identity = {
                "pathway": pathway,
                "stage": stages[part.stage] if part.stage else None,
                "locale": loading.locale,
            }
            found = LetterTemplate.objects.filter(**identity).first()
            loading.put(part, LetterTemplate, found, identity, part.values(loading))
        if data.message:
            identity = {"pathway": pathway, "locale": loading.locale}
            written = LetterMessage.objects.filter(**identity).first()
            loading.put(data.message, LetterMessage, written, identity, data.message.model_dump())

    def dump(self, dumping: Dumping) -> LettersPart | None:
        """The templates that are published, and the message; without a template a pack has neither."""
        own = {"pathway": pathway_with_key(dumping.key), "locale": dumping.locale}
        templates = []
        for template in LetterTemplate.objects.filter(**own).select_related("stage", "pathway").order_by("pk"):
            if template.live:
                templates.append(self._template_part(template, dumping))
            else:
                dumping.lose(template, _("it is not published"))
        message = LetterMessage.objects.filter(**own).first()
        if not templates:
            if message:
                dumping.lose(message, _("a pack has it only with letter templates"))
            return None
        written = dumping.part_of(message, LetterMessagePart) if message else None
        return dumping.part(own["pathway"], LettersPart, pathway=dumping.key, message=written, templates=templates)

    def _template_part(self, template: LetterTemplate, dumping: Dumping) -> LetterTemplatePart:
        if template.logo_id:
            dumping.lose(template, _("the logo"))
        signatories = []
        for block in template.signatories:
            if block.value["signature"]:
                dumping.lose(template, _("the picture of the signature of %(name)s") % {"name": block.value["name"]})
            said = {name: block.value[name] or "" for name in SignatoryPart.model_fields}
            signatories.append(dumping.part(template, SignatoryPart, **said))
        return dumping.part_of(
            template,
            LetterTemplatePart,
            stage=template.stage.key if template.stage else None,
            signatories=signatories,
        )
