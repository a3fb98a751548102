"""Members into a file: who is in or has left, since when, and what the warehouse says of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.members.arrow import arrow_column, arrow_type
from segctl.members.numbering import Numbering
from segctl.members.sums import places_of
from segctl.members.values import values
from segctl.model.catalog import Attribute, Catalog
from segctl.model.time import Lifetime
from segctl.spec.suggest import did_you_mean
from segctl.sql.ask import ask
from segctl.sql.values import values_program
from segctl.store import audit, definitions, history, membership
from segctl.store.audit import Entry
from segctl.store.engine import open_state, writing
from segctl.store.membership import Membership
from segctl.store.origin import Origin
from segctl.store.state import head
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.returns import numbering_of
from segctl.workflow.since import since_of
from segctl.workflow.state import looking, readable_segment
from segctl.workflow.watched import Watched

BATCH = 50_000
_INSTANT = pa.timestamp("us", "UTC")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which players of which segments: all of now, who `joined` at an instant or later, or who `left` since then.

    `columns` are fields of the catalog beside each player.
    """

    names: tuple[str, ...]
    joined: datetime | None = None
    left: datetime | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rows:
    """The players of one segment in the order of their numbers, each with the instant of their last move."""

    segment: str
    numbers: tuple[int, ...]
    at: Mapping[int, datetime]


@dataclass(frozen=True, slots=True)
class Export:
    """Everything that a file is made of; `told` has the values of each column, by the players in `everyone`."""

    schema: Any
    rows: tuple[Rows, ...]
    everyone: Any
    told: Mapping[str, Any]
    numbering: Numbering

    @property
    def count(self) -> int:
        return sum(len(one.numbers) for one in self.rows)

    def tables(self) -> Iterator[Any]:
        """Arrow tables of the schema, some rows each."""
        for one in self.rows:
            for start in range(0, len(one.numbers), BATCH):
                yield self._table(one, np.array(one.numbers[start : start + BATCH], dtype=np.int64))

    def _table(self, one: Rows, numbers: Any) -> Any:
        ids = self.numbering.ids(numbers)
        at = [one.at.get(number) for number in numbers.tolist()]
        found = np.searchsorted(self.everyone, numbers)
        columns = [column.take(pa.array(found)) for column in self.told.values()]
        whose = pa.array([one.segment] * len(ids), pa.string())
        arrays = [whose, pa.array(ids, pa.string()), pa.array(at, _INSTANT), *columns]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def export(context: Context, wanted: Wanted, *, reveal: bool = False) -> Export:
    """What to write. Raises: Refused, for fields that there are not, or that are personal and not revealed."""
    with looking(context) as connection:
        catalog = stored_catalog_of(connection, definitions.deployed(connection))
        fields = _fields(catalog, wanted.columns, reveal=reveal)
        rows = tuple(_rows(connection, name, wanted) for name in dict.fromkeys(wanted.names))
        numbering = numbering_of(connection)
    everyone = BitMap.union(BitMap(), *(BitMap(one.numbers) for one in rows))
    told = {} if catalog is None or not fields else _told(context, catalog, fields, everyone, numbering)
    moment = "left" if wanted.left else "since"
    schema = pa.schema(
        [("segment", pa.string()), ("player_id", pa.string()), (moment, _INSTANT)]
        + [(name, column.type) for name, column in told.items()]
    )
    return Export(schema, rows, np.array(everyone, dtype=np.int64), told, numbering)


