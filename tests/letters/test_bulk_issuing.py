"""Letters for many from the list of participants: shown beforehand, issued once each, whatever happens in between."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.core import jobs
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from imp_wagtail.core.pdf import MissingCharacters, PDFFailed, PDFTooHeavy, PDFUnavailable
from imp_wagtail.letters import actions
from imp_wagtail.letters.models import Letter, LetterTemplate
from imp_wagtail.participants.actions import set_status
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import (
    EnrolmentFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    RequirementFactory,
    StageFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
    signed_by,
)
from tests.participants.bulk import address, done, shown_plan

from .conftest import completed, issued
from .printing import QuickRenderer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]

DAY = "2025-06-01"
FORM = {"issued_on": DAY, "stage": ""}


def everybody() -> str:
    return address("letters", "all")


def preview(client: Client, url: str = "", **form: Any) -> Any:
    response = client.post(url or everybody(), {**FORM, **form})
    assert response.status_code == 200
    return response.context


def shown(context: Any) -> dict[str, Any]:
    """Who stands where, each with what is said of them."""
    return {
        "issued": [(person.name, person.what) for person in context["will_change"].shown],
        "already": [(person.name, person.what) for person in context["so_already"].shown],
        "refused": {why: [(p.name, p.what) for p in group.shown] for why, group in context["refused"]},
    }


def numbers() -> list[str]:
    return [letter.number for letter in Letter.objects.order_by("running_number")]


class TestThePreview:
    def test_shows_who_gets_a_letter_and_who_is_left_out_and_why(self, staff: Client, stage: Stage) -> None:
        completed(stage, "Ana")
        issued(stage, "Ben")
        EnrolmentFactory(pathway=stage.pathway, participant__name="Cleo")
        ParticipantFactory(name="Dora")
        gone = completed(stage, "Emil")
        set_status(gone, Enrolment.Status.WITHDRAWN, why="Moved", by=None)

        assert shown(preview(staff)) == {
            "issued": [("Ana", "Engagement")],
            "already": [("Ben", "2025-0001")],
            "refused": {
                "No stage is completed.": [("Cleo", ""), ("Dora", "")],
                "Withdrawn from the pathway. If a letter is due all the same, issue it from the record.": [
                    ("Emil", "Engagement")
                ],
            },
        }
        assert numbers() == ["2025-0001"]

    def test_of_one_stage_is_about_that_stage_alone(self, staff: Client, stage: Stage) -> None:
        later = StageFactory(pathway=stage.pathway, title="Completion")
        both = completed(stage, "Ana")
        both.completions.create(stage=later, completed_on=dt.date(2025, 4, 1))
        completed(stage, "Ben")
        ParticipantFactory(name="Cleo")

        assert shown(preview(staff, stage=later.pk)) == {
            "issued": [("Ana", "")],
            "already": [],
            "refused": {
                "“Completion” is not completed; a letter is issued for completed stages only.": [("Ben", "")],
                f"Not on the pathway “{stage.pathway}”.": [("Cleo", "")],
            },
        }

    def test_of_several_stages_names_them_and_may_leave_one_out(self, staff: Client, stage: Stage) -> None:
        later = StageFactory(pathway=stage.pathway, title="Completion")
        third = StageFactory(pathway=stage.pathway, title="Afterwards")
        person = completed(stage, "Ana")
        person.completions.create(stage=later, completed_on=dt.date(2025, 4, 1))
        person.completions.create(stage=third, completed_on=dt.date(2025, 7, 1))
        context = preview(staff)

        assert shown(context) == {
            "issued": [("Ana", "Engagement, Completion")],
            "already": [],
            "refused": {
                "The stage was completed on 1 July 2025; its letter cannot be dated before that.": [
                    ("Ana", "Afterwards")
                ]
            },
        }
        assert context["item_count"] == 2

    def test_names_the_pathway_where_there_are_several(self, staff: Client, stage: Stage) -> None:
        other = StageFactory(title="Engagement", pathway__title="Another")
        LetterTemplateFactory(pathway=other.pathway)
        completed(stage, "Ana")
        completed(other, "Ben")

        assert shown(preview(staff))["issued"] == [
            ("Ana", f"{stage.pathway}: Engagement"),
            ("Ben", "Another: Engagement"),
        ]

    def test_says_for_whom_there_is_no_wording_that_fits(self, staff: Client, stage: Stage) -> None:
        other = StageFactory(title="Intensive")
        RequirementFactory(stage=stage, training_days=True)
        LetterTemplate.objects.update(body="<p>{name} attended {training}.</p>")
        completed(stage, "Ana")
        completed(other, "Ben")
        refused = shown(preview(staff))["refused"]

        assert [[name for name, _stage in people] for people in refused.values()] == [["Ana"], ["Ben"]]
        assert "names a training, and none with a public page is on record" in next(iter(refused))
        assert "There is no letter template for “Intensive” yet" in list(refused)[1]

    def test_says_whose_name_no_font_has_asking_once_for_all(
        self, staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(QuickRenderer, "missing_characters", lambda self, text: asked.append(text) or "𐤀𐤁")
        completed(stage, "Ana")
        completed(stage, "Ben", printed_name="𐤁𐤀𐤁 Ben")

        assert shown(preview(staff)) == {
            "issued": [("Ana", "Engagement")],
            "already": [],
            "refused": {
                "No font on this server has 𐤀 𐤁, so no letter was issued. Install one that has, or write the name on "
                "letters in another script.": [("Ben", "Engagement")]
            },
        }
        [text] = asked
        assert set("Ana Ben𐤀𐤁") == set(text)

    def test_says_whose_letter_has_a_picture_that_is_missing(self, staff: Client, stage: Stage) -> None:
        picture = Image.objects.create(title="Seal", file=get_test_image_file())
        LetterTemplate.objects.update(logo=picture)
        picture.file.storage.delete(picture.file.name)
        completed(stage, "Ana")
        [why] = shown(preview(staff))["refused"]

        assert why.startswith("The picture “Seal” cannot be printed.")

    def test_stores_no_picture(self, staff: Client, stage: Stage, settings: Any, tmp_path: Any) -> None:
        picture = Image.objects.create(title="Seal", file=get_test_image_file())
        template = LetterTemplate.objects.get()
        template.logo, template.signatories = picture, [signed_by("A", signature=picture)]
        template.save()
        completed(stage, "Ana")

        assert shown(preview(staff))["issued"] == [("Ana", "Engagement")]
        assert not (tmp_path / "private").exists()

    @pytest.mark.parametrize(
        ("failure", "told"),
        [
            (PDFUnavailable(), "The letter cannot be printed, so none was issued."),
            (PDFTooHeavy("too much"), "The letter takes longer or more memory to print than it may"),
            (PDFFailed("anything"), "The letter could not be printed, so none was issued."),
        ],
    )
    def test_says_at_the_form_that_nothing_can_be_printed_here(
        self, staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch, failure: Exception, told: str
    ) -> None:
        def fail(self: QuickRenderer, text: str) -> str:
            raise failure

        monkeypatch.setattr(QuickRenderer, "missing_characters", fail)
        completed(stage)
        [error] = preview(staff)["form"].non_field_errors()

        assert error.startswith(told)

    @pytest.mark.parametrize(
        ("day", "why"), [("2999-01-01", "This date lies in the future."), ("", "This field is required.")]
    )
    def test_refuses_a_wrong_day_beside_its_field(self, staff: Client, stage: Stage, day: str, why: str) -> None:
        completed(stage)

        assert preview(staff, issued_on=day)["form"].errors == {"issued_on": [why]}

    def test_offers_today_and_every_stage(self, staff: Client, stage: Stage) -> None:
        completed(stage)
        form = staff.get(everybody()).context["form"]

        assert form["issued_on"].value() == timezone.localdate()
        assert form["stage"].value() is None
        assert ("", "Every completed stage without a letter") in list(form.fields["stage"].choices)

    def test_asks_as_much_for_fifty_as_for_five(self, staff: Client, stage: Stage) -> None:
        RequirementFactory(stage=stage, supervision=True)
        later = StageFactory(pathway=stage.pathway)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert shown(preview(staff))["issued"]
            return len(captured)

        def more(count: int) -> None:
            for number in range(count):
                person = completed(stage, f"Person {number}")
                person.completions.create(stage=later, completed_on=dt.date(2025, 4, 1))
                issued(stage)
                EnrolmentFactory(pathway=stage.pathway)

        more(5)
        queries()
        for_five = queries()
        more(45)

        assert queries() == for_five

    def test_is_of_those_the_filter_shows_and_no_others(self, staff: Client, stage: Stage) -> None:
        """As the desk leads: the hand, everybody whom it shows, and the action."""
        completed(stage, "Ana")
        issued(stage, "Ben")
        EnrolmentFactory(pathway=stage.pathway, participant__name="Cleo")

        assert shown(preview(staff, address("letters", "all", hand="letters-due"))) == {
            "issued": [("Ana", "Engagement")],
            "already": [],
            "refused": {},
        }


def start(client: Client, url: str = "", **form: Any) -> Job:
    """Send the form and the preview's button; no step of the work has been taken."""
    url = url or everybody()
    response = client.post(url, {"plan": shown_plan(client, url, {**FORM, **form})})
    job = Job.objects.latest("pk")
    assert response.url == job_url(job)
    return job


