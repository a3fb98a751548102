"""A receiver of webhooks on loopback that keeps what it is sent, and answers as a test wants: well, badly, or never."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@dataclass(frozen=True, slots=True)
class Got:
    """One request: its path, its headers in lower case, its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def said(self) -> Any:
        return json.loads(self.body)


# What to do with a request: send bytes and go on, or do as one likes with the connection and say False to end it.
Answer = Callable[[Got, socket.socket], bool]


def with_bytes(answer: bytes, *, then_close: bool = False) -> Answer:
    """The same bytes for every request."""

    def send(_got: Got, connection: socket.socket) -> bool:
        connection.sendall(answer)
        return not then_close

    return send


def status(code: int, *headers: str) -> Answer:
    """A status and nothing else."""
    lines = [f"HTTP/1.1 {code} X", "Content-Length: 0", *headers]
    return with_bytes("\r\n".join([*lines, "", ""]).encode())


good = with_bytes(OK)


@dataclass(slots=True)
class Receiver:
    """`got` are the requests in the order in which they came. `answer` may be changed at any time."""

    answer: Answer = good
    got: list[Got] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def said(self) -> list[tuple[str, str]]:
        """Action and player of each request, repeated ones left out."""
        found: dict[str, tuple[str, str]] = {}
        for one in self.got:
            for said in one.said.get("messages", [{"id": one.id, **one.said}]):
                found.setdefault(said["id"], (said["action"], said["playerId"]))
        return list(found.values())

    @property
    def members(self) -> set[str]:
        """Who is in, for a receiver that takes what it is sent for true; each message once."""
        found: set[str] = set()
        for action, player in self.said:
            (found.add if action == "Added" else found.discard)(player)
        return found

    @property
    def balance(self) -> dict[str, int]:
        """Added less Removed, for each player of whom it is not 0."""
        found: dict[str, int] = {}
        for action, player in self.said:
            found[player] = found.get(player, 0) + (1 if action == "Added" else -1)
        return {player: number for player, number in found.items() if number}

    @property
    def in_order(self) -> bool:
        """Did each player join and leave in turn, by the first time that each message came?"""
        by_player: dict[str, list[str]] = {}
        for action, player in self.said:
            by_player.setdefault(player, []).append(action)
        return all(
            actions == [("Added", "Removed")[place % 2] for place in range(len(actions))]
            for actions in by_player.values()
        )

    def note(self, one: Got) -> None:
        with self._lock:
            self.got.append(one)


@contextmanager
def receiver(
    answer: Answer = good, wrap: Callable[[socket.socket], socket.socket] | None = None
) -> Iterator[Receiver]:
    """A receiver at work; `wrap` makes something else of its connections, such as TLS."""
    made = Receiver(answer)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listening:
        made.port = listening.getsockname()[1]
        accepting = threading.Thread(target=_accept, args=(listening, made, wrap), daemon=True)
        accepting.start()
        try:
            yield made
        finally:
            made.over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            accepting.join(10)


def _accept(
    listening: socket.socket, made: Receiver, wrap: Callable[[socket.socket], socket.socket] | None
) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        made.connections += 1
        threading.Thread(target=_serve, args=(connection, made, wrap), daemon=True).start()


def _serve(
    connection: socket.socket, made: Receiver, wrap: Callable[[socket.socket], socket.socket] | None
) -> None:
    with suppress(OSError, ValueError):
        connection = connection if wrap is None else wrap(connection)
        with connection, connection.makefile("rb") as stream:
            while (got := _request(stream)) is not None:
                made.note(got)
                if not made.answer(got, connection):
                    return
    connection.close()


def _request(stream: Any) -> Got | None:
    first = stream.readline()
    if not first:
        return None
    headers = {}
    while (line := stream.readline().decode().strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Got(first.decode().split()[1], headers, stream.read(int(headers["content-length"])))
