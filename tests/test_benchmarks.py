"""The benchmark, run whole on a handful of people: it measures something only as long as it runs."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.measure import Result, Sample
from tests.benchmarks.report import Measured, table
from tests.benchmarks.targets import LIST, Targets

ROOT = Path(__file__).resolve().parents[1]


def test_every_line_is_measured_and_nothing_is_left_behind(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--sizes", "30", "--repetitions", "1"]

    sizes = "--bulk 5 --import 10 --letters 60 --teachers 30 --pages 12 --printed 8"
    done = subprocess.run(
        [*command, *sizes.split()],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=1200,
    )

    assert done.returncode == 0, done.stderr
    announced = re.findall(r"^==> .+?: (.+)$", done.stderr, re.MULTILINE)
    measured = re.findall(r"^  (.+?) +[\d,.]+ m?s +\d+", done.stdout, re.MULTILINE)
    assert len(announced) > 25
    assert measured == announced
    assert list(tmp_path.iterdir()) == []


def test_a_result_is_the_median_time_and_the_most_queries() -> None:
    samples = [Sample(9.0, 3), Sample(1.0, 5), Sample(2.0, 3)]

    assert Result.of(samples) == Result(2.0, 5)


def test_a_line_says_what_it_missed_and_by_how_much() -> None:
    floors = {2000: Result(0.02, 9), 20000: Result(0.03, 9)}

    assert LIST.verdict({2000: Result(0.04, 15), 20000: Result(0.05, 15)}, floors) == "reached"
    assert LIST.verdict({2000: Result(0.04, 15), 20000: Result(0.08, 16)}, floors) == (
        "missed: 16 queries, not 15; 2.667 x floor, not 2; 2 x growth, not 1.3"
    )
    assert Targets(seconds=60).verdict({2000: Result(61.0, 1)}, {}) == "missed: 61 s, not 60"
    assert Targets().verdict({2000: Result(61.0, 1)}, {}) == ""


def test_the_table_shows_each_size_beside_the_other_and_how_much_slower_the_larger_is() -> None:
    floors = {2000: Result(0.02, 9), 20000: Result(0.02, 9)}
    line = Measured("List", "search “花子”", {2000: Result(0.03, 12), 20000: Result(0.036, 12)}, floors, LIST)

    sizes, _head, _gap, group, row = table([line], [2000, 20000]).splitlines()

    assert sizes.split() == ["2,000", "people", "20,000", "people"]
    assert group == "List"
    assert " ".join(row.split()) == "search “花子” 30.0 ms 12 1.50 36.0 ms 12 1.80 x 1.20 reached"
