"""A state with a realistic audit log, and everything that somebody who owns its database may do to the log."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, insert, select, update

from segctl.apply.write import Verb, Writing, write
from segctl.base.digest import canonical_json
from segctl.store.audit import seal
from segctl.store.define import Definition
from segctl.store.engine import writing
from segctl.store.origin import Origin
from segctl.store.state import advance, genesis, head
from segctl.store.tables import AUDIT, STATE

Row = dict[str, Any]
Kind = Literal["edit", "delete", "swap", "insert", "truncate", "rewrite"]
START = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
NAMES = [f"segment-{letter}" for letter in "abcdefghijkl"]
FIELDS = [column.name for column in AUDIT.c]
# what a forger may write before the hashes are made anew; the chain gives the other fields
WRITTEN = [name for name in FIELDS if name not in {"seq", "previous", "hash"}]


@dataclass(frozen=True, slots=True)
class Tamper:
    """One thing done to the log, and the rows that a check must name."""

    kind: Kind
    name: str
    do: Callable[[Connection], None]
    named: frozenset[int]


# the state


def tell(engine: Engine) -> None:
    """Twelve runs and dozens of rows: everything that happens to definitions, and refreshes between and after."""
    runs: list[tuple[dict[str, Verb], dict[str, str]]] = [
        (dict.fromkeys(NAMES, "create"), {}),
        ({}, {}),
        (dict.fromkeys(NAMES[:5], "update"), {}),
        ({NAMES[0]: "rename", NAMES[1]: "rename", "segment-new": "rename"}, dict(zip([*NAMES[:2], "segment-new"], [NAMES[1], NAMES[0], NAMES[2]], strict=True))),
        (dict.fromkeys(NAMES[9:], "archive"), {}),
        ({}, {}),
        (dict.fromkeys(NAMES[10:], "recover"), {}),
        ({NAMES[4]: "replace", NAMES[5]: "update"}, {}),
        *[({}, {})] * 4,
    ]  # fmt: skip
    for serial, (verbs, was) in enumerate(runs, 1):
        with writing(engine, lock_timeout_seconds=0) as connection:
            advance(connection)
            write(connection, _origin(serial, verbs), _written(serial, verbs, was))


def _origin(serial: int, verbs: dict[str, Verb]) -> Origin:
    return Origin(
        serial,
        START + timedelta(hours=serial),
        "Ann Ünal" if serial % 2 else "ci",
        plan_id=f"plan-{serial}" if verbs else None,
        commit_id=f"{serial:040x}" if verbs else None,
        actor={"git": {"email": "ann@example.org"}},
    )


def _written(serial: int, verbs: dict[str, Verb], was: dict[str, str]) -> Writing:
    definitions = {
        name: Definition("segment", name, canonical_json({"gte": serial, "of": name})) for name in verbs
    }
    return Writing(
        kind="apply" if verbs else "refresh",
        as_of=START + timedelta(hours=serial),
        definitions={f"segment.{name}": one for name, one in definitions.items()},
        verbs={f"segment.{name}": verb for name, verb in verbs.items()},
        was={f"segment.{name}": f"segment.{old}" for name, old in was.items()},
        detail={"as_of": f"hour {serial}"},
    )


def disarm(connection: Connection) -> None:
    """Takes down what guards against accidents, as somebody who owns the database can."""
    match connection.dialect.name:
        case "sqlite":
            triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
            for (name,) in triggers:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        case "postgresql":
            for table in ("audit", "version", "change"):
                connection.exec_driver_sql(f"ALTER TABLE segctl.{table} DISABLE TRIGGER USER")


def rows_of(connection: Connection) -> list[Row]:
    return [dict(row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings()]


# what can be done to it


def tampers(rows: list[Row]) -> Iterator[Tamper]:
    """Each field of each row edited; each row deleted, inserted before, swapped; the tail cut; all written anew."""
    for at, row in enumerate(rows):
        for field in FIELDS:
            for value in _others(rows, at, field):
                yield Tamper(
                    "edit",
                    f"{field} {value!r:.30} in {at + 1}",
                    _edit(row["seq"], field, value),
                    frozenset([at + 1]),
                )
        yield Tamper("delete", f"{at + 1}", _delete(row["seq"]), frozenset([at + 1]))
        # the forged row follows the one before it: the next one, which does not follow it, shows it
        yield Tamper("insert", f"before {at + 1}", _insert(rows, at), frozenset([at + 2]))
        if at + 1 < len(rows):
            yield Tamper("swap", f"{at + 1} and {at + 2}", _swap(at + 1), frozenset([at + 1, at + 2]))
        yield Tamper("truncate", f"from {at + 1}", _anew(rows[:at], at), frozenset([at + 1]))
        yield from _rewrites(rows, at)
    yield Tamper("insert", "at the end", _insert(rows, len(rows)), frozenset([len(rows) + 1]))  # fmt: skip


def _rewrites(rows: list[Row], at: int) -> Iterator[Tamper]:
    """From this row to the end, with hashes that fit: one field otherwise, the row gone, or one more before it."""
    before, row, after = rows[:at], rows[at], rows[at + 1 :]
    named = frozenset([at + 1])
    for field in WRITTEN:
        value = _others(rows, at, field)[0]
        yield Tamper("rewrite", f"{field} in {at + 1}", _anew([*before, {**row, field: value}, *after], at), named)
    yield Tamper("rewrite", f"without {at + 1}", _anew([*before, *after], at), named)
    yield Tamper("rewrite", f"one more before {at + 1}", _anew([*before, rows[at - 1], row, *after], at), named)


def _others(rows: list[Row], at: int, field: str) -> list[Any]:
    """Values that the field does not have and that the database takes."""
    value = rows[at][field]
    if field == "seq":
        return [-value, 0, len(rows) + 1, len(rows) + 100]
    if isinstance(value, int):
        return [value + 1, value - 1, 0, 2_000_000_000]
    elsewhere = [row[field] for row in rows if row[field] != value][:1]
    nothing = [None] if AUDIT.c[field].nullable else []
    text = value or ""
    tried = [f"{text}x", f"{text} ", text[1:], text.swapcase(), "", *elsewhere, *nothing]
    return [one for one in dict.fromkeys(tried) if one != value]


def _edit(seq: int, field: str, value: Any) -> Callable[[Connection], None]:
    statement = update(AUDIT).where(AUDIT.c.seq == seq).values({field: value})
    return lambda connection: _execute(connection, statement)


def _delete(seq: int) -> Callable[[Connection], None]:
    return lambda connection: _execute(connection, AUDIT.delete().where(AUDIT.c.seq == seq))


def _swap(seq: int) -> Callable[[Connection], None]:
    def do(connection: Connection) -> None:
        for was, becomes in ((seq, -1), (seq + 1, seq), (-1, seq + 1)):
            _edit(was, "seq", becomes)(connection)

    return do


def _insert(rows: list[Row], at: int) -> Callable[[Connection], None]:
    """A row that is sealed and follows the one before it; those after it only move on."""

    def do(connection: Connection) -> None:
        for row in reversed(rows[at:]):
            _edit(row["seq"], "seq", row["seq"] + 1)(connection)
        _execute(connection, insert(AUDIT).values(_sealed(rows[at - 1], at + 1, rows[at - 1]["hash"])))

    return do


def _anew(rows: list[Row], start: int) -> Callable[[Connection], None]:
    """These rows for those from `start` on, each sealed and linked, and the state told of the new end."""

    def do(connection: Connection) -> None:
        previous = rows[start - 1]["hash"] if start else genesis(head(connection).lineage)
        sealed = []
        for seq, row in enumerate(rows[start:], start + 1):
            sealed.append(_sealed(row, seq, previous))
            previous = sealed[-1]["hash"]
        _execute(connection, AUDIT.delete().where(AUDIT.c.seq > start))
        if sealed:
            connection.execute(insert(AUDIT), sealed)
        _execute(connection, update(STATE).values(audit_seq=len(rows), audit_hash=previous))

    return do


def _sealed(row: Row, seq: int, previous: str) -> Row:
    forged = {**row, "seq": seq, "previous": previous}
    return {**forged, "hash": seal(forged.values())}


def _execute(connection: Connection, statement: Any) -> None:
    connection.execute(statement)
