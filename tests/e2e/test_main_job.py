"""The main job, end to end, as the people do it: on the real content, in a real browser."""

import datetime as dt
import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

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
    type_date,
    type_in,
)

pytestmark = pytest.mark.e2e

#: Somebody new, with what has broken certificates elsewhere: an apostrophe, an ampersand, letters beyond ASCII.
NAME = "Zoë O'Brien & Müller"
DAYS_OF_TRAINING = 9
SUPERVISIONS = 8


@pytest.fixture
def editor(visit: Visit) -> Page:
    return visit(user="editor")


@pytest.fixture
def facilitator(visit: Visit) -> Page:
    return visit(user="facilitator")


@pytest.fixture
def public(visit: Visit) -> Page:
    return visit()


def test_the_main_job_from_announcement_to_verified_letter(
    editor: Page, registrar: Page, facilitator: Page, public: Page
) -> None:
    announce_a_training(editor)
    the_public_reads_the_announcement(public)
    the_next_training_moves(editor, public)

    record = add_and_enrol(registrar, NAME, email="zoe@example.org", country="IE")
    for requirement, amounts in {
        "A regular silent meditation practice of your own": [None],
        "Silent retreats led by a teacher, attended in person": [7],
        "Insight Dialogue retreats, attended in person": [5, 7],
        "An eight-week IMP course, taken as a participant": [None],
        "Cycles of MBSR or MBCT that you have taught": [4],
    }.items():
        for number, amount in enumerate(amounts):
            record_evidence(registrar, requirement, amount, on=days_ago(900 - 200 * number))
    decide(registrar, "Professional training as a teacher of MBSR or MBCT", "equivalent")
    complete(registrar, "Preparation")

    make_cohort(registrar, "Test training 2025", "training", sessions=DAYS_OF_TRAINING, first=days_ago(500), every=1)
    make_cohort(registrar, "Test seminar 2026", "seminar", sessions=2, first=days_ago(250), every=1)
    supervision = make_cohort(
        registrar, "Test supervision 2026", "supervision group", sessions=SUPERVISIONS, first=days_ago(200), every=14
    )
    tick_all(registrar, "Test training 2025", DAYS_OF_TRAINING)
    tick_all(registrar, "Test seminar 2026", 2)
    the_facilitator_ticks_their_group(facilitator, supervision)

    registrar.goto(record)
    complete(registrar, "Engagement")
    complete(registrar, "Support and Continuity")
    complete(registrar, "Completion")
    text, code = issue_letter(registrar, "Completion")
    assert NAME in text
    assert "Completion" in text
    assert "IMP Relational Mindfulness Collaborative" in text

    nobody_is_listed_without_consent(public)
    list_as_teacher(registrar, record, town="Galway")
    the_public_finds_the_teacher(public)
    the_public_checks_the_letter(public, code)
    a_withdrawn_letter_says_so(registrar, record, public, code)


def announce_a_training(editor: Page) -> None:
    editor.goto("/admin/pages/")
    editor.get_by_role("link", name="Explore child pages of 'Interpersonal Mindfulness Program'").first.click()
    editor.get_by_role("link", name="Explore child pages of 'Trainings'").first.click()
    editor.get_by_role("link", name="Add child page").first.click()
    editor.wait_for_url("**/add/imp_trainings/trainingpage/**")
    type_in(editor, "Title*", "Teacher training in Portugal 2029")
    type_date(editor, "First day*", dt.date(2029, 5, 4))
    type_date(editor, "Last day*", dt.date(2029, 5, 13))
    type_in(editor, "Venue", "Casa do Silêncio")
    choose(editor, "Country", value="PT")
    publish(editor)


def publish(editor: Page) -> None:
    editor.get_by_role("button", name="More actions").click()
    editor.get_by_role("button", name="Publish", exact=True).click()
    expect(editor.get_by_role("status").filter(has_text="published").first).to_be_visible()


def the_public_reads_the_announcement(public: Page) -> None:
    public.goto("/trainings/")
    public.get_by_role("link", name="Teacher training in Portugal 2029").first.click()
    expect(public.get_by_role("main")).to_contain_text("4–13 May 2029")
    expect(public.get_by_role("main")).to_contain_text("Casa do Silêncio, Portugal")


def the_next_training_moves(editor: Page, public: Page) -> None:
    """Its dates change on its own page, and stand anew wherever it is named."""
    for path in ("/", "/faq/", "/pathway/"):
        public.goto(path)
        expect(public.get_by_role("main")).to_contain_text("21–30 October 2027")
    public.goto("/trainings/")
    public.get_by_role("link", name=re.compile("United Kingdom")).first.click()
    slug = public.url.rstrip("/").rpartition("/")[2]
    editor.goto(f"/admin/pages/search/?q={slug}")
    editor.get_by_role("link", name=re.compile("United Kingdom")).first.click()
    type_date(editor, "Last day*", dt.date(2027, 10, 31))
    publish(editor)
    for path in ("/", "/faq/", "/pathway/"):
        public.goto(path)
        expect(public.get_by_role("main")).to_contain_text("21–31 October 2027")
        expect(public.get_by_role("main")).not_to_contain_text("21–30 October 2027")
    pdf = public.request.get("/pathway/pdf/")
    assert "21–31 October 2027" in read(pdf.body())


