"""Writes players' facts to the DuckDB tables a catalog describes: shuffled, and with rows of players nobody knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa

from segctl.model.catalog import Attribute, Catalog, Column, Difference, EventTable
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.membership import Ids
from segctl.model.operators import FieldType
from tests.support.scores import tables_of_scores

STRANGER = "nobody"
FOUND = "found_by_queries"
NO_ROWS: Mapping[str, Ids] = {}
TYPES: Mapping[FieldType, pa.DataType] = {
    "string": pa.string(),
    "list": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "money": pa.decimal128(18, 4),
    "boolean": pa.bool_(),
    "date": pa.date32(),
}
Row = Mapping[str, Any]


def write_world(
    path: Path | str, catalog: Catalog, players: Sequence[PlayerFacts], rows: Mapping[str, Ids] = NO_ROWS
) -> None:
    """Creates the file at `path` (or fills the database that is there) with every table of the catalog.

    `rows` are the ids that the query of a segment (query_of) shall find, each twice.
    """
    with duckdb.connect(str(path)) as connection:
        for name, table in shuffled_tables(catalog, players, rows).items():
            connection.register("incoming", table)
            connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM incoming')
            connection.unregister("incoming")


def shuffled_tables(
    catalog: Catalog, players: Sequence[PlayerFacts], rows: Mapping[str, Ids] = NO_ROWS
) -> dict[str, pa.Table]:
    """The physical tables by name, in no order; among them what queries find."""
    rng = Random(len(players))
    every = tables(catalog, players)
    if rows:
        every[FOUND] = _table(
            [
                {"segment": name, "id": player}
                for name, ids in rows.items()
                for player in (*sorted(ids), *ids, None)
            ],
            {"segment": pa.string(), "id": pa.string()},
        )
    for name, table in every.items():
        order = list(range(table.num_rows))
        rng.shuffle(order)
        every[name] = table.take(pa.array(order, pa.int64()))
    return every


def query_of(segment: str) -> str:
    """A query that finds the rows of a segment in a written world."""
    return f"SELECT id FROM {FOUND} WHERE segment = '{segment}'"


def tables(catalog: Catalog, players: Sequence[PlayerFacts]) -> dict[str, pa.Table]:
    """The physical tables by name, in the order of the facts."""
    stored = [attribute for attribute in catalog.attributes.values() if isinstance(attribute.source, Column)]
    lists = [attribute for attribute in stored if attribute.type == "list"]
    plain = [attribute for attribute in stored if attribute.type != "list"]
    homes = dict.fromkeys(_column(attribute).table for attribute in plain)
    return {
        catalog.player.table: _players_table(None, plain, catalog, players),
        **{home: _players_table(home, plain, catalog, players) for home in homes if home is not None},
        **{str(_column(attribute).table): _list_table(attribute, catalog, players) for attribute in lists},
        **{table.table: _event_table(table, players) for table in catalog.events.values()},
        **{table.table: _event_table(table, players) for table in tables_of_scores(catalog.scores)},
    }


def _players_table(
    home: str | None, attributes: Iterable[Attribute], catalog: Catalog, players: Sequence[PlayerFacts]
) -> pa.Table:
    """One row a player; in a table of its own, no row where nothing is known, and one of a stranger."""
    here = [attribute for attribute in attributes if _column(attribute).table == home]
    key = (_column(here[0]).player if home else None) or catalog.player.key
    known = [
        player
        for player in players
        if home is None or any(attribute.name in player.attributes for attribute in here)
    ]
    changed = [catalog.player.updated_at] if catalog.player.updated_at and not home else []
    stranger = [PlayerFacts(STRANGER, known[0].attributes)] if home and known else []
    rows = [
        {
            key: player.player_id,
            **{_column(a).column: _stored(player.attributes.get(a.name), _column(a).timezone) for a in here},
            **{name: player.attributes.get(name) for name in changed},
        }
        for player in [*known, *stranger]
    ]
    types = {_column(a).column: _arrow_type(a.type, _column(a).timezone) for a in here}
    return _table(rows, {key: pa.string(), **types, **dict.fromkeys(changed, pa.timestamp("us", "UTC"))})


def _list_table(attribute: Attribute, catalog: Catalog, players: Sequence[PlayerFacts]) -> pa.Table:
    """A row an element; some players have a row that holds nothing."""
    column = _column(attribute)
    key = column.player or catalog.player.key
    rows: list[Row] = [{key: STRANGER, column.column: "a"}]
    for place, player in enumerate(players):
        value = player.attributes.get(attribute.name)
        rows += [{key: player.player_id, column.column: text} for text in value or ()]
        rows += [{key: player.player_id, column.column: None}] * (place % 5 == 0)
    return _table(rows, {key: pa.string(), column.column: pa.string()})


def _event_table(table: EventTable, players: Sequence[PlayerFacts]) -> pa.Table:
    columns = {column.name: column for column in table.columns if not isinstance(column.source, Difference)}
    rows = [
        {
            table.player: player.player_id,
            table.id: event[table.id],
            **{extra: _stored(event.get(extra, event[table.time]), table.timezone) for extra in _times(table)},
            **{str(column.source): _stored(event.get(name), table.timezone) for name, column in columns.items()},
        }
        for player in players
        for event in player.events.get(table.name, ())
    ]
    numbered = bool(rows) and isinstance(rows[0][table.id], int)
    types = {
        table.player: pa.string(),
        table.id: pa.int64() if numbered else pa.string(),
        **{extra: _arrow_type("datetime", table.timezone) for extra in _times(table)},
        **{str(column.source): _arrow_type(column.type, table.timezone) for column in columns.values()},
    }
    return _table(rows + _of_strangers(rows, table), types)


def _of_strangers(rows: Sequence[Row], table: EventTable) -> list[Row]:
    """A few events once more, of a player who has no row and of none at all, under ids of their own."""
    renumbered: Callable[[Any], Any] = lambda old: old + 10_000 if isinstance(old, int) else f"{old}-again"  # noqa: E731
    strangers = (STRANGER, None, STRANGER)
    own_id = table.id not in {column.source for column in table.columns}
    return [
        {**row, table.player: stranger, **({table.id: renumbered(row[table.id])} if own_id else {})}
        for row, stranger in zip(rows[:3], strangers, strict=False)
    ]


def _times(table: EventTable) -> list[str]:
    """Every column that holds a time of the event: its own, and when the row became known or changed.

    Where an event does not say the others, they are its own.
    """
    return [name for name in dict.fromkeys((table.time, table.ingested, table.updated)) if name is not None]


def _table(rows: Sequence[Row], types: Mapping[str, pa.DataType]) -> pa.Table:
    arrays = [pa.array([row[name] for row in rows], kind) for name, kind in types.items()]
    return pa.Table.from_arrays(arrays, names=list(types))


def _stored(fact: Fact, timezone: str | None) -> Fact:
    """Naive columns hold the wall clock time of their declared zone."""
    if isinstance(fact, datetime) and timezone is not None:
        return fact.astimezone(ZoneInfo(timezone)).replace(tzinfo=None)
    return fact


def _arrow_type(kind: FieldType, timezone: str | None) -> pa.DataType:
    if kind == "datetime":
        return pa.timestamp("us", None if timezone else "UTC")
    return TYPES[kind]


def _column(attribute: Attribute) -> Column:
    if not isinstance(attribute.source, Column):
        raise TypeError(f"{attribute.name} is not stored")
    return attribute.source
