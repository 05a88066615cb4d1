"""A mail server on this machine, as ill-mannered as a test wants it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

#: What it does instead of its duty, each at a point of the conversation.
REFUSES_ADDRESS = {"RCPT": "550 5.1.1 No such mailbox here\r\n"}
IS_BUSY = {"RCPT": "450 4.2.1 Try again later\r\n"}
REFUSES_MESSAGE = {"message": "554 5.7.1 Looks like spam\r\n"}
HANGS_UP_AFTER_MESSAGE = {"message": ""}
HANGS_UP_AFTER_SENDER = {"MAIL": ""}
FAILS_AT_GOODBYE = {"QUIT": "451 Oh dear\r\n"}


@dataclass
class MailServer:
    """What it was told to do, and the messages that arrived whole."""

    manners: dict[str, str] = field(default_factory=dict)
    taken: list[EmailMessage] = field(default_factory=list)
    port: int = 0

    def converse(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 mail.example ready\r\n")
            for line in lines:
                verb = line.decode().split()[0].upper()
                if not self.answer(connection, verb, "354 Go on\r\n" if verb == "DATA" else "250 Fine\r\n"):
                    return
                if verb == "DATA" and not self.take(connection, lines):
                    return
                if verb == "QUIT":
                    return

    def take(self, connection: socket.socket, lines: Iterator[bytes]) -> bool:
        content = b"".join(iter(lambda: next(lines), b".\r\n"))
        if not self.manners.get("message"):
            self.taken.append(message_from_bytes(content.replace(b"\r\n", b"\n"), policy=policy.default))
        return self.answer(connection, "message", "250 Taken\r\n")

    def answer(self, connection: socket.socket, what: str, usual: str) -> bool:
        """Answer, or hang up: then the conversation is over."""
        answer = self.manners.get(what, usual)
        connection.sendall(answer.encode())
        return bool(answer)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """One that runs until the block ends, on a free port."""
    server = MailServer()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]

        def serve() -> None:
            while True:
                try:
                    connection, _address = listener.accept()
                except OSError:
                    return
                server.converse(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
