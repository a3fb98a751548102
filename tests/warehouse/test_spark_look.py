"""A Spark warehouse is looked at: its tables, the catalog that is held to it, and the one that is guessed from it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.source import Source, Unreadable
from segctl.files.shipped import schema
from segctl.model.tables import Keys, StoredColumn
from segctl.spec.project import read_project
from segctl.view.draft import draft_yaml
from segctl.warehouse.check.named import named_tables
from segctl.warehouse.check.walk import checked
from segctl.warehouse.infer.walk import Told, infer
from segctl.warehouse.look import look_at
from segctl.warehouse.spark_look import _SparkLook
from segctl.warehouse.spark_session import Session, in_session
from segctl.workflow.infer import file_of
from tests.support.spark_world import write_parquet
from tests.warehouse.test_catalog_check import STORIES, found, read

CASINO = {
    "players": pa.table({"player_id": ["a", "b"], "email": ["a@x", None]}),
    "payments": pa.table(
        {
            "payment_id": [1, 2, 3],
            "player_id": ["a", "a", "b"],
            "occurred_at": pa.array([0, 1, 2], pa.timestamp("us", "UTC")),
            "status": ["captured", "captured", "failed"],
            "amount": pa.array([5, 5, 5], pa.decimal128(12, 2)),
            "tags": pa.array([["vip", "de"], ["de"], None], pa.list_(pa.string())),
        }
    ),
}


@pytest.fixture
def session(spark_server: str) -> Iterator[Session]:
    """A session with the casino's tables."""
    with in_session(spark_server) as opened:
        for name, table in CASINO.items():
            opened.spark.createDataFrame(table).createOrReplaceTempView(name)
        yield opened


def test_tables_and_their_columns_are_seen(session: Session) -> None:
    tables = {one.name: one for one in _SparkLook(session, None).tables().tables}

    assert sorted(tables) == ["payments", "players"]
    assert tables["payments"].indexes is None
    assert tables["payments"].columns == (
        StoredColumn("payment_id", "integer", "bigint"),
        StoredColumn("player_id", "text", "string"),
        StoredColumn("occurred_at", "instant", "timestamp"),
        StoredColumn("status", "text", "string"),
        StoredColumn("amount", "decimal", "decimal(12,2)"),
        StoredColumn("tags", "texts", "array<string>"),
    )


def test_of_many_tables_only_those_that_are_named_are_described(session: Session) -> None:
    tables = {one.name: one for one in _SparkLook(session, ["players", "bets"]).tables().tables}

    assert sorted(tables) == ["payments", "players"]
    assert tables["players"].columns
    assert tables["payments"].columns == ()


def test_keys_and_values_are_counted(session: Session) -> None:
    look = _SparkLook(session, None)
    payments = look.tables().table("payments")
    assert payments is not None
    status, _, tags = payments.columns[3:]

    assert look.keys("payments", "player_id") == Keys(rows=3, distinct=2, missing=0)
    assert look.keys("players", "email") == Keys(rows=2, distinct=1, missing=1)
    assert look.values("payments", status, (), 5) == [("captured", 2), ("failed", 1)]
    assert look.values("payments", status, ("captured",), 5) == [("failed", 1)]
    assert look.values("payments", tags, (), 5) == [("de", 2), ("vip", 1)]


def test_a_catalog_is_inferred(session: Session) -> None:
    text = draft_yaml(infer(_SparkLook(session, None), Told("casino", "EUR", None, None)), "spark")

    assert "player: {table: players, key: player_id}" in text
    assert "time: occurred_at" in text
    assert "amount: {type: money}" in text
    assert read_project([Source("segments/catalog.yaml", text.encode())], Unreadable, schema).diagnostics == ()


# not those of types that Parquet does not have, and of names that its files do not have
SAME = [case for case in STORIES if case.name not in ("types", "names-without-case")]


@pytest.mark.parametrize("case", SAME, ids=lambda case: case.name)
def test_the_check_finds_what_it_finds_in_duckdb(spark_server: str, tmp_path: Path, case: Path) -> None:
    catalog, sql = (case / "catalog.yaml").read_bytes(), (case / "warehouse.sql").read_text()
    there = found(tmp_path, sql, catalog)
    lake = tmp_path / "lake"
    lake.mkdir()
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as source:
        names = [name for (name,) in source.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        write_parquet(lake, {name: source.sql(f'SELECT * FROM "{name}"').to_arrow_table() for name in names})
    named = {one.table for one in named_tables(read(catalog)[0])}

    with look_at(f"{spark_server}?parquet={lake}", named) as look:
        assert told(checked(*read(catalog), look)) == told(there)


def told(found: tuple[Diagnostic, ...]) -> list[tuple[str, str]]:
    return [(one.code, str(one.span)) for one in found]


def test_a_folder_of_parquet_cannot_be_listed(spark_server: str, tmp_path: Path) -> None:
    with (
        look_at(f"{spark_server}?parquet={tmp_path}") as look,
        pytest.raises(Refused, match="does not list") as refusal,
    ):
        look.tables()

    assert "segctl catalog infer" in refusal.value.help[0]


def test_an_address_does_not_lend_its_token_as_a_name() -> None:
    assert file_of("sc://db:15002/;token=secret?catalog=x") == "db:15002"
