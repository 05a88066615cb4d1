"""Questions that show each other in their answers: none may come back to itself."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .models import Question


def comes_back(question: "Question") -> "Question | None":
    """The question in this one's answer by way of which it would show itself; ``None`` if it does not.

    Translations count as one. Of the others it asks what is published and what was last saved, one query a step.
    """
    for shown in shown_in(question.answer):
        if question.translation_key in reached_from([shown]):
            return shown
    return None


def reached_from(questions: "Iterable[Question]") -> set[Any]:
    """These questions and all that are shown within them, each by what it has in common with its translations."""
    reached: set[Any] = set()
    step = list(questions)
    while step:
        new = {one.translation_key for one in step} - reached
        reached |= new
        there = type(step[0]).objects.filter(translation_key__in=new).select_related("latest_revision")
        step = [shown for one in there for version in versions_of(one) for shown in shown_in(version.answer)]
        step = [one for one in step if one.translation_key not in reached]
    return reached


def versions_of(question: "Question") -> "list[Question]":
    """A question as it is published, and as it was last saved."""
    if question.latest_revision_id == question.live_revision_id:
        return [question]
    return [question, question.latest_revision.as_object()]


def shown_in(answer: Any) -> "list[Question]":
    """The questions that an answer shows."""
    return [block.value["question"] for block in answer if block.block_type == "question" and block.value["question"]]
