"""A question, kept once: its address, its drafts, its translations."""

import datetime as dt
import json

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail.models import Locale

from imp_wagtail.trainings.models import Question
from tests.factories import QuestionFactory

pytestmark = pytest.mark.django_db


def draft(words: str, **values: object) -> Question:
    """A question as the admin saves a new draft."""
    return QuestionFactory(question=words, live=False, **values)


def published(question: Question) -> Question:
    question.save_revision().publish()
    return Question.objects.get(pk=question.pk)


def rewritten(question: Question, words: str) -> Question:
    """The question with other words in a draft, as the editor's form finds it."""
    question.question = words
    question.save_revision()
    return Question.objects.get(pk=question.pk).get_latest_revision_as_object()


class TestAddress:
    def test_it_is_made_from_the_words_when_the_question_is_published(self) -> None:
        assert published(draft("How long is it?")).anchor == "how-long-is-it"

    def test_a_draft_has_none_so_that_half_a_question_is_no_address(self) -> None:
        question = draft("How lo")
        assert Question.objects.get().anchor is None

        assert published(rewritten(question, "How long is it?")).anchor == "how-long-is-it"

    def test_it_stays_when_the_question_is_rewritten(self) -> None:
        question = published(draft("How long is it?"))

        assert published(rewritten(question, "How many days?")).anchor == "how-long-is-it"

    def test_one_that_is_emptied_is_the_one_it_had(self) -> None:
        question = published(draft("How long is it?"))
        question.question, question.anchor = "How many days?", None

        assert published(question).anchor == "how-long-is-it"

    def test_one_that_is_given_is_kept(self) -> None:
        assert published(draft("How long is it?", anchor="how-long")).anchor == "how-long"

    def test_of_two_with_the_same_words_the_second_gets_a_number(self) -> None:
        assert [QuestionFactory(question="How long?").anchor for _ in range(3)] == [
            "how-long",
            "how-long-2",
            "how-long-3",
        ]

    @pytest.mark.parametrize("words", ["كم يوما؟", "何日ですか", "?!"])
    def test_words_without_latin_letters_have_one_as_well(self, words: str) -> None:
        assert [QuestionFactory(question=words).anchor for _ in range(2)] == ["question", "question-2"]

    def test_the_longest_question_has_one_that_fits_with_a_number(self) -> None:
        anchors = {QuestionFactory(question="word " * 50).anchor for _ in range(12)}

        assert len(anchors) == 12
        assert max(map(len, anchors)) <= 60

    def test_one_that_another_has_is_refused_beside_its_field(self) -> None:
        QuestionFactory(question="How long?", anchor="how-long")

        with pytest.raises(ValidationError) as caught:
            QuestionFactory.build(locale=Locale.get_default(), anchor="how-long").full_clean()

        assert caught.value.message_dict == {
            "anchor": ["Another question has this address already: “How long?”."],
        }

    def test_one_that_another_s_draft_is_about_to_take_is_refused_as_well(self) -> None:
        other = QuestionFactory(question="How long?", anchor="how-long")
        other.anchor = "days"
        other.save_revision()

        with pytest.raises(ValidationError, match="How long"):
            QuestionFactory.build(locale=Locale.get_default(), anchor="days").full_clean()

    def test_in_another_language_it_is_free(self) -> None:
        QuestionFactory(anchor="how-long")
        french = Locale.objects.create(language_code="fr")

        QuestionFactory.build(locale=french, anchor="how-long").full_clean()

    @pytest.mark.parametrize("anchor", ["How", "how long", "how_long", "é", "#how"])
    def test_it_has_small_letters_digits_and_hyphens_only(self, anchor: str) -> None:
        with pytest.raises(ValidationError, match="small letters"):
            QuestionFactory.build(locale=Locale.get_default(), anchor=anchor).full_clean()

    def test_two_scheduled_drafts_that_want_the_same_are_both_published(self) -> None:
        first, second = QuestionFactory(anchor="one"), QuestionFactory(anchor="two")
        for question in (first, second):
            question.anchor = "same"
        revisions = [first.save_revision(), second.save_revision(clean=False)]

        for revision in revisions:
            revision.publish()

        assert set(Question.objects.values_list("anchor", flat=True)) == {"same", "same-2"}


class TestDrafts:
    def test_readers_have_the_published_words_while_a_draft_waits(self) -> None:
        question = QuestionFactory(question="How long?")

        rewritten(question, "How many days?")

        assert Question.objects.get().question == "How long?"

    def test_it_can_be_published_and_taken_back_on_a_day(self) -> None:
        question = draft("How long?")
        question.go_live_at = timezone.now() + dt.timedelta(days=1)
        question.save_revision().publish()
        waiting = Question.objects.get()

        assert (waiting.live, waiting.status_string, waiting.anchor) == (False, "scheduled", None)


class TestTranslations:
    @pytest.fixture
    def french(self) -> Locale:
        return Locale.objects.create(language_code="fr")

    def test_a_translation_begins_as_a_draft_at_the_same_address(self, french: Locale) -> None:
        source = published(QuestionFactory(question="How long?"))

        copy = source.copy_for_translation(french)
        copy.save()

        found = Question.objects.get(locale=french)
        assert (found.translation_key, found.anchor) == (source.translation_key, "how-long")
        assert (found.live, found.latest_revision, found.live_revision, found.first_published_at) == (
            False,
            None,
            None,
            None,
        )

    def test_a_translation_of_what_is_locked_can_be_written(self, french: Locale) -> None:
        source = QuestionFactory(locked=True, locked_at=timezone.now())

        copy = source.copy_for_translation(french)

        assert (copy.locked, copy.locked_at, copy.locked_by) == (False, None, None)

    def test_an_address_that_is_taken_in_the_other_language_gets_a_number(self, french: Locale) -> None:
        QuestionFactory(locale=french, anchor="how-long")
        source = QuestionFactory(question="How long?")

        copy = source.copy_for_translation(french)
        copy.save()

        assert copy.anchor == "how-long-2"


def test_a_question_is_called_by_its_words() -> None:
    assert str(QuestionFactory(question="How long?", answer=json.dumps([]))) == "How long?"
