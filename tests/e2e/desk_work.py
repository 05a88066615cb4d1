"""What a registrar does on the admin's screens, found as people find it: by the words of links, labels and buttons."""

import datetime as dt
import re

from playwright.sync_api import Locator, Page, expect

PATHWAY = "IMP Teacher Training"


def about(words: str, thing: str) -> re.Pattern:
    """The name of a link that says for screen readers what it is about."""
    return re.compile(rf"^{re.escape(words)} ?: {re.escape(thing)}$")


def type_in(page: Page, label: str, text: str) -> None:
    page.get_by_role("textbox", name=label, exact=True).fill(text)


def choose(page: Page, field: str, **option: str) -> None:
    page.get_by_role("combobox", name=field, exact=True).select_option(**option)


def type_date(page: Page, label: str, day: dt.date) -> None:
    """Type a date, in a browser's own field or in Wagtail's, whose calendar Escape shuts."""
    field = page.locator("input").and_(page.get_by_label(label, exact=True))
    field.fill(day.isoformat())
    field.press("Escape")


def days_ago(days: int) -> dt.date:
    return dt.date.today() - dt.timedelta(days=days)


def add_and_enrol(page: Page, name: str, *, email: str, country: str) -> str:
    """Put somebody on record and on the pathway; returns the address of the record."""
    page.goto("/admin/training/")
    page.get_by_role("link", name="Add participant").click()
    type_in(page, "Name*", name)
    type_in(page, "E-mail", email)
    choose(page, "Country", value=country)
    choose(page, "Language", value="en")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Enrol on a pathway").click()
    choose(page, "Pathway*", label=PATHWAY)
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("heading", name=PATHWAY)).to_be_visible()
    return page.url


def complete(page: Page, stage: str) -> None:
    page.get_by_role("link", name=f"Complete “{stage}”").click()
    page.get_by_role("button", name="Complete stage").click()
    expect(page.get_by_text(f"Stage completed: {stage}.")).to_be_visible()


def add_cohort(page: Page, title: str, kind: str) -> None:
    """Add a cohort that the facilitator leads; the page shows it."""
    page.goto("/admin/training/cohorts/new/")
    type_in(page, "Title*", title)
    choose(page, "Kind*", label=kind)
    choose(page, "Pathway*", label=PATHWAY)
    page.get_by_label("facilitator", exact=True).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Cohort added.")).to_be_visible()


def add_sessions(page: Page, *, first: dt.date, sessions: int, every: int) -> None:
    """Add a series of sessions to the cohort that the page shows."""
    page.get_by_role("link", name="Add sessions").click()
    type_date(page, "First day*", first)
    page.get_by_role("spinbutton", name="How many*").fill(str(sessions))
    page.get_by_role("spinbutton", name="Days from one to the next*").fill(str(every))
    page.get_by_role("button", name="Add", exact=True).click()


def list_as_teacher(page: Page, record: str, *, town: str) -> None:
    page.goto(record)
    page.get_by_role("link", name="List as teacher").click()
    type_in(page, "Town", town)
    type_date(page, "Consented on*", dt.date.today())
    page.get_by_role("button", name=re.compile("List")).click()
    expect(page.get_by_text(re.compile("[Ll]isted")).first).to_be_visible()


def tab_to(page: Page, target: Locator, *, within: int) -> None:
    """Press Tab until something has the focus; fail if it takes more than ``within`` presses."""
    for _ in range(within):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{target} is more than {within} presses of Tab away")
