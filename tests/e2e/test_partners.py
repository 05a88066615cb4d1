"""Two reference sites side by side: the teachers of one are found on the other until they, or the site, are gone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import ReferenceSite, Visit

pytestmark = pytest.mark.e2e

FORGET_TEACHERS = """
from imp_wagtail.directory.actions import publish_all, unpublish
from imp_wagtail.directory.models import Teacher
for teacher in Teacher.objects.all():
    unpublish(teacher)
    teacher.delete()
"""
END_SHARING = """
from imp_wagtail.directory.actions import end_consent
from imp_wagtail.directory.models import Teacher
end_consent(Teacher.objects.get(slug="{slug}"), purpose="sharing", why="Asked for it.", by=None)
"""
LET_TIME_PASS = """
import datetime as dt
from django.utils import timezone
from imp_wagtail.directory.models import Partner
Partner.objects.update(gone_at=timezone.now() - dt.timedelta(seconds=1))
"""


@pytest.fixture
def there(site: ReferenceSite, tmp_path: Path) -> ReferenceSite:
    """The partner's site, with the demo's teachers."""
    folder = tmp_path / "there"
    folder.mkdir()
    return site.copied(folder)


@pytest.fixture
def here(site: ReferenceSite, tmp_path: Path) -> Iterator[ReferenceSite]:
    """Our own site, with a directory and nobody in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    copy = site.copied(folder)
    copy.manage("shell", "-c", FORGET_TEACHERS)
    with copy.served():
        yield copy


def add_partner(page: Page, feed: str) -> None:
    page.goto("/admin/training/partners/")
    page.get_by_role("link", name=re.compile("Add")).first.click()
    page.get_by_label("Name").fill("Friends of ours")
    page.get_by_label("Website").fill(feed.removesuffix("/directory/feed/"))
    page.get_by_label("Address of its feed").fill(feed)
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Friends of ours is added")).to_be_visible()


def names(page: Page) -> list[str]:
    page.goto("/teachers/")
    return page.locator(".imp-teacher h3").all_inner_texts()


def test_a_partners_teachers_come_are_found_and_go(there: ReferenceSite, here: ReferenceSite, visit: Visit) -> None:
    public = visit(at=here)
    assert names(public) == []

    with there.served():
        add_partner(visit(user="registrar", at=here), f"{there.url}/directory/feed/")
        everybody = names(public)
        assert everybody
        expect(public.locator(".imp-teacher-partner")).to_have_text(["Listed by Friends of ours"] * len(everybody))
        link = public.locator(".imp-teacher h3 a").first
        profile, name = link.get_attribute("href"), link.inner_text()
        assert profile.startswith(f"{there.url}/teachers/")
        origin = visit(at=there)
        origin.goto(profile)
        expect(origin.get_by_role("heading", level=1)).to_have_text(name)

        there.manage("shell", "-c", END_SHARING.format(slug=profile.rstrip("/").rpartition("/")[2]))
        here.manage("imp_keep_directory", "--only", "partners")
        assert names(public) == [other for other in everybody if other != name]

    # The partner's site is gone. It may come back.
    here.manage("imp_keep_directory", "--only", "partners")
    assert len(names(public)) == len(everybody) - 1
    registrar = visit(user="registrar", at=here)
    registrar.goto("/admin/training/partners/")
    expect(registrar.get_by_text("Does not answer")).to_be_visible()

    # It does not, for as long as was set for it.
    here.manage("shell", "-c", LET_TIME_PASS)
    assert names(public) == []
