"""Facts: blocks that read what they show from its own page each time, so that it is never typed again."""

from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from imp_wagtail.core.blocks import RecordChooserBlock
from imp_wagtail.core.facts import FACTS_GROUP

#: In the context of an answer: the questions that it is shown within.
AROUND = "imp_questions_around"


class FactBlock(blocks.StructBlock):
    """A block that shows a record chosen by editors.

    Those of one kind in one body know of each other (``value.together``: the keys of their records), so that all of
    them are looked up at once.
    """

    #: The field in which the record is chosen.
    chosen: str

    def bulk_to_python(self, values: list[dict[str, Any]]) -> list[Any]:
        structs = super().bulk_to_python(values)
        together = [record.pk for struct in structs if (record := struct.get(self.chosen))]
        for struct in structs:
            struct.together = together
        return structs

    def together_with(self, value: Any) -> list[int]:
        """The key of what is chosen here, and those of the others; nothing if it is gone."""
        record = value.get(self.chosen)
        return [record.pk, *getattr(value, "together", [])] if record else []


class NextTrainingBlock(blocks.StructBlock):
    """Place and dates of the next training, read from its page each time."""

    pathway = RecordChooserBlock("imp_pathways.Pathway", required=False, label=_("Of this pathway only"))
    sentence = blocks.CharBlock(
        required=False,
        label=_("Words before"),
        help_text=_("For instance: The next training will be held at"),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``training``: the soonest that has not begun, or ``None``."""
        from ..facts import next_training

        context = super().get_context(value, parent_context=parent_context)
        pathway = value.get("pathway")
        context["training"] = next_training(pathway.key if pathway else "")
        return context

    class Meta:
        icon = "date"
        label = _("Next training")
        group = FACTS_GROUP
        description = _("Place and dates of the soonest training that has not begun. Nothing while none is announced.")
        template = "imp_trainings/blocks/next_training.html"
        preview_template = "imp_core/block_preview.html"
        preview_value: dict[str, Any] = {}


class TrainingBlock(FactBlock):
    """A chosen training, in the reader's language; nothing while its page is not published."""

    chosen = "page"

    page = blocks.PageChooserBlock(
        page_type="imp_trainings.TrainingPage",
        label=_("Training"),
        help_text=_("Shown while its page is published, with the dates, the place and the state that it has."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``training`` as everybody may see it, or ``None``."""
        from ..facts import chosen_training

        context = super().get_context(value, parent_context=parent_context)
        number, *among = self.together_with(value) or [0]
        context["training"] = chosen_training(number, among) if number else None
        return context

    def get_preview_value(self) -> Any:
        return self.normalize({"page": apps.get_model("imp_trainings", "TrainingPage").objects.upcoming().first()})

    class Meta:
        icon = "date"
        label = _("A training")
        group = FACTS_GROUP
        description = _("A training that you choose, with its dates, place and state.")
        template = "imp_trainings/blocks/training.html"
        preview_template = "imp_core/block_preview.html"


class AskedQuestionBlock(FactBlock):
    """A question with its answer, in the reader's language; nothing while it is not published."""

    chosen = "question"

    question = RecordChooserBlock(
        "imp_trainings.Question",
        label=_("Question"),
        help_text=_("Shown with its answer while it is published."),
    )

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Add ``question``, or ``None``, and the ``address`` at which it stands on a page; "" if on none.

        A question within its own answer is left out: no answer is endless.
        """
        from ..facts import asked_question

        context = super().get_context(value, parent_context=parent_context)
        number, *among = self.together_with(value) or [0]
        found = asked_question(number, among) if number else None
        around = context.get(AROUND, ())
        if found and found.question.translation_key in around:
            found = None
        context["question"] = found.question if found else None
        context["address"] = found.address if found else ""
        context[AROUND] = (*around, found.question.translation_key) if found else around
        return context

    def get_preview_value(self) -> Any:
        return self.normalize(
            {"question": apps.get_model("imp_trainings", "Question").objects.filter(live=True).first()}
        )

    class Meta:
        icon = "help"
        label = _("A question")
        group = FACTS_GROUP
        description = _("A question that you choose, with its answer.")
        template = "imp_trainings/blocks/question.html"
        preview_template = "imp_core/block_preview.html"
