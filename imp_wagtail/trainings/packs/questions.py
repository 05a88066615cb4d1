"""``questions.yaml``: a page of questions and answers."""

from pydantic import Field

from imp_wagtail.core.packs import Key, Loading, Pack, PackLoader, Part, Text, refuse_doubles, rich_text

from ..models import FAQPage
from .blocks import Answer, check_blocks, stored, stream_of


class QuestionPart(Part):
    """One question. Its ``anchor`` is the end of its permanent address."""

    question: Text
    anchor: Key
    answer: Answer = Field(min_length=1)


class SectionPart(Part):
    """Questions that belong together."""

    title: Text
    questions: list[QuestionPart] = Field(min_length=1)


class QuestionsPagePart(Part):
    """The page itself."""

    slug: Key
    title: Text
    introduction: str = ""
    in_menu: bool = True


class QuestionsPart(Part):
    """``questions.yaml``."""

    page: QuestionsPagePart
    sections: list[SectionPart] = Field(min_length=1)

    @property
    def questions(self) -> list[QuestionPart]:
        return [question for section in self.sections for question in section.questions]


class QuestionsLoader(PackLoader[QuestionsPart]):
    """The page of questions; their numbers follow from their order."""

    file = "questions.yaml"
    schema = QuestionsPart

    def check(self, data: QuestionsPart, pack: Pack) -> None:
        refuse_doubles(data.questions, "anchor")
        for question in data.questions:
            check_blocks(question.answer, pack)

    def addresses(self, data: QuestionsPart) -> list[str]:
        return [data.page.slug]

    def load(self, data: QuestionsPart, loading: Loading) -> None:
        sections = [
            {
                "type": "section",
                "value": {
                    "title": section.title,
                    "questions": [_question(part, loading) for part in section.questions],
                },
            }
            for section in data.sections
        ]
        values = {
            "title": data.page.title,
            "introduction": rich_text(data.page.introduction),
            "sections": stream_of(sections, data, "sections", FAQPage),
            "show_in_menus": data.page.in_menu,
        }
        loading.put_page(data.page, FAQPage, loading.home, data.page.slug, values)


def _question(part: QuestionPart, loading: Loading) -> dict[str, object]:
    return {
        "question": part.question,
        "anchor": part.anchor,
        "answer": [stored(block, loading) for block in part.answer],
    }
