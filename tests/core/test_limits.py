"""How often something may be tried from one address."""

import time
from typing import Any

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.http import HttpRequest
from django.test import RequestFactory

from imp_wagtail.core.limits import client_address, seconds_to_wait


def request_from(address: str, **headers: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


def tries(count: int, limit: Any = (2, 3600), name: str = "test", address: str = "192.0.2.1") -> list[bool]:
    """For each of so many tries, whether it was allowed."""
    return [seconds_to_wait(request_from(address), name, limit) == 0 for _each in range(count)]


class BrokenCache(BaseCache):
    """A cache whose server is down."""

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        raise ConnectionError("Connection refused")


def test_so_many_tries_are_allowed_and_no_more() -> None:
    assert tries(4) == [True, True, False, False]


def test_whoever_tried_too_often_is_told_how_long_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 3600 * 500 + 600.7)
    tries(2)

    assert seconds_to_wait(request_from("192.0.2.1"), "test", (2, 3600)) == 3000


def test_after_that_time_it_is_allowed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 3600.0 * 500)
    assert tries(3) == [True, True, False]
    monkeypatch.setattr(time, "time", lambda: 3600.0 * 501)

    assert tries(3) == [True, True, False]


def test_each_address_and_each_thing_that_is_limited_counts_by_itself() -> None:
    assert tries(3) == [True, True, False]

    assert tries(1, address="192.0.2.2") == [True]
    assert tries(1, name="other") == [True]


def test_without_a_limit_everything_is_allowed_and_nothing_counted() -> None:
    assert tries(5, limit=None) == [True] * 5
    assert tries(3) == [True, True, False]


def test_where_nothing_says_who_asks_nobody_is_stopped_for_others() -> None:
    assert tries(5, address="") == [True] * 5


def test_a_cache_that_is_down_stops_nobody_and_is_told_in_the_log(settings: Any, caplog: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.BrokenCache"}}

    assert tries(4) == [True] * 4
    assert "The cache does not answer" in caplog.text


def test_a_cache_that_keeps_nothing_stops_nobody(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    assert tries(4) == [True] * 4


def test_no_address_lies_readable_in_the_cache(settings: Any) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "own"}}
    tries(1)

    [key] = cache._cache
    assert "192.0.2.1" not in key


# Who asks


def test_a_header_is_not_believed_unless_the_site_says_so() -> None:
    assert client_address(request_from("192.0.2.1", x_forwarded_for="203.0.113.7")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("10.0.0.1, 198.51.100.4, 203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::"),
        ("2001:db8:1:2::9", "2001:db8:1:2::"),
        ("nonsense", "192.0.2.1"),
        ("203.0.113.7, ", "192.0.2.1"),
        ("", "192.0.2.1"),
    ],
)
def test_of_the_header_that_the_site_names_the_last_address_counts(settings: Any, told: str, address: str) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "CLIENT_ADDRESS_HEADER": "X-Forwarded-For"}

    assert client_address(request_from("192.0.2.1", x_forwarded_for=told)) == address


def test_where_the_header_is_missing_the_connection_s_own_address_counts(settings: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, "CLIENT_ADDRESS_HEADER": "X-Real-IP"}

    assert client_address(request_from("192.0.2.1")) == "192.0.2.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
    ],
)
def test_whoever_has_one_address_of_an_ipv6_network_has_all_of_them(address: str, network: str) -> None:
    assert client_address(request_from(address)) == network
