"""Tables that tell what happened to players: whose row it is, when, and which row it is."""

from __future__ import annotations

from dataclasses import dataclass

from segctl.model.draft import DraftEntry, DraftEvent, DraftValue, Open
from segctl.model.tables import StoredColumn, StoredTable
from segctl.warehouse.infer.attributes import ZONE
from segctl.warehouse.infer.columns import Money, guess, money_of
from segctl.warehouse.infer.names import field_name, nameable, smells_of_a_person, subject, words
from segctl.warehouse.look import Look

# When something happened, the likeliest names first; `{0}` is what one row is.
_HAPPENED = (
    *(
        "{0}_at",
        "{0}_time",
        "{0}_timestamp",
        "{0}_datetime",
        "{0}_date",
        "occurred_at",
        "happened_at",
        "event_time",
    ),
    *("event_at", "event_timestamp", "event_date", "timestamp", "ts", "time", "at", "placed_at", "created_at"),
    *("started_at", "start_time", "created", "date", "datetime", "create_date", "creation_date", "created_on"),
)
_OTHER_TIMES_WORDS = """
updated update modified changed ingested loaded inserted received synced deleted expires expiry expired
expiration ended end finished return returned due until valid settled
"""
_OTHER_TIMES = frozenset(_OTHER_TIMES_WORDS.split())
_INGESTED = ("ingested_at", "loaded_at", "inserted_at", "received_at", "synced_at", "ingested", "loaded")
_UPDATED = ("updated_at", "last_update", "last_updated", "modified_at", "changed_at", "last_modified", "updated")


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns that make a table one of events."""

    table: StoredTable
    id: StoredColumn
    player: StoredColumn
    time: StoredColumn


def time_of(table: StoredTable) -> StoredColumn | None:
    """When a row happened; None if its timestamps tell only of something else."""
    own = "_".join(subject(table.name))
    last = subject(table.name)[-1]
    usual = [form.format(word) for form in _HAPPENED for word in (own, last)]
    moments = [one for one in table.columns if one.kind in ("instant", "naive") and nameable(one.name)]

    def place(column: StoredColumn) -> int:
        snake = "_".join(words(column.name))
        return usual.index(snake) if snake in usual else len(usual)

    likely = [one for one in moments if _OTHER_TIMES.isdisjoint(words(one.name))]
    return min(likely, key=place, default=None)


def event_of(shape: Shape, name: str, look: Look, timezone: str | None) -> DraftEvent:
    """The table as events; `timezone` is the one that was told, for times without one."""
    table, time, money = shape.table, shape.time, money_of(shape.table, look)
    keys: list[tuple[str, DraftValue]] = [
        *(("table", table.name), ("id", shape.id.name), ("player", shape.player.name), ("time", time.name)),
    ]
    moments = {key: _moment(shape, names) for key, names in (("ingested", _INGESTED), ("updated", _UPDATED))}
    keys += [(key, column.name) for key, column in moments.items() if column is not None]
    naive = time.kind == "naive"
    keys += [("timezone", timezone)] if naive and timezone else []
    keys += [("currency", money.currency)] if money.currency else []
    undecided = (Open("timezone", "UTC", ZONE),) if naive and timezone is None else ()
    known = {shape.id.name, shape.player.name, time.name, *money.bases.values()}
    known |= {column.name for column in moments.values() if column is not None}
    columns, left_out = _columns(shape, known, look, money)
    return DraftEvent(DraftEntry(name, tuple(keys), open=undecided), columns, left_out)


def _moment(shape: Shape, names: tuple[str, ...]) -> StoredColumn | None:
    """A technical time, if it is on the same clock: one `timezone` serves the whole event."""
    for column in shape.table.columns:
        if "_".join(words(column.name)) in names and column.kind == shape.time.kind and nameable(column.name):
            return column
    return None


def _columns(
    shape: Shape, known: set[str], look: Look, money: Money
) -> tuple[tuple[DraftEntry, ...], tuple[str, ...]]:
    entries: dict[str, DraftEntry] = {}
    left_out: list[str] = []
    for column in shape.table.columns:
        if column.name in known:
            continue
        guessed = guess(column, shape.table, look, money)
        reason = guessed.left_out or _unfit(column, shape)
        name = field_name(column.name)
        if reason or name in entries or name == shape.time.name:
            left_out.append(f"{column.name}: {reason or f'`{name}` is taken'}")
            continue
        stored = () if name == column.name else (("column", column.name),)
        entries[name] = DraftEntry(name, (("type", guessed.type), *stored, *guessed.keys), guessed.notes)
    return tuple(entries.values()), tuple(left_out)


def _unfit(column: StoredColumn, shape: Shape) -> str:
    """Why a column that a field could be made of is none of an event."""
    if smells_of_a_person(column.name):
        return "it looks personal, and columns of events cannot be marked `pii`"
    if column.kind == "texts":
        return "columns of events hold one value"
    if column.kind == "naive" and shape.time.kind == "instant":
        return "a timestamp without a time zone beside a time with one; cast it in a view"
    return ""
