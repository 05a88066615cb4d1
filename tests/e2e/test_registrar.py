"""A registrar's first day: three jobs from the desk, what is daily by keyboard alone, and every screen accessible."""

import datetime as dt
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .conftest import Visit
from .desk_work import (
    about,
    add_and_enrol,
    add_cohort,
    add_sessions,
    choose,
    complete,
    days_ago,
    list_as_teacher,
    tab_to,
    type_in,
)

pytestmark = pytest.mark.e2e

GROUP, SESSIONS = 6, 8
#: Presses of Tab from one line of a checklist to the next, and from the top of a page into its form.
NEXT_LINE, INTO_THE_FORM = 8, 20


# From application to listed teacher


def test_a_new_person_becomes_a_listed_teacher_with_the_keyboard_alone(registrar: Page, visit: Visit) -> None:
    name = "Noor Vandenberg"
    record = add_and_enrol(registrar, name, email="noor@example.org", country="NL")
    for requirement, amount, ago in [
        ("A regular silent meditation practice of your own", "", 900),
        ("Silent retreats led by a teacher, attended in person", "7", 800),
        ("Insight Dialogue retreats, attended in person", "5", 700),
        ("Insight Dialogue retreats, attended in person", "7", 600),
        ("An eight-week IMP course, taken as a participant", "", 590),
    ]:
        record_by_keyboard(registrar, requirement, amount, days_ago(ago))
    decide_by_keyboard(registrar, "Professional training as a teacher of MBSR or MBCT")
    record_by_keyboard(registrar, "Cycles of MBSR or MBCT that you have taught", "4", days_ago(500))
    complete_by_keyboard(registrar, "Preparation")
    record_by_keyboard(registrar, "The teacher training, attended in person", "9", days_ago(300))
    complete(registrar, "Engagement")
    expect(registrar.get_by_text(re.compile("^ ?May teach since"))).to_be_visible()
    record_by_keyboard(registrar, "The online seminar", "2", days_ago(200))
    record_by_keyboard(registrar, "Small-group supervision", "8", days_ago(20))
    complete(registrar, "Support and Continuity")
    complete(registrar, "Completion")
    list_as_teacher(registrar, record, town="Utrecht")

    public = visit()
    public.goto("/teachers/?name=vandenberg")
    expect(public.get_by_role("main").get_by_role("link", name=name)).to_be_visible()


def record_by_keyboard(page: Page, requirement: str, amount: str, day: dt.date) -> None:
    """From where the page stands: after one line of a checklist the next is near."""
    tab_to(page, page.get_by_role("link", name=about("Record evidence", requirement)), within=40)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Date*", exact=True), within=INTO_THE_FORM)
    page.keyboard.type(day.strftime("%m%d%Y"))
    if amount:
        tab_to(page, page.locator("input[name=amount]"), within=5)
        page.keyboard.type(amount)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Evidence recorded: {requirement}.")).to_be_visible()


def decide_by_keyboard(page: Page, requirement: str) -> None:
    tab_to(page, page.get_by_role("link", name=about("Decide", requirement)), within=NEXT_LINE)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("met", exact=True), within=INTO_THE_FORM)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("equivalent", exact=True)).to_be_checked()
    tab_to(page, page.get_by_role("textbox", name="Reason*"), within=1)
    page.keyboard.type("Twelve years of teaching MBCT in a clinic")
    tab_to(page, page.get_by_role("button", name="Record", exact=True), within=6)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Decision recorded: {requirement}, equivalent.")).to_be_visible()


def complete_by_keyboard(page: Page, stage: str) -> None:
    tab_to(page, page.get_by_role("link", name=f"Complete “{stage}”"), within=NEXT_LINE)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Complete stage"), within=INTO_THE_FORM)
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Stage completed: {stage}.")).to_be_visible()


def test_the_record_comes_back_to_the_line_that_was_worked_on(registrar: Page) -> None:
    open_record(registrar, "Aoife Ní Mhurchú")
    registrar.get_by_role("link", name=about("Record evidence", "The online seminar")).click()
    registrar.get_by_role("link", name="Cancel").click()

    line = registrar.locator(".imp-line:target")
    expect(line).to_contain_text("The online seminar")
    expect(line).to_be_in_viewport()


def open_record(page: Page, name: str) -> None:
    """From the desk, by a part of the name."""
    page.goto("/admin/training/")
    page.get_by_role("searchbox", name="Find a participant by name or e-mail").fill(name.split()[0])
    page.get_by_role("button", name="Find", exact=True).click()
    page.get_by_role("main").get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


# A supervision group of six over eight sessions


