"""Which table has the players, which column tells them apart, and how other tables say whose row it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from segctl.base.errors import Refused
from segctl.model.tables import StoredColumn, StoredTable, Tables
from segctl.spec.suggest import did_you_mean, listed
from segctl.warehouse.infer.names import nameable, smells_of_a_person, subject, words
from segctl.warehouse.look import Look

# What operators call them, the likeliest first: where there are customers and users, customers play.
_CALLED = ("player", "customer", "gambler", "member", "client", "user", "subscriber", "account", "person")
_KEY_WORDS = ("id", "key", "uuid", "guid", "no", "number", "code")
_NAMED, _PARTLY_NAMED, _REFERRED, _PERSONAL = 10, 5, 3, 2
_MOST_PERSONAL = 4


@dataclass(frozen=True, slots=True)
class Found:
    """The table with one row a player, and its key."""

    table: StoredTable
    key: StoredColumn


def find_players(tables: Tables, look: Look, wanted: str | None) -> Found:
    """The likeliest table, or the one that is `wanted`. Raises: Refused, when none will do."""
    known = [table.name for table in tables.tables if can_be_named(table)]
    if wanted is not None:
        table = tables.table(wanted)
        if table is None or not can_be_named(table):
            hint = did_you_mean(wanted, known) or _choose(known)
            raise Refused(f"The warehouse has no table `{wanted}` that a catalog can name.", hint)
        key = key_of(table, look)
        if key is None:
            raise Refused(
                f"No column of `{wanted}` tells its rows apart.", "Name a table (or view) with one row a player."
            )
        return Found(table, key)
    referring = _referring(tables)
    ranked = sorted(((_weight(table, referring), table) for table in tables.tables), key=_heaviest)
    for weight, table in ranked:
        found = key_of(table, look) if weight >= _PARTLY_NAMED and can_be_named(table) else None
        if found is not None:
            return Found(table, found)
    raise Refused("No table looks as if it had one row a player.", _choose(known))


def key_of(table: StoredTable, look: Look) -> StoredColumn | None:
    """The column that tells a table's rows apart: declared, or found to be unique under a usual name."""
    columns = {column.name: column for column in table.columns if nameable(column.name)}
    for key in table.keys:
        if len(key) == 1 and key[0] in columns:
            return columns[key[0]]
    if table.keys:
        return None
    own = subject(table.name)
    for column in sorted(columns.values(), key=lambda column: _place(column.name, own)):
        if _place(column.name, own) <= len(_KEY_WORDS) and column.kind in ("text", "integer"):
            keys = look.keys(table.name, column.name)
            if keys.rows == keys.distinct:
                return column
    return None


def refers(table: StoredTable, found: Found, tables: Tables) -> StoredColumn | None:
    """The column of another table that says whose row it is: a foreign key, or one that is called like the key."""
    named = [column for column in table.columns if nameable(column.name) and column.kind == found.key.kind]
    declared = {one.column for one in table.references if tables.same(one.table, found.table.name)}
    own = subject(found.table.name)
    for column in sorted(named, key=lambda column: column.name not in declared):
        if column.name in declared or _is_called_like(column.name, found.key.name, own):
            return column
    return None


def can_be_named(table: StoredTable) -> bool:
    """Does the catalog have a way to write this name?"""
    return all(nameable(part) for part in table.name.split("."))


def _is_called_like(name: str, key: str, own: list[str]) -> bool:
    parts = words(name)
    same = words(key) == parts and len(parts) > 1
    return same or parts == own or (parts[:-1] in (own, own[-1:]) and parts[-1:] != [] and parts[-1] in _KEY_WORDS)


def _place(name: str, own: list[str]) -> int:
    """How usual a name is for the key of such a table; beyond the key words: not at all."""
    parts = words(name)
    if parts[:-1] in ([], own, own[-1:]) and parts[-1:] and parts[-1] in _KEY_WORDS:
        return _KEY_WORDS.index(parts[-1])
    return len(_KEY_WORDS) + 1


def _weight(table: StoredTable, referring: Counter[str]) -> int:
    own = subject(table.name)
    named = [rank for rank, word in enumerate(_CALLED) if own[-1] == word]
    weight = (_NAMED if len(own) == 1 else _PARTLY_NAMED) * (len(_CALLED) - named[0]) if named else 0
    personal = sum(smells_of_a_person(column.name) for column in table.columns)
    return weight + _REFERRED * referring[table.name] + _PERSONAL * min(personal, _MOST_PERSONAL)


def _referring(tables: Tables) -> Counter[str]:
    """How many other tables refer to each: by a foreign key, or by a column such as `customer_id`."""
    called: dict[tuple[str, ...], list[str]] = {}
    for table in tables.tables:
        called.setdefault((*subject(table.name), "id"), []).append(table.name)
    found: Counter[str] = Counter()
    for table in tables.tables:
        named = {name for column in table.columns for name in called.get(tuple(words(column.name)), ())}
        found.update((named | {one.table for one in table.references}) - {table.name})
    return found


def _heaviest(ranked: tuple[int, StoredTable]) -> tuple[int, str]:
    return -ranked[0], ranked[1].name


def _choose(known: list[str]) -> str:
    return f"Choose one with --player TABLE: {listed(known)}." if known else "The warehouse has no tables."
