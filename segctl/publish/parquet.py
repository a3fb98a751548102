"""Published tables as a folder of Parquet: a pass writes the files that differ, and shows them all at once.

The files that a pass may touch are read into a DuckDB beside them, which goes when it ends; there they are made as
is staged, and written anew if that changed any row of theirs.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from segctl.base.errors import Refused
from segctl.publish.duckdb import refusal
from segctl.publish.engine import MEMORY, Engine, columns_of
from segctl.publish.generation import (
    CURRENT,
    EMPTY,
    SUFFIX,
    begin,
    current,
    cursor_file,
    files,
    keep,
    show,
    sweep,
)
from segctl.publish.kept import cursor_of, kept_text
from segctl.publish.mirror import CHANGE, CHANGES, MEMBER, MEMBERS, PUBLISHED, Cursor, Put, Settle, Staged
from segctl.publish.refusals import unreadable
from segctl.publish.statements import Unlike, changes, members, renewed

ROWS: Final = 100_000
_RETRY_SECONDS: Final = 0.1
_SCRATCH: Final = ".scratch"
_EPOCH_DAY: Final = datetime(1970, 1, 1).date()  # noqa: DTZ001 - a day
_DAY: Final = "CAST(epoch_us({}.changed_at) // 86400000000 AS BIGINT)"
# what a file is for, by a row of its table, and how rows lie in it
_FILED: Final = {MEMBERS: "{}.segment", CHANGES: _DAY}
_ORDER: Final = {MEMBERS: "player_id", CHANGES: "serial, segment, player_id"}
_FIELDS: Final = {MEMBERS: MEMBER, CHANGES: CHANGE}


@contextmanager
def open_parquet(folder: Path, lock_timeout_seconds: float) -> Iterator[Parquet]:
    """A pass over a folder, which is made if it is not there; `finish` shows it. Raises: Refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _locked(folder, lock_timeout_seconds), _scratch(folder) as connection:
            yield Parquet(connection, folder)
    except OSError as error:
        raise Refused(
            f"{folder} cannot be written: {error.strerror or error}.", "Give this user the right to write there."
        ) from error
    except duckdb.Error as error:
        raise refusal(error, str(folder)) from None