def test_a_supervision_group_of_six_goes_through_eight_sessions(registrar: Page, visit: Visit) -> None:
    title = "Supervision group, Tuesdays"
    add_cohort(registrar, title, "supervision group")
    add_sessions(registrar, first=days_ago(7 * SESSIONS), sessions=SESSIONS, every=7)
    expect(registrar.get_by_text(f"{SESSIONS} sessions added.")).to_be_visible()
    names = six_who_stand_at_support(registrar, title)

    leader = visit(user="facilitator")
    leader.goto("/admin/training/cohorts/")
    leader.get_by_role("link", name=title).click()
    tick_every_session_by_keyboard(leader)
    expect(leader.get_by_text(f"{GROUP * SESSIONS} marks saved.")).to_be_visible()
    expect(leader.get_by_text("to tick")).to_have_count(0)

    open_record(registrar, names[0])
    own = registrar.get_by_role("region", name="Cohorts").get_by_role("listitem").filter(has_text=title)
    expect(own).to_contain_text(f"{SESSIONS} of {SESSIONS} sessions attended")


def six_who_stand_at_support(page: Page, cohort: str) -> list[str]:
    """Six of those whom the desk counts at the stage join at once; returns their names."""
    page.goto("/admin/training/")
    page.get_by_role("table", name="IMP Teacher Training").get_by_role("link", name=re.compile("Support")).click()
    page.wait_for_url("**/participants/?**", wait_until="load")
    boxes = page.get_by_role("main").locator("tbody").get_by_role("checkbox")
    for place in range(GROUP):
        boxes.nth(place).check(force=True)  # shown once the mouse or the focus is on its row
    names = page.get_by_role("main").locator("tbody td.title").all_inner_texts()[:GROUP]
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("link", name="Add to a cohort").click()
    choose(page, "Cohort*", label=cohort)
    page.get_by_role("button", name="Show who will change").click()
    expect(page.get_by_role("heading", name=f"{GROUP} people will change")).to_be_visible()
    page.get_by_role("button", name=f"Do it for {GROUP} people").dblclick()
    expect(page.locator(".imp-lead")).to_contain_text("Done.")
    return [name.strip() for name in names]


def tick_every_session_by_keyboard(page: Page) -> None:
    page.locator("[data-imp-grid] tbody").get_by_role("checkbox").first.focus()
    page.keyboard.press("ArrowUp")
    for _session in range(SESSIONS):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
    tab_to(page, page.get_by_role("button", name="Save attendance"), within=1)
    page.keyboard.press("Enter")


# Everyone overdue


def test_everyone_overdue_is_one_click_away_and_who_is_given_time_leaves_the_list(registrar: Page) -> None:
    overdue = find_the_overdue(registrar)
    assert overdue > 1
    registrar.get_by_role("main").locator("tbody td.title a").first.click()
    registrar.get_by_role("link", name=re.compile("^Extend")).first.click()
    day = dt.date.today() + dt.timedelta(days=90)
    registrar.locator("input[type=date]").fill(day.isoformat())
    type_in(registrar, "Reason*", "Illness in the family")
    registrar.get_by_role("button", name="Extend").click()
    expect(registrar.get_by_text("Window extended: Support and Continuity, until")).to_be_visible()

    assert find_the_overdue(registrar) == overdue - 1


def find_the_overdue(page: Page) -> int:
    """From the admin's home into the list; returns how many there are, in the number and in the list."""
    page.goto("/admin/")
    number = page.get_by_role("link", name=re.compile("Window overdue"))
    count = int(number.locator(".imp-task__count").inner_text())
    number.click()
    rows = page.get_by_role("main").locator("tbody tr")
    expect(rows).to_have_count(count)
    expect(rows.filter(has_text="overdue since")).to_have_count(count)
    return count


# What goes wrong


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(registrar: Page, visit: Visit) -> None:
    open_record(registrar, "Aoife Ní Mhurchú")
    registrar.get_by_role("link", name="Edit details").click()
    other = visit(user="registrar")
    other.goto(registrar.url)
    type_in(other, "Town", "Galway")
    other.get_by_role("button", name="Save").click()
    expect(other.get_by_text("Details saved.")).to_be_visible()

    type_in(registrar, "Town", "Limerick")
    registrar.get_by_role("button", name="Save").click()
    expect(registrar.get_by_role("alert")).to_contain_text("Galway")
    expect(registrar.get_by_role("textbox", name="Town", exact=True)).to_have_value("Limerick")
    registrar.get_by_role("button", name="Save").click()
    expect(registrar.get_by_text("Limerick, Ireland")).to_be_visible()


