"""The section about checking letters: each kind of answer against the plainest page of the site, by letters issued."""

import itertools
from collections.abc import Callable, Iterable, Iterator

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site

from imp_wagtail.letters.codes import new_code
from imp_wagtail.letters.models import Letter

from . import targets
from .lines import Line
from .register import build_register
from .worker import Order

GROUP = "Verification"
FLOOR = (GROUP, "the plainest page of the site")

#: So many letters are asked for in turn: no answer is the one that was just given.
LETTERS = 200
JSON = {"accept": "application/json"}


def build(order: Order) -> None:
    build_register(order.size)


def lines(order: Order) -> Iterator[Line]:
    def line(name: str, act: Callable[[], None]) -> Line:
        return Line(GROUP, name, act, targets.VERIFICATION, FLOOR)

    yield Line(*FLOOR, visits([empty_page()]))
    # No site has this one: it shows what the rest of a page costs, with nothing looked up for it.
    yield Line(GROUP, "the site's base template alone", visits([reverse("plain")]), floor=FLOOR)
    yield line("a genuine letter", visits(codes(stands=True)))
    yield line("a withdrawn letter", visits(codes(stands=None)))
    yield line("an unknown code", visits((address(new_code()) for _each in range(LETTERS)), status=404))
    yield line("a malformed code", visits([address("nonsense")], status=404))
    yield line("a genuine letter, as JSON", visits(codes(stands=True), headers=JSON))
    yield Line(GROUP, "an edited file of 100 kB", sends_file, targets.CHECKED_FILE)


def empty_page() -> str:
    """The address of a page of Wagtail's own, with a title and nothing else."""
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(instance=Page(title="Empty")).get_url()


def codes(stands: bool | None) -> Iterator[str]:
    """Addresses of letters from all over the register."""
    keys = list(Letter.objects.filter(stands=stands).order_by("pk").values_list("pk", flat=True))
    some = keys[:: max(1, len(keys) // LETTERS)][:LETTERS]
    return (address(code) for code in Letter.objects.filter(pk__in=some).values_list("code", flat=True))


def address(code: str) -> str:
    return reverse("imp_letters:verify_code", args=[code])


def visits(
    addresses: Iterable[str], *, status: int = 200, headers: dict[str, str] | None = None
) -> Callable[[], None]:
    """What opens one address after the other, as somebody without an account, and insists on its status."""
    client, others = Client(headers=headers), itertools.cycle(list(addresses))

    def visit() -> None:
        response = client.get(next(others))
        if response.status_code != status:
            raise RuntimeError(f"{response.request['PATH_INFO']} answered {response.status_code}")

    return visit


def sends_file() -> None:
    """A file of which one character was changed."""
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.7" + b"x" * 100_000)
    response = Client().post(reverse("imp_letters:verify"), {"file": file})
    if response.status_code != 404:
        raise RuntimeError(f"An edited file was answered with {response.status_code}")