class Parquet:
    """The mirror in a folder. `_written` are the new files of the generation that is being made."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.where = str(folder)
        self._before = current(folder)
        self._engine = Engine(connection, lambda name: name)
        self._stale: dict[str, set[str]] = {MEMBERS: set(), CHANGES: set()}
        self._loaded: dict[str, set[str]] = {MEMBERS: set(), CHANGES: set()}
        self._forgot = False
        for name, fields in _FIELDS.items():
            connection.execute(f"CREATE TABLE {name} ({columns_of(fields)})")

    def cursor(self) -> Cursor | None:
        if self._before is None:
            if os.path.lexists(self._folder / CURRENT):
                raise unreadable(str(self._folder), CURRENT)
            self._engine.fresh = True
            return None
        try:
            kept = json.loads(cursor_file(self._before).read_text(encoding="utf-8"))
            at = datetime.fromisoformat(kept["published_at"])
            return cursor_of(kept["lineage"], kept["serial"], at, json.dumps(kept))
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise unreadable(str(self._folder), PUBLISHED) from error

    def make(self) -> None:
        """There is nothing to make: a table is its files."""

    def stage(self, name: Staged, tables: Iterable[Any]) -> int:
        return self._engine.stage(name, tables)

    def settle(self, settle: Settle) -> Put:
        fresh = self._engine.fresh
        self._forgot |= settle.forgetting
        if not fresh:
            self._load(MEMBERS, self._touched(MEMBERS, settle), settle)
            self._load(CHANGES, self._touched(CHANGES, settle), settle)
            some, moved = members(self._engine.words, settle), changes(self._engine.words, settle)
            self._stale[MEMBERS] |= self._named(
                MEMBERS, [*_unlike(some), _listed("a", renewed(self._engine.words))]
            )
            self._stale[CHANGES] |= self._named(CHANGES, _unlike(moved))
        put = self._engine.settle(settle)
        if fresh:
            for table in _FIELDS:
                self._stale[table] = self._loaded[table] = self._named(table, [_listed("m", f"FROM {table} m")])
        return put

    def finish(self, cursor: Cursor) -> None:
        made = begin(self._folder, cursor.serial)
        names = set(cursor.active.values())
        self._write(made, MEMBERS, self._stale[MEMBERS] | (names - files(self._before, MEMBERS).keys()), names)
        self._write(made, CHANGES, self._stale[CHANGES], None)
        kept = {
            "lineage": cursor.lineage,
            "serial": cursor.serial,
            "published_at": cursor.at.isoformat(),
            **json.loads(kept_text(cursor)),
        }
        cursor_file(made).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        show(self._folder, made)
        # who reads the generation before may go on, unless it has a player who was forgotten
        sweep(self._folder, [made] if self._forgot or self._before is None else [made, self._before])

    def _touched(self, table: str, settle: Settle) -> set[str]:
        """What may differ after this pass."""
        there = set(files(self._before, table))
        if settle.everything or settle.forgetting:
            return there
        if table == MEMBERS:
            staged = ("arriving", "leaving", "whole")
            return there & self._named(MEMBERS, [_listed("m", f"FROM temp.main.{name} m") for name in staged])
        retold = self._engine.rows("SELECT count(*) FROM temp.main.retold")[0][0]
        return there if retold else there & self._named(CHANGES, [_listed("m", "FROM temp.main.moves m")])

    def _load(self, table: str, names: set[str], settle: Settle) -> None:
        """Reads files, each once."""
        held = files(self._before, table)
        for name in sorted(names - self._loaded[table]):
            try:
                strange = self._read(table, name, held[name])
            except (pa.ArrowException, OSError, KeyError) as error:
                if not settle.mending:
                    raise Refused(
                        f"{held[name]} is not as segctl wrote it.", "Put it right: segctl publish --full"
                    ) from error
                strange = True
            if strange:
                self._stale[table].add(name)
        self._loaded[table] |= names

    def _read(self, table: str, name: str, path: Path) -> bool:
        """Takes the rows of a file. Does it have rows of another one, or columns of its own?"""
        fields = _FIELDS[table]
        with pq.ParquetFile(path) as file:
            strange: bool = file.schema_arrow.names != fields.names
            for batch in file.iter_batches(columns=fields.names):
                rows = pa.Table.from_batches([batch]).select(fields.names).cast(fields)
                self._connection.register("segctl_rows", rows)
                other = f"SELECT count(*) FROM segctl_rows m WHERE {self._belongs(table, name)} IS NOT TRUE"
                strange |= bool(self._engine.rows(other)[0][0])
                self._engine.run(f"INSERT INTO {table} SELECT * FROM segctl_rows")
                self._connection.unregister("segctl_rows")
        return strange

    def _named(self, table: str, rows: Iterable[str]) -> set[str]:
        """What the files of these rows are for. A row is `m` or `a` there."""
        found: set[str] = set()
        for one in rows:
            alias, _, source = one.partition(" ")
            key = _FILED[table].format(alias)
            for (value,) in self._engine.rows(f"SELECT DISTINCT {key} {source}"):
                found.add(value if table == MEMBERS else (_EPOCH_DAY + timedelta(days=value)).isoformat())
        return found

    def _write(self, made: Path, table: str, stale: set[str], names: set[str] | None) -> None:
        """A table of the new generation: files that differ anew, the others as they are; of `names` alone."""
        into = made / table
        into.mkdir()
        self._copy(into / f"{EMPTY}{SUFFIX}", table, "FALSE")
        held = files(self._before, table)
        for name in sorted(held.keys() | stale):
            if names is not None and name not in names:
                continue
            if name in stale:
                self._copy(into / f"{name}{SUFFIX}", table, self._belongs(table, name))
            else:
                keep(held[name], into / f"{name}{SUFFIX}")

    def _copy(self, path: Path, table: str, where: str) -> None:
        """The rows of a file, some at a time; its columns are declared the same in all files."""
        fields = _FIELDS[table]
        select = f"SELECT {', '.join(fields.names)} FROM {table} m WHERE {where} ORDER BY {_ORDER[table]}"
        with pq.ParquetWriter(path, fields, compression="zstd") as file:
            for batch in self._connection.sql(select).to_arrow_reader(ROWS):
                file.write_table(pa.Table.from_batches([batch]).cast(fields))

    def _belongs(self, table: str, name: str) -> str:
        """Is a row, known as `m`, one of the file of this name?"""
        quoted = name.replace("'", "''")
        key = f"'{quoted}'" if table == MEMBERS else (datetime.fromisoformat(name).date() - _EPOCH_DAY).days
        return f"({_FILED[table].format('m')} = {key})"


def _listed(alias: str, source: str) -> str:
    return f"{alias} {source}"


def _unlike(unlike: Unlike) -> Iterator[str]:
    for extra in unlike.extra:
        yield _listed("m", f"FROM {unlike.table} m WHERE {extra}")
    yield _listed("a", unlike.missing)


@contextmanager
def _locked(folder: Path, lock_timeout_seconds: float) -> Iterator[None]:
    deadline = time.monotonic() + lock_timeout_seconds
    with (folder / ".lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Refused(
                        f"{folder} is being published to by somebody else.",
                        "Wait for that pass, or wait longer with --lock-timeout.",
                    ) from None
                time.sleep(_RETRY_SECONDS)
        yield


@contextmanager
def _scratch(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database on the disk that is thrown away: what does not fit into memory lies there."""
    inside = folder / _SCRATCH
    shutil.rmtree(inside, ignore_errors=True)
    inside.mkdir()
    connection = duckdb.connect(str(inside / "rows.duckdb"))
    try:
        connection.execute(f"SET preserve_insertion_order = false; SET memory_limit = '{MEMORY}'")
        yield connection
    finally:
        connection.close()
        with suppress(OSError):
            shutil.rmtree(inside)
