"""Sends a batch of requests over several lines at once, until it is through or the receiver is seen to be down."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from segctl.deliver.answer import Answer
from segctl.deliver.line import Line, Request
from segctl.deliver.message import Message

Parcel = tuple[Request, Sequence[Message]]
# so many failures in a row are the receiver's and not the messages'
FAILURES: Final = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was sent, its messages, and what came."""

    request: Request
    messages: Sequence[Message]
    answer: Answer


@dataclass(slots=True)
class _Batch:
    """What the lines share. `down` is the answer that closed the circuit, if one did."""

    left: Iterator[Parcel]
    until: float
    stop: Callable[[], bool]
    most_failures: int
    sent: list[Sent] = field(default_factory=list)
    down: Answer | None = None
    failures: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self) -> Parcel | None:
        with self.lock:
            if self.down is not None or self.stop() or time.monotonic() >= self.until:
                return None
            return next(self.left, None)

    def note(self, parcel: Parcel, answer: Answer) -> None:
        with self.lock:
            self.sent.append(Sent(*parcel, answer))
            if answer.verdict == "delivered":
                self.failures = 0
                return
            self.failures += 1
            if answer.verdict in ("closed", "gone") or self.failures >= self.most_failures:
                self.down = self.down or answer


@dataclass(frozen=True, slots=True)
class Round:
    """What was sent; `down` is what the receiver said when no more was tried, None if there was no such thing."""

    sent: Sequence[Sent]
    down: Answer | None


def send(
    parcels: Iterable[Parcel],
    lines: Sequence[Line],
    *,
    seconds: float,
    stop: Callable[[], bool],
    failures: int = FAILURES,
) -> Round:
    """Sends requests, each line one at a time; none is begun after so many seconds, when told to stop, or after so
    many failures in a row.

    No player may be in two of the parcels: which of them goes first is not told.
    """
    batch = _Batch(iter(parcels), time.monotonic() + seconds, stop, failures)
    others = [threading.Thread(target=_work, args=(line, batch), daemon=True) for line in lines[1:]]
    for other in others:
        other.start()
    _work(lines[0], batch)
    for other in others:
        other.join()
    return Round(batch.sent, batch.down)


def _work(line: Line, batch: _Batch) -> None:
    while (parcel := batch.next()) is not None:
        batch.note(parcel, line.post(parcel[0]))
