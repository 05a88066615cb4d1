"""The package on a site that is translated with wagtail-localize: ``tests/localize`` with settings of its own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: What tells a process that it is a part of these tests.
OURS = ("PYTEST_", "COV_", "DJANGO_SETTINGS_MODULE")


def test_a_site_with_wagtail_localize() -> None:
    told = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/localize", "--ds=testapp.localize_settings", "-p", "no:cacheprovider"],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert " passed" in run.stdout
