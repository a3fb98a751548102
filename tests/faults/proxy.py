"""A proxy before PostgreSQL that does something at a message of the protocol, before it would pass it on.

Messages are told apart as the protocol frames them (https://www.postgresql.org/docs/current/protocol-message-formats.html).
They are counted over all connections and in both directions, in the order in which they arrive.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO

from psycopg.conninfo import conninfo_to_dict

from tests.support.postgres import url

_HOLD_NOTHING = struct.pack("ii", 1, 0)


@dataclass(slots=True)
class Proxy:
    """`port` listens on loopback. `messages` are those that came so far: who sent them, and their type."""

    address: str
    at: int | None = None
    fault: Callable[[], None] | None = None
    messages: list[str] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def passes(self, sender: str, kind: str) -> bool:
        """Counts a message. Is it to be passed on?"""
        with self._lock:
            self.messages.append(f"{sender} {kind}")
            if self.at is None or len(self.messages) < self.at:
                return True
            if self.fault is None:
                return False
            if len(self.messages) == self.at:
                self.fault()
            return True


@contextmanager
def proxy(address: str, at: int | None = None, fault: Callable[[], None] | None = None) -> Iterator[Proxy]:
    """A proxy before the server at `address`.

    From message `at` on nothing passes; or at it a fault happens to the server, and all passes that can.
    """
    made = Proxy(address, at, fault)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made.port = listening.getsockname()[1]
        threads = [threading.Thread(target=_accept, args=(listening, made), daemon=True)]
        threads[0].start()
        try:
            yield made
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            threads[0].join(10)


def through(made: Proxy) -> str:
    """The address of the same database behind the proxy."""
    return url(made.address, host="127.0.0.1", port=str(made.port), sslmode="disable", gssencmode="disable")


def _accept(listening: socket.socket, made: Proxy) -> None:
    pumps: list[threading.Thread] = []
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            break
        try:
            server = _connected(made.address)
        except OSError:  # the server is gone
            client.close()
            continue
        for sender, source, target in (("client", client, server), ("server", server, client)):
            pumps.append(threading.Thread(target=_pump, args=(sender, source, target, made), daemon=True))
            pumps[-1].start()
    for pump in pumps:
        pump.join(10)


def _connected(address: str) -> socket.socket:
    parts = conninfo_to_dict(address)
    host, port = str(parts["host"]), int(parts.get("port") or 5432)
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    server = socket.socket(socket.AF_UNIX)
    try:
        server.connect(f"{host}/.s.PGSQL.{port}")
    except OSError:
        server.close()
        raise
    return server


def _pump(sender: str, source: socket.socket, target: socket.socket, made: Proxy) -> None:
    """Passes messages on until an end of it, or of the proxy's patience; then both connections are gone."""
    with suppress(OSError), source.makefile("rb") as stream:
        first = sender == "client"
        while (message := _message(stream, startup=first)) is not None:
            if not made.passes(sender, "startup" if first else chr(message[0])):
                break
            target.sendall(message)
            first = False
    for end in (source, target):
        with suppress(OSError):
            # the connection is reset, as by a cable that was pulled, and not closed in good order
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HOLD_NOTHING)
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def _message(stream: BinaryIO, *, startup: bool) -> bytes | None:
    """The next message, type and length included; None at the end."""
    kind = b"" if startup else stream.read(1)
    length = stream.read(4)
    if len(length) < 4:
        return None
    rest = stream.read(int.from_bytes(length) - 4)
    return bytes(kind + length + rest)
