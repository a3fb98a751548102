"""The size of a segment over time, who joined and left and why: as text with bars, and as data."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from segctl.model.periods import Period
from segctl.view.data import instant_text
from segctl.view.figures import MINUS, count, counted, day
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Column, Table
from segctl.view.tables import NARROW, table_text
from segctl.view.width import left, right

_HEADS = ("MEMBERS", "JOINED", "LEFT")
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MARK = "*"
_DONE = {
    "create": "created",
    "update": "definition changed",
    "replace": "new snapshot",
    "rename": "renamed",
    "archive": "archived",
    "recover": "recovered",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """A period: its first day, the members at its end, who joined and who left in it, by cause."""

    first: date
    members: int
    joined: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run that evaluated or moved a segment: as of when, its members after it, who joined and left, by cause.

    `milliseconds` is its share of the evaluation; None if that is not known.
    """

    serial: int
    at: datetime
    members: int
    joined: Mapping[str, int] = field(default_factory=dict)
    left: Mapping[str, int] = field(default_factory=dict)
    milliseconds: float | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """A version of the definition: what happened to it, and as of when members follow it."""

    at: datetime
    first: date
    version: int
    action: str

    @property
    def said(self) -> str:
        """What happened to the definition, for people."""
        return f"{_DONE.get(self.action, self.action)} (version {self.version})"


@dataclass(frozen=True, slots=True)
class Stats:
    """A segment from `since` to `until`; `before` are its members at the start.

    `runs` are those in that time, `edits` the versions, both oldest first.
    """

    segment: str
    title: str
    period: Period
    zone: str
    since: datetime
    until: datetime
    before: int
    stretches: tuple[Stretch, ...]
    runs: tuple[Ran, ...]
    edits: tuple[Edit, ...]

    @property
    def members(self) -> int:
        """At the end."""
        return self.stretches[-1].members if self.stretches else self.before

    def causes(self) -> dict[str, tuple[int, int]]:
        """Joined and left over the whole time, by cause, the greatest first."""
        names = {cause for one in self.stretches for cause in (*one.joined, *one.left)}
        found = {
            cause: (
                sum(one.joined.get(cause, 0) for one in self.stretches),
                sum(one.left.get(cause, 0) for one in self.stretches),
            )
            for cause in names
        }
        return dict(sorted(found.items(), key=lambda item: (-sum(item[1]), item[0])))


def stats_text(found: Stats, *, width: int = NARROW, symbols: bool = True, style: Style = PLAIN) -> str:
    """A row with a bar for each period, then the causes, then what changed the definition."""
    if not found.stretches:
        return f"{safe(found.segment)} did not exist in this time.\n"
    head = f"{safe(found.title)} ({safe(found.segment)}): {_span(found)}, {found.zone}"
    lines = [painted(head, style.strong), "", *_bars(found, width, symbols=symbols, style=style)]
    marks = {(edit.first, edit.version): edit for edit in found.edits}
    lines += [f"{_MARK} {_edit(edit)}" for edit in marks.values()]
    causes = table_text(_causes(found), width=width, style=style)
    return "\n".join([*(one.rstrip() for one in lines), "", causes, *_pace(found)])


def stats_table(found: Stats) -> Table:
    """One row for each period and cause; what nobody moved in has one row without a cause."""
    columns = (
        Column("from", "from"),
        Column("members", "members"),
        Column("cause", "cause"),
        Column("joined", "joined"),
        Column("left", "left"),
    )
    return Table(columns, tuple(row for one in found.stretches for row in _rows(one)))


def stats_data(found: Stats) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "segment": found.segment,
        "title": found.title,
        "since": instant_text(found.since),
        "until": instant_text(found.until),
        "period": found.period,
        "timezone": found.zone,
        "members_before": found.before,
        "members": found.members,
        "periods": [
            {
                "from": one.first.isoformat(),
                "members": one.members,
                "joined": sum(one.joined.values()),
                "left": sum(one.left.values()),
                "joined_by": dict(one.joined),
                "left_by": dict(one.left),
            }
            for one in found.stretches
        ],
        "runs": [_run_data(one) for one in found.runs],
        "versions": [
            {"at": instant_text(one.at), "version": one.version, "action": one.action} for one in found.edits
        ],
    }


