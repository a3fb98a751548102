"""Where each part of a definition comes from, one a line, in plain English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.parts import group_word
from segctl.view.beside import LABELS, said
from segctl.view.condition import condition
from segctl.view.english import heading, listed
from segctl.view.figures import counted
from segctl.view.speech import Speech
from segctl.view.table import Column, Table

_COLUMNS = (
    Column("version", "version", form="plain"),
    Column("at", "at", form="day"),
    Column("author", "by", least=8),
    Column("commit", "commit", least=7, form="digest"),
    Column("dirty", "dirty", optional=True),
    Column("state", "state", form="plain", optional=True),
    Column("plan", "plan", least=7, form="digest", optional=True),
    Column("part", "what it brought", least=24, stays=True),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A part in words, and the version that brought it."""

    text: str
    version: int
    at: datetime
    author: str
    commit: str | None
    dirty: bool
    state: int
    plan: str | None


def blame_table(lines: Iterable[Line], *, address: str) -> Table:
    """One row a part, in the order given."""
    rows = tuple(
        (one.version, one.at, one.author, one.commit, one.dirty, one.state, one.plan, one.text) for one in lines
    )
    return Table(_COLUMNS, rows, f"{address} has no versions.")


def part_text(key: str, value: Any, depth: int, speech: Speech) -> str:
    """A part of a definition in plain English; parts of rules are set in by their depth."""
    if key == "rules":
        group = group_word(value) is not None
        return f"{'  ' * depth}{f'{heading(value)}:' if group else condition(value, speech)}"
    if key in LABELS:
        return f"{LABELS[key]}: {'; '.join(said(key, {key: value}, speech))}"
    if key in ("players", "values"):
        return f"{key}: {counted(listed(value), key[:-1])}"
    return f"{key}: {value if isinstance(value, str) else canonical_json(value)}"
