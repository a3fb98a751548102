"""Webhooks as people see them: what a pass delivered, how each does, which messages did not arrive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import count, counted, elapsed, moment
from segctl.view.safe import safe
from segctl.view.table import Column, Table

_HOOKS = (
    Column("name", "name", stays=True, least=12),
    Column("to", "to", least=12),
    Column("standing", "standing", stays=True, least=8),
    Column("waiting", "waiting"),
    Column("dead", "dead"),
    Column("delivered", "delivered"),
    Column("dropped", "dropped", optional=True),
    Column("last", "last", least=10, optional=True),
    Column("tried_at", "tried", optional=True),
    Column("next_at", "next", optional=True),
)
_MESSAGES = (
    Column("segment", "segment", stays=True, least=12),
    Column("id", "message", stays=True, least=28),
    Column("run", "run"),
    Column("attempts", "tries"),
    Column("standing", "standing"),
    Column("last", "last", least=10),
    Column("first_at", "first", optional=True),
    Column("tried_at", "tried", optional=True),
    Column("next_at", "next", optional=True),
)


@dataclass(frozen=True, slots=True)
class Stuck:
    """A webhook that could not be sent to; `next_at` is None once it is disabled."""

    name: str
    why: str
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Done:
    """A pass in numbers of messages."""

    delivered: int
    failed: int
    dropped: int
    waiting: int
    webhooks: int
    stuck: Sequence[Stuck] = ()


@dataclass(frozen=True, slots=True)
class WebhookRow:
    """One webhook of the list."""

    name: str
    where: str
    standing: str
    waiting: int
    dead: int
    delivered: int
    dropped: int
    last: str | None
    tried_at: datetime | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message that did not arrive."""

    segment: str
    id: str
    run: int
    attempts: int
    dead: bool
    last: str
    first_at: datetime
    tried_at: datetime
    next_at: datetime


def pass_text(done: Done, seconds: float) -> str:
    """After a pass: what arrived, what stands in the way, what to type next."""
    lines = [_arrived(done, seconds)]
    lines += [f"  ! {safe(one.name)}: {safe(one.why)}; {_again(one)}" for one in done.stuck]
    if done.waiting:
        lines.append(f"{counted(done.waiting, 'message waits', 'messages wait')}. Why:  segctl webhooks list")
    return "\n".join(lines) + "\n"


def pass_data(done: Done) -> dict[str, Any]:
    """The same for programs."""
    return {
        "delivered": done.delivered,
        "failed": done.failed,
        "dropped": done.dropped,
        "waiting": done.waiting,
        "webhooks": done.webhooks,
        "down": [
            {
                "name": one.name,
                "why": one.why,
                "next_at": None if one.next_at is None else instant_text(one.next_at),
            }
            for one in done.stuck
        ],
    }


def webhooks_table(rows: Iterable[WebhookRow]) -> Table:
    """One row a webhook, in the order given."""
    found = tuple(
        (
            one.name,
            one.where,
            one.standing,
            one.waiting,
            one.dead,
            one.delivered,
            one.dropped,
            one.last,
            one.tried_at,
            one.next_at,
        )
        for one in rows
    )
    return Table(_HOOKS, found, "No deployed segment has a webhook.", f"{counted(len(found), 'webhook')}.")


def messages_table(rows: Iterable[MessageRow]) -> Table:
    """One row a message, in the order given."""
    found = tuple(
        (
            one.segment,
            one.id,
            one.run,
            one.attempts,
            "dead" if one.dead else "again",
            one.last,
            one.first_at,
            one.tried_at,
            None if one.dead else one.next_at,
        )
        for one in rows
    )
    dead = sum(row[4] == "dead" for row in found)
    again = " To try the dead ones again:  segctl webhooks replay NAME" if dead else ""
    note = f"{counted(len(found), 'message')}, {count(dead)} dead.{again}"
    return Table(_MESSAGES, found, "Every message that was tried has arrived.", note)


def _arrived(done: Done, seconds: float) -> str:
    if not (done.delivered or done.failed or done.dropped or done.stuck):
        return "Nothing could be sent now." if done.waiting else "Nothing waits to be sent."
    to = counted(done.webhooks, "webhook")
    told = f"Delivered {counted(done.delivered, 'message')} to {to} in {elapsed(seconds)}."
    failed = f" {counted(done.failed, 'message')} failed." if done.failed else ""
    dropped = f" {counted(done.dropped, 'message')} dropped." if done.dropped else ""
    return told + failed + dropped


def _again(one: Stuck) -> str:
    if one.next_at is None:
        return f"disabled. To send to it again:  segctl webhooks enable {safe(one.name)}"
    return f"again at {moment(one.next_at, seconds=True)}"
