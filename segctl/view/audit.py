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
    """A disagreement: at a row of the log, or at an address."""

    problem: str
    detail: str
    seq: int | None = None
    address: str | None = None


def audit_table(entries: Iterable[Entry]) -> Table:
    """One row for each entry, in the order given."""
    rows = tuple((one.seq, one.at, one.who, one.action, one.address, one.before, one.after) for one in entries)
    return Table(_COLUMNS, rows, "The audit log is empty.")


def verification_text(found: Sequence[Found], rows: int, head: str, *, style: Style = PLAIN) -> str:
    """What a check found, one paragraph each, and a last line that says what it means."""
    lines = [line for one in found for line in _finding(one, style)]
    if found:
        lines += ["", f"{counted(len(found), 'disagreement')} in {counted(rows, 'row')}. The log is not intact."]
    else:
        lines.append(
            f"{counted(rows, 'row')} checked, head {safe(short(head))}. The log is intact, and not anchored: "
            "only a copy of its head kept elsewhere shows that nobody wrote it anew."
        )
        lines = [part for line in lines for part in wrapped(line, WIDTH)]
    return "\n".join(lines) + "\n"


def _finding(one: Found, style: Style) -> list[str]:
    where = f"row {one.seq}" if one.seq is not None else one.address or "the state"
    told = f"{safe(where)}, {safe(one.problem)}: {safe(one.detail)}"
    first, *more = wrapped(told, WIDTH - 2)
    return [f"{painted('!', style.error)} {first}", *(f"  {line}" for line in more)]