class TestTheWork:
    def test_issues_what_was_shown_in_the_list_s_order(self, staff: Client, stage: Stage) -> None:
        for name in ("Cleo", "Ana", "Ben"):
            completed(stage, name)
        job = done(staff, everybody(), FORM)

        letters = Letter.objects.order_by("running_number")
        assert [(letter.number, letter.name) for letter in letters] == [
            ("2025-0001", "Ana"),
            ("2025-0002", "Ben"),
            ("2025-0003", "Cleo"),
        ]
        assert {(letter.run, letter.issued_by) for letter in letters} == {(job, job.created_by)}
        assert (job.state, job.changed, job.left_out, job.total) == ("finished", 3, 0, 3)
        assert job.title == "Issue letters: every completed stage · 1 June 2025"

    def test_clicked_twice_issues_once(self, staff: Client, stage: Stage) -> None:
        completed(stage)
        plan = {"plan": shown_plan(staff, everybody(), FORM)}
        first, second = (staff.post(everybody(), plan) for _click in range(2))
        for job in Job.objects.all():
            jobs.run(job.pk)

        assert first.url == second.url
        assert numbers() == ["2025-0001"]

    def test_of_two_registrars_at_once_gives_nobody_two(self, staff: Client, client: Client, stage: Stage) -> None:
        for number in range(20):
            completed(stage, f"Person {number}")
        one = start(staff)
        client.force_login(registrar())
        other = start(client)
        while not (one.is_over and other.is_over):
            one, other = jobs.run(one.pk, seconds=0), jobs.run(other.pk, seconds=0)

        assert numbers() == [f"2025-{number:04d}" for number in range(1, 21)]
        assert len({letter.enrolment_id for letter in Letter.objects.all()}) == 20
        assert one.changed + other.changed == 20
        assert (one.left_out, other.left_out) == (0, 0)

    def test_leaves_alone_whoever_got_a_letter_meanwhile(self, staff: Client, stage: Stage) -> None:
        people = [completed(stage, name) for name in ("Ana", "Ben", "Cleo")]
        job = start(staff)
        actions.issue(people[1], stage, on=dt.date(2025, 6, 1), by=None)
        job = jobs.run(job.pk)

        assert (job.changed, job.left_out, job.position) == (2, 0, 3)
        assert numbers() == ["2025-0001", "2025-0002", "2025-0003"]

    def test_leaves_out_by_name_whoever_cannot_any_more_and_nobody_else(self, staff: Client, stage: Stage) -> None:
        ana, ben, cleo, _dora = (completed(stage, name) for name in ("Ana", "Ben", "Cleo", "Dora"))
        job = start(staff)
        set_status(ana, Enrolment.Status.WITHDRAWN, why="Moved", by=None)
        ben.completions.update(stands=None)
        erase(cleo.participant, why="Asked for it", by=None)
        job = jobs.run(job.pk)

        assert [(name, why.partition(".")[0]) for name, why in job.refusals] == [
            ("Ana, Engagement", "Withdrawn from the pathway"),
            ("Ben, Engagement", "“Engagement” is not completed; a letter is issued for completed stages only"),
            (
                f"Enrolment {cleo.pk}, no longer on record, Engagement",
                "This enrolment is no longer there: somebody merged or erased the person meanwhile",
            ),
        ]
        assert (job.changed, job.left_out) == (1, 3)
        assert [letter.name for letter in Letter.objects.all()] == ["Dora"]
        assert numbers() == ["2025-0001"]

    def test_issues_the_others_where_one_cannot_be_printed(
        self, staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = QuickRenderer.render

        def fail(self: QuickRenderer, snapshot: dict) -> bytes:
            if snapshot["name"] == "Person 7":
                raise MissingCharacters("王")
            return whole(self, snapshot)

        for number in range(10):
            completed(stage, f"Person {number}")
        monkeypatch.setattr(QuickRenderer, "render", fail)
        job = done(staff, everybody(), FORM)

        assert numbers() == [f"2025-{number:04d}" for number in range(1, 10)]
        assert [name for name, _why in job.refusals] == ["Person 7, Engagement"]

    def test_stops_for_whoever_has_lost_the_right(self, staff: Client, stage: Stage) -> None:
        for number in range(10):
            completed(stage, f"Person {number}")
        job = jobs.run(start(staff).pk, seconds=0)
        assert job.changed == 8
        job.created_by.groups.clear()
        job = jobs.run(job.pk)

        assert (job.changed, job.left_out) == (8, 2)
        assert {why for _name, why in job.refusals} == {"Whoever started this may no longer do it."}

    def test_leads_to_the_page_of_the_run(self, staff: Client, stage: Stage) -> None:
        completed(stage)
        job = done(staff, everybody(), FORM)

        assert f'href="{reverse("imp_letters_admin:run", args=[job.pk])}"' in staff.get(job_url(job)).text

    def test_keeps_who_was_left_out_beforehand_and_why(self, staff: Client, stage: Stage) -> None:
        completed(stage, "Ana")
        ParticipantFactory(name="Ben")
        issued(stage, "Cleo")
        job = done(staff, everybody(), FORM)

        assert job.params["refused"] == [["Ben", "No stage is completed."]]
        assert job.params["left_alone"] == {"so_already": 1, "refused": 1}


class TestWhoMay:
    def test_whoever_issues_letters_finds_it_in_the_list(self, client: Client, stage: Stage) -> None:
        offer = reverse("wagtail_bulk_action", args=["imp_participants", "participant", "letters"])
        completed(stage)
        for user, is_offered in [(registrar(), True), (with_permissions("view_participant"), False)]:
            client.force_login(user)
            assert (offer in client.get(reverse("imp_participants:index")).text) == is_offered

    def test_it_takes_the_right_to_issue_and_not_the_one_to_change_records(self, client: Client, stage: Stage) -> None:
        completed(stage)
        for user, status in [
            (editor(), 302),
            (facilitator(), 302),
            (with_permissions("view_participant", "change_participant"), 302),
            (with_permissions("issue_letter"), 302),
            (with_permissions("view_participant", "issue_letter"), 200),
        ]:
            client.force_login(user)
            assert client.get(everybody()).status_code == status
            assert client.post(everybody(), FORM).status_code == status
        assert not Job.objects.exists()


def with_permissions(*codenames: str) -> Any:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user
