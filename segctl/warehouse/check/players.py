"""Who is who: a player key that is not unique or missing, players told twice, ids of different types."""

from __future__ import annotations

from segctl.model.catalog import Column
from segctl.model.tables import StoredColumn
from segctl.warehouse.check.bench import Bench
from segctl.warehouse.check.named import player_columns


def player_key(bench: Bench) -> None:
    """The key of the player table: one row a player, and none without."""
    key = _key(bench)
    if key is None:
        return
    player = bench.catalog.player
    keys = bench.look.keys(player.table, player.key)
    filled = keys.rows - keys.missing
    if keys.distinct < filled:
        detail = f"`{player.table}.{player.key}` is not unique: {filled:,} rows hold {keys.distinct:,} players."
        bench.note("SEG317", ("player", "key"), detail, "Point `player:` at a table with one row a player.")
    if keys.missing:
        detail = f"`{player.table}.{player.key}` is NULL in {keys.missing:,} of {keys.rows:,} rows."
        bench.note("SEG318", ("player", "key"), detail, "segctl leaves these rows out: they are nobody.")


def one_row_each(bench: Bench) -> None:
    """Tables beside the player table, from which attributes take one value a player."""
    seen: set[tuple[str, str]] = set()
    for name, attribute in bench.catalog.attributes.items():
        source = attribute.source
        if not isinstance(source, Column) or source.table is None or attribute.type == "list":
            continue
        whose = source.player or bench.catalog.player.key
        table = bench.tables.table(source.table)
        if (source.table, whose) in seen or table is None or bench.tables.column(table, whose) is None:
            continue
        seen.add((source.table, whose))
        keys = bench.look.keys(source.table, whose)
        filled = keys.rows - keys.missing
        if keys.distinct < filled:
            detail = f"`{source.table}` has several rows for some: {keys.distinct:,} players, {filled:,} rows."
            help_line = f"`{name}` is one value a player. Make the table one row a player, or write `type: list`."
            bench.note("SEG319", ("attributes", name, "table"), detail, help_line)


def same_ids(bench: Bench) -> None:
    """A player's id is of one type everywhere, or rows would not find their player."""
    key = _key(bench)
    if key is None:
        return
    for named in player_columns(bench.catalog):
        table = bench.tables.table(named.table)
        column = bench.tables.column(table, named.column) if table else None
        if column is not None and column.kind != key.kind:
            detail = f"`{named.table}.{named.column}` is {column.spelled}, and the player key is {key.spelled}."
            bench.note("SEG322", named.path, detail, "Give both one type in the warehouse, or cast it in a view.")


def _key(bench: Bench) -> StoredColumn | None:
    player = bench.catalog.player
    table = bench.tables.table(player.table)
    return None if table is None else bench.tables.column(table, player.key)