def _run_data(one: Ran) -> dict[str, Any]:
    return {
        "run": one.serial,
        "at": instant_text(one.at),
        "members": one.members,
        "joined_by": dict(one.joined),
        "left_by": dict(one.left),
        "milliseconds": None if one.milliseconds is None else round(one.milliseconds, 3),
    }


def _span(found: Stats) -> str:
    change = found.members - found.before
    sign = "+" if change >= 0 else MINUS
    return f"{count(found.before)} → {counted(found.members, 'member')} ({sign}{count(abs(change))})"


def _bars(found: Stats, width: int, *, symbols: bool, style: Style) -> Iterator[str]:
    """The members as a number and as a bar from 0, the moves as numbers; a mark where the definition changed."""
    greatest = max(one.members for one in found.stretches)
    edited = {edit.first for edit in found.edits}
    cells = [_numbers(one) for one in found.stretches]
    widths = [max(map(len, column)) for column in zip(_HEADS, *cells, strict=True)]
    # a day, four gaps, and a mark
    room = max(8, width - sum(widths) - 10 - 4 * 2 - 2)
    yield painted(_row(found.period.upper().ljust(10), _HEADS, " " * room, widths), style.strong)
    for one, numbers in zip(found.stretches, cells, strict=True):
        bar = left(_bar(one.members, greatest, room, symbols=symbols), room)
        mark = f" {_MARK}" if one.first in edited else ""
        yield _row(one.first.isoformat(), numbers, bar, widths) + mark


def _numbers(one: Stretch) -> tuple[str, str, str]:
    joined, gone = sum(one.joined.values()), sum(one.left.values())
    return count(one.members), f"+{count(joined)}" if joined else "", f"{MINUS}{count(gone)}" if gone else ""


def _row(first: str, numbers: Sequence[str], bar: str, widths: Sequence[int]) -> str:
    members, joined, gone = (right(text, width) for text, width in zip(numbers, widths, strict=True))
    return f"{first}  {members}  {bar}  {joined}  {gone}"


def _bar(value: int, greatest: int, room: int, *, symbols: bool) -> str:
    """In eighths of a character, or in whole ones; whoever is in can be seen."""
    eighths = -(-value * room * 8 // greatest) if greatest else 0
    if not symbols:
        return "#" * -(-eighths // 8)
    whole, rest = divmod(eighths, 8)
    return _EIGHTHS[8] * whole + (_EIGHTHS[rest] if rest else "")


def _edit(edit: Edit) -> str:
    return f"{day(edit.at)}  {edit.said}"


def _pace(found: Stats) -> Iterator[str]:
    """How long it took to evaluate, and when longest."""
    known = sorted((one.milliseconds, one.at) for one in found.runs if one.milliseconds is not None)
    if known:
        median, (slowest, at) = _took(statistics.median(one for one, _ in known)), known[-1]
        yield f"Evaluated in {counted(len(known), 'run')}: median {median}, slowest {_took(slowest)} on {day(at)}."
        yield ""


def _took(milliseconds: float) -> str:
    return f"{milliseconds:,.{0 if milliseconds >= 10 else 1 if milliseconds >= 1 else 2}f} ms"


def _causes(found: Stats) -> Table:
    columns = Column("cause", "cause", stays=True), Column("joined", "joined"), Column("left", "left")
    rows = tuple((cause, joined, gone) for cause, (joined, gone) in found.causes().items())
    return Table(columns, rows, "Nobody joined or left.")


def _rows(one: Stretch) -> Iterable[tuple[date | int | str | None, ...]]:
    causes = sorted({*one.joined, *one.left})
    for cause in causes:
        yield one.first, one.members, cause, one.joined.get(cause, 0), one.left.get(cause, 0)
    if not causes:
        yield one.first, one.members, None, 0, 0
