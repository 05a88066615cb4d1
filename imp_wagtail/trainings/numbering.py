"""Questions as a page shows them: in its language, numbered through, found by their words."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import unescape
from itertools import count
from typing import TYPE_CHECKING, Any

from django.utils.html import strip_tags

from imp_wagtail.core.names import first_free, folded, words_of
from imp_wagtail.core.structured import Node, thing

from .answers import made_ready

if TYPE_CHECKING:
    from .models import Question

#: Longest search that is read, in signs.
LONGEST_QUERY = 200
#: Where one text ends and the next begins, whatever stands between them.
BREAK = re.compile(r"<(?=/?(?:p|li|[uo]l|div|h[1-6]|d[tdl]|blockquote|figcaption|figure|br|tr|t[dh])\b)")


@dataclass(frozen=True)
class NumberedQuestion:
    """A question as shown: ``number`` runs through the whole page, from 1."""

    number: int
    question: str
    answer: Any
    anchor: str
    #: What the answer's blocks are rendered with.
    context: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def html(self) -> str:
        """The answer as it stands in the page, rendered once."""
        return self.answer.render_as_block(self.context)

    @cached_property
    def text(self) -> str:
        """The answer without its markup, in one line: the dates that its facts show are in it."""
        return " ".join(unescape(strip_tags(BREAK.sub(" <", self.html))).split())

    def has(self, words: Iterable[str]) -> bool:
        """Whether all of these folded words are in the question or its answer, or begin or end one there.

        In German, Dutch or Chinese a word is often a part of another.
        """
        said = folded(f"{self.question} {self.text}")
        return all(word in said for word in words)


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
    answers = iter(made_ready([question.answer for _title, questions in chosen for question in questions]))
    numbers, taken = count(1), set()
    return [
        NumberedSection(
            title, [_numbered(next(numbers), question, next(answers), taken, context) for question in questions]
        )
        for title, questions in chosen
        if questions
    ]


def _numbered(
    number: int, question: "Question", answer: Any, taken: set[str], context: dict[str, Any]
) -> NumberedQuestion:
    anchor = first_free(question.address, taken)
    taken.add(anchor)
    return NumberedQuestion(number, question.question, answer, anchor, context=context)


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
        translated = {question.translation_key: question for question in own}
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
