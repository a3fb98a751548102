"""What is late, and why: `segctl status`, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import counted, elapsed, moment
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Cell, Column, Table
from segctl.view.tables import table_text
from segctl.view.width import wrapped

_WIDTH = 100
_COLUMNS = (
    Column("segment", "segment", stays=True, least=20),
    Column("schedule", "schedule", least=8),
    Column("as_of", "as of", least=20),
    Column("late", "late by", least=12),
    Column("note", "", least=15),
)


@dataclass(frozen=True, slots=True)
class LateRow:
    """A late segment. `as_of` is None if it never had members; `refreshed` says that a refresh was there."""

    name: str
    schedule: str
    as_of: datetime | None
    late_seconds: float
    refreshed: bool


@dataclass(frozen=True, slots=True)
class Failing:
    """A duty of the workers that fails: why, since when, how often in a row, when it is tried again."""

    duty: str
    outcome: str
    since: datetime
    failures: int
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Lateness:
    """`why` is None where nothing is late; `seen_at` is when a worker last said that it is there.

    `scheduled` counts segments that state a schedule; at `refreshed_at` a worker last refreshed, in `seconds`.
    """

    environment: str
    at: datetime
    late: Sequence[LateRow]
    scheduled: int
    why: str | None
    seen_at: datetime | None
    refreshed_at: datetime | None
    seconds: float
    failing: Sequence[Failing]
    waiting: int
    oldest: datetime | None

    @property
    def well(self) -> bool:
        """Is nothing late, and does nothing fail?"""
        return not self.late and not self.failing


def lateness_text(known: Lateness, *, style: Style = PLAIN) -> str:
    """What is late first, then why, then the workers."""
    lines = [painted(f"{safe(known.environment)} · {moment(known.at)}", style.strong), "", _headline(known)]
    lines += _late(known, style)
    if known.why is not None:
        lines += ["", *wrapped(f"Why: {_why(known)}", _WIDTH)]
    lines += ["", *_about(known)]
    return "\n".join(lines) + "\n"


def lateness_data(known: Lateness) -> dict[str, Any]:
    """The same for programs."""
    return {
        "environment": known.environment,
        "at": instant_text(known.at),
        "well": known.well,
        "scheduled": known.scheduled,
        "why": known.why,
        "late": [
            {
                "segment": one.name,
                "schedule": one.schedule,
                "as_of": _instant(one.as_of),
                "late_seconds": round(one.late_seconds, 3),
                "refreshed": one.refreshed,
            }
            for one in known.late
        ],
        "worker_seen_at": _instant(known.seen_at),
        "refreshed_at": _instant(known.refreshed_at),
        "refresh_seconds": known.seconds,
        "failing": [
            {
                "duty": one.duty,
                "message": one.outcome,
                "since": instant_text(one.since),
                "failures": one.failures,
                "next_at": _instant(one.next_at),
            }
            for one in known.failing
        ],
        "outbox": {"messages": known.waiting, "oldest_at": _instant(known.oldest)},
    }


def _headline(known: Lateness) -> str:
    if not known.scheduled:
        return "No segment states a schedule, so nothing can be late."
    of = counted(known.scheduled, "segment with a schedule", "segments with a schedule")
    return f"{len(known.late)} of {of} {'is' if len(known.late) == 1 else 'are'} late."


def _late(known: Lateness, style: Style) -> Iterator[str]:
    if known.late:
        table = Table(_COLUMNS, tuple(_row(one) for one in known.late))
        yield from ("", *table_text(table, width=_WIDTH, style=style).splitlines())


def _row(one: LateRow) -> tuple[Cell, ...]:
    if one.as_of is None:
        return (one.name, one.schedule, "never evaluated", "", "")
    never = "" if one.refreshed else "never refreshed"
    return (one.name, one.schedule, moment(one.as_of), elapsed(one.late_seconds), never)


def _why(known: Lateness) -> str:
    match known.why:
        case "no worker":
            return "no worker has ever run here. Start one: segctl run"
        case "worker down":
            since = "" if known.seen_at is None else f" since {moment(known.seen_at)}"
            return f"no worker has been seen{since}. Start one: segctl run"
        case "failing":
            return "refreshes fail."
        case "under way":
            return "a refresh is under way."
        case _:
            return (
                f"the last refresh took {elapsed(known.seconds)}: refreshes take too long for this schedule, or "
                "the worker is busy with something else. Where the time goes: segctl refresh --timings"
            )


def _about(known: Lateness) -> Iterator[str]:
    seen = "none has ever run" if known.seen_at is None else f"seen {moment(known.seen_at, seconds=True)}"
    yield f"  worker     {seen}"
    if known.refreshed_at is not None:
        yield f"  refreshed  {moment(known.refreshed_at, seconds=True)}, in {elapsed(known.seconds)}"
    if known.waiting:
        oldest = "" if known.oldest is None else f", the oldest since {moment(known.oldest)}"
        yield f"  outbox     {counted(known.waiting, 'message')}{oldest}"
    for one in known.failing:
        again = "" if one.next_at is None else f"; tried again {moment(one.next_at, seconds=True)}"
        said = f"{safe(one.outcome)} ({one.failures} in a row since {moment(one.since)}{again})"
        first, *more = wrapped(said, _WIDTH - 22, whole=True)
        yield f"  failing    {safe(one.duty):<8} {first}"
        yield from (" " * 22 + line for line in more)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else instant_text(value)
