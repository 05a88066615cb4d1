"""``manage.py imp_recompute``: works everyone's progress out anew, reports what was stored otherwise, and mends it."""

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from imp_wagtail.participants.management.commands import imp_recompute
from imp_wagtail.participants.models import Enrolment, StageProgress
from imp_wagtail.participants.signals import progress_stored
from imp_wagtail.pathways.models import Pathway
from tests.factories import EnrolmentFactory, StageFactory
from tests.participants.support import (
    asked,
    complete,
    imp,
    on_record,
    retreat,
    stage,
    stored_progress_is_worked_out_progress,
    unchanged,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def pathway() -> Pathway:
    return imp(key="imp")


@pytest.fixture
def people(pathway: Pathway) -> list[Enrolment]:
    found = [EnrolmentFactory(pathway=pathway) for _number in range(3)]
    retreat(found[0])
    complete(found[1], "preparation")
    return found


def recompute(*arguments: str, **options: Any) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("imp_recompute", *arguments, stdout=out, stderr=err, no_color=True, **options)
    return out.getvalue(), err.getvalue()


def spoil(enrolment: Enrolment) -> None:
    """Store what does not follow from the facts."""
    Enrolment.objects.filter(pk=enrolment.pk).update(outstanding=7, may_be_listed_on=dt.date(2020, 1, 1))
    StageProgress.objects.filter(enrolment=enrolment, stage__key="preparation").update(state="ready", met=9)


class TestWhereAllIsWell:
    @pytest.mark.parametrize("arguments", [[], ["--check"], ["--pathway", "imp"], ["--pathway=imp", "--check"]])
    def test_nothing_is_written(self, people: list[Enrolment], arguments: list[str]) -> None:
        with unchanged():
            assert recompute(*arguments) == ("0 of 3 enrolments differ from their facts.\n", "")

    def test_nobody_on_record_is_well_too(self) -> None:
        assert recompute("--check")[0] == "0 of 0 enrolments differ from their facts.\n"


class TestWhereSomethingElseIsStored:
    def test_it_is_reported_and_mended(self, people: list[Enrolment]) -> None:
        good = on_record()
        spoil(people[0])
        preparation = stage(people[0].pathway, "preparation").pk
        out, _err = recompute()

        assert out.splitlines() == [
            f"enrolment {people[0].pk}: outstanding: 7 -> 0; may_be_listed_on: 2020-01-01 -> None; "
            f"stage {preparation} met: 9 -> 0; stage {preparation} state: ready -> in_progress",
            "1 of 3 enrolments mended.",
        ]
        assert on_record() == good
        assert stored_progress_is_worked_out_progress()

    def test_names_nobody(self, people: list[Enrolment]) -> None:
        for enrolment in people:
            spoil(enrolment)
        out, _err = recompute()

        assert not [one for one in people if one.participant.name in out or one.participant.email in out]

    def test_is_mended_once(self, people: list[Enrolment]) -> None:
        spoil(people[1])
        recompute()

        assert recompute()[0] == "0 of 3 enrolments differ from their facts.\n"

    def test_is_only_told_by_a_check_which_ends_with_an_error(self, people: list[Enrolment]) -> None:
        spoil(people[0])
        spoil(people[2])
        out = StringIO()
        with unchanged(), pytest.raises(CommandError, match="2 of 3 enrolments are stored otherwise"):
            call_command("imp_recompute", check=True, stdout=out)

        assert [line.split(":")[0] for line in out.getvalue().splitlines()] == [
            f"enrolment {one.pk}" for one in (people[0], people[2])
        ]

    def test_on_another_pathway_is_left_alone(self, people: list[Enrolment]) -> None:
        other = EnrolmentFactory(pathway=imp(key="mcmi"))
        spoil(other)
        spoil(people[0])

        assert recompute("--pathway", "imp")[0].endswith("1 of 3 enrolments mended.\n")
        assert recompute("--pathway", "mcmi", "--verbosity", "1")[0].endswith("1 of 1 enrolments mended.\n")
        assert stored_progress_is_worked_out_progress()

    @pytest.mark.parametrize("size", [1, 2, 3])
    def test_is_found_however_many_are_looked_at_together(
        self, people: list[Enrolment], size: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imp_recompute, "BATCH", size)
        for enrolment in people:
            spoil(enrolment)
        out, err = recompute("--verbosity", "2")

        assert out.endswith("3 of 3 enrolments mended.\n")
        assert err.splitlines()[-1] == "3 looked at"
        assert stored_progress_is_worked_out_progress()

    def test_rows_that_are_missing_or_too_many_are_mended_too(self, people: list[Enrolment]) -> None:
        good = on_record()
        people[0].progress.filter(stage__key="engagement").delete()
        elsewhere = StageFactory()
        StageProgress.objects.create(enrolment=people[1], stage=elsewhere, state="ready")
        out, _err = recompute()

        assert f"stage {elsewhere.pk} state: ready -> None" in out
        assert out.endswith("2 of 3 enrolments mended.\n")
        rows = [{**row, "id": None} for row in on_record()["StageProgress"]]
        assert sorted(map(str, rows)) == sorted(str({**row, "id": None}) for row in good["StageProgress"])

    def test_the_other_rooms_hear_of_it(self, people: list[Enrolment]) -> None:
        heard: list[int] = []

        def listen(sender: Any, enrolment: Enrolment, **kwargs: Any) -> None:
            heard.append(enrolment.pk)

        progress_stored.connect(listen)
        recompute()
        recompute("--check")
        progress_stored.disconnect(listen)

        assert heard == [enrolment.pk for enrolment in people]

    def test_rules_that_were_changed_behind_its_back_are_followed(self, people: list[Enrolment]) -> None:
        type(asked(people[0].pathway, "retreats")).objects.filter(key="retreats").update(is_required=False)
        with pytest.raises(CommandError, match="3 of 3"):
            recompute("--check")
        recompute()

        assert [row.required for row in StageProgress.objects.filter(stage__key="preparation")] == [1, 1, 1]


class TestAPathwayThatThereIsNot:
    def test_is_refused_with_those_that_there_are(self, people: list[Enrolment]) -> None:
        with pytest.raises(CommandError) as refused:
            recompute("--pathway", "impp")

        assert str(refused.value) == "There is no pathway with the key “impp”. There are: imp."

    def test_is_refused_where_there_is_none(self) -> None:
        with pytest.raises(CommandError, match="There are: none"):
            recompute("--pathway", "")
