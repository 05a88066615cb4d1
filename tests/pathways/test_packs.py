"""What packs say of pathways, and what becomes of it."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from imp_wagtail.core.packs import Outcome, PackError, PackResult, load_pack
from imp_wagtail.pathways.models import Pathway, PathwayPage, Requirement, Stage
from imp_wagtail.pathways.rules import CohortKind, Kind, Unit
from imp_wagtail.pathways.signals import pathway_changed
from tests.factories import EnrolmentFactory, RequirementFactory, StageFactory
from tests.packs import line_of, write_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path)


def stage_keys() -> list[str]:
    return list(Stage.objects.order_by("sort_order").values_list("key", flat=True))


def lines(result: PackResult, outcome: Outcome) -> list[str]:
    return [line.what for line in result.lines if line.outcome == outcome]


def test_rules_are_stored_exactly_as_they_are_written(pack: Path) -> None:
    load_pack(pack)

    bowls, firings = Requirement.objects.get(key="bowls"), Requirement.objects.get(key="firings")
    assert (bowls.kind, bowls.amount, bowls.unit) == (Kind.COUNT, 3, Unit.HOURS)
    assert (bowls.each_min, bowls.each_max) == (Decimal("0.5"), 2)
    assert (bowls.is_required, bowls.open_at_training) == (True, True)
    assert (firings.kind, firings.amount, firings.cohort_kind) == (Kind.SESSIONS, 5, CohortKind.TRAINING)
    assert (firings.each_min, firings.each_max, firings.unit) == (None, None, "")
    assert not Requirement.objects.get(key="wheel").is_required


def test_stages_stand_in_the_pack_s_order_with_their_windows(pack: Path) -> None:
    load_pack(pack)

    assert stage_keys() == ["clay", "fire"]
    windows = Stage.objects.order_by("sort_order").values_list("opens_after_months", "closes_after_months")
    assert list(windows) == [(None, None), (1, 4)]


def test_plain_text_becomes_rich_text(pack: Path) -> None:
    load_pack(pack)

    assert Pathway.objects.get().introduction == "<p>Clay comes first.</p>"


def test_the_page_shows_the_pack_s_pathway(pack: Path) -> None:
    load_pack(pack)

    page = PathwayPage.objects.get()
    assert (page.title, page.slug, page.pathway.key) == ("The pathway", "pathway", "pottery")


def test_later_edits_are_kept(pack: Path) -> None:
    load_pack(pack)
    Requirement.objects.filter(key="bowls").update(amount=7, title="Large bowls")

    load_pack(pack)

    bowls = Requirement.objects.get(key="bowls")
    assert (bowls.amount, bowls.title) == (7, "Large bowls")


def test_overwriting_brings_rules_back_in_place(pack: Path) -> None:
    load_pack(pack)
    before = dict(Requirement.objects.values_list("key", "pk"))
    Requirement.objects.filter(key="bowls").update(amount=7, each_max=None, is_required=False)
    Stage.objects.filter(key="fire").update(closes_after_months=9)

    result = load_pack(pack, overwrite=True)

    bowls = Requirement.objects.get(key="bowls")
    assert (bowls.amount, bowls.each_max, bowls.is_required) == (3, 2, True)
    assert Stage.objects.get(key="fire").closes_after_months == 4
    assert dict(Requirement.objects.values_list("key", "pk")) == before
    assert lines(result, Outcome.UPDATED) == ["requirement “Bowls”", "stage “Fire”"]


def test_what_the_pack_has_and_the_site_has_not_is_added_where_the_pack_has_it(pack: Path) -> None:
    load_pack(pack)
    glaze = "  - key: glaze\n    title: Glaze\n    requirements: [{key: jar, title: A jar, kind: confirmation}]\n"
    write_pack(pack, ("pathway.yaml", "  - key: fire\n", f"{glaze}  - key: fire\n"))

    result = load_pack(pack)

    assert stage_keys() == ["clay", "glaze", "fire"]
    assert lines(result, Outcome.ADDED) == ["stage “Glaze”", "requirement “A jar”"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_the_site_has_and_the_pack_has_not_is_left_alone_and_reported(pack: Path, overwrite: bool) -> None:
    load_pack(pack)
    clay = Stage.objects.get(key="clay")
    Stage.objects.filter(key="fire").update(sort_order=2)
    StageFactory(pathway=clay.pathway, key="interview", title="Interview", sort_order=1)
    RequirementFactory(stage=clay, key="apron", title="An apron")

    result = load_pack(pack, overwrite=overwrite)

    assert stage_keys() == ["clay", "interview", "fire"]
    assert lines(result, Outcome.LEFT) == [
        "requirement “An apron” (not in the pack)",
        "stage “Interview” (not in the pack)",
    ]


def test_an_order_that_staff_changed_is_kept_until_it_is_overwritten(pack: Path) -> None:
    load_pack(pack)
    Stage.objects.filter(key="clay").update(sort_order=5)

    load_pack(pack)
    kept = stage_keys()
    result = load_pack(pack, overwrite=True)

    assert kept == ["fire", "clay"]
    assert stage_keys() == ["clay", "fire"]
    assert lines(result, Outcome.UPDATED) == ["pathway “Pottery pathway” (order)"]


def test_people_on_the_pathway_have_their_progress_worked_out_anew(pack: Path) -> None:
    load_pack(pack)
    enrolment = EnrolmentFactory(pathway=Pathway.objects.get())
    Requirement.objects.filter(key="bowls").update(is_required=False)
    enrolment.progress.update(required=0)

    load_pack(pack, overwrite=True)

    assert enrolment.progress.get(stage__key="clay").required == 1


def test_other_rooms_hear_of_a_changed_pathway_and_of_no_other(pack: Path) -> None:
    heard = []

    def listen(sender: Any, pathway: Pathway, **kwargs: Any) -> None:
        heard.append(pathway.key)

    pathway_changed.connect(listen)
    try:
        load_pack(pack)
        load_pack(pack)
        Stage.objects.filter(key="clay").update(title="Earth")
        load_pack(pack, overwrite=True)
    finally:
        pathway_changed.disconnect(listen)

    assert heard == ["pottery", "pottery"]


def test_the_history_of_a_pathway_says_that_a_pack_changed_it(pack: Path) -> None:
    load_pack(pack)
    Requirement.objects.filter(key="bowls").update(amount=7)
    load_pack(pack, overwrite=True)

    entries = ModelLogEntry.objects.for_instance(Pathway.objects.get()).order_by("timestamp")
    assert list(entries.values_list("action", flat=True)) == ["wagtail.create", "wagtail.edit"]


@pytest.mark.parametrize(("old", "new"), [("key: fire\n", "key: clay\n"), ("key: wheel", "key: bowls")])
def test_two_of_the_same_key_are_refused(pack: Path, old: str, new: str) -> None:
    write_pack(pack, ("pathway.yaml", old, new))
    key = new.split()[1]
    first = line_of("pathway.yaml", f"key: {key}")

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    assert str(caught.value) == (
        f"pathway.yaml, line {line_of('pathway.yaml', old)}: "
        f"“{key}” is here a second time; the first is in line {first}."
    )


def test_a_misspelt_pathway_is_refused_with_a_guess(pack: Path) -> None:
    write_pack(pack, ("pages.yaml", "pathway: pottery", "pathway: potery"))

    with pytest.raises(PackError) as caught:
        load_pack(pack)

    line = line_of("pages.yaml", "pathway: pottery")
    assert str(caught.value) == (f"pages.yaml, line {line}: There is no pathway “potery”. Did you mean “pottery”?")


def test_a_pathway_that_is_in_the_database_need_not_be_in_the_pack(pack: Path) -> None:
    load_pack(pack)
    (pack / "pathway.yaml").unlink()

    assert load_pack(pack, overwrite=True).changed == 0
