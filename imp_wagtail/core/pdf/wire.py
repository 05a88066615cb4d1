"""How two processes speak: a message of plain JSON, and the bytes that go with it.

Never pickles: whoever takes over the process that prints, by a picture or a font, has no say in this one.
"""

import json
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

#: Most bytes of one message or of what goes with it.
LARGEST = 256 * 1024 * 1024


class Message(NamedTuple):
    """What is said, and bytes beside it."""

    says: dict[str, Any]
    parts: list[bytes]


def send(to: Connection, says: dict[str, Any], *parts: bytes) -> None:
    """Send a message. Raises ``OSError`` where nobody listens any more."""
    to.send_bytes(json.dumps({"says": says, "parts": len(parts)}).encode())
    for part in parts:
        to.send_bytes(part)


def receive(source: Connection) -> Message:
    """Wait for a message. Raises ``EOFError`` or ``OSError`` where nobody speaks any more."""
    frame = json.loads(source.recv_bytes(LARGEST))
    return Message(frame["says"], [source.recv_bytes(LARGEST) for _ in range(frame["parts"])])