def record_evidence(registrar: Page, requirement: str, amount: int | None, on: dt.date) -> None:
    registrar.get_by_role("link", name=about("Record evidence", requirement)).click()
    type_date(registrar, "Date*", on)
    if amount is not None:
        field = registrar.locator("input[name=amount]")
        if "retreats" in requirement:
            field.fill("30")
            registrar.get_by_role("button", name="Record", exact=True).click()
            expect(registrar.get_by_text(re.compile("days each"))).not_to_have_count(0)
        field.fill(str(amount))
    registrar.get_by_role("button", name="Record", exact=True).click()
    expect(registrar.get_by_text(f"Evidence recorded: {requirement}.")).to_be_visible()


def decide(registrar: Page, requirement: str, outcome: str) -> None:
    registrar.get_by_role("link", name=about("Decide", requirement)).click()
    registrar.get_by_label(outcome, exact=True).check()
    type_in(registrar, "Reason*", "Twelve years of teaching MBCT in a clinic")
    registrar.get_by_role("button", name="Record", exact=True).click()
    expect(registrar.get_by_text(f"Decision recorded: {requirement}, {outcome}.")).to_be_visible()


def make_cohort(registrar: Page, title: str, kind: str, *, sessions: int, first: dt.date, every: int) -> str:
    """Make a cohort that the facilitator leads, with its sessions and the new person; returns its address."""
    add_cohort(registrar, title, kind)
    registrar.get_by_role("link", name="Add members").click()
    registrar.get_by_label(NAME, exact=True).check()
    registrar.get_by_role("button", name="Add", exact=True).click()
    add_sessions(registrar, first=first, sessions=sessions, every=every)
    expect(registrar.get_by_role("grid").get_by_role("columnheader")).to_have_count(sessions + 2)
    return registrar.url


def tick_all(page: Page, cohort: str, sessions: int) -> None:
    page.goto("/admin/training/cohorts/")
    page.get_by_role("link", name=cohort).first.click()
    boxes = page.get_by_role("row", name=re.compile(re.escape(NAME))).get_by_role("checkbox")
    expect(boxes).to_have_count(sessions)
    for place in range(sessions):
        boxes.nth(place).check()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.get_by_text(f"{sessions} marks saved.")).to_be_visible()


def the_facilitator_ticks_their_group(facilitator: Page, cohort_url: str) -> None:
    """They see names and attendance; of the record they see nothing."""
    tick_all(facilitator, "Test supervision 2026", SUPERVISIONS)
    assert facilitator.url == cohort_url
    expect(facilitator.get_by_role("main")).not_to_contain_text("zoe@example.org")
    assert facilitator.goto("/admin/training/participants/").url.endswith("/admin/")


def issue_letter(registrar: Page, stage: str) -> tuple[str, str]:
    """Issue the letter of a completed stage; returns its text and its code. Twice downloaded, it is the same."""
    registrar.get_by_role("link", name=re.compile(f"Issue letter.*{stage}")).click()
    registrar.get_by_role("button", name=re.compile("Issue")).click()
    with registrar.expect_download() as download:
        registrar.get_by_role("link", name=re.compile("Download")).first.click()
    content = download.value.path().read_bytes()
    assert registrar.request.get(download.value.url).body() == content
    text = read(content)
    return text, re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}", text).group()


def read(pdf: bytes) -> str:
    """The text of a PDF, its white space folded."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def nobody_is_listed_without_consent(public: Page) -> None:
    public.goto("/teachers/?name=zoë")
    expect(public.get_by_role("main")).not_to_contain_text(NAME)


def the_public_finds_the_teacher(public: Page) -> None:
    public.goto("/teachers/")
    public.get_by_label("Name").fill("müller zoë")
    public.get_by_label("Country").select_option("IE")
    public.get_by_role("button", name=re.compile("Search|Find|Show")).click()
    public.get_by_role("link", name=NAME).first.click()
    expect(public.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(public.get_by_role("main")).to_contain_text("IMP Teacher Training")


def the_public_checks_the_letter(public: Page, code: str) -> None:
    public.goto("/verify/")
    public.get_by_label("Verification code").fill(code.lower().replace("-", " "))
    public.get_by_role("button", name="Check", exact=True).click()
    expect(public.get_by_role("main")).to_contain_text(NAME)
    expect(public.get_by_role("main")).to_contain_text("Completion")
    assert public.url.endswith(f"/verify/{code}/")
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    public.goto(f"/verify/{wrong}/")
    expect(public.get_by_role("main")).not_to_contain_text(NAME)


def a_withdrawn_letter_says_so(registrar: Page, record: str, public: Page, code: str) -> None:
    registrar.goto(record)
    registrar.get_by_role("link", name=re.compile("Withdraw.*(letter|[0-9]{4}-[0-9]{4})")).first.click()
    registrar.get_by_label(re.compile("Reason")).fill("Issued in a test")
    registrar.get_by_role("button", name=re.compile("Withdraw")).click()
    public.goto(f"/verify/{code}/")
    expect(public.get_by_role("main")).to_contain_text(re.compile("withdrawn", re.IGNORECASE))
    expect(public.get_by_role("main")).not_to_contain_text("Issued in a test")
