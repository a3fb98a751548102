"""Copies a state into an empty one, to the letter: lineage, serial, secret, numbers, and the log with its hashes.

Both sides may be of any kind. All is read under the lock of the one and written in one transaction of the other.
What workers do at the moment is not copied: who works with the copy begins anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, func, insert, select, update

from segctl.base.errors import Refused
from segctl.store.engine import reading, writing
from segctl.store.format import FORMAT
from segctl.store.migrate import recognise
from segctl.store.name import name_of
from segctl.store.sqlite import prefer_wal
from segctl.store.state import Head, ensure, head, make
from segctl.store.tables import DUTY, METADATA, OBJECT, PLAYER_CHUNK, STATE
from segctl.store.verify import verify

# of bitmaps and chunks of ids, which may be half a megabyte each
_ROWS: Final = 50
_TABLES: Final = tuple(table for table in METADATA.sorted_tables if table not in (STATE, DUTY))


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: where the state stands on both sides now, and rows by table."""

    head: Head
    rows: Mapping[str, int]


def copy(source: Engine, target: Engine, now: datetime, *, lock_timeout_seconds: float, doing: str) -> Copied:
    """Copies, compares both sides row by row, verifies the log, and commits if all agrees. Raises: Refused."""
    ensure(source, now)
    with reading(target) as connection:
        _refuse_full(connection, recognise(connection))
    seconds = lock_timeout_seconds
    with (
        writing(source, lock_timeout_seconds=seconds, doing=doing) as old,
        writing(target, lock_timeout_seconds=seconds, doing=doing, maker=True) as new,
    ):
        found = recognise(new)
        _refuse_full(new, found)
        if not found:
            make(new, now)
        rows = {table.name: _copied(old, new, table) for table in _TABLES}
        _copy_head(old, new)
        _refuse_unlike(old, new)
        done = Copied(head(new), rows)
    if target.dialect.name == "sqlite":
        prefer_wal(target)
    return done


def _refuse_full(connection: Connection, found: int) -> None:
    name = name_of(connection.engine.url)
    if found and found < FORMAT:
        raise Refused(f"The state {name} has format {found}, not {FORMAT}.", "Bring it up: segctl db upgrade")
    if found and _is_used(connection):
        raise Refused(
            f"The state {name} is not empty: a copy would overwrite what it holds.",
            "Give an empty database, or a file that is not there yet.",
        )


def _is_used(connection: Connection) -> bool:
    at = head(connection)
    rows = [connection.execute(select(func.count()).select_from(table)).scalar_one() for table in _USED]
    return bool(at.serial or at.audit_seq or any(rows))


_USED: Final = (OBJECT, PLAYER_CHUNK)


def _copied(old: Connection, new: Connection, table: Table) -> int:
    count = 0
    for rows in _batches(old, table):
        new.execute(insert(table), rows)
        count += len(rows)
    return count


def _copy_head(old: Connection, new: Connection) -> None:
    row = dict(old.execute(select(STATE)).mappings().one())
    new.execute(update(STATE).values({key: value for key, value in row.items() if key not in {"id", "format"}}))


def _refuse_unlike(old: Connection, new: Connection) -> None:
    """Both sides hold the same rows, and their log tells the same."""
    for table in (STATE, *_TABLES):
        if _fingerprint(old, table) != _fingerprint(new, table):
            raise Refused(
                f"The copy of the table `{table.name}` is not what it was copied from; nothing was written.",
                "Look for what is wrong with the state: segctl audit verify",
            )
    if found := verify(new):
        raise Refused(
            f"The audit log does not hold (disagreements: {len(found)}). Nothing was written.",
            "See all of them: segctl audit verify",
        )


def _fingerprint(connection: Connection, table: Table) -> str:
    """SHA-256 over all rows in the order of their keys."""
    found = hashlib.sha256()
    for rows in _batches(connection, table):
        for row in rows:
            found.update(repr(list(row.values())).encode(errors="surrogatepass"))
    return found.hexdigest()


def _batches(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    statement = select(table).order_by(*table.primary_key).execution_options(yield_per=_ROWS)
    with connection.execute(statement) as result:
        for rows in result.mappings().partitions():
            yield [dict(row) for row in rows]
