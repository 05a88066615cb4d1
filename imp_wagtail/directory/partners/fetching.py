"""To ask another site for something, without trusting it: how long it may take, how much it may say, where it is.

Python's own client and no other, because it lets us look at the address that was really connected to before anything
is asked, and cut the line at the end of the time, however slowly the answer drips.
"""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from threading import Event, Timer
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import imp_wagtail
from imp_wagtail.core.conf import settings

OK, NOT_MODIFIED, GONE = 200, 304, 410
MEGABYTE = 1024 * 1024


class FetchError(Exception):
    """What was wrong with an answer, or that there was none, in words for staff."""


@dataclass(frozen=True)
class Answer:
    """What came back: ``status`` is 200 with a ``body``, 304 or 410."""

    status: int
    body: bytes = b""
    etag: str = ""


class PublicConnection(HTTPConnection):
    """A connection that ends where it leads to a machine that is not on the public internet.

    The name of a site on the allow-list may be made to point anywhere, this machine's own network included.
    """

    #: A second handle of the line, by which another thread can cut it, whatever the first is at: encrypting, closed.
    line: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.line = self.sock.dup()
        if not settings.PARTNERS_MAY_BE_LOCAL and not is_public(self.sock.getpeername()[0]):
            raise FetchError(_("%(host)s is not on the public internet.") % {"host": self.host})

    def cut(self) -> None:
        """End the line, from any thread: whoever reads or writes is at the end."""
        if self.line:
            with suppress(OSError):  # it has ended
                self.line.shutdown(socket.SHUT_RDWR)

    def hang_up(self) -> None:
        self.close()
        if self.line:
            self.line.close()


class PublicTLSConnection(HTTPSConnection, PublicConnection):
    """The same, encrypted: ``HTTPSConnection`` begins to encrypt only after ``PublicConnection`` has looked."""


def fetch(address: str, etag: str = "") -> Answer:
    """Ask an address; with an ``etag``, only for what is another than that. Raises ``FetchError``.

    It takes no longer than ``PARTNER_MAX_SECONDS`` and reads no more than ``PARTNER_MAX_MB``. It follows no redirect:
    what is asked is on the allow-list, and nothing else is.
    """
    connection = connection_to(address)
    try:
        with cut_in_time(connection):
            return _answer(connection, address, etag)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(_("It does not answer: %(error)s.") % {"error": error or type(error).__name__}) from error
    finally:
        connection.hang_up()


def connection_to(address: str) -> PublicConnection:
    """The connection for an address, not opened yet; refused where anybody between could read and change it."""
    seconds = settings.PARTNER_MAX_SECONDS
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
        if parts.scheme == "https":
            return PublicTLSConnection(host, port, timeout=seconds, context=ssl.create_default_context())
        if parts.scheme == "http" and settings.PARTNERS_MAY_BE_LOCAL:
            return PublicConnection(host, port, timeout=seconds)
    except (ValueError, HTTPException) as error:
        raise FetchError(_("“%(address)s” is no address.") % {"address": address}) from error
    raise FetchError(_("Only addresses with https:// are asked."))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast


@contextmanager
def cut_in_time(connection: PublicConnection) -> Iterator[None]:
    """End a connection when its time is over, whatever it is at; raises ``FetchError`` for what was cut off."""
    seconds, is_over = settings.PARTNER_MAX_SECONDS, Event()

    def cut() -> None:
        is_over.set()
        connection.cut()

    timer = Timer(seconds, cut)
    timer.start()
    try:
        yield
    except (OSError, HTTPException, ValueError):
        if not is_over.is_set():
            raise
    finally:
        timer.cancel()
    if is_over.is_set():
        text = ngettext("It took longer than %(seconds)d second.", "It took longer than %(seconds)d seconds.", seconds)
        raise FetchError(text % {"seconds": seconds})


def _answer(connection: PublicConnection, address: str, etag: str) -> Answer:
    parts = urlsplit(address)
    headers = {
        "Accept": "application/json",
        # What is not packed cannot turn out a thousand times as large.
        "Accept-Encoding": "identity",
        "User-Agent": f"imp_wagtail/{imp_wagtail.__version__} (+{settings.base_url})",
        "Connection": "close",
        **({"If-None-Match": etag} if etag else {}),
    }
    connection.request("GET", f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}", headers=headers)
    response = connection.getresponse()
    if response.status == OK:
        return Answer(OK, _body(response), response.headers.get("ETag", ""))
    if response.status in (NOT_MODIFIED, GONE):
        return Answer(response.status)
    if location := response.headers.get("Location"):
        message = _("It sends on to %(address)s. If that is right, enter this address.")
        raise FetchError(message % {"address": urljoin(address, location)})
    raise FetchError(_("It answers with status %(status)d.") % {"status": response.status})


def _body(response: HTTPResponse) -> bytes:
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchError(_("Its answer is packed, though it was asked for plainly."))
    most = settings.PARTNER_MAX_MB * MEGABYTE
    body = response.read(most + 1)
    if len(body) > most:
        raise FetchError(_("Its answer is larger than %(size)d MB.") % {"size": settings.PARTNER_MAX_MB})
    if response.length:
        raise FetchError(_("Its answer broke off."))
    return body
