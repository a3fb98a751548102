"""What a webhook is told: one player joined or left one segment. As the receiver reads it; pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from segctl.base.digest import keyed_digest, text_digest
from segctl.deliver.line import Request
from segctl.model.segment import BodyForm

Action = Literal["Added", "Removed", "Test"]
_PREFIX = "msg_"
_LENGTH = 24


@dataclass(frozen=True, slots=True)
class About:
    """The segment that messages speak of; `id` is its number in the state."""

    id: int
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Message:
    """One move. `id` stays the same however often it is sent, `run` is the serial that moved the player."""

    id: str
    action: Action
    at: datetime
    player_id: str = field(repr=False)
    cause: str
    run: int


def message_id(secret: bytes, object_id: int, serial: int, number: int) -> str:
    """The id of a move: the same whoever sends it, and nothing can be guessed from it."""
    return _PREFIX + keyed_digest(secret, [object_id, serial, number])[:_LENGTH]


def requests(
    messages: Sequence[Message], about: About, body: BodyForm, batch: int | None
) -> Iterator[tuple[Request, Sequence[Message]]]:
    """What is posted, each with the messages in it. Without `batch` a body is one message, else a list of them."""
    if batch is None:
        for one in messages:
            yield Request(one.id, json.dumps(_said(one, about, body))), (one,)
        return
    for start in range(0, len(messages), batch):
        some = messages[start : start + batch]
        told = [{"id": one.id, **_said(one, about, body)} for one in some]
        yield Request(_batch_id(some), json.dumps({"messages": told})), some


def _said(one: Message, about: About, body: BodyForm) -> dict[str, Any]:
    """The keys and their order are those of the webhooks that receivers know already; `full` adds to them."""
    plain: dict[str, Any] = {
        "time": f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        "action": one.action,
        "playerId": one.player_id,
        "segmentId": about.id,
        "segmentTitle": about.title or about.name,
    }
    if body == "plain":
        return plain
    # a player moves once in a run, so its serial orders what is said of them
    return {**plain, "segmentName": about.name, "cause": one.cause, "run": one.run, "sequence": one.run}


def _batch_id(messages: Sequence[Message]) -> str:
    return _PREFIX + text_digest(" ".join(one.id for one in messages))[:_LENGTH]
