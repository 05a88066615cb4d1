"""Somebody with everything that can be on record about a person, each text of it with the same mark in it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from wagtail.images import get_image_model
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file

from imp_wagtail.core.models import Job
from imp_wagtail.directory import actions as directory
from imp_wagtail.directory.models import DirectoryMail, Enquiry, Purpose, Teacher
from imp_wagtail.letters import actions as letters
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohort_actions
from imp_wagtail.participants.duplicates.merging import merge, tell_apart
from imp_wagtail.participants.models import Enrolment, Participant
from imp_wagtail.pathways.models import Pathway
from tests.factories import CohortFactory, LetterTemplateFactory, ParticipantFactory, SessionFactory, UserFactory
from tests.participants.support import PAST, asked, complete, imp, retreat, stage

FILE = b"%PDF-1.7 a document about "
#: Like no other word, in any table that Django or Wagtail fill by themselves.
MARK = "Zyxwather"


@dataclass(frozen=True)
class Whole:
    """The person, and what a test asks about them."""

    participant: Participant
    enrolment: Enrolment
    withdrawn: Letter
    valid: Letter
    teacher: Teacher
    photo: Image


def whole_person(mark: str = MARK, *, by: Any = None) -> Whole:
    """Somebody whose name, e-mail, notes, evidence, files and history all have the mark in them."""
    pathway = imp()
    LetterTemplateFactory(pathway=pathway)
    participant = actions.save_participant(
        Participant(
            name=f"Quinn {mark}",
            printed_name=f"Dr Quinn {mark}",
            email=f"quinn@{mark}.example".lower(),
            town=f"{mark}stad",
            country="NL",
            language="en",
            notes=f"Notes of {mark}",
            user=UserFactory(),
        ),
        by=by,
    )
    participant.town = f"{mark}burg"
    actions.save_participant(participant, by=by)
    enrolment = _enrolled(participant, pathway, mark, by=by)
    _in_cohorts(enrolment, mark, by=by)
    withdrawn, valid = _letters(enrolment, mark, by=by)
    photo = _photo(mark)
    teacher = _listed(participant, photo, mark, by=by)
    _known_elsewhere(participant, mark, by=by)
    return Whole(Participant.objects.get(pk=participant.pk), enrolment, withdrawn, valid, teacher, photo)


def _enrolled(participant: Participant, pathway: Pathway, mark: str, *, by: Any) -> Enrolment:
    enrolment = actions.enrol(participant, pathway, on=dt.date(2024, 1, 15), by=by)
    document = ContentFile(FILE + mark.encode(), name=f"{mark}.pdf")
    retreat(enrolment, detail=f"Retreat with {mark}", note=f"Note on {mark}", file=document, by=by)
    mistaken = retreat(enrolment, days="5", detail=f"Nothing of {mark}", file=ContentFile(b"lost", "lost.pdf"), by=by)
    actions.remove_evidence(mistaken, why=f"Not {mark}", by=by)
    practice = asked(pathway, "practice")
    mistake = actions.decide(enrolment, practice, outcome="met", reason=f"Says {mark}", by=by)
    actions.revoke_decision(mistake, why=f"{mark} was wrong", by=by)
    complete(enrolment, "preparation", by=by)
    actions.reopen_stage(enrolment, stage(pathway, "preparation"), why=f"{mark} asked", by=by)
    actions.complete_stage(enrolment, stage(pathway, "preparation"), on=PAST, by=by)
    complete(enrolment, "engagement", "completion", by=by)
    enrolment.extensions.create(
        stage=stage(pathway, "completion"), until=PAST, granted_on=PAST, reason=f"{mark} was ill", granted_by=by
    )
    actions.set_status(enrolment, "paused", why=f"{mark} is away", by=by)
    actions.set_status(enrolment, "active", why=f"{mark} is back", by=by)
    return enrolment


def _in_cohorts(enrolment: Enrolment, mark: str, *, by: Any) -> None:
    past, present = CohortFactory.create_batch(2, pathway=enrolment.pathway)
    for cohort in (past, present):
        membership = cohort_actions.join_cohort(cohort, enrolment, by=by)
        session = SessionFactory(cohort=cohort)
        cohort_actions.mark_attendance(session, present=[enrolment], by=by)
        if cohort == past:
            cohort_actions.leave_cohort(membership, by=by)


def _letters(enrolment: Enrolment, mark: str, *, by: Any) -> tuple[Letter, Letter]:
    first, second = (stage(enrolment.pathway, key) for key in ("preparation", "engagement"))
    withdrawn = letters.issue(enrolment, first, by=by)
    letters.withdraw(withdrawn, reason=f"{mark} gave it back", by=by)
    misspelt = letters.issue(enrolment, second, by=by)
    valid = letters.replace(misspelt, reason=f"{mark} was misspelt", by=by)
    letters.send(valid, manner="attachment", by=by)
    return withdrawn, valid


def _photo(mark: str) -> Image:
    file = get_test_image_file(filename=f"{mark}.png")
    photo = get_image_model().objects.create(title=f"Portrait of {mark}", file=file)
    photo.tags.add("portraits")
    photo.get_rendition("fill-20x20")
    return photo


def _listed(participant: Participant, photo: Image, mark: str, *, by: Any) -> Teacher:
    teacher = directory.list_teacher(
        participant,
        consented_on=PAST,
        consent_note=f"E-mail of {mark}",
        country="NL",
        languages=["nl", "en"],
        about=f"{mark} teaches",
        photo=photo,
        purposes=Purpose.values[1:],
        by=by,
    )
    directory.add_course(
        teacher, title=f"Course of {mark}", starts=PAST, ends=PAST, format="online", language="nl", by=by
    )
    directory.add_qualification(teacher, sort="attended", title=f"Course that {mark} attended", by=by)
    directory.end_consent(teacher, Purpose.MAP, why=f"{mark} moved", by=by)
    directory.renew(teacher, note=f"As {mark} wrote", by=by)
    directory.suspend(teacher, why=f"{mark} asked for a pause", by=by)
    directory.resume(teacher, why=f"{mark} is back", by=by)
    teacher = directory.recognise(teacher, why=f"{mark} trained others", by=by)
    _written_to(teacher, mark)
    return teacher


def _written_to(teacher: Teacher, mark: str) -> None:
    """Somebody wrote by the form, and the entry's owner is reminded."""
    enquiry = Enquiry.objects.create(
        teacher=teacher, sender_name="Ann", sender_email="ann@example.org", text=f"Dear {mark}", token=uuid4()
    )
    mail = {"to": f"quinn@{mark}.example".lower(), "language": "en", "subject": f"For {mark}", "text": f"Dear {mark}"}
    DirectoryMail.objects.create(teacher=teacher, enquiry=enquiry, kind="enquiry", **mail)
    DirectoryMail.objects.create(teacher=teacher, kind="reminder", occasion="2027-01-01/14", **mail)


def _known_elsewhere(participant: Participant, mark: str, *, by: Any) -> None:
    """Told apart from one, merged with another, told of by a job, and changed in Django's own admin."""
    tell_apart(participant, ParticipantFactory(), by=by)
    tell_apart(ParticipantFactory(), participant, by=by)
    double = actions.save_participant(Participant(name=f"Q. {mark}", notes=f"Is {mark} too"), by=by)
    merge(participant, double, by=by)
    why = f"{participant.name} is on another pathway."
    Job.objects.create(kind="any", title="Enrol", refusals=[[participant.name, why], ["Somebody else", "Paused."]])
    Job.objects.create(
        kind="any",
        title=f"Record evidence: {participant.name}",
        params={"data": {"note": f"As {participant.email} wrote", "days": 3}},
        return_url=f"/admin/training/participants/?q=Quinn+{mark}",
        state=Job.State.FINISHED,
    )
    LogEntry.objects.create(
        user=UserFactory(),
        content_type=ContentType.objects.get_for_model(participant),
        object_id=str(participant.pk),
        object_repr=str(participant),
        action_flag=CHANGE,
    )
