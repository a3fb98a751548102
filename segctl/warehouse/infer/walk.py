"""A database that nobody described → a draft of its catalog. Only looks."""

from __future__ import annotations

from dataclasses import dataclass, field

from segctl.model.draft import Draft, DraftEntry, DraftEvent
from segctl.model.tables import StoredColumn, StoredTable, Tables
from segctl.warehouse.infer.attributes import Beside, Names, attributes_of, list_of
from segctl.warehouse.infer.columns import currencies
from segctl.warehouse.infer.events import Shape, event_of, time_of
from segctl.warehouse.infer.metrics import metrics_of
from segctl.warehouse.infer.names import field_name, nameable, subject, words
from segctl.warehouse.infer.players import Found, can_be_named, find_players, key_of, refers
from segctl.warehouse.look import Look

_CURRENCY = "EUR"
_UPDATED = (["updated", "at"], ["last", "update"], ["last", "updated"], ["modified", "at"], ["changed", "at"])


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said beforehand; None is for the guess."""

    name: str
    currency: str | None = None
    timezone: str | None = None
    player: str | None = None


@dataclass(slots=True)
class _Inferring:
    """What was found so far."""

    tables: Tables
    look: Look
    told: Told
    found: Found
    names: Names = field(default_factory=Names)
    event_names: Names = field(default_factory=Names)
    attributes: list[DraftEntry] = field(default_factory=list)
    columns_left_out: list[str] = field(default_factory=list)
    events: dict[str, DraftEvent] = field(default_factory=dict)
    metrics: list[DraftEntry] = field(default_factory=list)
    tables_left_out: list[str] = field(default_factory=list)


def infer(look: Look, told: Told) -> Draft:
    """The draft. Raises: Refused, when no table has the players."""
    tables = look.tables()
    found = find_players(tables, look, told.player)
    seen = currencies(tables.tables, look)
    currency = told.currency or (next(iter(seen)) if len(seen) == 1 else _CURRENCY)
    at = _Inferring(tables, look, told, found)
    player = _players(at)
    others = sorted((one for one in tables.tables if one is not found.table), key=lambda table: table.name)
    # what refers to the players comes first, so that of the rest it is known to which events they belong
    for table in sorted(others, key=lambda table: refers(table, found, tables) is None):
        _other(at, table, currency)
    return Draft(
        name=told.name,
        currency=currency,
        currency_known=told.currency is not None or len(seen) == 1 or not _speaks_of_money(at),
        player=player,
        attributes=tuple(at.attributes),
        attributes_left_out=tuple(at.columns_left_out),
        events=tuple(at.events.values()),
        metrics=tuple(at.metrics),
        tables_left_out=tuple(sorted(at.tables_left_out)),
        unguarded=tuple(what for what, known in _guarded(at).items() if not known),
    )


def _guarded(at: _Inferring) -> dict[str, bool]:
    """What marketing must know of everybody, and whether a field tells it."""
    told = {word for entry in at.attributes for word in entry.name.split("_")}
    return {
        "who is self-excluded": not told.isdisjoint(("excluded", "exclusion", "blocked")),
        "how old players are": "age" in told,
    }


def _players(at: _Inferring) -> DraftEntry:
    table, key = at.found.table, at.found.key
    changed = [
        one
        for one in table.columns
        if words(one.name) in _UPDATED and one.kind == "instant" and nameable(one.name)
    ]
    keys = (("table", table.name), ("key", key.name), *(("updated_at", one.name) for one in changed[:1]))
    _attributes(at, table, [key, *changed[:1]], beside=None)
    return DraftEntry("player", keys)


def _attributes(at: _Inferring, table: StoredTable, skip: list[StoredColumn], beside: Beside | None) -> None:
    names = [one.name for one in skip]
    taken = attributes_of(table, names, at.look, at.names, beside=beside, timezone=at.told.timezone)
    at.attributes += taken.entries
    at.columns_left_out += taken.left_out


def _other(at: _Inferring, table: StoredTable, currency: str) -> None:
    """A table that is not the players': events, attributes beside, a list, or nothing that is known."""
    player = refers(table, at.found, at.tables) if can_be_named(table) else None
    if player is None:
        at.tables_left_out.append(f"{table.name}: {_unrelated(at, table)}")
    elif (player.name,) in table.keys:
        _attributes(at, table, [player], beside=_beside(at, table, player))
    else:
        _of_player(at, table, player, currency)


def _of_player(at: _Inferring, table: StoredTable, player: StoredColumn, currency: str) -> None:
    time, key = time_of(table), key_of(table, at.look)
    if time is not None and key is not None and key is not player:
        name = at.event_names.new(field_name(table.name.rpartition(".")[2]), field_name(table.name))
        event = event_of(Shape(table, key, player, time), name, at.look, at.told.timezone)
        at.events[name] = event
        at.metrics += metrics_of(event, subject(table.name), currency, at.names)
        return
    rest = [one for one in table.columns if one is not player]
    keys = at.look.keys(table.name, player.name)
    if keys.rows and keys.distinct == keys.rows:
        _attributes(at, table, [player], beside=_beside(at, table, player))
    elif len(rest) == 1 and rest[0].kind == "text" and nameable(rest[0].name):
        at.attributes.append(list_of(table, rest[0], at.names, _beside(at, table, player)))
    else:
        lacks = "no timestamp says when a row happened" if time is None else "no column tells its rows apart"
        at.tables_left_out.append(f"{table.name}: {lacks}; a view may add one")


def _beside(at: _Inferring, table: StoredTable, player: StoredColumn) -> Beside:
    """`customer_consents` is about the consent of customers, who need not be said."""
    about, own = subject(table.name), subject(at.found.table.name)
    return Beside(player.name, tuple(about[len(own) :] if about[: len(own)] == own else about))


def _unrelated(at: _Inferring, table: StoredTable) -> str:
    if not can_be_named(table):
        return "its name cannot be written in a catalog; give it a plain one in a view"
    tables = {event.entry.name: dict(event.entry.keys)["table"] for event in at.events.values()}
    for reference in table.references:
        if any(at.tables.same(str(name), reference.table) for name in tables.values()):
            return f"it refers to {reference.table}, not to the players; join them in a view to use it"
    return f"no column refers to {at.found.table.name}"


def _speaks_of_money(at: _Inferring) -> bool:
    entries = [*at.attributes, *(column for event in at.events.values() for column in event.columns)]
    return any(dict(entry.keys).get("type") == "money" for entry in entries)
