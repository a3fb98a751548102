"""The walks of a project whose warehouse is read by Spark Connect: the same casino, the same members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from segctl.base.errors import Refused
from segctl.model.needs import needs
from segctl.warehouse.read import open_warehouse
from segctl.workflow.facts import facts_of
from tests.support.casino import START, Casino, refused
from tests.support.spark_world import write_parquet

RECENT = "SELECT `player_id` FROM payments WHERE occurred_at > :as_of - INTERVAL '7' DAY"


@dataclass(slots=True)
class Lake:
    """The casino with its tables in Parquet. Each change is a new folder, since servers remember files."""

    casino: Casino
    server: str
    folder: Path
    tables: dict[str, pa.Table]
    written: int = 0

    def write(self, **changed: pa.Table) -> None:
        self.tables.update(changed)
        self.written += 1
        folder = self.folder / f"lake-{self.written}"
        folder.mkdir()
        write_parquet(folder, self.tables)
        self.casino.variables["WAREHOUSE"] = f"{self.server}?parquet={folder}"

    def with_column(self, table: str, column: str, values: Any) -> None:
        there = self.tables[table]
        self.write(**{table: there.set_column(there.column_names.index(column), column, values)})


@pytest.fixture
def lake(casino: Casino, spark_server: str, tmp_path: Path) -> Lake:
    settings = casino.root / "segctl.yaml"
    settings.write_text(settings.read_text().replace("duckdb:///warehouse.duckdb", "${WAREHOUSE}"))
    path = casino.root / "warehouse.duckdb"
    with duckdb.connect(str(path)) as source:
        names = [name for (name,) in source.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        tables = {name: source.sql(f"SELECT * FROM {name}").to_arrow_table() for name in names}
    path.unlink()
    made = Lake(casino, spark_server, tmp_path, tables)
    made.write()
    return made


def test_a_plan_is_made_applied_and_refreshed(lake: Lake) -> None:
    casino = lake.casino
    casino.segment("payers", {"all": [{"country": "DE"}, {"deposit_amount": {"gte": 100}}]})
    casino.segment("recent", type="sql", query=RECENT)
    casino.apply()

    assert casino.members("payers") == {"anna", "bert"}
    assert casino.members("recent") == {"anna", "bert", "emil"}
    assert casino.plan().empty

    payments = lake.tables["payments"]
    row = {"payment_id": 99, "player_id": "cara", "occurred_at": START, "ingested_at": START, "kind": "deposit"}
    more = pa.Table.from_pylist([{**row, "amount": 500}], schema=payments.schema)
    lake.write(payments=pa.concat_tables([payments, more]))
    casino.later(days=1)
    casino.refresh()

    assert casino.members("payers") == {"anna", "bert", "cara"}


@pytest.mark.parametrize(
    ("table", "column", "values", "words"),
    [
        ("players", "vip_level", pa.array([None] * 10, pa.string()), ("vip_level", "integer")),
        ("players", "vip_level", pa.array([b""] * 10), ("vip_level", "binary", "view")),
        ("players", "player_id", pa.array(["anna"] * 10), ("not unique", "10 rows")),
        (
            "payments",
            "occurred_at",
            pa.array([START.replace(tzinfo=None)] * 7, pa.timestamp("us")),
            ("occurred_at", "timezone"),
        ),
    ],
    ids=["another type", "an unread type", "a player twice", "no zone"],
)
def test_what_the_catalog_does_not_say_is_refused(
    lake: Lake, table: str, column: str, values: pa.Array, words: tuple[str, ...]
) -> None:
    lake.casino.segment("germans", {"country": "DE"})
    lake.casino.apply()
    lake.casino.later(days=1)
    lake.casino.segment("payers", {"all": [{"vip_level": {"gte": 1}}, {"deposit_count": {"gte": 0}}]})
    lake.with_column(table, column, values)

    with refused(lake.casino, *words):
        lake.casino.apply()


SIDE_EFFECTS = (
    "SELECT TRANSFORM(player_id) USING 'cat' AS (a STRING) FROM players",
    "SELECT reflect('java.lang.System', 'getProperty', 'user.home')",
    "SELECT java_method('java.lang.Thread', 'sleep', 1000L)",
    "SELECT id FROM parquet.`/etc/x`",
    "SELECT value FROM text.`passwd`",
    "SELECT value FROM csv.passwd",
    "SELECT input_file_name() FROM players",
    "SELECT secret('scope', 'key')",
    "SELECT player_id FROM read_files('/etc')",
    "SELECT player_id FROM players; DROP TABLE players",
    "SELECT player_id FROM players) AS q (id); DROP TABLE players; SELECT (1",
    "INSERT OVERWRITE DIRECTORY '/tmp/x' SELECT player_id FROM players",
    "SELECT player_id FROM players TABLESAMPLE (10 PERCENT)",
    "SELECT player_id FROM players WHERE unix_timestamp() > 0",
    "SELECT shuffle(array(player_id))[0] FROM players",
    "SELECT my_function(player_id) FROM players",
)


@pytest.mark.parametrize("query", SIDE_EFFECTS)
def test_a_query_that_does_more_than_read_does_not_run(lake: Lake, query: str) -> None:
    """Asked of the engine itself, as if nobody had looked at the document before."""
    context = lake.casino.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read, pytest.raises(Refused) as refusal:
        read.rows(query, context.now)

    assert "may not run on Spark" in refusal.value.message
    assert refusal.value.help


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("SELECT player_id FROM players WHERE vip_level = 4 -- the best", ["ines"]),
        ('SELECT player_id FROM players WHERE email = "it\'s :as_of" OR vip_level = 4', ["ines"]),
        ("WITH best AS (SELECT * FROM players WHERE vip_level >= 4) SELECT player_id FROM best", ["ines"]),
        ("SELECT vip_level FROM players WHERE player_id = 'ines' AND last_login_at < :as_of", ["4"]),
    ],
)
def test_queries_are_written_in_the_sql_of_spark(lake: Lake, query: str, ids: list[str]) -> None:
    context = lake.casino.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        assert read.rows(query, context.now).to_pylist() == ids


def test_explain_reads_one_player(lake: Lake) -> None:
    lake.casino.segment("payers", {"all": [{"country": "DE"}, {"deposit_amount": {"gte": 100}}]})
    project = lake.casino.loaded().project
    assert project.catalog is not None
    rules = [one.rules for one in project.segments.values() if one.rules is not None]
    wanted = needs(rules, (), project.catalog)
    context = lake.casino.context()
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        found = facts_of("anna", wanted, project.catalog, read)

    assert found is not None
    assert found.attributes["country"] == "DE"
    assert [event["occurred_at"] for event in found.events["payments"]] == [
        START - timedelta(days=40),
        START - timedelta(days=2),
    ]
