"""Tables that a run would read whole, for want of an index. Engines that need none say so."""

from __future__ import annotations

import re
from collections.abc import Iterator

from segctl.model.catalog import EventTable
from segctl.model.tables import StoredTable
from segctl.warehouse.check.bench import Bench

_plain = re.compile(r"[a-z_][a-z0-9_]*").fullmatch


def missing_indexes(bench: Bench) -> None:
    """A run asks for rows since an instant, and for those of one player in the order of time."""
    for name, event in bench.catalog.events.items():
        for key, columns in _wanted(event):
            _note(bench, ("events", name, key), event.table, columns)
    player = bench.catalog.player
    if player.updated_at is not None:
        _note(bench, ("player", "updated_at"), player.table, (player.updated_at,))


def _wanted(event: EventTable) -> Iterator[tuple[str, tuple[str, ...]]]:
    """By the key of the catalog that asks for it, the columns with which an index must begin."""
    yield "player", (event.player, event.time)
    yield "time", (event.time,)
    for key, column in (("ingested", event.ingested), ("updated", event.updated)):
        if column is not None:
            yield key, (column,)


def _note(bench: Bench, path: tuple[str, ...], name: str, columns: tuple[str, ...]) -> None:
    table = bench.tables.table(name)
    if table is None or table.indexes is None:
        return
    there = all(bench.tables.column(table, column) for column in columns)
    if there and not any(index[: len(columns)] == columns for index in table.indexes):
        listed = " and ".join(f"`{column}`" for column in columns)
        why = "each look at one player" if len(columns) > 1 else "each refresh"
        detail = f"No index of `{table.name}` begins with {listed}, so {why} reads the whole table."
        bench.note("SEG321", path, detail, _ddl(table, columns))


def _ddl(table: StoredTable, columns: tuple[str, ...]) -> str:
    """Without a lock that stops writers, where the engine can: for a partitioned table it cannot."""
    how = "" if table.partitioned else " CONCURRENTLY"
    name = ".".join(map(_quoted, table.name.split(".")))
    return f"CREATE INDEX{how} ON {name} ({', '.join(map(_quoted, columns))});"


def _quoted(name: str) -> str:
    return name if _plain(name) else f'"{name}"'
