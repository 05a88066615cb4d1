"""A registrar after a training: forty letters at once, one put right, one withdrawn, and all printed and e-mailed."""

import csv
import hashlib
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from ..letters.mail_server import MailServer, mail_server
from .conftest import PROJECT, ReferenceSite, Visit
from .desk_work import PATHWAY, add_sessions, choose, days_ago, type_in
from .test_registrar import assert_accessible

pytestmark = pytest.mark.e2e

FORTY = 40
COHORT, TRAINING = "Training in Spain, the large group", "IMP Teacher Training in Spain 2025, 2025"
#: Where all of them live, and nobody else on record: what the list is narrowed by.
COUNTRY = "IS"
FAMILIES = ["Ólafsdóttir", "Þórsson", "O'Brien", "Šimůnková", "Νικολάου", "Петрова", "王小明", "محمد"]
MISSPELT, WITHDRAWN, WITHOUT_ADDRESS = "Person 01", "Person 02", "Person 03"
HAS_LEFT, IS_ON_THE_WAY, HAS_A_LETTER = "Person 41", "Person 42", "Person 43"
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{5}")


@pytest.fixture(scope="module")
def mail() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def site(site: ReferenceSite, mail: MailServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReferenceSite]:
    """A copy of the demo, so that forty people more are in no other test's way. Its messages go to ``mail``."""
    copy = ReferenceSite(tmp_path_factory.mktemp("copy"))
    for folder in ("media", "private"):
        shutil.copytree(site.folder / folder, copy.folder / folder)
    with (
        closing(sqlite3.connect(site.folder / "site.sqlite3")) as source,
        closing(sqlite3.connect(copy.folder / "site.sqlite3")) as target,
    ):
        source.backup(target)
    copy.env |= {
        "DJANGO_SETTINGS_MODULE": "tests.e2e.mail_settings",
        "PYTHONPATH": str(PROJECT),
        "MAIL_PORT": str(mail.port),
    }
    with copy.served():
        yield copy


def test_forty_letters_after_a_training(registrar: Page, visit: Visit, mail: MailServer, tmp_path: Path) -> None:
    page = registrar
    import_people(page, tmp_path / "people.csv")
    give_them_a_training(page)
    issue_by_itself(page, HAS_A_LETTER)

    run = issue_the_rest(page)
    old_code = replace_the_misspelt_one(page, run)
    withdraw_one(page, run)
    expect(page.get_by_role("main")).to_contain_text("Neither printed nor sent with the others")

    singles = every_letter_in_a_file(page, run, tmp_path)
    assert len(singles) == FORTY - 1
    on_paper(page, run, tmp_path, expected=list(singles.values()))
    e_mail_all(page, run, without=1)
    sent = {message["To"]: attached_to(message) for message in mail.taken}
    assert len(mail.taken) == len(sent) == FORTY - 2
    files = {hashlib.sha256(path.read_bytes()).hexdigest() for path in singles.values()}
    assert {hashlib.sha256(content).hexdigest() for content in sent.values()} < files

    an_institution_asks(visit(), old_code)


def import_people(page: Page, file: Path) -> None:
    """Forty who have completed the stage of the training, and three who will not get a letter with them."""
    names = [f"Person {number:02} {FAMILIES[number % len(FAMILIES)]}" for number in range(1, FORTY + 4)]
    headings = ["Name", "E-mail", "Country", "Enrolled on", "Enrolment status"]
    stages = ["Preparation: completed on", "Engagement: completed on"]
    with file.open("w", newline="", encoding="utf-8") as target:
        rows = csv.writer(target)
        rows.writerow([*headings, *stages])
        for number, name in enumerate(names, start=1):
            address = "" if name.startswith(WITHOUT_ADDRESS) else f"person{number}@example.org"
            status = "withdrawn" if name.startswith(HAS_LEFT) else "active"
            last = "" if name.startswith(IS_ON_THE_WAY) else days_ago(20)
            rows.writerow([name, address, COUNTRY, days_ago(400), status, days_ago(200), last])
    page.goto("/admin/training/participants/import/")
    choose(page, "Pathway*", label=PATHWAY)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Read the file").click()
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name=f"Import {len(names)} people").click()
    expect(page.get_by_text(re.compile("Imported on"))).to_be_visible()