def personal(context: Context, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns among these whose values single out a person."""
    with looking(context) as connection:
        catalog = stored_catalog_of(connection, definitions.deployed(connection))
    return () if catalog is None else tuple(name for name in columns if _is_personal(catalog, name))


def write_down(context: Context, found: Export, columns: Sequence[str]) -> None:
    """Writes to the audit log that these personal columns leave, and of how many. Raises: Refused."""
    engine, doing = open_state(context.state), f"export by {context.author.name}"
    with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=doing) as connection:
        at = head(connection)
        origin = Origin(at.serial, context.at, context.author.name, actor=context.author.detail)
        entries = [
            Entry(
                "reveal",
                f"segment.{one.segment}",
                detail={"columns": list(columns), "players": len(one.numbers)},
            )
            for one in found.rows
        ]
        audit.append(connection, origin, entries)


def _fields(catalog: Catalog | None, columns: Sequence[str], *, reveal: bool) -> tuple[str, ...]:
    if not columns:
        return ()
    if catalog is None:
        raise Refused("No catalog is deployed yet, so there are no columns.", "Deploy first: segctl apply")
    for name in columns:
        if catalog.field(name) is None:
            near = did_you_mean(name, catalog.fields)
            raise Refused(f"The deployed catalog has no field `{name}`.", near or "Fields: segctl catalog list")
        if _is_personal(catalog, name) and not reveal:
            raise Refused(
                f"`{name}` is personal (`pii: true`) and stays where it is.",
                "Export it with --reveal; that you did is written to the audit log first.",
            )
    return tuple(dict.fromkeys(columns))


def _is_personal(catalog: Catalog, name: str) -> bool:
    field = catalog.field(name)
    return isinstance(field, Attribute) and field.pii


def _rows(connection: Connection, name: str, wanted: Wanted) -> Rows:
    one = readable_segment(connection, name)
    held = membership.load(connection, [one.object_id]).get(one.object_id)
    if wanted.left is not None:
        return _left(connection, name, one.object_id, held, wanted.left)
    if one.status == "archived":
        raise Refused(
            f"`{name}` is archived and has no members.",
            f"Who left it: segctl export {name} --left-since DAY --to FILE",
        )
    if held is None:
        return Rows(name, (), {})
    since = since_of(connection, held, held.members)
    joined = wanted.joined
    if joined is None:
        return Rows(name, tuple(held.members), since)
    return Rows(name, tuple(one for one in held.members if one in since and since[one] >= joined), since)


def _left(connection: Connection, name: str, object_id: int, held: Membership | None, since: datetime) -> Rows:
    """Who left at `since` or later and is not in now, with when they last did."""
    members = BitMap() if held is None else held.members
    left: dict[int, datetime] = {}
    for at, _, gone in history.backwards(connection, object_id):
        if at < since:
            break
        for number in gone - members:
            left.setdefault(number, at)
    return Rows(name, tuple(sorted(left)), left)


def _told(
    context: Context, catalog: Catalog, fields: Sequence[str], everyone: BitMap, numbering: Numbering
) -> dict[str, Any]:
    """The value of each field for each of these players, in the order of their numbers."""
    kinds = [field.type for name in fields if (field := catalog.field(name)) is not None]
    program, facts = values_program([(name, Lifetime()) for name in fields], catalog)
    reads = ask(program, context.clock)
    order: list[Any] = []
    parts: list[list[Any]] = [[] for _ in fields]
    with open_warehouse(context.warehouse, context.clock.zone) as opened:
        read = Watched(opened, len(reads.questions) + 1, context.watch)
        for part in values(program, facts, reads, context.clock, read=read, numbering=numbering):
            (places,) = places_of([everyone], part.numbers)
            order.append(part.numbers[places])
            for found, fact, kind in zip(parts, facts, kinds, strict=True):
                found.append(arrow_column(part.facts[fact], kind, places))
    return dict(zip(fields, _in_order(everyone, order, parts, kinds), strict=True))


def _in_order(everyone: BitMap, order: list[Any], parts: list[list[Any]], kinds: Sequence[Any]) -> Iterator[Any]:
    """Each column by the players' numbers; whom the warehouse does not know has nothing."""
    known = np.concatenate(order) if order else np.empty(0, dtype=np.int64)
    wanted = np.array(everyone, dtype=np.int64)
    sorted_ = np.argsort(known, kind="stable")
    at = np.searchsorted(known[sorted_], wanted)
    at[at == len(known)] = 0
    missing = known[sorted_][at] != wanted if len(known) else np.ones(len(wanted), dtype=np.bool_)
    taken = pa.array(sorted_[at] if len(known) else at, mask=missing)
    for found, kind in zip(parts, kinds, strict=True):
        column = pa.concat_arrays(found) if found else pa.array([], arrow_type(kind))
        yield column.take(taken)
