"""What a change of rules would mean for people: said beforehand, and then so."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from imp_wagtail.participants import actions, effects
from imp_wagtail.participants.derived import derive
from imp_wagtail.participants.effects import rule_effects
from imp_wagtail.participants.facts import facts_of
from imp_wagtail.participants.models import Enrolment
from imp_wagtail.pathways.effects import ProposedStage
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from tests.factories import EnrolmentFactory
from tests.participants.support import (
    PAST,
    asked,
    complete,
    imp,
    on_record,
    retreat,
    stage,
    stored_progress_is_worked_out_progress,
)

pytestmark = pytest.mark.django_db

Rules = list[ProposedStage]


@pytest.fixture
def pathway() -> Pathway:
    pathway = imp()
    pathway.stages.filter(key="engagement").update(unlocks="teaching")
    return pathway


@pytest.fixture
def people(pathway: Pathway) -> dict[str, Enrolment]:
    """One at the start, one with a retreat and the practice, one who may teach, one who is through."""
    found = {name: EnrolmentFactory(pathway=pathway) for name in ("new", "under way", "teacher", "through")}
    retreat(found["under way"])
    actions.record_evidence(found["under way"], asked(pathway, "practice"), date=PAST, by=None)
    complete(found["teacher"], "preparation", "engagement")
    complete(found["through"], "preparation", "engagement", "completion")
    return found


def rules(pathway: Pathway) -> Rules:
    """As they are, to be changed."""
    stages = Stage.objects.filter(pathway=pathway).order_by("sort_order")
    return [ProposedStage(own, list(own.requirements.order_by("sort_order"))) for own in stages]


def with_one_retreat(own: Rules) -> Rules:
    own[0].requirements[0].amount = Decimal(1)
    return own


def with_a_new_last_stage(own: Rules) -> Rules:
    return [*own, ProposedStage(Stage(title="Later"), [Requirement(title="More")])]


def with_two_new_stages(own: Rules) -> Rules:
    return with_a_new_last_stage(with_a_new_last_stage(own))


def with_a_new_first_stage(own: Rules) -> Rules:
    return [ProposedStage(Stage(title="Before"), [Requirement(title="More")]), *own]


def without_the_last(own: Rules) -> Rules:
    return own[:-1]


def with_other_words(own: Rules) -> Rules:
    own[0].stage.title = own[0].requirements[0].title = "Other words"
    return own


def as_they_are(own: Rules) -> Rules:
    return own


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (as_they_are, []),
        (with_other_words, []),
        (
            with_one_retreat,
            [
                "These rules change where 1 person of 4 on this pathway stands.",
                "Ready to complete a stage by them: 1.",
            ],
        ),
        (
            with_a_new_last_stage,
            [
                "These rules change where 4 people of 4 on this pathway stand.",
                "No longer through with the pathway: 1.",
                "No longer free to be listed: 1.",
            ],
        ),
        (
            with_a_new_first_stage,
            [
                "These rules change where 4 people of 4 on this pathway stand.",
                "No longer through with the pathway: 1.",
                "No longer free to teach: 2.",
                "No longer free to be listed: 1.",
            ],
        ),
        (without_the_last, ["These rules change where 4 people of 4 on this pathway stand."]),
    ],
)
def test_says_how_many_stand_elsewhere_and_what_of_it_hurts(
    pathway: Pathway, people: dict[str, Enrolment], change: Callable[[Rules], Rules], said: list[str]
) -> None:
    EnrolmentFactory(pathway=imp())
    before = on_record()

    assert rule_effects(pathway, change(rules(pathway))) == said
    assert on_record() == before


def test_nobody_on_a_pathway_means_nothing_to_say(pathway: Pathway) -> None:
    assert rule_effects(pathway, with_two_new_stages(rules(pathway))) == []


@pytest.mark.parametrize("size", [1, 2, 3, 4, 5])
def test_counts_everybody_however_many_are_looked_at_together(
    pathway: Pathway, people: dict[str, Enrolment], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "BATCH", size)
    first, *_rest = rule_effects(pathway, with_two_new_stages(rules(pathway)))

    assert first == "These rules change where 4 people of 4 on this pathway stand."


def test_asks_the_database_the_same_number_of_times_for_one_and_for_many(pathway: Pathway) -> None:
    counts = []
    for more in (1, 11):
        for _number in range(more):
            retreat(EnrolmentFactory(pathway=pathway))
        proposal = with_one_retreat(rules(pathway))
        with CaptureQueriesContext(connection) as queries:
            rule_effects(pathway, proposal)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def save(own: Rules) -> None:
    for item in own:
        item.stage.save()
        for requirement in item.requirements:
            requirement.save()


def test_what_was_said_comes_true(pathway: Pathway, people: dict[str, Enrolment]) -> None:
    """Exactly those change of whom it was said."""
    for changes in ({"amount": Decimal(1)}, {"amount": Decimal(3)}, {"is_required": False}):
        proposal = rules(pathway)
        for name, value in changes.items():
            setattr(proposal[0].requirements[0], name, value)
        said = rule_effects(pathway, proposal)
        before = {row.pk: derive(facts_of(row)) for row in Enrolment.objects.all()}
        save(proposal)
        actions.recompute_pathway(pathway)

        moved = [row for row in Enrolment.objects.all() if derive(facts_of(row)) != before[row.pk]]
        assert [sentence.split("where ")[1].split()[0] for sentence in said[:1]] == [str(len(moved))] * bool(moved)
        assert stored_progress_is_worked_out_progress()


def test_a_stage_that_opens_the_way_no_longer_is_told(pathway: Pathway, people: dict[str, Enrolment]) -> None:
    proposal = rules(pathway)
    proposal[1].stage.unlocks = ""

    assert rule_effects(pathway, proposal)[1:] == ["No longer free to teach: 2."]
    assert stage(pathway, "engagement").unlocks == "teaching"
