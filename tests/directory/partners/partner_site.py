"""A partner's site as far as this one sees it: a server on this machine that answers what a test tells it to."""

import datetime as dt
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from uuid import UUID, uuid5

NAMESPACE = UUID("6d1f0a52-8a3f-4a52-8a55-6d1bb5e5a0c4")


def uid_of(name: str) -> str:
    """The id of whoever is called so."""
    return str(uuid5(NAMESPACE, name))


class PartnerSite:
    """``answers``: by path with query, what is answered; ``asked``: what was asked, with its headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Callable[[Any], None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    @property
    def feed_url(self) -> str:
        return f"{self.url}/directory/feed/"

    def says(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """Answer this path so from now on. ``headers``: with underscores for hyphens."""
        body = body.encode() if isinstance(body, str) else body

        def answer(handler: Any) -> None:
            handler.send_response(status)
            told = {"Content-Length": str(len(body))} | {
                name.replace("_", "-"): value for name, value in headers.items()
            }
            for name, value in told.items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(body)

        self.answers[path] = answer

    def drips(self, path: str, before: bytes, drop: bytes) -> None:
        """Answer this path so, and then a drop in a tenth of a second, for a minute."""

        def answer(handler: Any) -> None:
            handler.wfile.write(before)
            for _time in range(600):
                handler.wfile.write(drop)
                handler.wfile.flush()
                time.sleep(0.1)

        self.answers[path] = answer

    def tells(self, *pages: list[dict[str, Any]], **head: Any) -> None:
        """Its feed has these pages of items, and then nothing more; "etag" comes with the last of them."""
        etag = {"ETag": head.pop("etag")} if "etag" in head else {}
        for number, items in enumerate([*pages, []]):
            path = "/directory/feed/" + (f"?after={number}" if number else "")
            onward = f"{self.feed_url}?after={min(number + 1, len(pages))}"
            self.says(path, json.dumps(self.page(items, **{"next": onward, **head})), **etag)

    def page(self, items: list[Any], /, **head: Any) -> dict[str, Any]:
        """An answer of its feed."""
        return {
            "schema": 1,
            "described_by": f"{self.feed_url}schema.json",
            "title": "Partner teachers",
            "issuer": "Partner",
            "site": f"{self.url}/",
            "directory": f"{self.url}/teachers/",
            "licence": "CC BY-ND 4.0",
            "items": items,
            "next": f"{self.feed_url}?after=end",
            **head,
        }

    def teacher(self, name: str, /, **data: Any) -> dict[str, Any]:
        """An item of its feed: somebody from Utrecht, who speaks Dutch and teaches in person."""
        told = {
            "name": name,
            "about": "",
            "website": "",
            "town": "Utrecht",
            "region": "NL.09",
            "country": "NL",
            "languages": ["nl"],
            "online": False,
            "in_person": True,
            "near": [52.09, 5.12],
            "spot": None,
            "pathways": [],
            "qualifications": [],
            "accredited": False,
            "url": f"{self.url}/teachers/{uid_of(name)}/",
            "contact": None,
        }
        return item("teacher", name, {**told, **data})

    def course(self, title: str, /, of: str, **data: Any) -> dict[str, Any]:
        """An item of its feed: a course of a teacher of that name, next month."""
        day = dt.date.today() + dt.timedelta(days=30)
        told = {
            "teacher": uid_of(of),
            "title": title,
            "starts": day.isoformat(),
            "ends": (day + dt.timedelta(days=7)).isoformat(),
            "format": "in_person",
            "language": "nl",
            "place": "",
            "url": "",
            "state": "open",
        }
        return item("course", title, {**told, **data})


def item(kind: str, name: str, data: Any) -> dict[str, Any]:
    modified = "2026-01-01T00:00:00.000001Z"
    return {"id": uid_of(name), "kind": kind, "state": "updated", "modified": modified, "data": data}


def deleted(kind: str, name: str) -> dict[str, Any]:
    return {**item(kind, name, None), "state": "deleted"}


@contextmanager
def running() -> Iterator[PartnerSite]:
    """The site, until the block ends."""
    site = PartnerSite()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            self.close_connection = True
            try:
                site.answers[self.path](self)
            except KeyError:
                self.send_error(404)
            except OSError:
                pass  # whoever asked has gone

        def log_message(self, *arguments: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    site.url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
