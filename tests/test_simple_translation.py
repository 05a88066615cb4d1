"""The package on a site that is translated with Wagtail's own ``simple_translation``: *Translate*, in each menu."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import translation
from wagtail.models import Locale, Page

from imp_wagtail.core.translation import source_of
from imp_wagtail.directory.models import Teacher
from imp_wagtail.letters.actions import issue
from imp_wagtail.letters.models import LetterTemplate
from imp_wagtail.participants.actions import complete_stage, enrol, record_evidence
from imp_wagtail.participants.models import Enrolment, Evidence, StageProgress
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.trainings.models import TrainingPage
from tests.factories import (
    DirectoryPageFactory,
    FAQPageFactory,
    LetterMessageFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    PathwayFactory,
    PathwayPageFactory,
    QuestionFactory,
    RequirementFactory,
    StageFactory,
    TeacherFactory,
    TrainerFactory,
    TrainingPageFactory,
    UserFactory,
    registrar,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_pdf")]


@pytest.fixture
def french() -> Locale:
    return Locale.objects.create(language_code="fr")


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory(superuser=True))
    return client


@pytest.fixture
def pathway() -> Pathway:
    """Two stages; each asks for a retreat."""
    pathway = PathwayFactory(key="imp", title="The pathway")
    for name in ("preparation", "engagement"):
        stage = StageFactory(pathway=pathway, key=name, title=name.title())
        RequirementFactory(cycles=True, stage=stage, key=f"{name}-cycle", title=f"Cycle of {name}", amount=Decimal(1))
    return pathway


def translate(staff: Client, record: models.Model, *locales: Locale) -> Any:
    """Its translation into the last of these languages, made from the menu."""
    names = (record._meta.app_label, record._meta.model_name)
    if isinstance(record, Page):
        address = reverse("simple_translation:submit_page_translation", args=[record.pk])
    else:
        address = reverse("simple_translation:submit_snippet_translation", args=[*names, record.pk])
    response = staff.post(address, {"locales": [locale.pk for locale in locales]})
    assert response.status_code == 302, response.context["form"].errors
    return record.get_translation(locales[-1])


class TestTranslate:
    def test_a_pathway_goes_with_all_that_belongs_to_it(self, staff: Client, pathway: Pathway, french: Locale) -> None:
        copy = translate(staff, pathway, french)
        assert copy.key == pathway.key
        for model, count in ((Pathway, 1), (Stage, 2), (Requirement, 2)):
            own = list(model.objects.filter(locale=french))
            assert [source_of(item).locale for item in own] == [pathway.locale] * count

    def test_into_a_second_language_at_once(self, staff: Client, pathway: Pathway, french: Locale) -> None:
        arabic = Locale.objects.create(language_code="ar")
        translate(staff, pathway, french, arabic)
        assert Pathway.objects.filter(translation_key=pathway.translation_key).count() == 3
        assert Requirement.objects.filter(locale=arabic).count() == 2

    def test_every_kind_of_page_and_snippet_can_be_translated(
        self, staff: Client, pathway: Pathway, french: Locale
    ) -> None:
        training = TrainingPageFactory(pathway=pathway)
        root = training.get_parent().get_parent()
        for page in (
            root,
            training.get_parent(),
            training,
            PathwayPageFactory(pathway=pathway),
            DirectoryPageFactory(),
        ):
            copy = translate(staff, page.specific, french)
            assert (copy.specific_class, copy.locale, copy.live) == (page.specific_class, french, False)
        question = QuestionFactory()
        for snippet in (question, TrainerFactory(), LetterMessageFactory(pathway=pathway)):
            assert translate(staff, snippet, french).translation_key == snippet.translation_key
        translate(staff, FAQPageFactory(questions=[question]), french)

    def test_a_translated_training_follows_its_source(self, staff: Client, french: Locale) -> None:
        training = TrainingPageFactory()
        training.save_revision().publish()
        translate(staff, training.get_parent().get_parent(), french)
        translate(staff, training.get_parent().specific, french)
        copy = translate(staff, training, french)
        training.starts, training.ends = dt.date(2098, 1, 1), dt.date(2098, 1, 9)
        training.save_revision().publish()
        assert TrainingPage.objects.get(pk=copy.pk).get_latest_revision_as_object().starts == dt.date(2098, 1, 1)

    def test_a_letter_template_is_a_draft_until_it_is_published(
        self, staff: Client, pathway: Pathway, french: Locale
    ) -> None:
        template = LetterTemplateFactory(pathway=pathway, heading="Published")
        template.save_revision().publish()
        template.refresh_from_db()
        template.heading = "Not yet"
        template.save_revision()
        copy = translate(staff, template, french)
        assert (copy.live, copy.latest_revision, copy.live_revision, copy.pathway) == (False, None, None, pathway)
        assert list(LetterTemplate.objects.filter(live=True)) == [template]


class TestTracking:
    """Data that could split: entered in one language, looked at in another, translated in between."""

    @pytest.fixture
    def copy(self, staff: Client, pathway: Pathway, french: Locale) -> Pathway:
        copy = translate(staff, pathway, french)
        copy.title = "Le parcours"
        copy.save()
        for stage in copy.stages.all():
            Stage.objects.filter(pk=stage.pk).update(title=f"{stage.title} (fr)")
        return copy

    def done(self, pathway: Pathway) -> Enrolment:
        """Somebody who completed the first stage, all of it entered by whoever reads French."""
        by = registrar()
        with translation.override("fr"):
            enrolment = enrol(ParticipantFactory(language="fr"), pathway, on=dt.date(2024, 1, 1), by=by)
            stage = enrolment.pathway.stages.first()
            (asked,) = stage.requirements.all()
            record_evidence(enrolment, asked, date=dt.date(2024, 2, 1), by=by)
            complete_stage(enrolment, stage, on=dt.date(2024, 3, 1), by=by)
        return enrolment

    def test_it_hangs_on_the_source_whoever_enters_it(self, pathway: Pathway, copy: Pathway) -> None:
        enrolment = self.done(copy)
        assert enrolment.pathway == pathway
        assert Evidence.objects.get().requirement == pathway.stages.first().requirements.get()
        states = StageProgress.objects.order_by("stage__sort_order").values_list(
            "stage__key", "stage__locale", "state"
        )
        assert list(states) == [
            ("preparation", pathway.locale_id, "completed"),
            ("engagement", pathway.locale_id, "not_started"),
        ]

    def test_it_counts_once_on_a_second_language_added_afterwards(
        self, staff: Client, pathway: Pathway, copy: Pathway
    ) -> None:
        enrolment = self.done(copy)
        arabic = translate(staff, pathway, Locale.objects.create(language_code="ar"))
        assert enrol(enrolment.participant, arabic, by=registrar()) == enrolment
        assert (Enrolment.objects.count(), StageProgress.objects.count()) == (1, 2)

    def test_a_translation_that_is_deleted_takes_nothing_with_it(self, pathway: Pathway, copy: Pathway) -> None:
        enrolment = self.done(copy)
        copy.delete()
        assert StageProgress.objects.filter(enrolment=enrolment, state="completed").count() == 1
        assert Evidence.objects.count() == 1

    def test_a_letter_points_at_the_source_and_speaks_the_reader_s_language(
        self, pathway: Pathway, copy: Pathway, french: Locale
    ) -> None:
        for locale, heading in ((pathway.locale, "Letter of completion"), (french, "Attestation")):
            LetterTemplateFactory(pathway=pathway, locale=locale, heading=heading, live=True)
        letter = issue(self.done(copy), pathway.stages.first(), by=registrar())
        assert letter.stage == pathway.stages.first()
        told = json.dumps(letter.snapshot, ensure_ascii=False)
        assert "Attestation" in told
        assert "Le parcours" in told
        assert "Preparation (fr)" in told

    def test_teachers_are_found_by_the_pathway_in_every_language(
        self, client: Client, pathway: Pathway, copy: Pathway
    ) -> None:
        directory = DirectoryPageFactory()
        teacher = TeacherFactory(name="Ann Teacher", standing=False)
        enrolment = enrol(teacher.participant, copy, by=registrar())
        Enrolment.objects.filter(pk=enrolment.pk).update(
            completed_on=dt.date(2024, 1, 1), may_be_listed_on=dt.date(2024, 1, 1)
        )
        for record in (pathway, copy):
            response = client.get(directory.url, {"pathway": str(record.translation_key)})
            assert "Ann Teacher" in response.text
        assert Teacher.objects.count() == 1