def give_them_a_training(page: Page) -> None:
    """A cohort with the training's page, of which the letters name place and dates; everybody was there."""
    page.goto("/admin/training/cohorts/new/")
    type_in(page, "Title*", COHORT)
    choose(page, "Kind*", label="training")
    choose(page, "Pathway*", label=PATHWAY)
    choose(page, "Training", label=TRAINING)
    page.get_by_role("button", name="Save").click()
    cohort = page.url
    add_sessions(page, first=days_ago(30), sessions=1, every=1)
    select_all_of_them(page)
    begin_with_all(page, "Add to a cohort")
    choose(page, "Cohort*", label=COHORT)
    page.get_by_role("button", name="Show who will change").click()
    page.get_by_role("button", name=re.compile("Do it for")).click()
    wait_until_done(page)
    page.goto(cohort)
    page.get_by_role("button", name=re.compile("^All")).click()
    page.get_by_role("button", name="Save attendance").click()
    expect(page.get_by_text(re.compile("marks saved"))).to_be_visible()


def wait_until_done(page: Page) -> None:
    """Long work has come to its end, and the page that follows it says so."""
    expect(page.locator(".imp-lead")).to_contain_text("Done.", timeout=60_000)


def select_all_of_them(page: Page) -> None:
    """Everybody whom the filter shows, on both pages of the list."""
    page.goto(f"/admin/training/participants/?country={COUNTRY}")
    page.locator("th [data-bulk-action-select-all-checkbox]").check(force=True)
    page.get_by_role("button", name="Select everybody the filter shows").click()


def begin_with_all(page: Page, act: str) -> None:
    bar = page.get_by_role("region", name="Bulk actions")
    bar.get_by_role("button", name="More").click()
    page.get_by_role("link", name=act).click()
    expect(page.get_by_text(f"{FORTY + 3} people are selected.")).to_be_visible()


def issue_by_itself(page: Page, name: str) -> None:
    open_record(page, name)
    page.get_by_role("link", name=re.compile("Issue letter.*Engagement")).click()
    page.get_by_role("button", name="Issue letter").click()
    expect(page.get_by_text(re.compile(r"Letter \d{4}-\d+ issued"))).to_be_visible()


