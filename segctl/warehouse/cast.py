"""Facts of made-up players as the tables of a warehouse of their own, and the catalog that says where they lie.

Every field gets a column of its name and every event table a table of its name, so that two fields which share a
column in the operator's warehouse can be given apart. Types and meaning stay those of the catalog.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pyarrow as pa

from segctl.model.catalog import (
    Attribute,
    Catalog,
    Column,
    Difference,
    EventColumn,
    EventTable,
    PlayerTable,
    Score,
)
from segctl.model.comparison import known
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.operators import FieldType

PLAYERS = "players"
# No name of a catalog begins with an underscore.
PLAYER, TIME, ID = "_player", "_time", "_id"
_TYPES: Mapping[FieldType, pa.DataType] = {
    "string": pa.string(),
    "list": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "money": pa.decimal128(24, 6),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "datetime": pa.timestamp("us", "UTC"),
}


def storage(catalog: Catalog) -> Catalog:
    """The same fields with the same meaning, over the tables that `tables` makes."""
    return replace(
        catalog,
        player=PlayerTable(PLAYERS, PLAYER),
        attributes={name: _attribute(one) for name, one in catalog.attributes.items()},
        events={name: _event(one) for name, one in catalog.events.items()},
        scores={name: _score(one) for name, one in catalog.scores.items()},
    )


def tables(
    catalog: Catalog, players: Sequence[tuple[str, PlayerFacts]], wanted: frozenset[str]
) -> dict[str, pa.Table]:
    """The `wanted` tables by name. Each player comes with the id to store, which may differ from its own."""
    stored = [one for one in catalog.attributes.values() if isinstance(one.source, Column)]
    lists = {_list_table(one.name): one for one in stored if one.type == "list"}
    events = {_event_table(table.name): table for table in catalog.events.values()}
    events |= {_score_table(score.name): score.rows for score in catalog.scores.values()}
    return {
        PLAYERS: _players([one for one in stored if one.type != "list"], players),
        **{name: _list(one, players) for name, one in lists.items() if name in wanted},
        **{name: _events(table, players) for name, table in events.items() if name in wanted},
    }


def _attribute(attribute: Attribute) -> Attribute:
    if not isinstance(attribute.source, Column):
        return attribute
    if attribute.type == "list":
        return replace(attribute, source=Column(attribute.name, _list_table(attribute.name), PLAYER))
    return replace(attribute, source=Column(attribute.name))


def _event(table: EventTable) -> EventTable:
    columns = tuple(_event_column(column) for column in table.columns)
    return EventTable(table.name, _event_table(table.name), ID, PLAYER, TIME, columns)


def _event_column(column: EventColumn) -> EventColumn:
    return column if isinstance(column.source, Difference) else replace(column, source=column.name)


def _score(score: Score) -> Score:
    return replace(score, table=_score_table(score.name), player=PLAYER, time=TIME, id=ID, timezone=None)


def _list_table(name: str) -> str:
    return f"list_{name}"


def _event_table(name: str) -> str:
    return f"events_{name}"


def _score_table(name: str) -> str:
    return f"score_{name}"


def _players(attributes: Iterable[Attribute], players: Sequence[tuple[str, PlayerFacts]]) -> pa.Table:
    columns: dict[str, Any] = {PLAYER: pa.array([id_ for id_, _ in players], pa.string())}
    for one in attributes:
        columns[one.name] = pa.array([facts.attributes.get(one.name) for _, facts in players], _TYPES[one.type])
    return pa.table(columns)


def _list(attribute: Attribute, players: Sequence[tuple[str, PlayerFacts]]) -> pa.Table:
    pairs = [(id_, text) for id_, facts in players for text in _texts(facts.attributes.get(attribute.name))]
    return pa.table(
        {
            PLAYER: pa.array([id_ for id_, _ in pairs], pa.string()),
            attribute.name: pa.array([text for _, text in pairs], pa.string()),
        }
    )


def _texts(fact: Fact) -> tuple[str, ...]:
    return fact if isinstance(fact, tuple) else ()


def _events(table: EventTable, players: Sequence[tuple[str, PlayerFacts]]) -> pa.Table:
    """Ids only break ties between the events of one player, so their rank stands for them, a missing one first."""
    rows = [
        (id_, number, event)
        for id_, facts in players
        for number, event in enumerate(_by_id(facts.events.get(table.name, ()), table))
    ]
    stored = [column for column in table.columns if not isinstance(column.source, Difference)]
    columns: dict[str, Any] = {
        PLAYER: pa.array([id_ for id_, _, _ in rows], pa.string()),
        ID: pa.array([number for _, number, _ in rows], pa.int64()),
        TIME: pa.array([event[table.time] for _, _, event in rows], _TYPES["datetime"]),
    }
    for column in stored:
        columns[column.name] = pa.array([event.get(column.name) for _, _, event in rows], _TYPES[column.type])
    return pa.table(columns)


def _by_id(events: Sequence[Mapping[str, Fact]], table: EventTable) -> list[Mapping[str, Fact]]:
    def identity(event: Mapping[str, Fact]) -> Any:
        id_ = known(event[table.id])
        return id_ is not None, id_

    return sorted(events, key=identity)
