"""A history has one language, the site's own: a registrar who works in French reads French, and writes English."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override
from wagtail.models import Locale, ModelLogEntry, PageLogEntry
from wagtail.users.models import UserProfile

from imp_wagtail.directory import actions as directory
from imp_wagtail.directory.contact import actions as contact
from imp_wagtail.directory.renewing import actions as renewing
from imp_wagtail.letters import actions as letters
from imp_wagtail.participants import actions
from imp_wagtail.participants.cohorts import actions as cohorts
from imp_wagtail.participants.duplicates import merging
from imp_wagtail.participants.models import Participant
from imp_wagtail.pathways.models import Pathway
from tests.directory.contact.support import enquired
from tests.factories import (
    CohortFactory,
    EnrolmentFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    SessionFactory,
    StageFactory,
    TeacherFactory,
    TrainingPageFactory,
    facilitator,
    registrar,
)
from tests.letters.conftest import issued
from tests.participants.importing import imported
from tests.participants.support import PAST, asked, complete, imp, retreat, stage
from tests.trainings.support import changed, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Any:
    return registrar()


@pytest.fixture
def pathway() -> Pathway:
    return imp()


@contextmanager
def in_french(*lines: dict[str, str], by: Any = None) -> Iterator[None]:
    """Somebody acts in French: the history has these lines more, and French goes on being spoken."""
    known = list(ModelLogEntry.objects.values_list("pk", flat=True))
    with override("fr"):
        yield
        assert get_language() == "fr"
    entries = ModelLogEntry.objects.exclude(pk__in=known).order_by("pk")
    assert [entry.data for entry in entries] == list(lines)


@contextmanager
def refused_in_french(message: str) -> Iterator[None]:
    with in_french(), pytest.raises(ValidationError) as caught:
        yield
    said = " ".join(caught.value.messages)
    assert message in re.sub(r"\s", " ", said)


class TestOfAPerson:
    def test_details_are_told_in_english(self, by: Any) -> None:
        ana = ParticipantFactory(name="Ana", country="NL", language="en", notes="")
        ana.country, ana.language, ana.notes = "DE", "fr", "Ill."
        line = {"what": "country, language, private notes"}
        with in_french({**line, "before": "Netherlands; English", "after": "Germany; French"}):
            actions.save_participant(ana, by=by)

    def test_evidence_is_told_in_english_and_refused_in_french(self, pathway: Pathway, by: Any) -> None:
        enrolment = EnrolmentFactory(pathway=pathway)
        with in_french({"what": "Two retreats", "after": "1 May 2024 · 6.5 days"}):
            evidence = retreat(enrolment, days="6.5", by=by)
        with in_french({"what": "Two retreats", "before": "1 May 2024 · 6.5 days", "after": "2 May 2024 · 6 days"}):
            evidence = actions.change_evidence(evidence, date=dt.date(2024, 5, 2), amount=Decimal(6), by=by)
        with in_french({"what": "Two retreats (note)"}):
            same = {"date": evidence.date, "amount": evidence.amount}
            evidence = actions.change_evidence(evidence, **same, note="Seen.", by=by)
        with refused_in_french("Indiquez une quantité supérieure à zéro."):
            retreat(enrolment, days="0", by=by)
        with in_french({"what": "Two retreats", "before": "2 May 2024 · 6 days", "after": "–", "why": "Non."}):
            actions.remove_evidence(evidence, why="Non.", by=by)

    def test_decisions_are_told_in_english_and_refused_in_french(self, pathway: Pathway, by: Any) -> None:
        enrolment = EnrolmentFactory(pathway=pathway)
        practice = asked(pathway, "practice")
        with in_french({"what": "Own practice", "after": "waived", "why": "Oui."}):
            decision = actions.decide(enrolment, practice, outcome="waived", reason="Oui.", by=by)
        with refused_in_french("Il y a déjà une décision (dispense)"):
            actions.decide(enrolment, practice, outcome="met", reason="Vu.", by=by)
        with in_french({"what": "Own practice", "before": "waived", "after": "–", "why": "Non."}):
            actions.revoke_decision(decision, why="Non.", by=by)

    def test_stages_are_told_in_english_and_refused_in_french(self, pathway: Pathway, by: Any) -> None:
        enrolment = EnrolmentFactory(pathway=pathway)
        preparation = stage(pathway, "preparation")
        with refused_in_french("L’étape « Preparation » ne peut pas encore être validée."):
            actions.complete_stage(enrolment, preparation, on=PAST, by=by)
        complete(enrolment, "preparation")
        with in_french({"what": "Preparation", "before": "1 May 2024", "after": "–", "why": "Non."}):
            actions.reopen_stage(enrolment, preparation, why="Non.", by=by)
        with in_french({"what": "Preparation", "after": "1 May 2024"}):
            actions.complete_stage(enrolment, preparation, on=PAST, by=by)

    def test_enrolments_are_told_in_english(self, pathway: Pathway, by: Any) -> None:
        ana = ParticipantFactory()
        with in_french({"what": "IMP", "after": "1 May 2024"}):
            enrolment = actions.enrol(ana, pathway, on=PAST, by=by)
        with in_french({"what": "IMP", "before": "active", "after": "paused", "why": "Un an."}):
            actions.set_status(enrolment, "paused", why="Un an.", by=by)

    def test_an_import_is_told_in_english(self, pathway: Pathway, by: Any) -> None:
        why = "Imported from “people.csv”."
        with in_french({"what": "Ana", "why": why}, {"what": "IMP", "after": "1 May 2024", "why": why}):
            imported(pathway, {"name": "Ana", "enrolled_on": "2024-05-01"}, by=by)

    def test_two_who_look_alike_are_told_apart_in_english_and_refused_in_french(self, by: Any) -> None:
        ana, anna = ParticipantFactory.create_batch(2)
        with in_french({"what": f"record {anna.pk}"}):
            merging.tell_apart(ana, anna, by=by)
        Participant.objects.filter(pk=anna.pk).delete()
        with refused_in_french("L’un des deux dossiers n’existe plus."):
            merging.tell_apart(ana, anna, by=by)


class TestOfACohort:
    def test_sessions_and_attendance_are_told_in_english_and_refused_in_french(self, by: Any) -> None:
        cohort = CohortFactory(title="Spring")
        ana = EnrolmentFactory(pathway=cohort.pathway)
        cohorts.join_cohort(cohort, ana, by=by)
        with in_french({"what": "1 May 2024 · Day 1, 8 May 2024 · Day 2"}):
            first, _second = cohorts.add_sessions(cohort, first=PAST, count=2, every_days=7, title="Day {n}", by=by)
        with in_french({"what": "Spring · 1 May 2024", "before": "not present", "after": "present"}):
            cohorts.mark_attendance(first, present=[ana], by=by)
        with refused_in_french("La séance du 1 mars 2099 n’a pas encore eu lieu."):
            to_come = SessionFactory(cohort=cohort, date=dt.date(2099, 3, 1))
            cohorts.mark_attendance(to_come, present=[ana], by=by)
        first.date, first.hours = dt.date(2024, 5, 2), Decimal("1.5")
        line = {"what": "1 May 2024 · Day 1, date, hours", "before": "1 May 2024; –", "after": "2 May 2024; 1.5"}
        with in_french(line):
            cohorts.save_session(first, by=by)

    def test_details_are_told_in_english(self, by: Any) -> None:
        cohort = CohortFactory(kind="training")
        cohort.kind, leader = "supervision", facilitator()
        line = {"what": "kind, facilitators", "before": "training; –", "after": f"supervision group; {leader}"}
        with in_french(line):
            cohorts.save_cohort(cohort, facilitators=[leader], by=by)


@pytest.mark.usefixtures("quick_pdf")
def test_a_letter_is_told_in_english_and_refused_in_french(by: Any) -> None:
    engagement = StageFactory(title="Engagement")
    LetterTemplateFactory(pathway=engagement.pathway)
    letter = issued(engagement, email="ana@example.org")
    with in_french({"what": "Engagement", "after": "2025-0001 to ana@example.org, as an attachment"}):
        letters.send(letter, manner="attachment", by=by)
    with in_french({"what": "Engagement", "before": "2025-0001", "after": "–", "why": "Erreur."}):
        letters.withdraw(letter, reason="Erreur.", by=by)
    with refused_in_french("L’attestation 2025-0001 est déjà retirée."):
        letters.withdraw(letter, reason="Erreur.", by=by)


class TestOfAnEntryInTheDirectory:
    def test_what_it_says_is_told_in_english_and_refused_in_french(self, by: Any) -> None:
        teacher = TeacherFactory(country="NL", speaks=["nl", "en"], teaches_in_person=True)
        with in_french(
            {
                "what": "Country, Languages, Teaches online",
                "before": "Netherlands; Dutch, English; no",
                "after": "Germany; German; yes",
            }
        ):
            directory.update_teacher(teacher, country="DE", languages=["de"], teaches_online=True, by=by)
        with refused_in_french("Choisissez au moins une langue."):
            directory.update_teacher(teacher, languages=[], by=by)

    def test_consent_is_told_in_english_and_refused_in_french(self, by: Any) -> None:
        teacher = TeacherFactory(name="Ana", consent=dt.date(2025, 1, 1))
        on, before = dt.date(2025, 3, 1), "1 January 2025"
        with in_french(
            {"what": "Ana: Public profile, version 1 of the text", "before": before, "after": "1 March 2025"}
        ):
            directory.record_consent(teacher, on=on, by=by)
        with refused_in_french("Une date ultérieure est déjà enregistrée : 1 mars 2025."):
            directory.record_consent(teacher, on=dt.date(2025, 2, 1), by=by)
        with in_french(
            {"what": "Ana: Public profile", "before": "1 March 2025", "after": "2 March 2025", "why": "Non."}
        ):
            directory.end_consent(teacher, on=dt.date(2025, 3, 2), why="Non.", by=by)

    def test_courses_are_told_in_english_and_refused_in_french(self, by: Any) -> None:
        teacher = TeacherFactory()
        days = {"starts": dt.date(2099, 5, 1), "ends": dt.date(2099, 5, 3)}
        with in_french({"what": "Stille", "after": "1–3 May 2099"}):
            course = directory.add_course(teacher, title="Stille", format="online", language="de", by=by, **days)
        with in_french({"what": "Stille: state", "before": "open", "after": "cancelled"}):
            directory.update_course(course, state="cancelled", by=by)
        gone = copy(course)
        with in_french({"what": "Stille", "before": "1–3 May 2099"}):
            directory.remove_course(course, by=by)
        with refused_in_french("Quelqu’un a enlevé « Stille » entre-temps."):
            directory.update_course(gone, title="Silence", by=by)

    def test_a_renewal_by_link_is_told_in_english_and_refused_in_french(self) -> None:
        teacher = TeacherFactory(speaks=["nl"], teaches_in_person=True)
        said = {"purposes": ["profile"], "read": {"profile": 1}, "states": {}, "renews": False}
        with in_french({"what": "Languages", "before": "Dutch", "after": "French", "why": "by personal link"}):
            renewing.answer(teacher, **said, languages=["fr"])
        with refused_in_french("Choisissez au moins une langue."):
            renewing.answer(teacher, **said, languages=[])

    def test_enquiries_are_told_in_english_and_refused_in_french(self, by: Any) -> None:
        enquiry = enquired(TeacherFactory())
        with refused_in_french("Cette demande n’a fait l’objet d’aucun signalement."):
            contact.settle(enquiry, why="Rien.", by=by)
        with override("en"):
            day = enquiry.written_on
        with in_french({"what": f"Enquiry of {day}"}):
            reported = contact.report(enquiry, text="Publicité")
        assert reported.report == "From the teacher: Publicité"
        with in_french({"what": f"Enquiry of {day}", "why": "Vu."}):
            contact.settle(enquiry, why="Vu.", by=by)


def test_facts_of_a_training_brought_to_another_language_are_told_in_english() -> None:
    training = published(TrainingPageFactory(slug="england", town="Ammerdown"))
    french = Locale.objects.create(language_code="fr")
    training.copy_for_translation(french, copy_parents=True).save_revision().publish()
    with in_french():
        changed(training, country="DE", capacity=9)
    entry = PageLogEntry.objects.get(action="imp.training.facts")
    assert entry.data["what"] == "Country, Places"


def test_a_site_in_french_has_a_french_history_whoever_acts(pathway: Pathway, by: Any, settings: Any) -> None:
    settings.LANGUAGE_CODE = "fr"
    enrolment = EnrolmentFactory(pathway=pathway)
    with override("en"):
        retreat(enrolment, days="6.5", by=by)
    entry = ModelLogEntry.objects.get(action="imp.evidence.record")
    assert entry.data == {"what": "Two retreats", "after": "1 mai 2024 · 6,5 jours"}


def test_labels_are_in_the_language_of_whoever_reads(client: Client, by: Any) -> None:
    """In the admin, from the form to the page: what she does she sees named in French, and told in English."""
    UserProfile.objects.create(user=by, preferred_language="fr")
    client.force_login(by)
    teacher = TeacherFactory(name="Ana")
    said = {"purpose": "profile", "on": "2025-06-01", "why": "Non."}
    client.post(reverse("imp_teachers:end_consent", args=[teacher.pk]), said)
    page = client.get(reverse("imp_participants:record", args=[teacher.participant.pk])).text
    assert "Ana: Public profile (1 January 2025 → 1 June 2025). Non." in page
    assert "Consentement" in page
