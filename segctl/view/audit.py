"""The audit log, and what a check of it found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import counted, short
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.table import Column, Table
from segctl.view.width import wrapped

WIDTH = 100
_COLUMNS = (
    Column("seq", "seq", form="plain"),
    Column("at", "at"),
    Column("who", "who", least=8),
    Column("action", "action", least=7),
    Column("address", "address", least=14),
    Column("before", "before", least=7, form="digest"),
    Column("after", "after", least=7, form="digest"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log. `address` is None where it speaks of the whole state."""

    seq: int
    at: datetime
    who: str
    action: str
    address: str | None
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """A disagreement: at a row of the log (the first, up to `last`, if it is about more), or at an address."""

    problem: str
    detail: str
    seq: int | None = None
    address: str | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Anchored:
    """The checkpoints that agree with the log, the rows of the longest, and whether a key vouched for them."""

    checkpoints: int
    rows: int
    signed: bool = False


def audit_table(entries: Iterable[Entry]) -> Table:
    """One row for each entry, in the order given."""
    rows = tuple((one.seq, one.at, one.who, one.action, one.address, one.before, one.after) for one in entries)
    return Table(_COLUMNS, rows, "The audit log is empty.")


def verification_text(
    found: Sequence[Found], rows: int, head: str, anchored: Anchored, *, then: str = "", style: Style = PLAIN
) -> str:
    """What a check found, one paragraph each, and a last line that says what it means. `then` is what to type."""
    lines = [line for one in found for line in _finding(one, style)]
    if found:
        lines += ["", f"{counted(len(found), 'disagreement')} in {counted(rows, 'row')}. The log is not intact."]
    else:
        told = f"{counted(rows, 'row')} checked, head {safe(short(head))}. {_meaning(anchored, rows)}"
        lines += wrapped(told, WIDTH)
        lines += [] if anchored.rows or not then else [f"Keep one:  {then}"]
    return "\n".join(lines) + "\n"


def _meaning(anchored: Anchored, rows: int) -> str:
    if not anchored.rows:
        return "The log is intact, not anchored: only a checkpoint kept elsewhere shows that nobody wrote it anew."
    agree = f"{counted(anchored.checkpoints, 'checkpoint')} {'agrees' if anchored.checkpoints == 1 else 'agree'}"
    by = ", signed by the key that was given" if anchored.signed else ""
    after = rows - anchored.rows
    rest = f"; {counted(after, 'row')} after that not yet" if after else ""
    return f"The log is intact and anchored: {agree}{by}, up to row {anchored.rows:,}{rest}."


def _finding(one: Found, style: Style) -> list[str]:
    told = f"{safe(_where(one))}, {safe(one.problem)}: {safe(one.detail)}"
    first, *more = wrapped(told, WIDTH - 2)
    return [f"{painted('!', style.error)} {first}", *(f"  {line}" for line in more)]


def _where(one: Found) -> str:
    if one.seq is None:
        return one.address or "the log"
    return f"row {one.seq}" if one.last in {None, one.seq} else f"rows {one.seq} to {one.last}"
