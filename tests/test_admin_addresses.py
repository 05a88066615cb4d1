"""Every address of the package in the admin, opened by everybody, against data that could leak.

The table below says who may open which. An address that is not in it fails the first test, so that a new screen
cannot be forgotten here.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Revision, Workflow, WorkflowTask

from imp_wagtail.core import jobs, roles
from imp_wagtail.core.models import Job
from imp_wagtail.directory.models import Enquiry, Partner
from imp_wagtail.letters import actions as letter_actions
from imp_wagtail.letters.models import Letter, LetterTemplate
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.importing import steps
from imp_wagtail.participants.models import Enrolment, PeopleImport
from imp_wagtail.pathways.models import Pathway
from imp_wagtail.trainings.models import Question
from tests.factories import (
    CohortFactory,
    CourseFactory,
    DirectoryPageFactory,
    EnrolmentFactory,
    LetterMessageFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    QualificationFactory,
    QuestionFactory,
    SessionFactory,
    TeacherFactory,
    TrainerFactory,
    UserFactory,
    editor,
    facilitator,
    registrar,
)
from tests.participants.support import asked, complete, imp, on_record, stage

pytestmark = pytest.mark.django_db

NAME, EMAIL, NOTES = "Leakable Person", "leak@example.org", "Private and leakable notes"
REASON, COHORT, FILE = "A leakable reason", "Leakable cohort", "leakable.csv"
SECRETS = (NAME, EMAIL, NOTES, REASON, COHORT, FILE)

Who = Callable[[], Any]


def with_permissions(*codenames: str) -> Any:
    user = UserFactory()
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return user


def nobody() -> None:
    """Somebody without an account."""


EVERYBODY: dict[str, Who] = {
    "outsider": nobody,
    "account": UserFactory,
    "admin": with_permissions,
    "editor": editor,
    "facilitator": facilitator,
    "viewer": partial(with_permissions, "view_participant", "view_cohort", "view_teacher", "view_letter"),
    "registrar": registrar,
    "superuser": partial(UserFactory, superuser=True),
}

STAFF = "registrar superuser"
READERS = f"viewer {STAFF}"
GROUPS = f"facilitator {READERS}"
EDITORS = "editor superuser"
ADMINS = "admin editor facilitator viewer registrar superuser"
OWNER = "superuser"


@dataclass
class World:
    """One person with everything that could leak, whose cohort and job belong to others than those who look."""

    enrolment: Enrolment
    keys: dict[str, Any]

    def address(self, name: str, keys: str) -> str:
        return reverse(name, args=[self.keys[key] for key in keys.split()])


#: Names of addresses, the records in them, and who may open them. Everybody else is refused and learns nothing.
TABLE: list[tuple[str, str, str]] = [
    ("imp_desk:index", "", READERS),
    ("imp_facts:menu", "", ADMINS),
    ("imp_jobs:job imp_jobs:status imp_jobs:go_on imp_jobs:cancel", "job", OWNER),
    ("imp_participants:index imp_participants:index_results", "", READERS),
    ("imp_participants:add imp_participants:duplicates", "", STAFF),
    ("imp_participants:merge imp_participants:tell_apart", "participant twin", STAFF),
    ("imp_participants:bulk", "act", STAFF),
    ("imp_participants:bulk_export", "", READERS),
    ("imp_participants:record imp_participants:history imp_participants:history_results", "participant", READERS),
    ("imp_participants:edit imp_participants:notes imp_participants:enrol", "participant", STAFF),
    ("imp_participants:export_person imp_participants:erase", "participant", STAFF),
    ("imp_participants:record_evidence imp_participants:decide", "enrolment requirement", STAFF),
    (
        "imp_participants:complete_stage imp_participants:reopen_stage imp_participants:extend_window",
        "enrolment stage",
        STAFF,
    ),
    ("imp_participants:join_cohort", "enrolment", STAFF),
    ("imp_participants:set_status", "enrolment status", STAFF),
    ("imp_participants:end_extension", "extension", STAFF),
    ("imp_participants:change_evidence imp_participants:remove_evidence", "evidence", STAFF),
    ("imp_participants:evidence_file", "evidence", READERS),
    ("imp_participants:revoke_decision", "decision", STAFF),
    ("imp_people_import:begin", "", STAFF),
    ("imp_people_import:template", "pathway ending", STAFF),
    (
        " ".join(
            f"imp_people_import:{name}"
            for name in ("import", "columns", "status", "go_on", "check_again", "cancel", "problems")
        ),
        "import",
        OWNER,
    ),
    ("imp_cohorts:index imp_cohorts:index_results", "", GROUPS),
    ("imp_cohorts:add", "", STAFF),
    ("imp_cohorts:cohort imp_cohorts:history imp_cohorts:history_results", "cohort", READERS),
    ("imp_cohorts:edit imp_cohorts:add_members imp_cohorts:add_sessions", "cohort", STAFF),
    ("imp_cohorts:remove_member imp_cohorts:move_member", "cohort membership", STAFF),
    ("imp_cohorts:edit_session imp_cohorts:remove_session", "cohort session", STAFF),
    ("imp_letters_admin:issue", "enrolment stage", STAFF),
    ("imp_letters_admin:replace imp_letters_admin:withdraw", "letter", STAFF),
    ("imp_letters_admin:download", "letter", READERS),
    ("imp_letters_admin:send", "letter", STAFF),
    ("imp_letters_admin:try_again", "sending", STAFF),
    ("imp_letters_admin:send_run", "run", STAFF),
    ("imp_letters_admin:run imp_letters_admin:run_print imp_letters_admin:run_zip", "run", READERS),
    ("training_letters_modeladmin_index", "", READERS),
    ("training_letters_modeladmin_inspect", "letter", READERS),
    ("imp_teachers:index imp_teachers:index_results", "", READERS),
    ("imp_teachers:public", "teacher", READERS),
    ("imp_teachers:list", "participant", STAFF),
    (
        " ".join(
            f"imp_teachers:{name}"
            for name in (
                "edit",
                "preview",
                "record_consent",
                "end_consent",
                "renew",
                "ask_to_renew",
                "suspend",
                "resume",
                "recognise",
                "end_recognition",
                "add_course",
                "add_qualification",
            )
        ),
        "teacher",
        STAFF,
    ),
    ("imp_teachers:wordings imp_teachers:ask_many", "", STAFF),
    ("imp_teachers:new_wording", "purpose", STAFF),
    ("imp_teachers:edit_course imp_teachers:remove_course", "course", STAFF),
    (
        "imp_teachers:edit_qualification imp_teachers:check_qualification imp_teachers:remove_qualification",
        "qualification",
        STAFF,
    ),
    ("imp_enquiries:index imp_enquiries:index_results", "", STAFF),
    (
        "imp_enquiries:enquiry imp_enquiries:settle imp_enquiries:block imp_enquiries:unblock "
        "imp_enquiries:erase_sender",
        "enquiry",
        STAFF,
    ),
    ("imp_partners:index imp_partners:index_results imp_partners:add", "", STAFF),
    (
        "imp_partners:partner imp_partners:edit imp_partners:read imp_partners:remove imp_partners:history "
        "imp_partners:history_results",
        "partner",
        STAFF,
    ),
    ("wagtailsnippets_imp_letters_lettertemplate:unpublish", "template", STAFF),
    (
        " ".join(
            f"wagtailsnippets_imp_letters_lettertemplate:revisions_{name}" for name in ("view", "revert", "unschedule")
        ),
        "template revision",
        STAFF,
    ),
    ("wagtailsnippets_imp_letters_lettertemplate:revisions_compare", "template revision revision", STAFF),
    (
        " ".join(
            f"wagtailsnippets_imp_trainings_question:{name}" for name in ("unpublish", "lock", "workflow_history")
        ),
        "question",
        EDITORS,
    ),
    # While somebody is asked to approve it, only whoever may do everything unlocks it.
    ("wagtailsnippets_imp_trainings_question:unlock", "question", "superuser"),
    # Wagtail asks here whether one is sure, and says nothing of the question.
    ("wagtailsnippets_imp_trainings_question:confirm_workflow_cancellation", "question", ADMINS),
    (
        " ".join(
            f"wagtailsnippets_imp_trainings_question:revisions_{name}" for name in ("view", "revert", "unschedule")
        ),
        "question question_revision",
        EDITORS,
    ),
    (
        "wagtailsnippets_imp_trainings_question:revisions_compare",
        "question question_revision question_revision",
        EDITORS,
    ),
    (
        "wagtailsnippets_imp_trainings_question:workflow_action "
        "wagtailsnippets_imp_trainings_question:collect_workflow_action_data",
        "question approval question_task_state",
        EDITORS,
    ),
    ("wagtailsnippets_imp_trainings_question:workflow_preview", "question question_task", EDITORS),
    ("wagtailsnippets_imp_trainings_question:workflow_history_detail", "question question_workflow", EDITORS),
    *(
        entry
        for snippet, key, who in (
            ("imp_pathways_pathway", "pathway", EDITORS),
            ("imp_trainings_question", "question", EDITORS),
            ("imp_trainings_trainer", "trainer", EDITORS),
            ("imp_letters_lettertemplate", "template", STAFF),
            ("imp_letters_lettermessage", "message", STAFF),
        )
        for entry in (
            (
                " ".join(
                    f"wagtailsnippets_{snippet}:{name}" for name in ("list", "list_results", "add", "preview_on_add")
                ),
                "",
                who,
            ),
            (
                " ".join(
                    f"wagtailsnippets_{snippet}:{name}"
                    for name in ("edit", "preview_on_edit", "delete", "usage", "history", "history_results")
                ),
                key,
                who,
            ),
            # What is chosen from are pathways, questions, trainers and wording: nothing about people.
            (
                " ".join(
                    f"wagtailsnippetchoosers_{snippet}:{name}"
                    for name in ("choose", "choose_results", "chosen_multiple")
                ),
                "",
                ADMINS,
            ),
            (f"wagtailsnippetchoosers_{snippet}:create", "", who),
            (f"wagtailsnippetchoosers_{snippet}:chosen", key, ADMINS),
        )
    ),
]
#: Addresses of Wagtail's own that show records of the package too.
WAGTAILS = ["wagtailadmin_home", "wagtailadmin_reports:site_history"]


def every_address() -> set[str]:
    """The names of all addresses in the admin that the package, or Wagtail for its models, answers."""

    def walk(resolver: URLResolver, spaces: tuple[str, ...] = (), path: str = "") -> Iterator[tuple[str, str, str]]:
        for pattern in resolver.url_patterns:
            here = path + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern, spaces + ((pattern.namespace,) if pattern.namespace else ()), here)
            else:
                view = getattr(pattern.callback, "view_class", pattern.callback)
                yield ":".join((*spaces, pattern.name or "")), here, view.__module__

    return {
        name
        for name, path, module in walk(get_resolver())
        if path.startswith("admin/")
        and ("imp_" in name or module.startswith("imp_wagtail") or path.startswith("admin/^training"))
    }


def names_in_table() -> list[str]:
    return [name for names, _keys, _who in TABLE for name in names.split()]


def test_the_table_has_every_address() -> None:
    assert set(names_in_table()) == every_address()
    assert len(names_in_table()) == len(set(names_in_table()))


@pytest.fixture
def world() -> World:
    pathway = imp()
    LetterTemplateFactory(pathway=pathway)
    pathway.stages.filter(key="completion").update(opens_after_months=1, closes_after_months=2)
    person = {"participant__name": NAME, "participant__email": EMAIL, "participant__notes": NOTES}
    enrolment = EnrolmentFactory(pathway=pathway, **person)
    complete(enrolment, "preparation", "engagement")
    evidence = asked(pathway, "cycles")
    cycles = actions.record_evidence(
        enrolment,
        evidence,
        date=dt.date(2024, 5, 1),
        amount=Decimal(1),
        detail=NOTES,
        file=ContentFile(b"leakable", name="leak.pdf"),
        by=None,
    )
    decision = actions.decide(enrolment, asked(pathway, "supervision"), outcome="refused", reason=REASON, by=None)
    extension = actions.extend_window(
        enrolment, stage(pathway, "completion"), until=dt.date(2030, 1, 1), reason=REASON, by=None
    )
    cohort = CohortFactory(pathway=pathway, title=COHORT)
    cohort.facilitators.add(facilitator())
    session = SessionFactory(cohort=cohort)
    membership = cohort_actions.join_cohort(cohort, enrolment, by=None)
    letter = letter_actions.issue(enrolment, stage(pathway, "preparation"), by=None)
    teacher = TeacherFactory(participant=enrolment.participant, name=NAME, about=NOTES, standing=False)
    DirectoryPageFactory()
    template = LetterTemplateFactory(pathway=pathway, stage=stage(pathway, "engagement"))
    owner = registrar()
    return World(
        enrolment,
        {
            "participant": enrolment.participant_id,
            "twin": ParticipantFactory(name=NAME, notes=NOTES).pk,
            "enrolment": enrolment.pk,
            "requirement": evidence.pk,
            "stage": stage(pathway, "completion").pk,
            "status": "withdrawn",
            "extension": extension.pk,
            "evidence": cycles.pk,
            "decision": decision.pk,
            "act": "decide",
            "cohort": cohort.pk,
            "membership": membership.pk,
            "session": session.pk,
            "letter": letter.pk,
            "sending": letter_actions.send(letter, manner="link", by=None).pk,
            "run": run_with(letter, by=owner).pk,
            "teacher": teacher.pk,
            "course": CourseFactory(teacher=teacher, title=NOTES).pk,
            "qualification": QualificationFactory(teacher=teacher, title=NOTES).pk,
            "partner": Partner.objects.create(
                name=NOTES, site_url="https://a.example/", feed_url="https://a.example/feed/"
            ).pk,
            "enquiry": Enquiry.objects.create(
                teacher=teacher, sender_name=NAME, sender_email=EMAIL, text=NOTES, token=uuid4()
            ).pk,
            "pathway": pathway.pk,
            "purpose": "profile",
            "ending": "csv",
            "trainer": TrainerFactory().pk,
            "message": LetterMessageFactory().pk,
            "template": template.pk,
            "revision": scheduled(template).pk,
            "job": jobs.start(
                "imp_participants.recompute", title=f"{NAME} · {COHORT}", items=[], token="leak", by=owner
            ).pk,
            "import": uploaded(pathway, by=owner).pk,
            **asked_for_approval(owner),
        },
    )


def scheduled(template: LetterTemplate | Question) -> Revision:
    """A version of the template, or the question, that waits to be published."""
    template.go_live_at = timezone.now() + dt.timedelta(days=9)
    revision = template.save_revision()
    revision.publish()
    return revision


def asked_for_approval(by: Any) -> dict[str, Any]:
    """A question that waits for its day and for the editors."""
    question = QuestionFactory()
    revision = scheduled(question)
    task = GroupApprovalTask.objects.create(name="Reading")
    task.groups.add(Group.objects.get(name=roles.EDITORS))
    workflow = Workflow.objects.create(name="Reading")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    state = workflow.start(question, by)
    return {
        "question": question.pk,
        "question_revision": revision.pk,
        "approval": "approve",
        "question_task": task.pk,
        "question_task_state": state.current_task_state.pk,
        "question_workflow": state.pk,
    }


def run_with(letter: Letter, *, by: Any) -> Job:
    """The run in which a letter was issued."""
    run = Job.objects.create(kind="imp_letters.issue", title=f"{NAME} · {COHORT}", created_by=by)
    Letter.objects.filter(pk=letter.pk).update(run=run)
    return run


def uploaded(pathway: Pathway, *, by: Any) -> PeopleImport:
    """A list of people on its way in, checked."""
    table = steps.read_upload(SimpleUploadedFile(FILE, f"Name,E-mail\n{NAME},{EMAIL}\n".encode()))
    people_import = steps.begin(table, pathway, filename=FILE, by=by)
    jobs.run(steps.check(people_import, people_import.matching, by=by).pk)
    return people_import


def is_refused(response: Any) -> bool:
    """Whether the answer is "no": the way to the login or to the admin's home, or "not there"."""
    if response.status_code == 302:
        return response.url.split("?")[0] in (reverse("wagtailadmin_home"), reverse("wagtailadmin_login"))
    return response.status_code in (403, 404)


