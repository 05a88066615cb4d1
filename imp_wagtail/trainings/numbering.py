"""Questions as a page shows them: in its language, numbered through, found by their words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from imp_wagtail.core import memory
from imp_wagtail.core.names import first_free, folded, words_of
from imp_wagtail.core.structured import Node, thing

from .answers import made_ready

if TYPE_CHECKING:
    from .models import Question

#: By this name texts speak of questions, and by it they are remembered.
QUESTIONS = "question"
#: Longest search that is read, in signs.
LONGEST_QUERY = 200
#: Where one text ends and the next begins, whatever stands between them.
BREAK = re.compile(r"<(?=/?(?:p|li|[uo]l|div|h[1-6]|d[tdl]|blockquote|figcaption|figure|br|tr|t[dh])\b)")

#: What is rendered here is well-formed: no text and no attribute has a bare ">".
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class NumberedQuestion:
    """A question as shown: ``number`` runs through the whole page, from 1."""

    number: int
    question: str
    answer: Any
    anchor: str
    #: What the answer's blocks are rendered with.
    context: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def link_in_words(self) -> str:
        """What those hear who cannot see its link."""
        return gettext("Link to question %(number)s") % {"number": self.number}

    @cached_property
    def html(self) -> str:
        """The answer as it stands in the page, rendered once."""
        return self.answer.render_as_block(self.context)

    @cached_property
    def text(self) -> str:
        """The answer without its markup, in one line: the dates that its facts show are in it."""
        return " ".join(unescape(TAG.sub("", BREAK.sub(" <", self.html))).split())

    def has(self, words: Iterable[str]) -> bool:
        """Whether all of these folded words are in the question or its answer, or begin or end one there.

        In German, Dutch or Chinese a word is often a part of another.
        """
        said = folded(f"{self.question} {self.text}")
        return all(word in said for word in words)


@dataclass(frozen=True)
class ShownQuestion:
    """A question in the reader's language, and where it stands on a page that everybody may see; "" if on none."""

    question: "Question"
    address: str


@dataclass(frozen=True)
class NumberedSection:
    """A section as shown."""

    title: str
    questions: list[NumberedQuestion]


def numbered(sections: Iterable[Any], locale_id: int, context: dict[str, Any]) -> list[NumberedSection]:
    """A page's sections with the questions that the public sees, numbered through; without those that are empty.

    Each question is in the page's language where it is published in that, and as it was chosen otherwise. Two
    questions that stand in different languages may have the same address: the second gets a number.
    """
    shown = versions_in([item for section in sections for item in section.value["questions"]], locale_id)
    chosen = [
        (section.value["title"], [shown[item.pk] for item in section.value["questions"] if item and item.pk in shown])
        for section in sections
    ]
    in_order = [question for _title, questions in chosen for question in questions]
    anchors = anchors_of(in_order)
    _tell_where_they_stand(shown, dict(zip(in_order, anchors, strict=True)), context)
    answers = made_ready([question.answer for question in in_order])
    ready = (
        NumberedQuestion(number, question.question, answer, anchor, context=context)
        for number, (question, answer, anchor) in enumerate(zip(in_order, answers, anchors, strict=True), start=1)
    )
    return [NumberedSection(title, list(islice(ready, len(questions)))) for title, questions in chosen if questions]


def anchors_of(questions: Iterable["Question"]) -> list[str]:
    """The ends of their addresses, each but once."""
    anchors: dict[str, None] = {}
    for question in questions:
        anchors[first_free(question.address, anchors.keys())] = None
    return list(anchors)


def _tell_where_they_stand(
    shown: Mapping[int, "Question"], anchors: Mapping["Question", str], context: dict[str, Any]
) -> None:
    """An answer that leads to another question of its page need not look for a page on which that stands."""
    if at := context["page"].get_url(context.get("request")):
        told = {str(key): ShownQuestion(question, f"{at}#{anchors[question]}") for key, question in shown.items()}
        memory.tell(QUESTIONS, told)


def versions_in(chosen: Iterable["Question | None"], locale_id: int) -> dict[int, "Question"]:
    """What the public sees of these questions, by the key of the one chosen; at most one query.

    Not there are those that are published neither in this language nor as they were chosen.
    """
    there = [question for question in chosen if question]
    elsewhere = {question.translation_key for question in there if question.locale_id != locale_id}
    translated = {}
    if elsewhere:
        model = type(there[0])
        own = model.objects.filter(live=True, locale_id=locale_id, translation_key__in=elsewhere)
        translated = {question.translation_key: question for question in own.for_pages()}
    versions = {question.pk: translated.get(question.translation_key, question) for question in there}
    return {key: question for key, question in versions.items() if question.live}


def query_in(parameters: Any) -> str:
    """What a reader looks for, from an address; never longer than a search can be."""
    return str(parameters.get("q", ""))[:LONGEST_QUERY].strip()


def found_by(query: str, sections: Iterable[NumberedSection]) -> Iterator[NumberedSection]:
    """The sections with the questions that have all the words of a query; they keep their numbers and addresses."""
    words = words_of(query)
    for section in sections:
        questions = [question for question in section.questions if question.has(words)]
        if questions:
            yield replace(section, questions=questions)


def structured_questions(sections: Iterable[NumberedSection], address: str, name: str) -> Node:
    """A page of questions for machines; ``address`` is the page's own."""
    return thing(
        "FAQPage",
        id=address,
        url=address,
        name=name,
        mainEntity=[
            thing(
                "Question",
                id=f"{address}#{question.anchor}",
                name=question.question,
                acceptedAnswer=thing("Answer", text=question.text),
            )
            for section in sections
            for question in section.questions
        ],
    )
