"""Questions with their answers, kept once and shown on every page that chooses them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, PublishingPanel
from wagtail.models import (
    DraftStateMixin,
    Locale,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from imp_wagtail.core.names import first_free
from imp_wagtail.core.translation import as_draft, of_each_language

from ..blocks import AnswerBlock, BodyField
from ..circles import comes_back
from ..numbering import NumberedQuestion
from ..querysets import QuestionQuerySet
from ..question_forms import QuestionForm

#: Signs of an address; those that are made leave room for a number.
ANCHOR_LENGTH = 60
ROOM_FOR_A_NUMBER = 5


class Question(
    PreviewableMixin,
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    """A question with its answer.

    Its address is made from its words when it is first published, and stays when they are rewritten. Until then it
    has none: a draft is saved while somebody still types, and would keep half a question for good.
    """

    question = models.CharField(_("question"), max_length=255)
    answer = BodyField(AnswerBlock(), verbose_name=_("answer"))
    anchor = models.CharField(  # noqa: DJ001
        _("address of this question"),
        max_length=ANCHOR_LENGTH,
        null=True,  # databases hold NULL distinct, so that any number of drafts may be without one
        blank=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", _("Use small letters, digits and hyphens only."))],
        help_text=_("Made from the question when left empty. Links to the question end in it, so keep it."),
    )

    objects = QuestionQuerySet.as_manager()

    panels = [
        FieldPanel("question", required_on_save=True, help_text=_("As a reader would ask it.")),
        FieldPanel(
            "answer",
            help_text=_("Never type a date of a coming training: add “Next training”, which reads it from its page."),
        ),
        FieldPanel("anchor"),
        PublishingPanel(),
    ]
    base_form_class = QuestionForm
    override_translatable_fields = of_each_language("anchor", "go_live_at", "expire_at")
    search_fields = [
        index.SearchField("question", boost=2),
        index.AutocompleteField("question"),
        index.SearchField("answer"),
        index.FilterField("question"),  # by which lists of what was found are sorted
        index.FilterField("locale"),
        index.FilterField("live"),
        index.FilterField("has_unpublished_changes"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["question", "pk"]
        constraints = [models.UniqueConstraint(fields=["anchor", "locale"], name="imp_question_anchor_per_locale")]

    def __str__(self) -> str:
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a question its address when it is published.

        One that another has taken since it was checked (publishing can be scheduled) gets a number.
        """
        fields = kwargs.get("update_fields")
        wanted = self.address if self.live else self.anchor
        if wanted and (fields is None or "anchor" in fields):
            taken = self._others().filter(anchor__startswith=wanted).values_list("anchor", flat=True)
            self.anchor = first_free(wanted, set(taken))
        super().save(*args, **kwargs)

    @property
    def address(self) -> str:
        """The end of its permanent address; what it would become while there is none."""
        return self.anchor or anchor_of(self.question)

    @property
    def approved_schedule(self) -> bool:
        """Whether a version waits for its day; from the list's own query where that has asked."""
        return self.is_scheduled if hasattr(self, "is_scheduled") else super().approved_schedule

    @property
    def workflow_in_progress(self) -> bool:
        """Whether somebody is asked to approve it; from the list's own query where that has asked."""
        return self.is_in_workflow if hasattr(self, "is_in_workflow") else super().workflow_in_progress

    def clean(self) -> None:
        """An address belongs to one question of a language, and so does one that a draft is about to take.

        Where one that is public has been emptied, it comes back. No answer shows its own question.
        """
        super().clean()
        if not self.anchor and (self.live or self.first_published_at):
            self.anchor = Question.objects.filter(pk=self.pk).values_list("anchor", flat=True).first()
        errors = {}
        if other := self._holder_of_its_address():
            reason = gettext("Another question has this address already: “%(question)s”.")
            errors["anchor"] = reason % {"question": other}
        if within := comes_back(self):
            reason = gettext("“%(question)s” would show this question within itself. Take it out of the answer.")
            errors["answer"] = reason % {"question": within}
        if errors:
            raise ValidationError(errors)

    def _holder_of_its_address(self) -> "Question | None":
        same = models.Q(anchor=self.anchor) | models.Q(latest_revision__content__anchor=self.anchor)
        return self._others().filter(same).first() if self.anchor else None

    def _others(self) -> models.QuerySet["Question"]:
        """The other questions of its language: the default one while its form has not told it."""
        locale = self.locale_id or Locale.get_default().pk
        return Question.objects.filter(locale_id=locale).exclude(pk=self.pk)

    def with_content_json(self, content: dict[str, Any]) -> "Question":
        """A version of the question; one from before it had an address has the address that was made since."""
        version = super().with_content_json(content)
        version.anchor = version.anchor or self.anchor
        return version

    def copy_for_translation(self, locale: Locale, exclude_fields: list[str] | None = None) -> "Question":
        """The unsaved copy in another language: a draft. Pages go on to show the source until it is published."""
        return as_draft(super().copy_for_translation(locale, exclude_fields))

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "imp_trainings/question_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Add ``questions``, which is this one as a page shows it."""
        context = super().get_preview_context(request, mode_name)
        shown = NumberedQuestion(1, self.question, self.answer, self.address, context={"request": request})
        return {**context, "questions": [shown]}


def anchor_of(question: str) -> str:
    """The end of an address, made from a question's words."""
    return slugify(question)[: ANCHOR_LENGTH - ROOM_FOR_A_NUMBER].strip("-") or "question"