def open_record(page: Page, name: str) -> None:
    page.goto(f"/admin/training/participants/?q={name}")
    page.get_by_role("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()


def issue_the_rest(page: Page) -> str:
    """Shown beforehand with who is left out and why, then issued, across a reload; returns the run's address."""
    select_all_of_them(page)
    begin_with_all(page, "Issue letters")
    choose(page, "Stage", label="Engagement")
    page.get_by_role("button", name="Show who will change").click()
    expect(page.get_by_role("heading", name=f"{FORTY} letters will be issued")).to_be_visible()
    left_out = page.get_by_role("region", name="2 people are left out")
    for reason, name in {"Withdrawn from the pathway.": HAS_LEFT, "is not completed": IS_ON_THE_WAY}.items():
        expect(left_out.get_by_role("heading", name=re.compile(reason))).to_be_visible()
        expect(left_out.get_by_role("link", name=re.compile(name))).to_be_visible()
    has_one = page.get_by_role("region", name="1 person has a letter already")
    expect(has_one.get_by_role("link", name=re.compile(HAS_A_LETTER))).to_be_visible()
    assert_accessible(page)

    page.get_by_role("button", name=f"Issue {FORTY} letters").dblclick()
    expect(page.locator(".imp-lead")).to_contain_text(re.compile(rf"[1-9]\d* of {FORTY} done|Done"))
    page.reload()
    wait_until_done(page)
    expect(page.locator(".imp-facts")).to_contain_text(re.compile(rf"Changed\s*{FORTY}"))
    page.get_by_role("link", name="To the letters issued").click()
    expect(page.get_by_role("main").locator("tbody tr")).to_have_count(FORTY)
    assert_accessible(page)
    return page.url


def letter_of(page: Page, run: str, name: str) -> None:
    """The page of somebody's letter, from the page of the run."""
    page.goto(run)
    page.get_by_role("row", name=re.compile(name)).get_by_role("link").click()


def replace_the_misspelt_one(page: Page, run: str) -> str:
    """Returns the code of the letter with the mistake."""
    letter_of(page, run, MISSPELT)
    main = page.get_by_role("main")
    code = main.get_by_role("link", name=CODE).inner_text()
    main.get_by_role("link", name="Replace").click()
    page.get_by_role("link", name="Correct the person's details").click()
    type_in(page, "Name*", "Sigrún Þórsdóttir")
    page.get_by_role("button", name="Save").click()
    type_in(page, "Reason*", "The name was misspelt.")
    page.get_by_role("button", name="Replace letter").click()
    expect(page.get_by_text(re.compile(r"Letter \d{4}-\d+ replaced by "))).to_be_visible()
    return code


def withdraw_one(page: Page, run: str) -> None:
    letter_of(page, run, WITHDRAWN)
    page.get_by_role("main").get_by_role("link", name="Withdraw").click()
    type_in(page, "Reason*", "Left on the second day.")
    page.get_by_role("button", name="Withdraw letter").click()
    expect(page.get_by_text(re.compile(r"Letter \d{4}-\d+ withdrawn\."))).to_be_visible()
    page.goto(run)


def every_letter_in_a_file(page: Page, run: str, folder: Path) -> dict[str, Path]:
    """The files of the ZIP, by their names."""
    page.goto(run)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as ZIP").click()
    download.value.save_as(folder / "letters.zip")
    with zipfile.ZipFile(folder / "letters.zip") as archive:
        archive.extractall(folder / "letters")
        names = archive.namelist()
    assert any("Sigrún Þórsdóttir" in name for name in names)
    assert not any(gone in name for gone in (MISSPELT, WITHDRAWN) for name in names)
    return {name: folder / "letters" / name for name in names}


def on_paper(page: Page, run: str, folder: Path, *, expected: list[Path]) -> None:
    """One PDF with a page for each letter that stands, in the order of their numbers."""
    page.goto(run)
    address = page.get_by_role("link", name="Print all").get_attribute("href") or ""
    file = folder / "all.pdf"
    file.write_bytes(page.request.get(address).body())
    with pikepdf.open(file) as pdf:
        assert len(pdf.pages) == len(expected)
    assert [CODE.search(text)[0] for text in texts_of(file)] == [
        CODE.search(text)[0] for path in sorted(expected) for text in texts_of(path)
    ]


def texts_of(file: Path) -> list[str]:
    """What stands on each page."""
    with closing(pypdfium2.PdfDocument(file)) as pdf:
        return [each.get_textpage().get_text_bounded() for each in pdf]


def e_mail_all(page: Page, run: str, *, without: int) -> None:
    page.goto(run)
    page.get_by_role("link", name="Send by e-mail").click()
    sent = FORTY - 1 - without
    left_out = page.get_by_role("region", name="3 letters are left out")
    expect(left_out).to_contain_text("There is no e-mail address on record.")
    expect(left_out).to_contain_text("The letter was replaced or withdrawn.")
    assert_accessible(page)
    page.get_by_role("button", name=f"Send {sent} letters").dblclick()
    wait_until_done(page)
    expect(page.get_by_text(f"{sent} sent")).to_be_visible()


def attached_to(message: object) -> bytes:
    [attachment] = message.iter_attachments()
    return attachment.get_content()


def an_institution_asks(public: Page, old_code: str) -> None:
    """The code of the letter with the mistake leads on to the one in its place."""
    public.goto(f"/verify/{old_code}/")
    expect(public.get_by_role("heading", level=1)).to_have_text("This letter has been replaced")
    public.get_by_role("link", name=re.compile("See the newer letter of")).click()
    expect(public.get_by_role("heading", level=1)).to_have_text("This letter is genuine")
    expect(public.get_by_role("main")).to_contain_text("Sigrún Þórsdóttir")
