"""The webhooks of a state: how each does, which messages did not arrive, and one message to try it with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.deliver.answer import Answer, unreachable
from segctl.deliver.line import Line
from segctl.deliver.message import Message, message_id, requests
from segctl.deliver.target import Unusable
from segctl.spec.suggest import did_you_mean
from segctl.store import endpoints, letters, outbox
from segctl.store.endpoints import Endpoint
from segctl.store.engine import open_state
from segctl.store.letters import Letter
from segctl.store.state import head
from segctl.workflow.context import Context
from segctl.workflow.disabling import disable, enable, replay
from segctl.workflow.hooks import Hook, hooks, target_of
from segctl.workflow.sending import Tools
from segctl.workflow.state import deployed_segment, looking

Standing = Literal["active", "failing", "disabled", "gone", "given up"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One webhook: where it goes, how it stands, and how many messages wait, are dead, arrived, were dropped."""

    name: str
    where: str
    standing: Standing
    waiting: int
    dead: int
    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that was tried and did not arrive; of whom it tells is not told."""

    id: str
    segment: str
    letter: Letter


def listed(context: Context) -> list[Listed]:
    """All webhooks, by name."""
    with looking(context) as connection:
        known, standing = hooks(connection), endpoints.everyone(connection)
        waiting, tried = outbox.waiting(connection), letters.everyone(connection)
    found = [
        Listed(
            name=hook.about.name,
            where=hook.where,
            standing=_standing(standing.get(key, Endpoint(key))),
            waiting=sum(len(one.players) for one in waiting if one.object_id == key),
            dead=sum(one.dead for one in tried if one.object_id == key),
            endpoint=standing.get(key, Endpoint(key)),
        )
        for key, hook in known.items()
    ]
    return sorted(found, key=lambda one: one.name)


def undelivered(context: Context, name: str | None) -> list[Undelivered]:
    """What did not arrive yet, dead or not, the oldest run first; of one webhook, or of all. Raises: Refused."""
    with looking(context) as connection:
        known = hooks(connection)
        wanted = known if name is None else {key: known[key] for key in [hook_of(connection, name).about.id]}
        secret = head(connection).secret
        return [
            Undelivered(
                message_id(secret, one.object_id, one.serial, one.number), wanted[one.object_id].about.name, one
            )
            for one in letters.everyone(connection)
            if one.object_id in wanted
        ]


def disabled_by_hand(context: Context, name: str, reason: str, now: datetime) -> None:
    """Sends nothing to it until it is enabled. Raises: Refused."""
    engine, hook = open_state(context.state), _hook(context, name)
    if not disable(context, engine, hook, "hand", now, reason):
        again = f"Send to it again: segctl webhooks enable {name}"
        raise Refused(f"The webhook of `{name}` is disabled already.", again)


def enabled(context: Context, name: str, now: datetime) -> None:
    """Sends to it again. Raises: Refused."""
    engine, hook = open_state(context.state), _hook(context, name)
    if not enable(context, engine, hook, now):
        raise Refused(f"The webhook of `{name}` is not disabled.", "How all of them do: segctl webhooks list")


def replayed(context: Context, name: str, ids: Sequence[str], now: datetime) -> int:
    """Has dead messages tried again, or those with these ids. How many. Raises: Refused."""
    found = undelivered(context, name)
    unknown = set(ids) - {one.id for one in found}
    if unknown:
        raise Refused(
            f"No message `{min(unknown)}` of `{name}` is undelivered.",
            f"Those that are: segctl webhooks failed {name}",
        )
    chosen = [one.letter for one in found if (one.id in ids if ids else one.letter.dead)]
    if not chosen:
        raise Refused(
            f"No message of `{name}` is dead.", f"What is tried again by itself: segctl webhooks failed {name}"
        )
    replay(context, open_state(context.state), _hook(context, name), chosen, now)
    return len(chosen)


def tried(context: Context, name: str, tools: Tools) -> tuple[Hook, Answer]:
    """Sends one message that tells of nobody, and says what came. Nothing is written. Raises: Refused."""
    hook = _hook(context, name)
    where = target_of(context, hook)
    if isinstance(where, Unusable):
        return hook, unreachable(where.why)
    now = tools.now()
    one = Message(f"msg_test_{int(now.timestamp())}", "Test", now, "segctl-test", "test", 0)
    line = Line(where, tools.now, patience=tools.patience, resolve=tools.resolve, trust=tools.trust)
    try:
        ((request, _),) = requests([one], hook.about, hook.body, hook.batch)
        return hook, line.post(request)
    finally:
        line.close()


def hook_of(connection: Connection, name: str) -> Hook:
    """The webhook of a segment. Raises: Refused, with what may have been meant."""
    known = {hook.about.name: hook for hook in hooks(connection).values()}
    if name in known:
        return known[name]
    close = did_you_mean(name, known)
    if not close:
        deployed_segment(connection, name)
    raise Refused(
        f"No segment `{name}` with a webhook is deployed.", close or "Those that are: segctl webhooks list"
    )


def _hook(context: Context, name: str) -> Hook:
    with looking(context) as connection:
        return hook_of(connection, name)


def _standing(one: Endpoint) -> Standing:
    match one.disabled:
        case "hand":
            return "disabled"
        case "gone":
            return "gone"
        case "failing":
            return "given up"
        case None:
            return "active" if one.failing_since is None else "failing"
