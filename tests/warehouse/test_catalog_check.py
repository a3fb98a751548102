"""Catalogs that a warehouse contradicts: each folder of tests/cases/warehouse, and what is said of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.source import Source, Unreadable
from segctl.demo.warehouse import write_warehouse
from segctl.files.shipped import schema
from segctl.members.columns import column
from segctl.model.catalog import Catalog
from segctl.model.tables import Tables
from segctl.spec.page import Page
from segctl.spec.places import Places, catalog_places
from segctl.spec.project import read_project
from segctl.warehouse.check.bench import Bench
from segctl.warehouse.check.indexes import missing_indexes
from segctl.warehouse.check.types import READS
from segctl.warehouse.check.walk import checked
from segctl.warehouse.look import Look, look_at
from tests.conftest import CASES
from tests.spec.reading import line
from tests.test_library import AS_OF

STORIES = sorted((CASES / "warehouse").iterdir())
CATALOG = Path(__file__).parent.parent.parent / "segments" / "catalog.yaml"


def read(data: bytes) -> tuple[Catalog, Places]:
    source = Source("segments/catalog.yaml", data)
    project = read_project([source], Unreadable, schema)
    places = catalog_places([source])
    assert project.diagnostics == ()
    assert project.catalog is not None
    assert places is not None
    return project.catalog, places


@contextmanager
def warehouse(folder: Path, sql: str) -> Iterator[Look]:
    with duckdb.connect(folder / "warehouse.duckdb") as connection:
        connection.execute(sql)
    with look_at(f"duckdb:///{folder / 'warehouse.duckdb'}") as look:
        yield look


def found(folder: Path, sql: str, catalog: bytes) -> tuple[Diagnostic, ...]:
    with warehouse(folder, sql) as look:
        return checked(*read(catalog), look)


@pytest.mark.parametrize("case", STORIES, ids=lambda case: case.name)
def test_what_disagrees_is_told_at_its_place(case: Path, tmp_path: Path, *, accept: bool) -> None:
    sql, catalog = (case / "warehouse.sql").read_text(), (case / "catalog.yaml").read_bytes()

    said = "".join(f"{line(diagnostic)}\n" for diagnostic in found(tmp_path, sql, catalog))

    expected = case / "expected.txt"
    if accept:
        expected.write_text(said)
    assert said == expected.read_text()


def test_the_shipped_catalog_agrees_with_the_demo(tmp_path: Path) -> None:
    path = tmp_path / "demo.duckdb"
    write_warehouse(path, players=300, seed=1, as_of=AS_OF)
    before = hashlib.sha256(path.read_bytes()).digest()

    with look_at(f"duckdb:///{path}") as look:
        assert checked(*read(CATALOG.read_bytes()), look) == ()

    assert hashlib.sha256(path.read_bytes()).digest() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_of_parquet_is_looked_at(tmp_path: Path) -> None:
    duckdb.sql("SELECT 'p_1' AS player_id, 'DE' AS contry").write_parquet(str(tmp_path / "players.parquet"))
    catalog = b"kind: Catalog\nname: x\ncurrency: EUR\nplayer: {table: players, key: player_id}\nattributes:\n  country: {column: country, type: string}\n"

    with look_at(f"duckdb:///{tmp_path}") as look:
        diagnostics = checked(*read(catalog), look)

    assert [(one.code, one.help) for one in diagnostics] == [("SEG312", ("Did you mean `contry`?",))]


STORED = (
    *("VARCHAR", "UUID", "JSON", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UBIGINT", "DECIMAL(9,2)"),
    *(
        "DECIMAL(12,0)",
        "FLOAT",
        "DOUBLE",
        "BOOLEAN",
        "DATE",
        "TIMESTAMP",
        "TIMESTAMP_S",
        "TIMESTAMP_MS",
        "TIMESTAMP_NS",
    ),
    *(
        "TIMESTAMPTZ",
        "VARCHAR[]",
        "INTEGER[]",
        "BLOB",
        "TIME",
        "INTERVAL",
        "ENUM('x')",
        "STRUCT(a INTEGER)",
        "BIT",
    ),
)


@pytest.mark.parametrize("stored", STORED)
def test_the_check_reads_what_a_run_reads(stored: str, tmp_path: Path) -> None:
    """A type passes the check if, and only if, members can be made of it."""
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute(f"CREATE TABLE t (c {stored})")
        answer = connection.sql("SELECT c FROM t").to_arrow_table()["c"]
    with look_at(f"duckdb:///{tmp_path / 'warehouse.duckdb'}") as look:
        (table,) = look.tables().tables

    for wanted, kinds in READS.items():
        if wanted != "list":
            assert (table.columns[0].kind in kinds) is readable(answer, wanted), wanted


def readable(answer: pa.ChunkedArray, wanted: str) -> bool:
    try:
        column(answer, wanted, "t.c", timezone="UTC")  # type: ignore[arg-type]
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    ("indexes", "keys"),
    [
        (None, []),
        ((), ["player", "time", "ingested", "updated"]),
        ((("updated_at", "player_id"), ("at_time",), ("player_id", "ingested_at")), ["player", "ingested"]),
        ((("ingested_at",), ("updated_at",), ("at_time",), ("player_id", "at_time")), []),
    ],
)
def test_an_engine_that_reads_by_index_wants_one_for_refreshes(
    indexes: tuple[tuple[str, ...], ...] | None, keys: list[str], tmp_path: Path
) -> None:
    catalog, places = read(
        b"kind: Catalog\nname: x\ncurrency: EUR\nplayer: {table: players, key: player_id}\nevents:\n"
        b"  bets:\n    {table: bets, id: id, player: player_id, time: at_time, ingested: ingested_at,\n"
        b"     updated: updated_at, columns: {}}\n"
    )
    sql = "CREATE TABLE bets (id INT, player_id VARCHAR, at_time TIMESTAMPTZ, ingested_at TIMESTAMPTZ, updated_at TIMESTAMPTZ)"
    with warehouse(tmp_path, sql) as look:
        tables = Tables(tuple(replace(one, indexes=indexes) for one in look.tables().tables))
        bench = Bench(catalog, places, tables, look, Page(places.file))
        missing_indexes(bench)

    assert [one.code for one in bench.page.mistakes] == ["SEG321"] * len(keys)
    assert [one.span for one in bench.page.mistakes] == [places.at("events", "bets", key) for key in keys]
    assert all(one.help[0].startswith("CREATE INDEX CONCURRENTLY ON bets (") for one in bench.page.mistakes)


def test_what_no_engine_reads_is_refused_by_its_kind() -> None:
    with pytest.raises(Refused, match="of the kind `mysql`"), look_at("mysql://u:secret@db/players"):
        pass
