"""Mirrors of a casino in a test: where they are, and what a reader finds there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segctl.workflow.publish import Published, publish
from segctl.workflow.state import deployed_segments, looking
from tests.support.casino import Casino

KINDS = ("duckdb", "parquet", "postgres")
ON_ALL = pytest.mark.parametrize("kind", KINDS)

Member = tuple[str, str, datetime | None]
Move = tuple[int, datetime, str, str, str, str]


@dataclass(slots=True)
class Reader:
    """Somebody else's eyes and hands on a mirror."""

    casino: Casino
    address: str
    schema: str = "segments"

    @property
    def path(self) -> Path:
        return self.casino.root / self.address.partition(":///")[2]

    @property
    def members(self) -> list[Member]:
        return [
            (segment, player, _utc(since))
            for segment, player, since in self.sql("SELECT segment, player_id, since FROM segment_members")
        ]

    @property
    def moves(self) -> list[Move]:
        columns = "serial, changed_at, segment, player_id, direction, cause"
        return [
            (serial, at.astimezone(UTC), *rest)
            for serial, at, *rest in self.sql(f"SELECT {columns} FROM segment_changes")
        ]

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Runs a statement where the tables are; in a folder it can only look."""
        if self.address.startswith("postgresql"):
            with psycopg.connect(self.address, autocommit=True) as postgres:
                postgres.execute(f'SET search_path = "{self.schema}"')
                found = postgres.execute(statement)
                return found.fetchall() if found.description else []
        if self.address.startswith("duckdb"):
            with duckdb.connect(str(self.path)) as file:
                file.execute(f'USE "{file.execute("SELECT current_database()").fetchall()[0][0]}"."{self.schema}"')
                return _rows(file, statement)
        with duckdb.connect() as memory:
            for table in ("segment_members", "segment_changes"):
                # not by the engine's own reader, to which a folder's name may be a pattern
                files = sorted((self.path / "current" / table).glob("*.parquet"))
                memory.register(table, pa.concat_tables(pq.ParquetFile(file).read() for file in files))
            return _rows(memory, statement)


def publishing(casino: Casino, address: str, schema: str = "segments") -> Reader:
    """Lets a casino publish to an address."""
    text = (casino.root / "segctl.yaml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^publish:.*\n", "", text)
    casino.write("segctl.yaml", f'{text}publish: {{to: "{address}", schema: {schema}}}\n')
    return Reader(casino, address, schema)


def published(casino: Casino, *, full: bool = False) -> Published:
    return publish(casino.context(), full=full)


def expected(casino: Casino) -> list[Member]:
    """What the tables have to hold, by `segctl members`."""
    with looking(casino.context()) as connection:
        names = [one.name for one in deployed_segments(connection)]
    return [(name, player, since) for name in names for player, since in casino.since(name).items()]


def agree(reader: Reader) -> None:
    """Members are those of the state, and moves tell of each of them, and of nobody else."""
    members, moves = reader.members, reader.moves
    assert sorted(members, key=repr) == sorted(expected(reader.casino), key=repr)
    balance: dict[tuple[str, str], int] = {}
    for _, _, segment, player, direction, _ in moves:
        balance[segment, player] = balance.get((segment, player), 0) + (1 if direction == "joined" else -1)
    assert {key for key, number in balance.items() if number} == {(one[0], one[1]) for one in members}
    assert set(balance.values()) <= {0, 1}
    assert len(set(moves)) == len(moves)


def address_of(kind: str, request: pytest.FixtureRequest) -> str:
    """An address of this kind, with nothing there."""
    match kind:
        case "postgres":
            return str(request.getfixturevalue("postgres"))
        case "duckdb":
            return "duckdb:///out/published.duckdb"
        case _:
            return "parquet:///out/published"


def _rows(connection: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[Any, ...]]:
    """By way of Arrow: instants need a library otherwise."""
    connection.execute("SET TimeZone = 'UTC'")
    if not statement.startswith("SELECT"):
        connection.execute(statement)
        return []
    return [tuple(row.values()) for row in connection.sql(statement).to_arrow_table().to_pylist()]


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)
