"""``questions.yaml``: questions and answers, and the pages on which they stand."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from imp_wagtail.core.packs import (
    Dumping,
    Key,
    Loading,
    Names,
    Pack,
    PackLoader,
    Part,
    Rich,
    Text,
    did_you_mean,
    refuse_doubles,
)
from imp_wagtail.core.packs.comparing import differs

from ..models import FAQPage, Question
from .belonging import public_questions, questions_pages_of
from .blocks import Answer, AnswerBlockPart, check_blocks, stream, stream_of
from .names import QuestionAnchors, anchors_there, question_at
from .streams import blocks_of

#: What the keys of things are made with that come from packs; those made by editors are random.
UUID_OF_A_NAME = 5


class QuestionPart(Part):
    """One question. Its ``anchor`` is the end of its permanent address; alone, it names one that is kept elsewhere."""

    question: Text | None = None
    anchor: Key
    answer: Answer = []

    @model_validator(mode="after")
    def is_whole_or_named(self) -> "QuestionPart":
        if (self.question is None) != (not self.answer):
            raise ValueError(
                _("A question has a “question” and an “answer”; only one that is kept elsewhere has none.")
            )
        return self

    @property
    def is_written_here(self) -> bool:
        return self.question is not None


class SectionPart(Part):
    """Questions that belong together."""

    title: Text
    questions: list[QuestionPart] = Field(min_length=1)


class QuestionsPagePart(Part):
    """The page itself. ``search``: whether readers can search it; as the editor has it where a pack does not say."""

    slug: Key
    title: Text
    introduction: Annotated[str, Rich.of(FAQPage, "introduction")] = ""
    in_menu: bool = True
    search: bool | None = None


class FilledPagePart(Part):
    """A page with its sections."""

    page: QuestionsPagePart
    sections: list[SectionPart] = Field(min_length=1)

    @property
    def questions(self) -> list[QuestionPart]:
        return [question for section in self.sections for question in section.questions]


class QuestionsPart(FilledPagePart):
    """``questions.yaml``: a page, and perhaps further ones."""

    further_pages: list[FilledPagePart] = []

    @property
    def pages(self) -> list[FilledPagePart]:
        return [self, *self.further_pages]

    @property
    def written(self) -> list[QuestionPart]:
        """The questions that this file holds, each once, on whatever page it is written."""
        return [question for page in self.pages for question in page.questions if question.is_written_here]


class QuestionsLoader(PackLoader[QuestionsPart]):
    """The questions, each once, and the pages that choose them; their numbers follow from their order."""

    file = "questions.yaml"
    says = "Questions and answers, each question once, and the pages on which they stand."
    schema = QuestionsPart
    names: Mapping[str, Names] = {"question": QuestionAnchors()}

    def check(self, data: QuestionsPart, pack: Pack) -> None:
        refuse_doubles(data.written, "anchor")
        known = {question.anchor for question in data.written} | anchors_there()
        for page in data.pages:
            refuse_doubles(page.questions, "anchor")
            check_named(page.questions, known)
        for question in data.written:
            check_blocks(question.answer, pack)

    def addresses(self, data: QuestionsPart) -> list[str]:
        return [page.page.slug for page in data.pages]

    def load(self, data: QuestionsPart, loading: Loading) -> None:
        questions = {part.anchor: self._question(part, loading) for part in data.written}
        for page in data.pages:
            self._page(page, questions, loading)

    def _question(self, part: QuestionPart, loading: Loading) -> Question:
        """Found by the pack and its anchor, whatever its address is now; otherwise by its address."""
        identity = {"translation_key": loading.identity(Question, part.anchor), "locale": loading.locale}
        found = Question.objects.filter(**identity).first() or question_at(part.anchor)
        values = {"question": part.question, "answer": stream(part, "answer", Question, loading)}
        if found and is_of_another_pack(found, identity) and differs(found, values):
            reason = _("Another pack has brought the question “%(question)s” to this address. Give this one another.")
            raise part.error(reason % {"question": found}, "anchor")
        return loading.put(part, Question, found, {**identity, "anchor": part.anchor}, values)

    def _page(self, part: FilledPagePart, questions: dict[str, Question], loading: Loading) -> None:
        def chosen(section: SectionPart) -> list[int]:
            return [(questions.get(item.anchor) or question_at(item.anchor)).pk for item in section.questions]

        sections = [
            {"type": "section", "value": {"title": section.title, "questions": chosen(section)}}
            for section in part.sections
        ]
        values: dict[str, Any] = {
            "title": part.page.title,
            "introduction": loading.text(part.page, "introduction"),
            "sections": stream_of(sections, part, "sections", FAQPage),
            "show_in_menus": part.page.in_menu,
        }
        if part.page.search is not None:
            values["has_search"] = part.page.search
        loading.put_page(part.page, FAQPage, loading.home, part.page.slug, values)

    def choose(self, dumping: Dumping) -> None:
        for page in questions_pages_of(dumping):
            dumping.take(page)
            for question in public_questions(page, dumping):
                dumping.take(question)

    def dump(self, dumping: Dumping) -> QuestionsPart | None:
        """Each question is written on the first page where it stands, and named on the others."""
        pages = questions_pages_of(dumping)
        if not pages:
            return None
        written: set[int] = set()
        first, *others = [self._page_part(page, written, dumping) for page in pages]
        return dumping.part(pages[0], QuestionsPart, page=first.page, sections=first.sections, further_pages=others)

    def _page_part(self, page: FAQPage, written: set[int], dumping: Dumping) -> FilledPagePart:
        about = {"in_menu": page.show_in_menus, "search": page.has_search or None}
        sections = [self._section_part(page, section.value, written, dumping) for section in page.sections]
        return dumping.part(
            page,
            FilledPagePart,
            page=dumping.part_of(page, QuestionsPagePart, **about),
            sections=[section for section in sections if section],
        )

    def _section_part(self, page: FAQPage, section: Any, written: set[int], dumping: Dumping) -> SectionPart | None:
        parts = [self._question_part(item, written, dumping) for item in section["questions"] if item and item.live]
        if not parts:
            dumping.lose(page, _("the section “%(title)s”, which shows no question") % {"title": section["title"]})
            return None
        return dumping.part(page, SectionPart, title=section["title"], questions=parts)

    def _question_part(self, question: Question, written: set[int], dumping: Dumping) -> QuestionPart:
        if question.pk in written:
            return dumping.part(question, QuestionPart, anchor=question.anchor)
        written.add(question.pk)
        answer = blocks_of(question, "answer", AnswerBlockPart, dumping)
        return dumping.part_of(question, QuestionPart, answer=answer)


def check_named(parts: Iterable[QuestionPart], known: set[str]) -> None:
    """Refuse the address of a question that is neither in the pack nor on the site."""
    for part in parts:
        if part.anchor not in known:
            reason = _("There is no question “%(anchor)s”.") % {"anchor": part.anchor}
            raise part.error(reason + did_you_mean(part.anchor, known), "anchor")


def is_of_another_pack(question: Question, identity: dict[str, Any]) -> bool:
    """Whether a question came with some pack, and not with the one of this identity."""
    key = question.translation_key
    return key != identity["translation_key"] and key.version == UUID_OF_A_NAME
