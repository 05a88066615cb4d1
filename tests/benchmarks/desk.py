"""The section of the registrar's desk: lists, records and long work, by how many people there are."""

from collections.abc import Iterator

from .build import build as build_people
from .lines import Browser, Line, requests
from .long_work import long_work
from .worker import Order


def build(order: Order) -> None:
    build_people(order.size)


def lines(order: Order) -> Iterator[Line]:
    browser = Browser()
    yield from requests(browser)
    yield from long_work(order, browser)
