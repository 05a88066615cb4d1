"""What a letter will say: from the record and the template that fits, in its language."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.letters.snapshot import take_snapshot
from imp_wagtail.participants.models import Attendance, Enrolment, StageCompletion
from imp_wagtail.pathways.models import Stage
from imp_wagtail.pathways.rules import CohortKind
from tests.factories import (
    CohortFactory,
    LetterTemplateFactory,
    RequirementFactory,
    SessionFactory,
    StageFactory,
    TrainingPageFactory,
)

from .conftest import completed

pytestmark = pytest.mark.django_db


def snapshot_for(enrolment: Enrolment, stage: Stage) -> dict:
    completion = StageCompletion.objects.get(enrolment=enrolment, stage=stage)
    return take_snapshot(
        enrolment,
        stage,
        completion,
        number="2025-0001",
        code="0123456789ABY",
        issued_on=dt.date(2025, 6, 1),
    )


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


@pytest.fixture
def arabic() -> Locale:
    return Locale.objects.create(language_code="ar")


def test_it_holds_all_that_the_letter_says(stage: Stage) -> None:
    StageFactory(pathway=stage.pathway)
    said = snapshot_for(completed(stage), stage)

    assert said == {
        "schema": 1,
        "number": "2025-0001",
        "code": "0123-4567-89ABY",
        "verify_url": "http://testserver/verify/0123-4567-89ABY/",
        "language": "en",
        "direction": "ltr",
        "name": "Ana Núñez",
        "pathway": stage.pathway.title,
        "programme": "Interpersonal Mindfulness",
        "stage": "Engagement",
        "stage_position": 1,
        "stage_count": 2,
        "heading": "Letter of completion",
        "paragraphs": ["This is to confirm that Ana Núñez completed Engagement on 1 March 2025."],
        "training": None,
        "completed_on": "2025-03-01",
        "completed_on_text": "1 March 2025",
        "issued_on": "2025-06-01",
        "issued_on_text": "1 June 2025",
        "place": "Utrecht",
        "issuer": "Test Collaborative",
        "signatories": [{"name": "A. Signatory", "role": "For the collaborative"}],
        "footer": "",
    }


def test_the_name_is_the_one_for_letters_on_one_line(stage: Stage) -> None:
    enrolment = completed(stage, "Ana", printed_name="Dr  Ana\tNúñez\nGil")

    assert snapshot_for(enrolment, stage)["name"] == "Dr Ana Núñez Gil"


def test_empty_lines_divide_the_wording_into_paragraphs(stage: Stage) -> None:
    LetterTemplate.objects.update(body="\r\nOne\r\nline.\r\n  \r\n\r\n{name}\n\n\n")

    assert snapshot_for(completed(stage), stage)["paragraphs"] == ["One line.", "Ana Núñez"]


def test_a_stage_s_own_wording_comes_before_the_pathway_s(stage: Stage) -> None:
    other = StageFactory(pathway=stage.pathway)
    LetterTemplateFactory(pathway=stage.pathway, stage=stage, heading="Its own")
    enrolment = completed(stage)
    StageCompletion.objects.create(enrolment=enrolment, stage=other, completed_on=dt.date(2025, 4, 1))

    assert snapshot_for(enrolment, stage)["heading"] == "Its own"
    assert snapshot_for(enrolment, other)["heading"] == "Letter of completion"


def test_another_pathway_s_wording_is_never_taken(stage: Stage) -> None:
    LetterTemplate.objects.all().delete()
    LetterTemplateFactory()

    with pytest.raises(ValidationError, match="There is no letter template for “Engagement” yet"):
        snapshot_for(completed(stage), stage)


def test_a_letter_is_in_the_participant_s_language_where_there_is_a_wording(stage: Stage, french: Locale) -> None:
    pathway = stage.pathway.copy_for_translation(french)
    pathway.title = "Parcours"
    pathway.save()
    pathway.stages.update(title="Engagement mutuel")
    LetterTemplateFactory(pathway=pathway, heading="Attestation", body="{name} : {stage}, {completed_on}")

    said = snapshot_for(completed(stage, language="fr"), stage)
    assert (said["language"], said["heading"], said["pathway"]) == ("fr", "Attestation", "Parcours")
    assert said["paragraphs"] == ["Ana Núñez : Engagement mutuel, 1 mars 2025"]


def test_without_a_wording_in_that_language_it_is_in_the_default_one(stage: Stage, french: Locale) -> None:
    said = snapshot_for(completed(stage, language="fr"), stage)

    assert (said["language"], said["issued_on_text"]) == ("en", "1 June 2025")


def test_a_stage_s_own_wording_in_the_default_language_comes_before_the_pathway_s_in_another(
    stage: Stage, french: Locale
) -> None:
    LetterTemplateFactory(pathway=stage.pathway, stage=stage, heading="Its own")
    LetterTemplateFactory(pathway=stage.pathway, locale=french, heading="Attestation")

    assert snapshot_for(completed(stage, language="fr"), stage)["heading"] == "Its own"


def test_a_letter_in_arabic_runs_from_right_to_left(stage: Stage, arabic: Locale) -> None:
    LetterTemplateFactory(pathway=stage.pathway, locale=arabic)

    assert snapshot_for(completed(stage, language="ar"), stage)["direction"] == "rtl"


def test_the_training_is_named_in_the_stage_in_which_it_is_attended(stage: Stage) -> None:
    RequirementFactory(stage=stage, training_days=True)
    other = StageFactory(pathway=stage.pathway)
    enrolment = completed(stage)
    StageCompletion.objects.create(enrolment=enrolment, stage=other, completed_on=dt.date(2025, 4, 1))
    for year in (2019, 2023):
        page = TrainingPageFactory(title=f"Training {year}", starts=dt.date(year, 10, 21), ends=dt.date(year, 10, 30))
        cohort = CohortFactory(kind=CohortKind.TRAINING, pathway=stage.pathway, training=page)
        session = SessionFactory(cohort=cohort, date=page.starts)
        Attendance.objects.create(session=session, enrolment=enrolment)

    assert snapshot_for(enrolment, stage)["training"] == {
        "title": "Training 2023",
        "place": "Ammerdown, United Kingdom",
        "dates": "21–30 October 2023",
    }
    assert snapshot_for(enrolment, other)["training"] is None


def test_wording_that_names_a_training_gives_way_where_none_was_attended(stage: Stage) -> None:
    RequirementFactory(stage=stage, training_days=True)
    LetterTemplateFactory(pathway=stage.pathway, stage=stage, body="{name} took part in {training}.")
    said = snapshot_for(completed(stage), stage)

    assert said["paragraphs"] == [
        "This is to confirm that {name} completed {stage} on {completed_on}.".format(
            **{"name": said["name"], "stage": said["stage"], "completed_on": said["completed_on_text"]}
        )
    ]


def test_where_all_wording_names_a_training_that_was_not_attended_the_message_says_what_to_do(stage: Stage) -> None:
    RequirementFactory(stage=stage, training_days=True)
    LetterTemplate.objects.update(body="{name} took part in {training}.")

    with pytest.raises(ValidationError, match="names a training, and none with a public page is on record"):
        snapshot_for(completed(stage), stage)
