"""Somebody else's site: made by ``wagtail start`` in an environment of its own, with the built wheel in it.

Nothing of it can see this checkout: neither its working directory nor its Python path leads here.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: What README tells such a site to add to its settings, and to its addresses before Wagtail's own.
SETTINGS_LINES = """\
import imp_wagtail

INSTALLED_APPS += imp_wagtail.APPS + ["wagtail.contrib.routable_page", "wagtail_modeladmin"]
"""
URL_LINE = 'path("", include("imp_wagtail.urls")),'

#: Stands in the head of the site's own base template, and so in every page that the site laid out.
BASE_MARKER = '<meta name="laid-out-by" content="mysite">'

#: Variables that would lead a process back to this checkout, its settings or its coverage.
OURS = ("PYTHON", "DJANGO", "DATABASE_URL", "VIRTUAL_ENV", "COV", "PYTEST", "MAKE")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command outside the checkout; return what it printed, or fail the test with it."""
    done = subprocess.run(command, cwd=cwd, env=outside(), capture_output=True, text=True, timeout=300, check=False)
    printed = done.stdout + done.stderr
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))} ended with {done.returncode}:\n{printed[-4000:]}")
    return printed


def outside() -> dict[str, str]:
    """Return the environment variables without those that are ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


def build_wheel(folder: Path) -> Path:
    """Build the wheel from a copy of the sources, so that no left-over build directory gets into it."""
    source = folder / "source"
    source.mkdir()
    for name in ("pyproject.toml", "setup.cfg", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "imp_wagtail", source / "imp_wagtail", ignore=shutil.ignore_patterns("__pycache__"))
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, source, cwd=folder)
    (wheel,) = folder.glob("*.whl")
    return wheel


@dataclass(frozen=True)
class InstalledSite:
    """A site in ``folder``, run by the Python of an environment that holds the wheel."""

    folder: Path
    python: Path

    def manage(self, *arguments: str | Path) -> str:
        return run(self.python, "manage.py", *arguments, cwd=self.folder)

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the site for the time of the ``with`` block; gives its address."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{probe.getsockname()[1]}"
        log = self.folder / "server.log"
        with log.open("w") as output:
            server = subprocess.Popen(
                [self.python, "manage.py", "runserver", "--noreload", address],
                cwd=self.folder,
                env=outside(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            wait_for(f"http://{address}/", server, log)
            yield f"http://{address}"
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Return once the server answers; fail with its log if it ends, or is silent for a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(url, timeout=30):
                return
        except URLError:
            time.sleep(0.2)
    pytest.fail(f"The installed site does not answer:\n{log.read_text()[-4000:]}")


def make_site(folder: Path, wheel: Path) -> InstalledSite:
    """Install the wheel into a new environment, start a site there and add the package to it."""
    environment = folder / "environment"
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel, cwd=folder)
    run(environment / "bin" / "wagtail", "start", "mysite", cwd=folder)
    site = InstalledSite(folder / "mysite", python)
    add_package(site.folder / "mysite")
    return site


def add_package(project: Path) -> None:
    """Do to a fresh project what README says, and mark its base template."""
    settings = project / "settings" / "base.py"
    settings.write_text(f"{settings.read_text()}\n{SETTINGS_LINES}")
    for file, before, addition in (
        (project / "urls.py", 'path("", include(wagtail_urls)),', URL_LINE),
        (project / "templates" / "base.html", "</head>", BASE_MARKER),
    ):
        text = file.read_text()
        assert text.count(before) == 1, f"wagtail start makes another {file.name} than it did"
        file.write_text(text.replace(before, f"{addition}\n{before}"))
