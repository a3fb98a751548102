"""The statements that make tables as is staged, in the SQL that PostgreSQL and DuckDB share. Text only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from segctl.publish.mirror import CHANGES, MEMBERS, Settle

Named = Callable[[str], str]

_ARRIVES = "SELECT 1 FROM {arriving} a WHERE a.segment = m.segment AND a.player_id = m.player_id"
_TOLD = (
    "SELECT 1 FROM {moves} v WHERE v.player_id = m.player_id AND v.segment = m.segment AND v.serial = m.serial"
    " AND v.direction = m.direction AND v.cause = m.cause AND v.changed_at = m.changed_at"
)
_LEAVING = "EXISTS (SELECT 1 FROM {leaving} l WHERE l.segment = m.segment AND l.player_id = m.player_id)"
_UNKNOWN = "NOT EXISTS (SELECT 1 FROM {known} k WHERE k.player_id = m.player_id)"
_RENEWED = "a.segment = m.segment AND a.player_id = m.player_id AND a.since IS DISTINCT FROM m.since"
_TWICE = (
    "m.{row} IN (SELECT d.{row} FROM (SELECT {row}, row_number() OVER (PARTITION BY {key} ORDER BY {row}) AS n"
    " FROM {table}) d WHERE d.n > 1)"
)


@dataclass(frozen=True, slots=True)
class Words:
    """What engines say otherwise: how a table and a staged table are named, and what a row is known by."""

    table: Named
    staged: Named
    row: str


@dataclass(frozen=True, slots=True)
class Unlike:
    """Rows of a table, known as `m`, that must not be there, and staged ones, known as `a`, that must be."""

    table: str
    extra: tuple[str, ...]
    missing: str


def members(words: Words, settle: Settle) -> Unlike:
    """Of the members, who is to go and who is to come; who is renewed is told by `renewed`."""
    names = _names(words)
    arrives = _ARRIVES.format_map(names)
    whole = "TRUE" if settle.everything else f"m.segment IN (SELECT segment FROM {words.staged('whole')})"
    extra = [_LEAVING.format_map(names), f"{whole} AND NOT EXISTS ({arrives})"]
    if settle.everything:
        extra.append(_twice(words, MEMBERS, "segment, player_id"))
    if settle.forgetting:
        extra.insert(0, _UNKNOWN.format_map(names))
    there = f"SELECT 1 FROM {words.table(MEMBERS)} m WHERE m.segment = a.segment AND m.player_id = a.player_id"
    return Unlike(
        words.table(MEMBERS), tuple(extra), f"FROM {words.staged('arriving')} a WHERE NOT EXISTS ({there})"
    )


def renewed(words: Words) -> str:
    """Which arriving rows are there with another `since`."""
    return f"FROM {words.staged('arriving')} a, {words.table(MEMBERS)} m WHERE {_RENEWED}"


def changes(words: Words, settle: Settle) -> Unlike:
    """Of the moves, which are to go and which are to come."""
    names = _names(words)
    told = _TOLD.format_map(names)
    whole = "TRUE" if settle.everything else f"m.segment IN (SELECT segment FROM {words.staged('retold')})"
    extra = [f"{whole} AND NOT EXISTS ({told})"]
    if settle.everything:
        extra.append(_twice(words, CHANGES, "player_id, segment, serial, direction, cause"))
    if settle.forgetting:
        extra.insert(0, _UNKNOWN.format_map(names))
    there = (
        f"SELECT 1 FROM {words.table(CHANGES)} m WHERE m.player_id = a.player_id AND m.segment = a.segment"
        " AND m.serial = a.serial AND m.direction = a.direction AND m.cause = a.cause"
    )
    return Unlike(words.table(CHANGES), tuple(extra), f"FROM {words.staged('moves')} a WHERE NOT EXISTS ({there})")


def delete(unlike: Unlike, extra: str) -> str:
    """Takes rows out that must not be there."""
    return f"DELETE FROM {unlike.table} AS m WHERE {extra}"


def renew(words: Words) -> str:
    """Gives rows that are there their `since`."""
    target, staged = words.table(MEMBERS), words.staged("arriving")
    return f"UPDATE {target} AS m SET since = a.since FROM {staged} a WHERE {_RENEWED}"


def insert(unlike: Unlike, columns: str) -> str:
    """Puts rows in that are not there. `columns` are those of the table."""
    chosen = ", ".join(f"a.{one}" for one in columns.split(", "))
    return f"INSERT INTO {unlike.table} ({columns}) SELECT {chosen} {unlike.missing}"


def _names(words: Words) -> dict[str, str]:
    return {name: words.staged(name) for name in ("arriving", "leaving", "moves", "known")}


def _twice(words: Words, table: str, key: str) -> str:
    return _TWICE.format(row=words.row, key=key, table=words.table(table))