def leaks(response: Any) -> list[str]:
    text = b"".join(response.streaming_content) if response.streaming else response.content
    return [secret for secret in SECRETS if secret.encode() in text]


def rows() -> Any:
    return on_record(), list(Letter.objects.order_by("pk").values())


@pytest.mark.parametrize("role", EVERYBODY)
def test_everybody_opens_what_is_theirs_and_nothing_else(client: Client, world: World, role: str) -> None:
    user = EVERYBODY[role]()
    if user:
        client.force_login(user)
    before = rows()
    for names, keys, who in TABLE:
        for name in names.split():
            address = world.address(name, keys)
            response = client.get(address)
            if response.status_code != 405:
                assert (name, is_refused(response)) == (name, role not in who.split())
            if role not in who.split():
                assert (name, leaks(response)) == (name, [])
                sent = client.post(address, {"why": "x", "name": "Taken over"})
                assert (name, is_refused(sent) or sent.status_code == 405, leaks(sent)) == (name, True, [])
    assert rows() == before


@pytest.mark.parametrize("role", ["outsider", "account", "admin", "editor"])
def test_who_follows_nobody_reads_of_nobody_anywhere(client: Client, world: World, role: str) -> None:
    user = EVERYBODY[role]()
    if user:
        client.force_login(user)
    addresses = [world.address(name, keys) for names, keys, _who in TABLE for name in names.split()]
    addresses += [reverse(name) for name in WAGTAILS]
    for address in addresses:
        for variant in (address, f"{address}?q=Leakable", f"{address}?export=csv"):
            assert (variant, leaks(client.get(variant, follow=True))) == (variant, [])


