"""Questions in the admin: written, chosen, made while choosing, looked up, and kept from being lost."""

import datetime as dt
import json
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Locale, Site, Workflow, WorkflowContentType, WorkflowState, WorkflowTask
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from imp_wagtail.core import roles
from imp_wagtail.trainings.models import FAQPage, Question
from tests.factories import FAQPageFactory, QuestionFactory, UserFactory, editor, registrar, section_of

pytestmark = pytest.mark.django_db

NAMES = "wagtailsnippets_imp_trainings_question"
CHOOSER = "wagtailsnippetchoosers_imp_trainings_question"


def address(name: str, question: Question | None = None) -> str:
    return reverse(f"{NAMES}:{name}", args=[question.pk] if question else [])


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def somebody(*codenames: str) -> Client:
    """Somebody who may enter the admin, and has these permissions."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return signed_in(user)


@pytest.fixture
def staff() -> Client:
    return signed_in(editor())


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


def sent(words: str, answer: str = "<p>Yes.</p>", **values: str) -> dict[str, str]:
    """What the form of a question sends."""
    # An empty editor sends this.
    texts = streamfield([("paragraph", rich_text(answer) if answer else "null")])
    return nested_form_data({"question": words, "answer": texts, "anchor": "", **values})


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


class TestWriting:
    def test_an_editor_publishes_a_question_and_it_gets_its_address(self, staff: Client) -> None:
        response = staff.post(address("add"), {**sent("How long?"), "action-publish": "1"})

        assert response.status_code == 302
        question = Question.objects.get()
        assert (question.question, question.anchor, question.live) == ("How long?", "how-long", True)

    def test_a_draft_is_saved_without_an_answer_and_without_an_address(self, staff: Client) -> None:
        staff.post(address("add"), sent("How lo"))

        question = Question.objects.get()
        assert (question.live, question.anchor) == (False, None)

    def test_a_draft_of_a_public_question_changes_nothing_for_readers(self, staff: Client) -> None:
        question = QuestionFactory(question="How long?")

        staff.post(address("edit", question), {**sent("How many days?"), "anchor": "days"})

        question.refresh_from_db()
        assert (question.question, question.anchor) == ("How long?", "how-long")
        assert question.has_unpublished_changes

    def test_an_address_that_another_has_is_refused_beside_its_field(self, staff: Client) -> None:
        QuestionFactory(question="How long?")

        response = staff.post(address("add"), {**sent("Days?", anchor="how-long"), "action-publish": "1"})

        assert response.context["form"].errors == {
            "anchor": ["Another question has this address already: “How long?”."]
        }
        assert Question.objects.count() == 1

    def test_a_new_answer_begins_with_a_text(self, staff: Client) -> None:
        form = staff.get(address("add")).context["form"]

        assert [block.block_type for block in form["answer"].value()] == ["paragraph"]

    @pytest.mark.parametrize("name", ["edit", "history", "usage", "delete"])
    def test_every_view_opens(self, staff: Client, name: str) -> None:
        assert staff.get(address(name, QuestionFactory())).status_code == 200

    @pytest.mark.parametrize(
        "query",
        [
            {"ordering": "question"},
            {"ordering": "-question"},
            {"ordering": "-_updated_at"},
            {"live": "true"},
            {"has_unpublished_changes": "false"},
            {"has_unpublished_changes": "true"},
        ],
        ids=str,
    )
    def test_what_is_looked_for_can_be_sorted_and_filtered(self, staff: Client, query: dict[str, str]) -> None:
        QuestionFactory(question="Who may apply?")
        response = staff.get(address("list"), {"q": "apply", **query})

        assert response.status_code == 200
        assert ("Who may apply?" in response.text) == (query.get("has_unpublished_changes") != "true")

    def test_two_versions_are_compared(self, staff: Client) -> None:
        question = QuestionFactory(question="How long?")
        first = question.save_revision()
        question.question = "How many days?"
        second = question.save_revision()

        response = staff.get(reverse(f"{NAMES}:revisions_compare", args=[question.pk, first.pk, second.pk]))

        assert response.status_code == 200
        assert '<span class="addition">many days?</span>' in response.content.decode()

    @pytest.mark.parametrize("name", [f"{NAMES}:list", f"{CHOOSER}:choose"])
    def test_a_list_takes_as_many_queries_for_nine_as_for_one(self, staff: Client, name: str) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                staff.get(reverse(name))
            return len(found)

        QuestionFactory()
        queries()
        one = queries()
        QuestionFactory.create_batch(8)

        assert queries() == one

    def test_the_list_tells_what_waits_for_its_day_or_for_somebody(self, staff: Client) -> None:
        waiting = QuestionFactory(live=False)
        waiting.go_live_at = timezone.now() + dt.timedelta(days=1)
        waiting.save_revision().publish()
        QuestionFactory()

        listed = staff.get(address("list")).context["page_obj"].object_list

        assert {str(question.status_string) for question in listed} == {"scheduled", "live"}

    def test_whoever_has_no_part_in_content_is_kept_out(self) -> None:
        client = signed_in(registrar())

        assert client.get(address("list")).status_code == 302
        assert client.post(address("add"), sent("How long?")).status_code == 302
        assert not Question.objects.exists()

    def test_it_goes_through_a_workflow(self) -> None:
        task = GroupApprovalTask.objects.create(name="Reading")
        workflow = Workflow.objects.create(name="Reading")
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        WorkflowContentType.objects.create(workflow=workflow, content_type=Question.get_content_type())

        somebody("add_question", "change_question", "view_question").post(
            address("add"), {**sent("How long?"), "action-submit": "1"}
        )

        assert WorkflowState.objects.get().content_object == Question.objects.get()
        assert not Question.objects.get().live


class TestPreview:
    def test_it_is_the_question_as_readers_will_see_it(self, staff: Client) -> None:
        question = QuestionFactory(question="How long?")
        preview = address("preview_on_edit", question)

        assert staff.post(preview, sent("How many days?", "<p>Nine <b>days</b>.</p>")).json()["is_valid"]
        html = staff.get(preview).content.decode()

        assert "How many days?" in html
        assert "Nine <b>days</b>." in html
        assert "somebodys-site" in html
        assert "<details open>" in html
        assert "imp_trainings/faq.css" in html

    def test_there_is_one_of_a_new_question_as_well(self, staff: Client) -> None:
        staff.post(address("preview_on_add"), sent("How long?"))

        assert "How long?" in staff.get(address("preview_on_add")).content.decode()


class TestChoosing:
    @staticmethod
    def chosen(response: Any) -> dict[str, str]:
        answer = json.loads(response.content)
        assert answer["step"] == "chosen"
        return answer["result"]

    def test_the_list_shows_what_is_a_draft(self, staff: Client) -> None:
        QuestionFactory(question="Public?")
        QuestionFactory(question="Waiting?", live=False)

        html = json.loads(staff.get(reverse(f"{CHOOSER}:choose")).content)["html"]

        assert "Public?" in html
        assert "Waiting?" in html
        assert "draft" in html.lower()

    @pytest.mark.skipif(connection.vendor == "mysql", reason="its index has what is committed, and a test never is")
    def test_a_question_is_found_by_the_beginning_of_a_word(self, staff: Client) -> None:
        QuestionFactory(question="Is there a lift?")
        QuestionFactory(question="How long?")

        html = staff.get(reverse(f"{CHOOSER}:choose_results"), {"q": "lif"}).content.decode()

        assert "Is there a lift?" in html
        assert "How long?" not in html

    def test_one_is_made_on_the_spot_with_question_and_answer(self, staff: Client) -> None:
        html = json.loads(staff.get(reverse(f"{CHOOSER}:choose")).content)["html"]
        response = staff.post(reverse(f"{CHOOSER}:create"), sent("Is there a lift?"))

        question = Question.objects.get()
        assert "New question" in html
        assert 'name="question"' in html
        assert self.chosen(response)["id"] == str(question.pk)
        assert self.chosen(response)["string"] == "Is there a lift?"
        assert (question.live, question.anchor) == (True, "is-there-a-lift")
        assert "Yes.</p>" in question.answer[0].value.source
        assert question.latest_revision == question.live_revision

    def test_it_is_a_draft_if_whoever_makes_it_may_not_publish(self) -> None:
        client = somebody("add_question", "change_question")

        self.chosen(client.post(reverse(f"{CHOOSER}:create"), sent("Is there a lift?")))

        assert (Question.objects.get().live, Question.objects.get().anchor) == (False, None)

    def test_whoever_may_not_add_gets_no_form_and_makes_none(self) -> None:
        client = somebody("change_question", "view_question")

        html = json.loads(client.get(reverse(f"{CHOOSER}:choose")).content)["html"]
        response = client.post(reverse(f"{CHOOSER}:create"), sent("Is there a lift?"))

        assert "New question" not in html
        assert response.status_code == 302
        assert not Question.objects.exists()

    @pytest.mark.parametrize(("words", "answer"), [("", "<p>Yes.</p>"), ("How long?", "")])
    def test_half_a_question_is_refused_in_the_dialogue(self, staff: Client, words: str, answer: str) -> None:
        response = staff.post(reverse(f"{CHOOSER}:create"), sent(words, answer))

        assert json.loads(response.content)["step"] == "reshow_creation_form"
        assert not Question.objects.exists()

    def test_on_a_site_of_several_languages_it_is_asked_which(self, staff: Client, french: Locale) -> None:
        staff.post(reverse(f"{CHOOSER}:create"), sent("Combien ?", locale=str(french.pk)))

        assert Question.objects.get().locale == french

    def test_one_of_the_same_words_gets_an_address_with_a_number(self, staff: Client) -> None:
        QuestionFactory(question="How long?")

        staff.post(reverse(f"{CHOOSER}:create"), sent("How long?"))

        assert set(Question.objects.values_list("anchor", flat=True)) == {"how-long", "how-long-2"}


class TestUsage:
    @staticmethod
    def places(client: Client, question: Question) -> set[str]:
        response = client.get(address("usage", question))
        return {str(source) for source, _references in response.context["page_obj"].object_list}

    def test_it_tells_every_page_and_every_answer(self, staff: Client, french: Locale) -> None:
        question = QuestionFactory()
        page = FAQPageFactory(title="Questions", questions=[question])
        FAQPageFactory(title="Other questions", slug="other", questions=[question])
        translation = page.copy_for_translation(french, copy_parents=True)
        translation.title = "Réponses"
        translation.save()
        within = [{"type": "question", "value": {"question": question.pk}}]
        QuestionFactory(question="Outer?", answer=json.dumps(within))

        assert self.places(staff, question) == {"Questions", "Other questions", "Réponses", "Outer?"}

    def test_one_that_stands_nowhere_says_so(self, staff: Client) -> None:
        assert self.places(staff, QuestionFactory()) == set()


class TestDeleting:
    def test_one_that_stands_somewhere_stays_and_it_is_said_where(self, staff: Client) -> None:
        question = QuestionFactory(question="How long?")
        for number in range(5):
            FAQPageFactory(title=f"Page {number}", slug=f"page-{number}", questions=[question])

        response = staff.post(address("delete", question), follow=True)

        assert Question.objects.get() == question
        assert "“How long?” cannot be deleted: it stands in “Page 0”, “Page 1”, “Page 2” and 2 others." in (
            messages_of(response)
        )
        assert address("usage", question) in messages_of(response)

    def test_of_several_none_is_deleted_while_one_stands_somewhere(self, staff: Client) -> None:
        used, free = QuestionFactory(question="Used?"), QuestionFactory(question="Free?")
        FAQPageFactory(questions=[used])
        bulk = reverse("wagtail_bulk_action", args=["imp_trainings", "question", "delete"])

        response = staff.post(f"{bulk}?id={used.pk}&id={free.pk}", follow=True)

        assert Question.objects.count() == 2
        assert "“Used?” cannot be deleted" in messages_of(response)

    def test_what_is_typed_in_a_question_is_no_markup_in_the_refusal(self, staff: Client) -> None:
        question = QuestionFactory(question="<script>alert(1)</script>")
        FAQPageFactory(questions=[question])

        html = staff.post(address("delete", question), follow=True).content.decode()

        assert "<script>alert" not in html

    def test_one_that_stands_nowhere_is_deleted(self, staff: Client) -> None:
        question = QuestionFactory()

        staff.post(address("delete", question))

        assert not Question.objects.exists()

    def test_a_draft_from_which_one_was_deleted_opens_with_an_empty_place(self, staff: Client) -> None:
        kept, gone = QuestionFactory(question="Kept?"), QuestionFactory()
        page = FAQPageFactory(questions=[kept])
        page.sections = json.dumps([section_of("Section", kept, gone)])
        page.save_revision()

        staff.post(address("delete", gone))
        response = staff.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))

        assert response.status_code == 200
        (section,) = response.context["form"]["sections"].value()
        assert list(section.value["questions"]) == [kept, None]

    def test_one_that_was_taken_from_its_page_can_be_deleted(self, staff: Client) -> None:
        question, other = QuestionFactory(), QuestionFactory()
        page = FAQPageFactory(questions=[question])
        page.sections = json.dumps([section_of("Section", other)])
        page.save_revision().publish()

        staff.post(address("delete", question))

        assert list(Question.objects.all()) == [other]


class TestThePage:
    @staticmethod
    def page_form(*sections: tuple[str, list[Any]], **values: str) -> dict[str, str]:
        blocks = [
            ("section", {"title": title, "questions": inline_formset_of(questions)}) for title, questions in sections
        ]
        fields = {"title": "Questions", "slug": "faq", "introduction": rich_text(""), "sections": streamfield(blocks)}
        return nested_form_data({**fields, "comments": inline_formset([]), **values})

    def add(self) -> str:
        return reverse("wagtailadmin_pages:add", args=["imp_trainings", "faqpage", Site.objects.get().root_page.pk])

    def test_a_new_one_begins_with_a_section_to_be_filled(self, staff: Client) -> None:
        (section,) = staff.get(self.add()).context["form"]["sections"].value()

        assert section.value["title"] == "Before you apply"
        assert list(section.value["questions"]) == [None]

    def test_it_is_published_with_its_questions_in_their_order(self, staff: Client) -> None:
        one, two = QuestionFactory(question="One?"), QuestionFactory(question="Two?")
        data = self.page_form(("Before", [two, one]), **{"action-publish": "1", "has_search": "on"})

        assert staff.post(self.add(), data).status_code == 302

        page = FAQPage.objects.get()
        assert [item.question for item in page.numbered_sections()[0].questions] == ["Two?", "One?"]
        assert page.has_search

    def test_a_draft_may_have_a_place_that_is_still_empty(self, staff: Client) -> None:
        assert staff.post(self.add(), self.page_form(("Before", [None]))).status_code == 302

        assert FAQPage.objects.get().numbered_sections() == []

    def test_a_question_twice_is_refused_at_its_place(self, staff: Client) -> None:
        one = QuestionFactory(question="One?")
        data = self.page_form(("Before", [one]), ("After", [one]), **{"action-publish": "1"})

        response = staff.post(self.add(), data)

        (error,) = response.context["form"].errors.as_data()["sections"]
        assert list(error.block_errors) == [1]
        assert "This question stands on the page already." in response.content.decode()
        assert not FAQPage.objects.exists()


def inline_formset_of(questions: list[Question | None]) -> dict[str, str]:
    """What a list of chosen questions sends."""
    rows: dict[str, str] = {"count": str(len(questions))}
    for place, question in enumerate(questions):
        row = {"order": str(place), "deleted": "", "type": "item", "value": str(question.pk) if question else ""}
        rows.update({f"{place}-{name}": value for name, value in row.items()})
    return rows


class TestTranslating:
    def test_wagtail_s_own_translation_makes_a_draft_in_the_other_language(self, french: Locale) -> None:
        question = QuestionFactory(question="How long?")
        client = signed_in(UserFactory(superuser=True))

        client.post(
            reverse("simple_translation:submit_snippet_translation", args=["imp_trainings", "question", question.pk]),
            {"locales": [str(french.pk)]},
        )

        copy = Question.objects.get(locale=french)
        assert (copy.question, copy.anchor, copy.live) == ("How long?", "how-long", False)
        assert client.get(address("edit", copy)).status_code == 200


def test_the_role_that_announces_trainings_keeps_questions_as_well() -> None:
    granted = Permission.objects.filter(group__name=roles.EDITORS, content_type__model="question")

    assert sorted(granted.values_list("codename", flat=True)) == [
        f"{action}_question" for action in ("add", "change", "delete", "lock", "publish", "unlock", "view")
    ]
