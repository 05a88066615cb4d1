"""Questions that stood in their pages become records of their own, and nothing is lost on the way."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Revision

from imp_wagtail.core import roles
from imp_wagtail.trainings.models import FAQPage, Question

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = [("imp_trainings", "0003_training_facts")]
AFTER = [("imp_trainings", "0004_questions")]


def migrate(targets: list[tuple[str, str]]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.fixture
def old() -> Iterator[Any]:
    """The models as they were; afterwards the database is again as it is now."""
    yield migrate(BEFORE)
    migrate_all()


def text(words: str) -> dict[str, Any]:
    return {"type": "paragraph", "value": f"<p>{words}</p>", "id": f"block-of-{words}"}


def asked(words: str, anchor: str, *answer: dict[str, Any], bare: bool = False) -> dict[str, Any]:
    """A question as pages held it; ``bare`` as packs wrote it before the editor saved."""
    value = {"question": words, "anchor": anchor, "answer": list(answer or [text("Yes.")])}
    return value if bare else {"type": "item", "id": f"item-{anchor}", "value": value}


def section(title: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {"type": "section", "id": f"section-{title}", "value": {"title": title, "questions": list(questions)}}


def page_of(old: Any, slug: str, *sections: dict[str, Any], **values: Any) -> Any:
    kind, _made = old.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="imp_trainings", model="faqpage"
    )
    model = old.get_model("imp_trainings", "FAQPage")
    locales = old.get_model("wagtailcore", "Locale").objects
    values.setdefault("locale", locales.get_or_create(language_code="en")[0])
    number = model.objects.count() + 1
    return model.objects.create(
        title=slug,
        draft_title=slug,
        slug=slug,
        path=f"9{number:03}",
        depth=1,
        url_path=f"/{slug}/",
        content_type=kind,
        sections=json.dumps(sections),
        **values,
    )


def revision_of(old: Any, page: Any, *sections: dict[str, Any], latest: bool = True, **values: Any) -> Any:
    revisions = old.get_model("wagtailcore", "Revision").objects
    content_types = old.get_model("contenttypes", "ContentType").objects
    revision = revisions.create(
        content_type=content_types.get(app_label="imp_trainings", model="faqpage"),
        base_content_type=content_types.get_or_create(app_label="wagtailcore", model="page")[0],
        object_id=str(page.pk),
        created_at=dt.datetime(2026, 1, revisions.count() + 1, tzinfo=dt.UTC),
        content={"pk": page.pk, "title": page.title, "sections": json.dumps(sections)},
        **values,
    )
    if latest:
        page.latest_revision = revision
        page.save()
    return revision


def shown(slug: str) -> list[tuple[str, str, str]]:
    """Heading, words and address of each question of a page, in order."""
    page = FAQPage.objects.get(slug=slug)
    return [(part.title, item.question, item.anchor) for part in page.numbered_sections() for item in part.questions]


def in_revision(old_revision: Any) -> list[Any]:
    """The keys of the questions that a revision of a page holds."""
    sections = json.loads(Revision.objects.get(pk=old_revision.pk).content["sections"])
    return [item["value"] for part in sections for item in part["value"]["questions"]]


def migrate_all() -> None:
    migrate(MigrationExecutor(connection).loader.graph.leaf_nodes())


def test_words_answers_addresses_headings_and_order_stay(old: Any) -> None:
    link = {"type": "next_training", "value": {"pathway": None, "sentence": "It is held at"}, "id": "n"}
    page_of(
        old,
        "faq",
        section("Before", asked("B?", "b", text("One"), link), asked("A?", "a", bare=True)),
        section("After", asked("C?", "c")),
    )

    migrate_all()

    assert shown("faq") == [("Before", "B?", "b"), ("Before", "A?", "a"), ("After", "C?", "c")]
    question = Question.objects.get(anchor="b")
    assert [block.block_type for block in question.answer] == ["paragraph", "next_training"]
    assert question.answer[0].value.source == "<p>One</p>"
    assert question.answer[1].value["sentence"] == "It is held at"
    assert (question.live, question.locale.language_code) == (True, "en")


def test_what_is_wholly_equal_on_two_pages_is_kept_once(old: Any) -> None:
    page_of(old, "faq", section("Before", asked("A?", "a")))
    page_of(old, "other", section("Elsewhere", asked("A?", "a", {**text("Yes."), "id": "another"})))

    migrate_all()

    assert Question.objects.count() == 1
    assert shown("other") == [("Elsewhere", "A?", "a")]


def test_different_questions_of_one_address_are_both_kept_and_the_second_gets_a_number(old: Any) -> None:
    page_of(old, "faq", section("Before", asked("A?", "a")))
    page_of(old, "other", section("Before", asked("Another A?", "a")))

    migrate_all()

    assert shown("faq") == [("Before", "A?", "a")]
    assert shown("other") == [("Before", "Another A?", "a-2")]


def test_a_question_without_an_address_gets_one(old: Any) -> None:
    page_of(old, "faq", section("Before", asked("How long?", "")))

    migrate_all()

    assert shown("faq") == [("Before", "How long?", "how-long")]


def test_a_page_that_waits_as_a_draft_keeps_its_questions(old: Any) -> None:
    page = page_of(old, "faq", section("Before", asked("A?", "a")), live=False)
    revision = revision_of(old, page, section("Before", asked("A?", "a"), asked("New?", "new")))

    migrate_all()

    assert in_revision(revision) == [Question.objects.get(anchor=name).pk for name in ("a", "new")]
    assert not FAQPage.objects.get().live


def test_other_words_in_a_page_s_draft_become_the_draft_of_its_question(old: Any) -> None:
    page = page_of(old, "faq", section("Before", asked("A?", "a")))
    revision_of(old, page, section("Before", asked("A, in other words?", "a", text("No."))))

    migrate_all()

    question = Question.objects.get()
    draft = question.get_latest_revision_as_object()
    assert (question.question, question.has_unpublished_changes) == ("A?", True)
    assert (draft.question, draft.anchor, draft.answer[0].value.source) == ("A, in other words?", "a", "<p>No.</p>")
    question.latest_revision.publish()
    assert shown("faq") == [("Before", "A, in other words?", "a")]


def test_a_version_that_waits_for_its_day_can_be_published(old: Any) -> None:
    page = page_of(old, "faq", section("Before", asked("A?", "a")))
    on_a_day = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    revision = revision_of(
        old, page, section("Then", asked("Then?", "then")), latest=False, approved_go_live_at=on_a_day
    )
    revision_of(old, page, section("Before", asked("A?", "a")))

    migrate_all()

    assert in_revision(revision) == [Question.objects.get(anchor="then", live=True).pk]


def test_old_versions_of_a_page_stay_readable(old: Any) -> None:
    page = page_of(old, "faq", section("Before", asked("A?", "a")))
    first = revision_of(old, page, section("Before", asked("Older A?", "a"), asked("Gone?", "gone")))
    revision_of(old, page, section("Before", asked("A?", "a")))

    migrate_all()

    gone = Question.objects.get(anchor="gone")
    assert in_revision(first) == [Question.objects.get(anchor="a").pk, gone.pk]
    assert not gone.live
    version = Revision.objects.get(pk=first.pk).as_object()
    assert [question.question for question in version.sections[0].value["questions"]] == ["A?", "Gone?"]


def test_pages_that_are_translations_make_their_questions_translations(old: Any) -> None:
    french = old.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="fr")[0]
    english = page_of(old, "faq", section("Before", asked("How long?", "how-long"), asked("Where?", "where")))
    page_of(
        old,
        "faq-fr",
        section("Avant", asked("Combien ?", "how-long"), asked("Qui ?", "qui")),
        locale=french,
        translation_key=english.translation_key,
    )

    migrate_all()

    long, combien = (Question.objects.get(locale__language_code=code, anchor="how-long") for code in ("en", "fr"))
    assert long.translation_key == combien.translation_key
    assert Question.objects.values("translation_key").distinct().count() == 3
    assert shown("faq-fr") == [("Avant", "Combien ?", "how-long"), ("Avant", "Qui ?", "qui")]


def test_an_empty_page_and_an_empty_place_are_no_trouble(old: Any) -> None:
    page = page_of(old, "faq")
    revision = revision_of(old, page, section("Begun", {"type": "item", "id": "x", "value": None}))

    migrate_all()

    assert shown("faq") == []
    assert in_revision(revision) == [None]


def test_the_way_back_puts_the_questions_into_their_pages(old: Any) -> None:
    page = page_of(old, "faq", section("Before", asked("A?", "a"), asked("B?", "b")))
    revision_of(old, page, section("Before", asked("A?", "a")))
    migrate(AFTER)

    back = migrate(BEFORE)

    stored = list(back.get_model("imp_trainings", "FAQPage").objects.get().sections.raw_data)
    values = [item["value"] for item in stored[0]["value"]["questions"]]
    assert [(value["question"], value["anchor"]) for value in values] == [("A?", "a"), ("B?", "b")]
    assert values[0]["answer"][0]["value"] == "<p>Yes.</p>"


def test_whoever_announces_trainings_may_keep_questions(old: Any) -> None:
    new = migrate(AFTER)

    group = new.get_model("auth", "Group").objects.get(name=roles.EDITORS)
    assert group.permissions.filter(content_type__model="question", codename="publish_question").exists()
