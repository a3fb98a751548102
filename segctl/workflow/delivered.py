"""What came of a batch, written into the state: who was told, who is told again and when, how the webhook does."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.deliver.answer import Answer
from segctl.deliver.backoff import GIVE_UP, delay
from segctl.deliver.courier import Round
from segctl.store import endpoints, letters, outbox
from segctl.store.endpoints import LEASE, Endpoint
from segctl.store.letters import Letter
from segctl.store.outbox import Key, Waiting
from segctl.workflow.hooks import Hook
from segctl.workflow.parcels import Batch


@dataclass(frozen=True, slots=True)
class Told:
    """How many messages arrived, failed, and were dropped since nobody may be told."""

    delivered: int = 0
    failed: int = 0
    dropped: int = 0

    def __add__(self, other: Told) -> Told:
        return Told(self.delivered + other.delivered, self.failed + other.failed, self.dropped + other.dropped)


def record(
    connection: Connection,
    hook: Hook,
    worker: str,
    batch: Batch,
    done: Round,
    now: datetime,
    roll: Callable[[], float],
    *,
    more: bool,
) -> tuple[Endpoint, Told]:
    """Writes it; the webhook as it stands now, and what changed. Without `more` the worker lets go of it.

    What another worker, or who forgets a player, took out meanwhile is not put back.
    """
    one = endpoints.locked(connection, hook.about.id)
    rows = outbox.locked(connection, hook.about.id)
    arrived = _players(batch, done, delivered=True)
    told = Told(
        _number(rows, arrived),
        sum(map(len, _players(batch, done, delivered=False).values())),
        _number(rows, batch.dropped),
    )
    outbox.take_out(connection, rows, _both(arrived, batch.dropped))
    after = _after(one, done, told, hook.mark, now, roll)
    letters.remove(connection, _over(batch, arrived))
    if one.failures and one.failing_since is not None and told.delivered:
        _revive(connection, hook, one.failing_since, now)
    left = {row.key: row.players for row in rows}
    letters.put(connection, _failed(batch, done, after, left, now, roll))
    if one.worker == worker:
        on = more and one.disabled is None
        after = replace(after, worker=worker if on else None, leased_until=now + LEASE if on else None)
    endpoints.save(connection, after)
    return after, told


def _number(rows: Sequence[Waiting], players: Mapping[Key, BitMap]) -> int:
    """How many of these wait still."""
    return sum(len(row.players & players.get(row.key, BitMap())) for row in rows)


def _both(one: Mapping[Key, BitMap], other: Mapping[Key, BitMap]) -> dict[Key, BitMap]:
    nobody = BitMap()
    return {key: one.get(key, nobody) | other.get(key, nobody) for key in one.keys() | other.keys()}


def _revive(connection: Connection, hook: Hook, since: datetime, now: datetime) -> None:
    """The receiver is back: what failed while it was down was not to blame."""
    tried = letters.of(connection, hook.about.id)
    letters.revive(connection, [one for one in tried if not one.dead and one.tried_at >= since], now)


def _players(batch: Batch, done: Round, *, delivered: bool) -> dict[Key, BitMap]:
    found: dict[Key, BitMap] = {}
    for sent in done.sent:
        if (sent.answer.verdict == "delivered") is delivered:
            for message in sent.messages:
                key, number = batch.places[message.id]
                found.setdefault(key, BitMap()).add(number)
    return found


def _after(
    one: Endpoint, done: Round, told: Told, mark: str, now: datetime, roll: Callable[[], float]
) -> Endpoint:
    after = replace(
        one, address=mark, delivered=one.delivered + told.delivered, dropped=one.dropped + told.dropped
    )
    if done.sent:
        after = replace(after, tried_at=now, outcome=done.sent[-1].answer.outcome)
    if any(sent.answer.verdict == "delivered" for sent in done.sent):
        after = replace(after, failures=0, failing_since=None, next_at=None)
    elif any(sent.answer.verdict != "failed" for sent in done.sent):
        after = replace(after, failing_since=after.failing_since or now)
    if done.down is None:
        return after
    failures = after.failures + 1
    wait = max(delay(failures, roll()), done.down.retry_after or timedelta())
    return replace(
        after,
        failures=failures,
        failing_since=after.failing_since or now,
        next_at=now + wait,
        tried_at=now,
        outcome=done.down.outcome,
    )


def _over(batch: Batch, arrived: Mapping[Key, BitMap]) -> Iterator[Letter]:
    """The letters of messages that are through, one way or the other."""
    for gone in (arrived, batch.dropped):
        for (serial, *_), players in gone.items():
            yield from (batch.letters[serial, one] for one in players if (serial, one) in batch.letters)


def _failed(
    batch: Batch,
    done: Round,
    after: Endpoint,
    left: Mapping[Key, BitMap],
    now: datetime,
    roll: Callable[[], float],
) -> Iterator[Letter]:
    for sent in done.sent:
        if sent.answer.verdict == "delivered":
            continue
        for message in sent.messages:
            key, number = batch.places[message.id]
            if number in left.get(key, BitMap()):
                before = batch.letters.get((key[0], number))
                yield _letter(key, number, before, sent.answer, after, now, roll)


def _letter(
    key: Key,
    number: int,
    before: Letter | None,
    answer: Answer,
    after: Endpoint,
    now: datetime,
    roll: Callable[[], float],
) -> Letter:
    """A message that failed by itself rests, so that others are tried; if the receiver is down, it waits."""
    attempts = 1 if before is None else before.attempts + 1
    first_at = now if before is None or not before.attempts else before.first_at
    alone = answer.verdict in ("failed", "broken")
    return Letter(
        object_id=key[1],
        serial=key[0],
        number=number,
        attempts=attempts,
        first_at=first_at,
        tried_at=now,
        next_at=now + delay(attempts, roll()) if alone else now,
        outcome=answer.outcome,
        dead=alone and after.failing_since is None and now - first_at >= GIVE_UP,
    )
