"""What a run did: after an apply, after a refresh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from segctl.plan.document import Totals
from segctl.view.figures import count, counted, elapsed, moment, moved, short
from segctl.view.safe import safe
from segctl.view.width import cells, left

_MOST = 10
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Written:
    """What a run left in the state. `head` is the hash that the log ends with.

    `first_audit` is greater than `last_audit` when nothing was logged.
    """

    serial: int
    joined: int
    left: int
    first_audit: int
    last_audit: int
    head: str
    messages: int = 0
    unsent: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """A segment whose members a run changed."""

    name: str
    before: int
    after: int
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class Looked:
    """At how many players a refresh looked, why not at fewer, and why the next one cannot, if it cannot."""

    incremental: bool
    players: int
    of: int
    why: tuple[str, ...]
    unkept: str | None


def applied_text(plan_id: str, sums: Totals, written: Written, seconds: float, *, then: str = "") -> str:
    """After an apply. Of `sums` only the numbers of objects are told; players are those that really moved."""
    done = [
        (sums.create, "created"),
        (sums.update, "updated"),
        (sums.replace, "replaced"),
        (sums.rename, "renamed"),
        (sums.archive, "archived"),
    ]
    told = ", ".join(f"{count(number)} {word}" for number, word in done if number) or "nothing to change"
    first = f"Applied {safe(short(plan_id))} as state {written.serial} in {elapsed(seconds)}: {told}."
    return _lines(f"{first}{_players(written)}", _audit(written), _webhooks(written), then)


def applied_already_text(plan_id: str, serial: int, at: datetime, author: str) -> str:
    """When a plan's changes stand in the state: running it again does nothing."""
    when = moment(at, seconds=True)
    plan = f"Plan {safe(short(plan_id))} was applied"
    return f"{plan} as state {serial} on {when} by {safe(author)}. Nothing was done.\n"


def refreshed_text(
    written: Written,
    as_of: datetime,
    segments: int,
    moves: Sequence[Moved],
    seconds: float,
    *,
    looked: Looked,
    then: str = "",
) -> str:
    """After a refresh: the numbers, and the segments that moved most."""
    kept = f"Refreshed {counted(segments, 'segment')} as state {written.serial} in {elapsed(seconds)}"
    changed = f"{count(len(moves))} changed" if moves else "none changed"
    first = f"{kept}, as of {moment(as_of, seconds=True)}: {changed}.{_players(written)}"
    most = sorted(moves, key=lambda one: (-one.joined - one.left, one.name))[:_MOST]
    rest = len(moves) - len(most)
    more = f"  … and {counted(rest, 'segment')} with fewer moves" if rest else ""
    return _lines(first, *_looked(looked), *_table(most), more, _audit(written), _webhooks(written), then)


def _looked(looked: Looked) -> list[str]:
    at = f"{count(looked.players)} of {counted(looked.of, 'player')} looked at"
    first = f"{'Incremental' if looked.incremental else 'Full'}: {at}."
    if len(looked.why) == 1 and not looked.incremental:
        first = f"{first[:-1]}, since {safe(looked.why[0])}."
        return [first, *_unkept(looked)]
    return [first, *(f"  read whole: {safe(one)}" for one in looked.why), *_unkept(looked)]


def _unkept(looked: Looked) -> list[str]:
    return [f"  the next refresh will be full: {safe(looked.unkept)}"] if looked.unkept else []


def _table(moves: Sequence[Moved]) -> list[str]:
    names = min(max((cells(safe(one.name)) for one in moves), default=0), _LONGEST_NAME)
    before = max((len(count(one.before)) for one in moves), default=0)
    after = max((len(count(one.after)) for one in moves), default=0)
    return [
        f"  {left(safe(one.name), names)}  {count(one.before):>{before}} → {count(one.after):>{after}}"
        f"  ({moved(one.joined, one.left)})"
        for one in moves
    ]


def _players(written: Written) -> str:
    parts = [f"+{count(written.joined)} joined"] if written.joined else []
    parts += [f"-{count(written.left)} left"] if written.left else []
    return f" {', '.join(parts)}." if parts else ""


def _audit(written: Written) -> str:
    if written.first_audit > written.last_audit:
        return ""
    rows = str(written.first_audit)
    if written.last_audit > written.first_audit:
        rows += f"\u2013{written.last_audit}"
    return f"Audit {rows} · head {safe(written.head[:4])}…{safe(written.head[-2:])}"


def _webhooks(written: Written) -> str:
    if written.unsent:
        return f"No webhook hears of {counted(written.unsent, 'move')} (--no-webhooks)."
    return f"To send {counted(written.messages, 'webhook message')}:  segctl deliver" if written.messages else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line) + "\n"