def test_a_list_with_mistakes_is_refused_by_row_and_column_and_taken_once_mended(
    registrar: Page, tmp_path: Path
) -> None:
    rows = ["Ida Nyström,ida@example.org,Atlantis", "Paul Weller-Kahn,paul@example,Germany", "Rosa Duarte,,PT"]
    upload(registrar, tmp_path, rows)
    problems = registrar.get_by_role("table", name="To be mended")
    expect(problems.get_by_role("row", name=re.compile("2 Country Atlantis"))).to_be_visible()
    expect(problems.get_by_role("row", name=re.compile("3 E-mail paul@example"))).to_be_visible()
    assert_accessible(registrar)

    registrar.get_by_role("link", name="Upload the mended file").click()
    mended = [row.replace("Atlantis", "Sweden").replace("paul@example,", "paul@example.org,") for row in rows]
    upload(registrar, tmp_path, mended)
    registrar.get_by_role("button", name="Import 3 people").dblclick()
    expect(registrar.get_by_text(re.compile("Imported on"))).to_be_visible()
    open_record(registrar, "Rosa Duarte")


def upload(page: Page, folder: Path, rows: list[str]) -> None:
    file = folder / "people.csv"
    file.write_text("\n".join(["Name,E-mail,Country", *rows]))
    page.goto("/admin/training/participants/import/")
    choose(page, "Pathway*", label="IMP Teacher Training")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_text(re.compile("wrong with this file|keep this file"))).to_be_visible()


# Every screen


def assert_accessible(page: Page) -> None:
    """No violation of WCAG 2.2 A or AA within what the package draws; bar and menus are Wagtail's."""
    options = {
        "resultTypes": ["violations"],
        "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    }
    own = {"include": [["main"]], "exclude": [[".w-slim-header"], [".bulk-actions-filters"], [".messages"]]}
    expect(page.get_by_role("main")).to_be_visible()  # a click may have led to a page that is still on its way
    results = Axe().run(page, context=own, options=options)
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


@pytest.mark.parametrize(
    ("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")], ids=["desk", "dark", "phone"]
)
def test_every_screen_of_the_registrar_is_accessible_and_fits(visit: Visit, width: int, scheme: str) -> None:
    page = visit(user="registrar", viewport={"width": width, "height": 900}, color_scheme=scheme)
    for address in screens(page):
        page.goto(address)
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{address} is {wide} px too wide"


def screens(page: Page) -> list[str]:
    """The addresses of what is looked at, those that are found by a link included."""
    found = ["/admin/training/", "/admin/training/participants/", "/admin/training/participants/?hand=overdue"]
    found += ["/admin/training/cohorts/", "/admin/training/participants/new/"]
    found += ["/admin/training/participants/import/", "/admin/training/participants/duplicates/"]
    for start, words in [
        ("/admin/training/participants/?q=gareth", "Gareth Penhallow"),
        ("/admin/training/participants/?q=étienne", "Étienne Vauquelin"),
        ("/admin/training/cohorts/?q=evenings", "Supervision group 2020, evenings"),
    ]:
        page.goto(start)
        found.append(page.get_by_role("main").get_by_role("link", name=words).first.get_attribute("href") or "")
    return found


def test_the_pages_between_choosing_and_done_are_accessible(registrar: Page) -> None:
    """A form for many, who will change, and the page of the work."""
    registrar.goto("/admin/training/participants/?hand=ready")
    registrar.get_by_role("main").locator("thead").get_by_role("checkbox").check(force=True)
    registrar.get_by_role("link", name="Record evidence").click()
    show = registrar.get_by_role("button", name="Show who will change")
    expect(show).to_be_visible()
    assert_accessible(registrar)
    choose(registrar, "Requirement*", label="The online seminar – 2 days")
    registrar.locator("input[name=amount]").fill("2")
    type_in(registrar, "What and where", "Online, with two teachers")
    show.click()
    act = registrar.get_by_role("button", name=re.compile("^Do it for"))
    expect(act).to_be_visible()
    assert_accessible(registrar)
    act.click()
    expect(registrar.locator(".imp-lead")).to_contain_text("Done.")
    assert_accessible(registrar)


def test_duplicates_and_their_merge_are_accessible(registrar: Page) -> None:
    add_and_enrol(registrar, "Penhalow Gareth", email="gareth@example.org", country="GB")
    registrar.goto("/admin/training/participants/duplicates/")
    assert_accessible(registrar)
    registrar.get_by_role("link", name=re.compile("^Compare and merge")).first.click()
    registrar.wait_for_url(re.compile(r"/duplicates/\d+/\d+/"))
    assert_accessible(registrar)
