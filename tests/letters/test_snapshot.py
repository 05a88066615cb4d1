"""What a letter will say: from the record and the template that fits, in its language."""

import datetime as dt
import json
from decimal import Decimal
from html import escape

import pytest
from django.core.exceptions import ValidationError
from wagtail.models import Locale

from imp_wagtail.letters.bidi import CONTROLS
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
        "schema": 2,
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
        "body": "<p>This is to confirm that Ana Núñez completed Engagement on 1 March 2025.</p>",
        "training": None,
        "completed_on": "2025-03-01",
        "completed_on_text": "1 March 2025",
        "issued_on": "2025-06-01",
        "issued_on_text": "1 June 2025",
        "place": "Utrecht",
        "issuer": "Test Collaborative",
        "letterhead": [],
        "logo": None,
        "signatories": [{"name": "A. Signatory", "role": "For the collaborative", "signature": None}],
        "footer": "",
        "hours": "",
        "paper": "a4",
        "accent": "#2f5f5b",
        "ink": "#22262b",
    }


def test_the_name_is_the_one_for_letters_on_one_line(stage: Stage) -> None:
    enrolment = completed(stage, "Ana", printed_name="Dr  Ana\tNúñez\nGil")

    assert snapshot_for(enrolment, stage)["name"] == "Dr Ana Núñez Gil"


def test_the_wording_keeps_its_paragraphs_points_and_emphasis_and_nothing_else(stage: Stage) -> None:
    LetterTemplate.objects.update(
        body='<p data-block-key="x" style="color: red">One <b>{name}</b></p><ul><li>two</li></ul><h1>three</h1>'
    )

    body = snapshot_for(completed(stage), stage)["body"]
    assert body == "<p>One <b>Ana Núñez</b></p><ul><li>two</li></ul>three"


HOSTILE = '<script>x</script>{issuer} {{name}} {% now "Y" %} </style> =1+1 &amp;'


def test_a_name_of_markup_and_template_syntax_is_text(stage: Stage) -> None:
    said = snapshot_for(completed(stage, HOSTILE), stage)

    assert said["name"] == HOSTILE
    assert escape(HOSTILE, quote=False) in said["body"]
    assert "<script>" not in said["body"]


@pytest.mark.parametrize("control", CONTROLS)
def test_no_text_from_the_record_can_turn_the_letter_around(stage: Stage, control: int) -> None:
    sign = chr(control)
    Stage.objects.update(title=f"Engage{sign}ment")
    LetterTemplate.objects.update(place=f"Ut{sign}recht", letterhead=f"{sign}\nOne{sign}", heading=f"Let{sign}ter")

    said = snapshot_for(completed(stage, f"Ana {sign}zeñúN{sign}"), Stage.objects.get(pk=stage.pk))

    assert sign not in json.dumps(said, ensure_ascii=False)
    assert (said["name"], said["stage"], said["place"]) == ("Ana zeñúN", "Engagement", "Utrecht")
    assert (said["letterhead"], said["heading"]) == (["One"], "Letter")


def test_what_joins_letters_in_a_name_stays(stage: Stage) -> None:
    name = "پری\u200cناز क्\u200dष"

    assert snapshot_for(completed(stage, name), stage)["name"] == name


def test_a_name_that_runs_against_the_wording_is_kept_apart_in_it(stage: Stage, arabic: Locale) -> None:
    """Else a number behind an Arabic name would be printed before it."""
    name = "عائشة"

    said = snapshot_for(completed(stage, name), stage)
    assert said["name"] == name
    assert f"that \u2068{name}\u2069 completed Engagement on" in said["body"]

    LetterTemplateFactory(pathway=stage.pathway, locale=arabic, body="<p>{name}: {stage}</p>")
    said = snapshot_for(completed(stage, name, language="ar"), stage)
    assert said["body"] == f"<p>{name}: \u2068Engagement\u2069</p>"


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
    LetterTemplateFactory(pathway=pathway, heading="Attestation", body="<p>{name} : {stage}, {completed_on}</p>")

    said = snapshot_for(completed(stage, language="fr"), stage)
    assert (said["language"], said["heading"], said["pathway"]) == ("fr", "Attestation", "Parcours")
    assert said["body"] == "<p>Ana Núñez : Engagement mutuel, 1 mars 2025</p>"


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

    assert said["body"] == "<p>This is to confirm that Ana Núñez completed Engagement on 1 March 2025.</p>"


def test_where_all_wording_names_a_training_that_was_not_attended_the_message_says_what_to_do(stage: Stage) -> None:
    RequirementFactory(stage=stage, training_days=True)
    LetterTemplate.objects.update(body="{name} took part in {training}.")

    with pytest.raises(ValidationError, match="names a training, and none with a public page is on record"):
        snapshot_for(completed(stage), stage)


def test_the_hours_of_all_sessions_attended_are_added_up(stage: Stage) -> None:
    RequirementFactory(stage=stage, supervision=True)
    LetterTemplate.objects.update(body="<p>{hours} hours</p>")
    enrolment = completed(stage)
    cohort = CohortFactory(pathway=stage.pathway)
    for hours in ("1.5", "2"):
        session = SessionFactory(cohort=cohort, hours=Decimal(hours))
        Attendance.objects.create(session=session, enrolment=enrolment)
    SessionFactory(cohort=cohort)  # not attended

    said = snapshot_for(enrolment, stage)
    assert (said["hours"], said["body"]) == ("3.5", "<p>3.5 hours</p>")


def test_hours_that_are_not_on_record_are_not_guessed(stage: Stage) -> None:
    RequirementFactory(stage=stage, supervision=True)
    LetterTemplate.objects.update(body="<p>{hours} hours</p>")
    enrolment = completed(stage)
    Attendance.objects.create(session=SessionFactory(hours=None), enrolment=enrolment)

    with pytest.raises(ValidationError, match="not every session has its hours on record"):
        snapshot_for(enrolment, stage)


def test_a_draft_is_not_printed_before_it_is_published(stage: Stage) -> None:
    template = LetterTemplate.objects.get()
    template.heading = "Not yet"
    template.save_revision()
    enrolment = completed(stage)

    assert snapshot_for(enrolment, stage)["heading"] == "Letter of completion"
    template.unpublish()
    with pytest.raises(ValidationError, match="There is no letter template"):
        snapshot_for(enrolment, stage)
