"""The reference site as visitors meet it: a server of its own, with the real content and the invented people."""

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
#: How long is waited for what is to come, in milliseconds: for a busy machine.
PATIENCE = 15_000

Visit = Callable[..., Page]


class ReferenceSite:
    """A running reference site: its address, and its command line."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self.folder = folder
        self.env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "reference.settings.demo",
            "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
            "SITE_VAR": str(folder),
            "PORT": str(self.port),
        }

    def manage(self, *arguments: str) -> None:
        """Run a command of the site to its end; its output is shown when it fails."""
        result = subprocess.run(
            [sys.executable, "site/manage.py", *arguments], cwd=PROJECT, env=self.env, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout + result.stderr

    def start(self) -> subprocess.Popen:
        with (self.folder / "server.log").open("w") as log:
            return subprocess.Popen(
                [sys.executable, "site/manage.py", "runserver", "--noreload", f"127.0.0.1:{self.port}"],
                cwd=PROJECT,
                env=self.env,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self, server: subprocess.Popen) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert server.poll() is None, (self.folder / "server.log").read_text()
            try:
                urllib.request.urlopen(f"{self.url}/verify/", timeout=5)
            except OSError:
                time.sleep(0.2)
            else:
                return
        pytest.fail(f"The site did not start within {START_SECONDS} s.")

    def copied(self, folder: Path) -> "ReferenceSite":
        """Another site, on a port of its own, that begins with the same records."""
        copy = ReferenceSite(folder)
        with (
            closing(sqlite3.connect(self.folder / "site.sqlite3")) as own,
            closing(sqlite3.connect(folder / "site.sqlite3")) as other,
        ):
            own.backup(other)
            other.execute("UPDATE wagtailcore_site SET port = ?", [copy.port])
            other.commit()
        return copy

    @contextmanager
    def served(self) -> Iterator[None]:
        """It answers until the block ends."""
        server = self.start()
        try:
            self.wait(server)
            yield
        finally:
            server.terminate()
            server.wait(timeout=10)


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceSite]:
    """The reference site, filled like the demo."""
    running = ReferenceSite(tmp_path_factory.mktemp("site"))
    running.manage("migrate", "--verbosity=0")
    running.manage("load_demo")
    with running.served():
        yield running


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. On a machine that promises one (``CI``) its absence is a failure.

    It is shut when the browser's tests end: Playwright's event loop runs until then, and Django's database calls
    refuse to work beside a running loop.
    """
    if not Path(CHROMIUM).exists():
        message = f"There is no {CHROMIUM}. Run: apt-get install -y chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, site: ReferenceSite) -> Iterator[Visit]:
    """``visit()`` gives a new visitor's page; ``visit(user="editor")`` one who has logged in to the admin.

    Any request to another host fails the test: pages take nothing from elsewhere. ``at``: another site than ``site``.
    """
    contexts: list[BrowserContext] = []
    strangers: list[str] = []
    expect.set_options(timeout=PATIENCE)

    def visitor(user: str = "", at: ReferenceSite = site, **options: object) -> Page:
        context = chromium.new_context(base_url=at.url, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda request: request.url.startswith((at.url, "data:", "blob:")) or strangers.append(request.url),
        )
        if user:
            page.goto("/admin/login/")
            page.get_by_label("Username").fill(user)
            page.get_by_label("Password").fill("demo")
            page.get_by_role("button", name="Sign in").click()
            page.wait_for_url("**/admin/")
        return page

    yield visitor
    for context in contexts:
        context.close()
    assert strangers == [], "pages asked other hosts for something"


@pytest.fixture
def registrar(visit: Visit) -> Page:
    """The browser of a registrar who has logged in."""
    return visit(user="registrar")
