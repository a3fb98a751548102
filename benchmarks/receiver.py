"""A receiver of webhooks that does as little as it can: counts, and says whether messages came in order.

`python -m benchmarks.receiver` prints its port, and what it saw as JSON once its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, field

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass(slots=True)
class Seen:
    """`late` messages came after a younger one of the same player; `members` are in, by the last that was said."""

    requests: int = 0
    messages: int = 0
    repeated: int = 0
    late: int = 0
    members: int = 0


@dataclass(slots=True)
class Books:
    """What is kept to tell."""

    seen: Seen = field(default_factory=Seen)
    ids: set[str] = field(default_factory=set)
    last: dict[str, tuple[int, str]] = field(default_factory=dict)

    def note(self, body: bytes) -> None:
        said = json.loads(body)
        self.seen.requests += 1
        for one in said.get("messages", [said]):
            self.seen.messages += 1
            key = f"{one['playerId']} {one['sequence']}"
            self.seen.repeated += key in self.ids
            self.ids.add(key)
            before = self.last.get(one["playerId"], (0, ""))
            self.seen.late += one["sequence"] < before[0]
            self.last[one["playerId"]] = max(before, (one["sequence"], one["action"]))


class Connection(asyncio.Protocol):
    """One connection: requests with a length, one after the other."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            at = head.index(b"content-length:") + len(b"content-length:")
            length = int(head[at:].split(b"\r\n", 1)[0])
            if len(self._buffer) < end + 4 + length:
                return
            self._books.note(self._buffer[end + 4 : end + 4 + length])
            self._buffer = self._buffer[end + 4 + length :]
            self._transport.write(ANSWER)


async def main() -> None:
    books = Books()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(books), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    books.seen.members = sum(action == "Added" for _, action in books.last.values())
    print(json.dumps(asdict(books.seen)))


if __name__ == "__main__":
    asyncio.run(main())
