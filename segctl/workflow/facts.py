"""One player's facts, read back from the warehouse for the oracle: only what some rules look at."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from segctl.base.errors import Refused
from segctl.members.facts import facts, texts
from segctl.members.read import Read
from segctl.members.times import refuse_unclear_times, times_of
from segctl.model.catalog import Attribute, Catalog, Column, EventTable
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.needs import Needs
from segctl.sql.questions import AskRows, AskTime
from segctl.sql.statements import WHOLE


def facts_of(player_id: str, wanted: Needs, catalog: Catalog, read: Read) -> PlayerFacts | None:
    """What the warehouse knows of a player; None if it does not know them. Raises: Refused.

    Events of all times are read, also those that lie ahead. The rank of an event among the player's events, by
    time and id, stands for its id.
    """
    player = catalog.player
    found = read(AskRows(player.table, player.key, player_id, ((player.key, None),)), WHOLE)
    if not found.num_rows:
        return None
    attributes = _profile(player_id, wanted, catalog, read)
    tables = ((catalog.events[name], columns) for name, columns in wanted.events.items())
    events = {table.name: _events(table, columns, player_id, read) for table, columns in tables}
    for name in wanted.scores:
        rows = catalog.scores[name].rows
        events[rows.name] = _events(rows, {column.name for column in rows.columns}, player_id, read)
    return PlayerFacts(player_id, attributes, events)


def _profile(player_id: str, wanted: Needs, catalog: Catalog, read: Read) -> dict[str, Fact]:
    """The attributes, one statement for each table; a list has its own."""
    homes: dict[tuple[str, str], list[tuple[Attribute, Column]]] = defaultdict(list)
    found: dict[str, Fact] = {}
    for name in sorted(wanted.attributes):
        attribute = catalog.attributes[name]
        source = attribute.source
        if not isinstance(source, Column):
            continue
        home = source.table or catalog.player.table, source.player or catalog.player.key
        if attribute.type == "list":
            answer = read(AskRows(*home, player_id, ((source.column, None),)), WHOLE)
            found[name] = texts(answer["c0"], f"`{name}`") or None
        else:
            homes[home].append((attribute, source))
    for home, mine in homes.items():
        columns = tuple((source.column, source.timezone) for _, source in mine)
        found |= _row(read(AskRows(*home, player_id, columns), WHOLE), mine, home[0])
    return found


def _row(answer: Any, mine: list[tuple[Attribute, Column]], table: str) -> dict[str, Fact]:
    if answer.num_rows > 1:
        raise Refused(
            f"{table} has several rows for one player, and the catalog reads one value a player from it.",
            "Declare the attribute with `type: list`, or make the table one row a player.",
        )
    found: dict[str, Fact] = {}
    for place, (attribute, source) in enumerate(mine):
        said = f"`{attribute.name}`"
        found[attribute.name] = next(
            iter(facts(answer[f"c{place}"], attribute.type, said, timezone=source.timezone)), None
        )
    return found


def _events(table: EventTable, columns: set[str], player_id: str, read: Read) -> list[dict[str, Fact]]:
    for name in times_of(table):
        refuse_unclear_times(table, name, read(AskTime(table.table, name), WHOLE))
    named = sorted(columns)
    asked = (
        (table.time, table.timezone),
        *((str(table.column(name).source), _zone(table, name)) for name in named),
    )
    answer = read(AskRows(table.table, table.player, player_id, asked, (table.time, table.id)), WHOLE)
    read_columns = {table.time: facts(answer["c0"], "datetime", table.time, timezone=table.timezone)}
    for place, name in enumerate(named, 1):
        said = f"{table.name}.{name}"
        kind = table.column(name).type
        read_columns[name] = facts(answer[f"c{place}"], kind, said, timezone=table.timezone)
    keys = (table.id, *read_columns)
    return [
        dict(zip(keys, (rank, *values), strict=True))
        for rank, values in enumerate(zip(*read_columns.values(), strict=True))
    ]


def _zone(table: EventTable, column: str) -> str | None:
    return table.timezone if table.column(column).type == "datetime" else None