def test_a_facilitator_reads_of_nobody_else_anywhere(client: Client, world: World) -> None:
    user = facilitator()
    client.force_login(user)
    own = CohortFactory(title="My own")
    own.facilitators.add(user)
    for names, keys, _who in TABLE:
        for name in names.split():
            address = world.address(name, keys)
            for variant in (address, f"{address}?q=Leakable", f"{address}?export=csv"):
                assert (variant, leaks(client.get(variant, follow=True))) == (variant, [])
    assert not [secret for secret in SECRETS if secret in client.get(reverse("wagtailadmin_home")).text]


def test_what_is_not_there_answers_as_what_may_not_be_seen(client: Client, world: World) -> None:
    client.force_login(editor())
    missing = World(
        world.enrolment, {**world.keys, **dict.fromkeys((k for k, v in world.keys.items() if type(v) is int), 999_999)}
    )
    for names, keys, who in TABLE:
        if "editor" in who.split() or names.startswith("wagtailsnippet"):  # wording and rules, nothing about people
            continue
        for name in names.split():
            found, lost = client.get(world.address(name, keys)), client.get(missing.address(name, keys))
            assert (name, found.status_code, found.headers.get("Location")) == (
                name,
                lost.status_code,
                lost.headers.get("Location"),
            )


def test_the_data_that_could_leak_is_there(client: Client, world: World) -> None:
    client.force_login(registrar())
    text = client.get(world.address("imp_participants:record", "participant")).text

    assert [secret for secret in (NAME, EMAIL, NOTES, REASON, COHORT) if secret not in text] == []
