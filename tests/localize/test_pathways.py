"""A pathway with its stages and requirements is translated in one go, and nothing that is tracked notices."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from wagtail.models import Locale

from imp_wagtail.core.translation import source_of
from imp_wagtail.participants.actions import enrol, record_evidence
from imp_wagtail.participants.models import Enrolment, Evidence
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from tests.factories import (
    LetterMessageFactory,
    LetterTemplateFactory,
    ParticipantFactory,
    PathwayFactory,
    PathwayPageFactory,
    RequirementFactory,
    StageFactory,
    registrar,
)
from tests.localize.translating import french, in_french, paths_of, sent, strings_of, synced, translate

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway() -> Pathway:
    pathway = PathwayFactory(
        key="imp", title="The pathway", programme="A programme", contact_email="help@example.org", introduction=""
    )
    for name in ("preparation", "engagement"):
        stage = StageFactory(
            pathway=pathway, key=name, title=name.title(), opens_after_months=6, closes_after_months=12
        )
        RequirementFactory(retreats=True, stage=stage, key=f"{name}-retreats", title=f"Retreats of {name}")
        RequirementFactory(stage=stage, key=f"{name}-letter", title=f"Letter of {name}", note="Signed")
    return Pathway.objects.get()


def words(pathway: Pathway) -> list[Any]:
    return [
        pathway.title,
        [
            (stage.key, stage.title, [(item.key, item.title) for item in stage.requirements.all()])
            for stage in pathway.stages.all()
        ],
    ]


class TestWords:
    def test_translators_are_given_words_and_nothing_else(self, pathway: Pathway) -> None:
        source = sent(pathway)
        assert paths_of(source) == {
            "title",
            "programme",
            "contact_email",
            "stages.title",
            "stages.requirements.title",
            "stages.requirements.note",
        }
        assert "preparation-retreats" not in strings_of(source)
        assert "help@example.org" not in strings_of(source)

    def test_all_of_it_is_translated_to_the_last_requirement(self, pathway: Pathway) -> None:
        copy = in_french(pathway)
        assert words(copy) == [
            "[fr] The pathway",
            [
                (
                    name,
                    f"[fr] {name.title()}",
                    [
                        (f"{name}-retreats", f"[fr] Retreats of {name}"),
                        (f"{name}-letter", f"[fr] Letter of {name}"),
                    ],
                )
                for name in ("preparation", "engagement")
            ],
        ]
        stage = copy.stages.first()
        assert (stage.locale, stage.requirements.first().locale) == (french(), french())
        assert source_of(stage) == pathway.stages.first()
        assert source_of(stage.requirements.first()) == pathway.stages.first().requirements.first()

    def test_a_changed_rule_and_a_new_stage_come_with_the_next_sending(self, pathway: Pathway) -> None:
        copy = in_french(pathway)
        requirement = Requirement.objects.get(key="preparation-retreats", locale=pathway.locale)
        requirement.amount = Decimal(3)
        requirement.save()
        stage = StageFactory(pathway=pathway, key="support", title="Support")
        RequirementFactory(stage=stage, key="calls", title="Calls")
        copy = translate(synced(Pathway.objects.get(pk=pathway.pk)))
        assert [stage.key for stage in copy.stages.all()] == ["preparation", "engagement", "support"]
        first = copy.stages.first().requirements.first()
        assert (first.title, first.amount) == ("[fr] Retreats of preparation", Decimal(3))
        assert copy.stages.last().requirements.get().title == "[fr] Calls"
        assert Stage.objects.filter(locale=french()).count() == 3
        assert Requirement.objects.filter(locale=french()).count() == 5

    def test_its_page_is_translated_with_it(self, client: Client, pathway: Pathway) -> None:
        page = PathwayPageFactory(pathway=pathway, title="Becoming a teacher", introduction="<p>How it goes.</p>")
        source = sent(page)
        in_french(pathway)
        copy = translate(source)
        assert copy.title == "[fr] Becoming a teacher"
        assert copy.pathway == pathway.get_translation(french())
        response = client.get(copy.url, headers={"accept-language": "fr"})
        assert "[fr] Retreats of preparation" in response.content.decode()


class TestTracking:
    """Whoever enrols, in whichever language: it is one pathway, and counts once."""

    @pytest.fixture
    def evidence(self, pathway: Pathway) -> Evidence:
        """Entered in French by somebody who sees the French pathway, which is sent for translation once more."""
        copy = in_french(pathway)
        by = registrar()
        with translation.override("fr"):
            enrolment = enrol(ParticipantFactory(), copy, by=by)
            asked = enrolment.pathway.stages.first().requirements.first()
            evidence = record_evidence(enrolment, asked, date=dt.date(2024, 2, 1), amount=Decimal(6), by=by)
        translate(synced(Pathway.objects.get(pk=pathway.pk)), "[encore] {}".format)
        return evidence

    def test_it_hangs_on_the_source(self, pathway: Pathway, evidence: Evidence) -> None:
        evidence.refresh_from_db()
        assert evidence.enrolment.pathway == pathway
        assert evidence.requirement == pathway.stages.first().requirements.first()
        assert {progress.stage.locale for progress in evidence.enrolment.progress.all()} == {pathway.locale}

    def test_whoever_enrols_in_another_language_is_on_it_already(self, pathway: Pathway, evidence: Evidence) -> None:
        arabic = Locale.objects.create(language_code="ar")
        younger = pathway.copy_for_translation(arabic)
        younger.save()
        assert enrol(evidence.enrolment.participant, younger, by=registrar()) == evidence.enrolment
        assert Enrolment.objects.count() == 1

    def test_nothing_is_recorded_on_a_translation(self, pathway: Pathway, evidence: Evidence) -> None:
        shown = pathway.get_translation(french()).stages.first().requirements.last()
        with translation.override("en"), pytest.raises(ValidationError, match="another pathway"):
            record_evidence(evidence.enrolment, shown, date=dt.date(2024, 2, 1), by=registrar())
        assert Evidence.objects.get() == evidence

    def test_a_translation_that_goes_takes_nothing_with_it(self, pathway: Pathway, evidence: Evidence) -> None:
        pathway.get_translation(french()).delete()
        assert Evidence.objects.get() == evidence
        assert Enrolment.objects.get().progress.count() == 2


class TestLetters:
    def test_a_template_keeps_its_pathway_and_its_stage(self, pathway: Pathway) -> None:
        stage = pathway.stages.first()
        template = LetterTemplateFactory(pathway=pathway, stage=stage, footer="{number}", accent="#112233")
        template.save_revision().publish()
        in_french(pathway)
        source = sent(template)
        assert not paths_of(source) & {"accent", "ink", "paper", "pathway", "stage"}
        copy = translate(source, lambda words: words if "{" in words else f"[fr] {words}")
        assert (copy.heading, copy.locale) == ("[fr] Letter of completion", french())
        assert (copy.pathway, copy.stage, copy.accent, copy.footer) == (pathway, stage, "#112233", "{number}")
        assert [block.value["name"] for block in copy.signatories] == ["[fr] A. Signatory"]
        assert copy.live

    def test_a_message_keeps_its_pathway(self, pathway: Pathway) -> None:
        copy = in_french(LetterMessageFactory(pathway=pathway))
        assert (copy.subject, copy.pathway) == ("[fr] Your letter", pathway)
        assert copy.body == "[fr] Dear {name},\n\n{link}"
