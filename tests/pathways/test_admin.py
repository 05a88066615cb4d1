"""The pathway's form in the admin: one form holds all stages and requirements."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale

from imp_wagtail.letters.models import Letter
from imp_wagtail.participants import actions
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.pathways.models import Pathway, Requirement, Stage
from imp_wagtail.pathways.signals import pathway_changed
from tests.factories import (
    EnrolmentFactory,
    PathwayFactory,
    UserFactory,
    facilitator,
    registrar,
)
from tests.pathways.support import (
    URLS,
    as_it_is,
    changed_amount,
    edit,
    edit_knowingly,
    is_saved,
    pathway_data,
    requirement_data,
    stage_data,
    stored,
    translated,
)

pytestmark = pytest.mark.django_db

REMOVE = {"DELETE": "on"}


def without_texts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in row if name not in ("introduction", "description")} for row in rows]


def use(requirement: Requirement, use_made: str) -> Enrolment:
    """Somebody for whom the requirement, or its stage, counts."""
    enrolment = EnrolmentFactory(pathway=requirement.stage.pathway)
    by = registrar()
    if use_made == "evidence":
        actions.record_evidence(enrolment, requirement, date=dt.date(2024, 5, 1), amount=requirement.each_min, by=by)
        return enrolment
    for asked in requirement.stage.requirements.all() if use_made != "decision" else [requirement]:
        actions.decide(enrolment, asked, outcome="met", reason="Seen.", by=by)
    if use_made != "decision":
        actions.complete_stage(enrolment, requirement.stage, by=by)
        for decision in enrolment.decisions.all():
            decision.delete()
    if use_made == "letter":
        letter_for(enrolment, requirement.stage)
        enrolment.completions.all().delete()
    return enrolment


def letter_for(enrolment: Enrolment, stage: Stage) -> Letter:
    return Letter.objects.create(
        enrolment=enrolment,
        stage=stage,
        year=2024,
        running_number=1,
        code="K7QF2M9XRT4WP",
        name=str(enrolment.participant),
        snapshot={},
        sha256="0" * 64,
        issued_on=dt.date(2024, 6, 1),
        file=ContentFile(b"", name="letter.pdf"),
    )


def test_a_pathway_is_made_with_its_stages_and_requirements_in_one_form(staff: Client) -> None:
    rows = [requirement_data(kind="count", amount="2", each_min="5", each_max="7", unit="days")]
    response = staff.post(reverse(f"{URLS}:add"), pathway_data(None, [stage_data(rows=rows)]))

    assert is_saved(response)
    requirement = Requirement.objects.get(stage__pathway__key="new")
    assert requirement.in_words == "at least 2, 5–7 days each"
    assert requirement.locale == Locale.get_default()


def test_saving_the_form_as_it_is_changes_nothing(staff: Client, pathway: Pathway) -> None:
    before = stored()

    assert is_saved(edit(staff, pathway, as_it_is(pathway)))
    # An empty text is an empty paragraph once it went through the editor.
    assert without_texts(stored()) == without_texts(before)


def test_the_form_opens_with_everything_in_it(staff: Client, pathway: Pathway) -> None:
    text = staff.get(reverse(f"{URLS}:edit", args=[pathway.pk])).text

    for title in ("IMP", "Preparation", "Engagement", "Two retreats", "Cycles"):
        assert f'value="{title}"' in text


def test_stages_and_requirements_are_added_reordered_and_removed_together(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    retreats, practice = first.requirements.all()
    rows = [requirement_data(retreats, **REMOVE), requirement_data(practice), requirement_data()]
    response = edit(staff, pathway, [stage_data(first, rows, ORDER="2"), stage_data(second, ORDER="1")])

    assert is_saved(response)
    assert [stage.key for stage in pathway.stages.all()] == ["engagement", "preparation"]
    assert [item.key for item in first.requirements.all()] == ["practice", "new"]


def test_what_nobody_stands_on_may_be_removed(staff: Client, pathway: Pathway) -> None:
    EnrolmentFactory(pathway=pathway)
    first, second = pathway.stages.all()

    assert is_saved(edit_knowingly(staff, pathway, [stage_data(first, **REMOVE), stage_data(second)]))
    assert [stage.key for stage in pathway.stages.all()] == ["engagement"]
    assert list(StageProgress.objects.values_list("stage__key", flat=True)) == ["engagement"]


@pytest.mark.parametrize("use_made", ["evidence", "decision"])
def test_a_requirement_that_somebodys_record_counts_on_stays(staff: Client, pathway: Pathway, use_made: str) -> None:
    first, second = pathway.stages.all()
    retreats, practice = first.requirements.all()
    use(retreats, use_made)
    before = stored()
    rows = [requirement_data(retreats, **REMOVE), requirement_data(practice)]
    response = edit(staff, pathway, [stage_data(first, rows), stage_data(second)], title="Changed")

    assert response.status_code == 200
    assert "“Two retreats” cannot be removed" in response.text
    assert stored() == before


@pytest.mark.parametrize("use_made", ["evidence", "decision", "completion", "letter"])
def test_a_stage_that_somebodys_record_counts_on_stays(staff: Client, pathway: Pathway, use_made: str) -> None:
    first, second = pathway.stages.all()
    use(first.requirements.all()[0], use_made)
    before = stored()
    response = edit(staff, pathway, [stage_data(first, **REMOVE), stage_data(second)], title="Changed")

    assert response.status_code == 200
    assert "“Preparation” cannot be removed" in response.text
    assert stored() == before


def test_a_refused_row_is_shown_again_with_the_message_beside_it(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    use(first.requirements.all()[0], "evidence")
    response = edit(staff, pathway, [stage_data(first, **REMOVE), stage_data(second)])
    refused, other = response.context["form"].formsets["stages"].forms

    assert refused.non_field_errors() and not other.errors
    # The editor's script hides rows that are marked for removal.
    assert not refused["DELETE"].value()


def test_removal_is_refused_even_when_something_else_is_wrong_too(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    use(first.requirements.all()[0], "evidence")
    response = edit(staff, pathway, [stage_data(first, **REMOVE), stage_data(second, title="")], title="")

    assert "“Preparation” cannot be removed" in response.text
    assert response.context["form"].errors["title"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "sessions"}, "cohort_kind"),
        ({"kind": "count", "each_min": "7", "each_max": "5", "unit": "days"}, "each_max"),
        ({"amount": "0"}, "amount"),
        ({"amount": "many"}, "amount"),
        ({"title": ""}, "title"),
    ],
)
def test_a_bad_rule_is_refused_beside_its_field(
    staff: Client, pathway: Pathway, changes: dict[str, str], field: str
) -> None:
    first, second = pathway.stages.all()
    before = stored()
    rows = [requirement_data(item) for item in first.requirements.all()]
    rows[1] |= changes
    response = edit(staff, pathway, [stage_data(first, rows), stage_data(second)])

    assert response.status_code == 200
    stage_form = response.context["form"].formsets["stages"].forms[0]
    assert list(stage_form.formsets["requirements"].forms[1].errors) == [field]
    assert stored() == before


def test_a_window_that_closes_before_it_opens_is_refused_beside_its_field(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    window = {"opens_after_months": "12", "closes_after_months": "6"}
    response = edit(staff, pathway, [stage_data(first, **window), stage_data(second)])

    assert list(response.context["form"].formsets["stages"].forms[0].errors) == ["closes_after_months"]


def test_a_pathway_keeps_at_least_one_stage(staff: Client, pathway: Pathway) -> None:
    response = edit(staff, pathway, [stage_data(stage, **REMOVE) for stage in pathway.stages.all()])

    assert response.status_code == 200
    assert pathway.stages.count() == 2


def test_two_stages_with_one_key_are_refused(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    before = stored()

    assert edit(staff, pathway, [stage_data(first), stage_data(second, key=first.key)]).status_code == 200
    assert stored() == before


def test_two_requirements_of_a_stage_with_one_key_are_refused(staff: Client, pathway: Pathway) -> None:
    first, second = pathway.stages.all()
    before = stored()
    rows = [requirement_data(item, key="same") for item in first.requirements.all()]

    assert edit(staff, pathway, [stage_data(first, rows), stage_data(second)]).status_code == 200
    assert stored() == before


def test_a_second_pathway_with_the_same_key_is_refused_beside_it(staff: Client, pathway: Pathway) -> None:
    response = staff.post(reverse(f"{URLS}:add"), pathway_data(None, [stage_data()], key=pathway.key))

    assert list(response.context["form"].errors) == ["key"]
    assert Pathway.objects.count() == 1


def test_a_translation_keeps_the_key_of_its_source(staff: Client, pathway: Pathway) -> None:
    copy = translated(pathway)

    assert is_saved(edit(staff, copy, as_it_is(copy), title="IMP en français"))
    assert copy.source.title == "IMP"


def test_changing_an_amount_recomputes_everyone_on_the_pathway(staff: Client, pathway: Pathway) -> None:
    retreats, practice = pathway.stages.first().requirements.all()
    people = [EnrolmentFactory(pathway=pathway) for _number in range(3)]
    for enrolment in people[:2]:
        actions.record_evidence(enrolment, retreats, date=dt.date(2024, 5, 1), amount=Decimal(6), by=None)
        actions.decide(enrolment, practice, outcome="met", reason="Seen.", by=None)
    states = StageProgress.objects.filter(stage=pathway.stages.first()).order_by("enrolment")
    assert [row.state for row in states] == ["in_progress", "in_progress", "not_started"]

    assert is_saved(edit_knowingly(staff, pathway, changed_amount(pathway, "1")))

    assert [row.state for row in states.all()] == ["ready", "ready", "not_started"]


def test_a_new_stage_is_where_those_stand_who_had_completed_all(staff: Client, pathway: Pathway) -> None:
    enrolment = EnrolmentFactory(pathway=pathway)
    for stage in pathway.stages.all():
        for requirement in stage.requirements.all():
            actions.decide(enrolment, requirement, outcome="waived", reason="Long ago.", by=None)
        actions.complete_stage(enrolment, stage, by=None)

    assert is_saved(edit_knowingly(staff, pathway, [*as_it_is(pathway), stage_data(rows=[requirement_data()])]))

    enrolment.refresh_from_db()
    assert (str(enrolment.current_stage), enrolment.completed_on) == ("New stage", None)


@pytest.fixture
def changes() -> Any:
    """The pathways that were said to have changed."""
    heard: list[Pathway] = []

    def listen(sender: Any, pathway: Pathway, **kwargs: Any) -> None:
        heard.append(pathway)

    pathway_changed.connect(listen)
    yield heard
    pathway_changed.disconnect(listen)


def test_a_saved_pathway_is_said_to_have_changed_once(staff: Client, pathway: Pathway, changes: list[Pathway]) -> None:
    edit(staff, pathway, as_it_is(pathway))

    assert changes == [pathway]


def test_a_saved_translation_says_that_its_source_may_have_changed(
    staff: Client, pathway: Pathway, changes: list[Pathway]
) -> None:
    copy = translated(pathway)
    edit(staff, copy, as_it_is(copy))

    assert changes == [pathway]


def test_a_refused_form_says_nothing(staff: Client, pathway: Pathway, changes: list[Pathway]) -> None:
    edit(staff, pathway, as_it_is(pathway), title="")

    assert changes == []


def test_rules_are_not_saved_where_progress_cannot_follow(staff: Client, pathway: Pathway) -> None:
    def fail(**kwargs: Any) -> None:
        raise ValidationError("Not today.")

    before = stored()
    pathway_changed.connect(fail)
    try:
        with pytest.raises(ValidationError):
            edit(staff, pathway, changed_amount(pathway, "1"))
    finally:
        pathway_changed.disconnect(fail)

    assert stored() == before


def test_a_pathway_that_people_are_on_cannot_be_deleted(staff: Client, pathway: Pathway) -> None:
    EnrolmentFactory(pathway=pathway)
    before = stored()
    address = reverse(f"{URLS}:delete", args=[pathway.pk])

    for response in (staff.get(address, follow=True), staff.post(address, follow=True)):
        assert "“IMP” cannot be deleted" in response.text
    assert stored() == before


def test_pathways_that_people_are_on_cannot_be_deleted_together_with_others(staff: Client, pathway: Pathway) -> None:
    EnrolmentFactory(pathway=pathway)
    before = stored()
    address = reverse("wagtail_bulk_action", args=["imp_pathways", "pathway", "delete"])
    other = PathwayFactory()
    response = staff.post(f"{address}?id={pathway.pk}&id={other.pk}", follow=True)

    assert "“IMP” cannot be deleted" in response.text
    assert [row for row in stored() if row["id"] != other.pk or "programme" not in row] == before
    assert Pathway.objects.filter(pk=other.pk).exists()


def test_a_pathway_that_nobody_is_on_may_be_deleted(staff: Client, pathway: Pathway) -> None:
    staff.post(reverse(f"{URLS}:delete", args=[pathway.pk]))

    assert stored() == []


@pytest.mark.parametrize("who", [registrar, facilitator, UserFactory])
def test_only_editors_keep_pathways(client: Client, pathway: Pathway, who: Any) -> None:
    client.force_login(who())
    before = stored()
    for address in (reverse(f"{URLS}:list"), reverse(f"{URLS}:add"), reverse(f"{URLS}:edit", args=[pathway.pk])):
        assert client.get(address).status_code == 302
        assert client.post(address, pathway_data(pathway, as_it_is(pathway), title="Taken")).status_code == 302

    assert stored() == before


def test_the_list_names_pathways_and_finds_them(staff: Client, pathway: Pathway) -> None:
    PathwayFactory(title="Another way")

    assert "IMP" in staff.get(reverse(f"{URLS}:list")).text
    found = staff.get(reverse(f"{URLS}:list"), {"q": "another"})
    assert [item.title for item in found.context["object_list"]] == ["Another way"]
