"""Another site is asked for something, and trusted with nothing."""

import socket
import time
from typing import Any

import pytest

from imp_wagtail.directory.partners import fetching
from imp_wagtail.directory.partners.fetching import Answer, FetchError, fetch, is_public

from .partner_site import PartnerSite

HEADERS = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def limited(settings: Any, **limits: Any) -> None:
    settings.IMP_WAGTAIL = {**settings.IMP_WAGTAIL, **limits}


def test_what_is_answered_comes_back_with_its_etag(site: PartnerSite) -> None:
    site.says("/feed?after=1", "{}", ETag='"a"')

    assert fetch(f"{site.url}/feed?after=1") == Answer(200, b"{}", '"a"')


def test_it_says_who_asks_and_wants_nothing_packed(site: PartnerSite, settings: Any) -> None:
    limited(settings, BASE_URL="https://here.example")
    site.says("/feed")
    fetch(f"{site.url}/feed")

    [(_path, headers)] = site.asked
    assert headers["User-Agent"].startswith("imp_wagtail/")
    assert headers["User-Agent"].endswith("(+https://here.example)")
    assert (headers["Accept-Encoding"], "If-None-Match" in headers, "Cookie" in headers) == ("identity", False, False)


def test_an_etag_asks_only_for_what_is_new(site: PartnerSite) -> None:
    site.says("/feed", status=304)

    assert fetch(f"{site.url}/feed", '"a"') == Answer(304)
    assert site.asked[0][1]["If-None-Match"] == '"a"'


def test_that_there_is_a_new_beginning_is_an_answer(site: PartnerSite) -> None:
    site.says("/feed", '{"begin": "…"}', status=410)

    assert fetch(f"{site.url}/feed") == Answer(410)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_but_it_is_said_where_it_leads(site: PartnerSite, status: int) -> None:
    site.says("/feed", status=status, Location="/secret")
    site.says("/secret", "{}")

    with pytest.raises(FetchError, match=f"sends on to {site.url}/secret"):
        fetch(f"{site.url}/feed")
    assert [path for path, _headers in site.asked] == ["/feed"]


@pytest.mark.parametrize("status", [204, 400, 401, 403, 404, 429, 500, 503])
def test_every_other_status_is_said(site: PartnerSite, status: int) -> None:
    site.says("/feed", status=status)

    with pytest.raises(FetchError, match=f"status {status}"):
        fetch(f"{site.url}/feed")


def test_an_answer_of_the_largest_size_is_taken_and_one_byte_more_is_not(site: PartnerSite, settings: Any) -> None:
    limited(settings, PARTNER_MAX_MB=1)
    site.says("/most", b"x" * 1024 * 1024)
    site.says("/more", b"x" * (1024 * 1024 + 1))

    assert len(fetch(f"{site.url}/most").body) == 1024 * 1024
    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetch(f"{site.url}/more")


def test_an_answer_that_never_ends_is_too_large(site: PartnerSite, settings: Any) -> None:
    limited(settings, PARTNER_MAX_MB=1)
    site.drips("/feed", HEADERS + b"\r\n", b"x" * 1024 * 1024)

    with pytest.raises(FetchError, match="larger than 1 MB"):
        fetch(f"{site.url}/feed")


@pytest.mark.parametrize(
    ("before", "drop"),
    [
        (b"", b"H"),
        (HEADERS, b"X-More: and more\r\n"),
        (HEADERS + b"X-Long: ", b"x"),
        (HEADERS + b"\r\n", b" "),
        (HEADERS + b"Content-Length: 1000000\r\n\r\n", b" "),
        (HEADERS + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "headers", "header", "body", "length", "chunks", "continue"],
)
def test_an_answer_that_drips_is_cut_off_in_time(site: PartnerSite, settings: Any, before: bytes, drop: bytes) -> None:
    limited(settings, PARTNER_MAX_SECONDS=1)
    site.drips("/feed", before, drop)
    began = time.monotonic()

    with pytest.raises(FetchError):
        fetch(f"{site.url}/feed")
    assert time.monotonic() - began < 20  # of sixty


def test_an_answer_that_breaks_off_is_none(site: PartnerSite) -> None:
    site.says("/feed", b"{}", Content_Length="1000")

    with pytest.raises(FetchError, match=r"does not answer|broke off"):
        fetch(f"{site.url}/feed")


def test_a_packed_answer_is_refused(site: PartnerSite) -> None:
    site.says("/feed", b"\x1f\x8b", Content_Encoding="gzip")

    with pytest.raises(FetchError, match="packed"):
        fetch(f"{site.url}/feed")


def test_what_is_no_http_is_said(site: PartnerSite) -> None:
    site.answers["/feed"] = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9\r\n")

    with pytest.raises(FetchError, match="does not answer"):
        fetch(f"{site.url}/feed")


def test_that_nobody_answers_is_said(site: PartnerSite) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match="does not answer"):
            fetch(f"http://localhost:{taken.getsockname()[1]}/feed")


@pytest.mark.parametrize(
    "address", ["https://[", "https://host:port/", "ftp://host/", "file:///etc/passwd", "//host/", ""]
)
def test_what_is_no_address_on_the_web_is_not_asked(settings: Any, address: str) -> None:
    limited(settings, PARTNERS_MAY_BE_LOCAL=True)

    with pytest.raises(FetchError):
        fetch(address)


@pytest.mark.parametrize("address", ["https://host/a\r\nHost: other/", "https://ho st/", "https://host/ä"])
def test_an_address_cannot_smuggle_a_header(address: str) -> None:
    with pytest.raises(FetchError):
        fetch(address)


class TestOnTheInternet:
    """As on a site that is for others, where partners are not on this machine."""

    @pytest.fixture(autouse=True)
    def not_local(self, settings: Any, site: PartnerSite) -> None:
        limited(settings, PARTNERS_MAY_BE_LOCAL=False)

    def test_nothing_is_asked_without_encryption(self, site: PartnerSite) -> None:
        with pytest.raises(FetchError, match="https"):
            fetch(f"{site.url}/feed")
        assert site.asked == []

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1", "2130706433"])
    def test_no_machine_of_this_network_is_asked_whatever_it_is_called(self, site: PartnerSite, host: str) -> None:
        port = site.url.rpartition(":")[2]

        with pytest.raises(FetchError, match="not on the public internet"):
            fetch(f"https://{host}:{port}/feed")
        assert site.asked == []


@pytest.mark.parametrize(
    ("address", "answer"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
    ],
)
def test_what_is_public(address: str, answer: bool) -> None:
    assert is_public(address) is answer


def test_a_certificate_is_checked() -> None:
    connection = fetching.connection_to("https://host.example/")

    assert (connection._context.check_hostname, connection._context.verify_mode.name) == (True, "CERT_REQUIRED")
