"""The page of a run: what was issued together, and the files to print or to keep, each as issued or none at all."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from imp_wagtail.core import jobs
from imp_wagtail.core.job_views import job_url
from imp_wagtail.core.models import Job
from imp_wagtail.letters import actions
from imp_wagtail.letters.bulk import run_views
from imp_wagtail.letters.bulk.papers import file_name
from imp_wagtail.letters.models import Letter
from imp_wagtail.participants.personal.erasing import erase
from imp_wagtail.pathways.models import Stage
from tests.factories import ParticipantFactory, UserFactory, editor, facilitator, registrar

from .conftest import ISSUED_ON, completed
from .printing import QuickRenderer

pytestmark = pytest.mark.django_db
quick = pytest.mark.usefixtures("quick_pdf")

NAMES = ("Ana Núñez", "王小明", "محمد علي")


def run_of(stage: Stage, *names: str, **values: Any) -> Job:
    """A run that is over, in which somebody of each name got a letter."""
    job = jobs.start("imp_letters.issue", title="Issue letters: Engagement", items=[], token="run", by=registrar())
    pairs = [(completed(stage, name), stage) for name in names or NAMES]
    actions.issue_many(pairs, on=ISSUED_ON, by=None, run=job)
    Job.objects.filter(pk=job.pk).update(**{"state": "finished", "changed": len(pairs), **values})
    job.refresh_from_db()
    return job


def address(name: str, run: Job) -> str:
    return reverse(f"imp_letters_admin:{name}", args=[run.pk])


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def archive(response: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(BytesIO(content(response)))


def letter(number: int) -> Letter:
    return Letter.objects.get(running_number=number)


def spoil(some: Letter, *, remove: bool = False) -> None:
    path = Path(some.file.path)
    path.chmod(0o600)
    if remove:
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b" ")


class TestThePage:
    @quick
    def test_shows_the_letters_by_number_and_who_was_left_out_and_why(self, staff: Client, stage: Stage) -> None:
        run = run_of(
            stage,
            params={"refused": [["Ben, Engagement", "No wording fits."]], "act": "letters"},
            refusals=[["Cleo, Engagement", "Withdrawn from the pathway."]],
        )
        response = staff.get(address("run", run))

        assert [one.number for one in response.context["letters"]] == ["2025-0001", "2025-0002", "2025-0003"]
        for text in (*NAMES, "Ben, Engagement", "No wording fits.", "Cleo, Engagement", "Withdrawn from the pathway."):
            assert text in response.text
        for name in ("run_print", "run_zip", "send_run"):
            assert address(name, run) in response.text
        assert f"?run={run.pk}" in response.text

    @quick
    def test_names_what_was_withdrawn_or_replaced_and_leaves_it_out(self, staff: Client, stage: Stage) -> None:
        run = run_of(stage)
        actions.withdraw(letter(1), reason="A secret reason", by=None)
        actions.replace(letter(2), reason="Misspelt", on=ISSUED_ON, by=None)
        response = staff.get(address("run", run))

        assert [one.number for one in response.context["ended"]] == ["2025-0001", "2025-0002"]
        assert "withdrawn on" in response.text and "by 2025-0004, which stands in its place" in response.text
        assert response.context["standing"] == 2
        assert archive(staff.get(address("run_zip", run))).namelist() == [
            "2025-0003 محمد علي.pdf",
            "2025-0004 王小明.pdf",
        ]

    @quick
    def test_offers_no_files_before_it_is_over(self, staff: Client, stage: Stage) -> None:
        run = run_of(stage, state="running", position=3, total=9)
        text = staff.get(address("run", run)).text

        assert "Still being issued: 3 of 9 done." in text
        assert address("run_print", run) not in text and address("send_run", run) not in text
        assert job_url(run) not in text  # it is somebody else's
        staff.force_login(run.created_by)
        assert job_url(run) in staff.get(address("run", run)).text

    @quick
    def test_of_a_run_without_letters_says_so(self, staff: Client, stage: Stage) -> None:
        run = run_of(stage)
        Letter.objects.update(run=None)
        text = staff.get(address("run", run)).text

        assert "No letter was issued." in text
        assert address("run_print", run) not in text
        assert staff.get(address("run_print", run)).status_code == 404
        assert staff.get(address("run_zip", run)).status_code == 404

    @quick
    def test_asks_as_much_for_thirty_as_for_three(self, staff: Client, stage: Stage) -> None:
        def queries(run: Job) -> int:
            with CaptureQueriesContext(connection) as captured:
                assert staff.get(address("run", run)).status_code == 200
            return len(captured)

        run = run_of(stage)
        queries(run)
        for_three = queries(run)
        pairs = [(completed(stage, f"Person {number}"), stage) for number in range(27)]
        actions.issue_many(pairs, on=ISSUED_ON, by=None, run=run)

        assert queries(run) == for_three

    @quick
    def test_is_for_whoever_may_see_letters(self, client: Client, stage: Stage) -> None:
        run = run_of(stage)
        addresses = [address(name, run) for name in ("run", "run_zip")]
        for user in (None, UserFactory(), editor(), facilitator()):
            client.logout()
            if user:
                client.force_login(user)
            assert [client.get(url).status_code for url in addresses] == [302, 302]

    @quick
    def test_of_whoever_sees_letters_only_tells_nothing_of_the_others(self, client: Client, stage: Stage) -> None:
        run = run_of(stage, refusals=[["Cleo, Engagement", "Withdrawn from the pathway."]])
        user = UserFactory()
        user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_letter"]))
        client.force_login(user)
        text = client.get(address("run", run)).text

        assert "Ana Núñez" in text
        assert "Cleo" not in text and address("send_run", run) not in text

    @quick
    def test_is_of_jobs_that_issued_letters_only(self, staff: Client, stage: Stage) -> None:
        run = run_of(stage, kind="imp_letters.send")

        assert [staff.get(address(name, run)).status_code for name in ("run", "run_print", "run_zip")] == [404] * 3

    @quick
    def test_has_pages_where_there_are_many(
        self, staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_views, "PER_PAGE", 2)
        run = run_of(stage)

        assert [one.number for one in staff.get(f"{address('run', run)}?p=2").context["letters"]] == ["2025-0003"]


class TestTheZip:
    @quick
    def test_has_each_letter_as_it_was_issued(self, staff: Client, stage: Stage) -> None:
        response = staff.get(address("run_zip", run_of(stage)))
        files = archive(response)

        assert files.namelist() == ["2025-0001 Ana Núñez.pdf", "2025-0002 王小明.pdf", "2025-0003 محمد علي.pdf"]
        for name, one in zip(files.namelist(), Letter.objects.order_by("running_number"), strict=True):
            assert files.read(name) == QuickRenderer().render(one.snapshot)
        assert files.testzip() is None
        expected = 'attachment; filename="letters-2025-0001-to-2025-0003.zip"'
        assert response.headers["Content-Disposition"] == expected
        assert "no-store" in response.headers["Cache-Control"]

    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("../../etc/passwd", "2025-0001 _.._etc_passwd.pdf"),
            ('a<b>:"c|d?e*f\\g', "2025-0001 a_b___c_d_e_f_g.pdf"),
            ("Zoe\u0301\r\n\t \u202eb", "2025-0001 Zoé b.pdf"),
            ("Ana . ", "2025-0001 Ana.pdf"),
            ("明" * 150, f"2025-0001 {'明' * 60}.pdf"),
        ],
    )
    def test_has_names_that_every_system_takes(self, name: str, file: str) -> None:
        assert file_name(Letter(year=2025, running_number=1, name=name)) == file


class TestThePDF:
    def test_has_every_letter_on_a_page_of_its_own_in_the_order_of_numbers(self, staff: Client, stage: Stage) -> None:
        names = ("Ana", "Ben", "Cleo")
        response = staff.get(address("run_print", run_of(stage, *names)))
        document = pypdfium2.PdfDocument(content(response))
        pages = [page.get_textpage().get_text_bounded() for page in document]

        assert len(pages) == 3
        for text, name, number in zip(pages, names, ("2025-0001", "2025-0002", "2025-0003"), strict=True):
            assert name in text and number in text
        assert response.headers["Content-Disposition"].startswith("inline; ")

    def test_comes_in_parts_where_there_are_many(
        self, staff: Client, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(run_views, "MOST_TOGETHER", 2)
        run = run_of(stage, "Ana", "Ben", "Cleo")
        page = staff.get(address("run", run)).text
        lengths = [
            len(pypdfium2.PdfDocument(content(staff.get(f"{address('run_print', run)}?part={part}"))))
            for part in (1, 2, "x")
        ]

        assert "Print 1 to 2" in page and "Print 3 to 3" in page
        assert lengths == [2, 1, 2]


@quick
@pytest.mark.parametrize("name", ["run_zip", "run_print"])
def test_files_that_are_missing_or_altered_stop_the_whole_and_are_named(
    staff: Client, stage: Stage, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = run_of(stage)
    for number in (1, 2, 3):
        if number != 2:
            spoil(letter(number), remove=number == 3)
    monkeypatch.setattr("imp_wagtail.letters.bulk.papers._append", lambda *args: None)  # none of them is a PDF
    response = staff.get(address(name, run))

    assert response.status_code == 409
    assert "Ana Núñez" in response.text and "The stored file has been altered" in response.text
    assert "محمد علي" in response.text and "The stored file is missing." in response.text
    assert "王小明" not in response.text
    assert b"%PDF" not in response.content


@quick
@pytest.mark.parametrize("state", ["running", "finished"])
def test_who_was_left_out_beforehand_and_is_erased_is_named_no_more(stage: Stage, state: str) -> None:
    left_out = [["Quinn Zyxwather, Engagement", "No."], ["Ana Núñez", "Not completed."]]
    run = run_of(stage, state=state, params={"act": "letters", "refused": left_out})

    erase(ParticipantFactory(name="Quinn Zyxwather"), why="Asked for it.", by=None)

    run.refresh_from_db()
    assert run.params == {"act": "letters", "refused": left_out[1:]}
