"""What a catalog names of a warehouse: tables, columns, and what each should hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.model.catalog import Attribute, Catalog, Column, Difference, EventTable, Score
from segctl.model.operators import FieldType
from segctl.spec.places import Places

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table, and the path of keys under which the catalog says so."""

    table: str
    path: Path


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A stored column. `what` says it in words; `type` is None where any will do, as for keys.

    `timezone` is the declared one; `strict` says that it may not be declared beside a time zone of the column's
    own. `values` are the allowed texts, if closed, of what is not personal.
    """

    table: str
    column: str
    path: Path
    what: str
    type: FieldType | None = None
    timezone: str | None = None
    strict: bool = False
    values: tuple[str, ...] = ()


def named_tables(catalog: Catalog) -> Iterator[NamedTable]:
    """The player table, those of events, those beside the player table."""
    yield NamedTable(catalog.player.table, ("player", "table"))
    for name, attribute in catalog.attributes.items():
        if isinstance(attribute.source, Column) and attribute.source.table is not None:
            yield NamedTable(attribute.source.table, ("attributes", name, "table"))
    for name, event in catalog.events.items():
        yield NamedTable(event.table, ("events", name, "table"))
    for name, score in catalog.scores.items():
        yield NamedTable(score.table, ("scores", name, "table"))


def named_columns(catalog: Catalog, places: Places) -> Iterator[NamedColumn]:
    """Every stored column that the catalog speaks of."""
    player = catalog.player
    yield NamedColumn(player.table, player.key, ("player", "key"), "the player key")
    if player.updated_at is not None:
        path = ("player", "updated_at")
        yield NamedColumn(player.table, player.updated_at, path, "`updated_at`", "datetime", "UTC")
    for attribute in catalog.attributes.values():
        yield from _of_attribute(attribute, catalog, places)
    for event in catalog.events.values():
        yield from _of_event(event, places)
    for score in catalog.scores.values():
        yield from _of_score(score, places)


def player_columns(catalog: Catalog) -> Iterator[NamedColumn]:
    """The columns that say whose row it is, of every table but the player table."""
    for name, attribute in catalog.attributes.items():
        source = attribute.source
        if isinstance(source, Column) and source.table is not None:
            column = source.player or catalog.player.key
            yield NamedColumn(source.table, column, _player_path(name, source), f"the player of `{name}`")
    for name, event in catalog.events.items():
        what = f"the player of `{name}`"
        yield NamedColumn(event.table, event.player, ("events", name, "player"), what)
    for name, score in catalog.scores.items():
        yield NamedColumn(score.table, score.player, ("scores", name, "player"), f"the player of `{name}`")


def _player_path(name: str, source: Column) -> Path:
    return ("attributes", name, "player" if source.player else "table")


def _of_attribute(attribute: Attribute, catalog: Catalog, places: Places) -> Iterator[NamedColumn]:
    source, name = attribute.source, attribute.name
    if not isinstance(source, Column):
        return
    table = source.table or catalog.player.table
    if source.table is not None:
        whose = source.player or catalog.player.key
        yield NamedColumn(table, whose, _player_path(name, source), f"the player of `{name}`")
    yield NamedColumn(
        table,
        source.column,
        _stored_path(("attributes", name), places),
        f"`{name}`",
        attribute.type,
        source.timezone,
        strict=True,
        values=() if attribute.pii else attribute.values,
    )


def _of_event(event: EventTable, places: Places) -> Iterator[NamedColumn]:
    path = ("events", event.name)
    table = event.table
    yield NamedColumn(table, event.id, (*path, "id"), f"the id of `{event.name}`")
    yield NamedColumn(table, event.player, (*path, "player"), f"the player of `{event.name}`")
    currency = places.text(*path, "currency")
    if currency:
        yield NamedColumn(table, currency, (*path, "currency"), f"the currency of `{event.name}`", "string")
    moments = {"time": event.time, "ingested": event.ingested, "updated": event.updated}
    for key, column in moments.items():
        if column is not None:
            what = f"the {key} of `{event.name}`" if key == "time" else f"`{key}` of `{event.name}`"
            yield NamedColumn(table, column, (*path, key), what, "datetime", event.timezone, strict=True)
    for one in event.columns:
        if not isinstance(one.source, Difference):
            at = _stored_path((*path, "columns", one.name), places)
            what = f"`{one.name}` of `{event.name}`"
            yield NamedColumn(table, one.source, at, what, one.type, event.timezone, values=one.values)


def _of_score(score: Score, places: Places) -> Iterator[NamedColumn]:
    path, table, name = ("scores", score.name), score.table, f"`{score.name}`"
    whose = (*path, "player" if places.text(*path, "player") else "table")
    yield NamedColumn(table, score.player, whose, f"the player of {name}")
    yield NamedColumn(table, score.value, (*path, "value"), name, score.type)
    time = f"the time of {name}"
    yield NamedColumn(table, score.time, (*path, "time"), time, "datetime", score.timezone, strict=True)
    for column, _ in score.where:
        yield NamedColumn(table, column, (*path, "where", column), f"`where` of {name}", "string")
    for key, other in (("id", score.id), ("reasons", score.reasons), ("version", score.version)):
        if other is not None:
            yield NamedColumn(table, other, (*path, key), f"`{key}` of {name}")


def _stored_path(path: Path, places: Places) -> Path:
    """Where the column that is read is named: money's is its base."""
    return (*path, "base" if places.text(*path, "base") else "column")
