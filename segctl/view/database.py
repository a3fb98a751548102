"""The state as a database, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from segctl.view.data import instant_text
from segctl.view.figures import counted
from segctl.view.safe import safe

_ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class State:
    """What there is to tell. `format` is 0 where there is none yet; `tables` are (rows, bytes or None) by name."""

    name: str
    engine: str
    server: str | None
    format: int
    known: int
    lineage: str | None = None
    serial: int | None = None
    audit: int | None = None
    created: datetime | None = None
    bytes: int | None = None
    tables: Mapping[str, tuple[int, int | None]] | None = None


def state_text(state: State) -> str:
    """A line for each fact, the tables, and what `segctl db upgrade` would do."""
    engine = f"{_ENGINES.get(state.engine, state.engine)} {state.server or ''}".strip()
    lines = [_line("state", f"{state.name} ({engine})"), _line("format", _format(state))]
    if state.lineage is not None:
        lines += [
            _line("lineage", state.lineage),
            _line("serial", f"{state.serial:,}"),
            _line("audit log", counted(state.audit or 0, "row")),
            _line("made", "" if state.created is None else instant_text(state.created)),
            _line("size", _size(state.bytes or 0)),
        ]
    lines += _tables(state.tables or {})
    return "\n".join([*lines, "", upgrade_text(state)]) + "\n"


def upgrade_text(state: State) -> str:
    """What `segctl db upgrade` would do."""
    if not state.format:
        return f"There is no state yet. To make it: segctl db upgrade  (format {state.known})"
    if state.format < state.known:
        return f"To bring it up from format {state.format} to {state.known}: segctl db upgrade"
    return "It is up to date."


def upgraded_text(before: int, state: State) -> str:
    """What `segctl db upgrade` has done."""
    if not before:
        return f"Made the state {safe(state.name)}, format {state.format}.\n"
    if before < state.format:
        return f"Brought the state {safe(state.name)} up from format {before} to {state.format}.\n"
    return f"The state {safe(state.name)} is up to date: format {state.format}.\n"


def copied_text(source: str, target: str, state: State, rows: int) -> str:
    """What was copied and verified, and what to do next."""
    return (
        f"Copied state {safe(str(state.lineage))[:8]} at serial {state.serial:,} "
        f"from {safe(source)} to {safe(target)}: {counted(rows, 'row')}.\n"
        f"Both hold the same; the audit log of {counted(state.audit or 0, 'row')} verifies.\n\n"
        "Next: write the new address as `state` in segctl.yaml, and keep the old one as a backup only.\n"
        "From now on one of them may be written: they have the same lineage.\n"
    )


def _line(key: str, value: str) -> str:
    return f"{key:<10} {safe(value)}"


def _format(state: State) -> str:
    return f"{state.format or 'none'} (this segctl works with {state.known})"


def _tables(tables: Mapping[str, tuple[int, int | None]]) -> list[str]:
    if not tables:
        return []
    width = max(len(name) for name in tables)
    lines = [
        f"  {name:<{width}}  {rows:>12,} rows{'' if size is None else f'  {_size(size):>10}'}"
        for name, (rows, size) in tables.items()
    ]
    return ["", *lines]


def _size(count: int) -> str:
    """In the unit that leaves few digits; 1 MB is 10^6 bytes."""
    size = float(count)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"
