"""Spark Connect as a warehouse: what is read of its types, that values are bound, and what is said when it fails."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyspark.sql.types import StringType, StructField

from segctl.base.address import place
from segctl.base.errors import Refused
from segctl.members.facts import facts, texts
from segctl.members.read import Read
from segctl.model.catalog import Difference, EventColumn, EventTable
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Test
from segctl.model.time import BEGINNING, micros
from segctl.sql.questions import AskGrouped, AskMoments, AskPlayers, AskRows, AskSlices, Measured
from segctl.sql.spark import MOST_ALONE, SparkSpelling, spark
from segctl.sql.statements import WHOLE, Slice, statement
from segctl.warehouse.read import open_warehouse
from segctl.warehouse.spark_address import spark_address
from segctl.warehouse.spark_session import in_session
from segctl.warehouse.spark_tables import _column
from tests.support.spark_world import write_parquet

NOW = datetime(2025, 3, 1, 12, tzinfo=UTC)
UTC_ZONE = ZoneInfo("UTC")
PLAYERS = AskPlayers("players", "id", ())
SECRET = "s3cr3t-Token"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty warehouse."""
    return tmp_path


@contextmanager
def reading(server: str, folder: Path) -> Iterator[Read]:
    with open_warehouse(f"{server}?parquet={folder}", UTC_ZONE) as read:
        yield read


# the address


@pytest.mark.parametrize(
    ("url", "server", "catalog", "schema", "options"),
    [
        ("sc://h", "sc://h:15002", None, None, {}),
        ("sc://h:1?catalog=main&schema=casino", "sc://h:1", "main", "casino", {}),
        (
            "sc://h:1/;use_ssl=true;token=a%3Db+c?catalog=x",
            "sc://h:1",
            "x",
            None,
            {"use_ssl": "true", "token": "a=b+c"},
        ),
        ("sc://h:1?token=a=b+c&catalog=x", "sc://h:1", "x", None, {"token": "a=b+c"}),
        ("sc://[::1]:1/", "sc://[::1]:1", None, None, {}),
    ],
)
def test_an_address_is_taken_apart(
    url: str, server: str, catalog: str | None, schema: str | None, options: dict[str, str]
) -> None:
    found = spark_address(url)

    assert (found.server, found.catalog, found.schema, found.options) == (server, catalog, schema, options)
    assert "a=b+c" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        f"sc://h:port/;token={SECRET}",
        f"sc:///;token={SECRET}",
        f"sc://h:1/path;token={SECRET}",
        f"sc://{SECRET}@h:1",
        f"sc://h:1/;token={SECRET};use_ssl",
        f"sc://h:1?parquet=/x&catalog=y&token={SECRET}",
    ],
)
def test_an_address_that_is_none_does_not_tell_the_token(url: str) -> None:
    with pytest.raises(Refused) as refusal:
        spark_address(url)

    assert "segctl.yaml" in said(refusal)


@pytest.mark.parametrize(
    "options", [f"/;token={SECRET}", f"/;use_ssl=true;token={SECRET}?catalog=x", f"?token={SECRET}"]
)
def test_what_is_shown_of_an_address_is_the_server(options: str) -> None:
    assert place(f"sc://h:15002{options}") == "sc://h:15002"


# what is read


def value(server: str, folder: Path, stored: Any, kind: FieldType, timezone: str | None = None) -> Any:
    """What a run reads of a value, given as an Arrow array of one."""
    pq.write_table(pa.table({"id": ["1"], "c": stored}), folder / "t.parquet")
    with reading(server, folder) as read:
        answer = read(AskRows("t", "id", "1", (("c", timezone),)), WHOLE)["c0"]
    if kind == "list":
        return texts(answer, "t.c")
    return facts(answer, kind, "t.c", timezone=timezone or "UTC")[0]


NOON = datetime(2025, 3, 30, 12, tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("stored", "kind", "read"),
    [
        (pa.array(["ß😀 "]), "string", "ß😀 "),
        (pa.array([["a", None, "b"]], pa.list_(pa.string())), "list", ("a", "b")),
        (pa.array([7], pa.int16()), "integer", 7),
        (pa.array([2**63 - 1]), "integer", 2**63 - 1),
        (pa.array([Decimal(12)], pa.decimal128(30, 0)), "integer", 12),
        (pa.array([0.5], pa.float32()), "number", 0.5),
        (pa.array([float("nan")]), "number", None),
        (pa.array([float("inf")]), "number", float("inf")),
        (
            pa.array([Decimal("12345678901234567890.12")], pa.decimal128(38, 18)),
            "money",
            Decimal("12345678901234567890.12"),
        ),
        (pa.array([Decimal("-0.5")], pa.decimal128(12, 4)), "money", Decimal("-0.5")),
        (pa.array([19], pa.int32()), "money", Decimal(19)),
        (pa.array([date(9999, 12, 31)]), "date", date(9999, 12, 31)),
        (pa.array([NOON], pa.timestamp("us", "UTC")), "datetime", NOON),
        (pa.array([NOON], pa.timestamp("us", "America/New_York")), "datetime", NOON),
        (
            pa.array([datetime.min.replace(tzinfo=UTC)], pa.timestamp("us", "UTC")),
            "datetime",
            datetime.min.replace(tzinfo=UTC),
        ),
        (pa.array([LAST.replace(tzinfo=None)], pa.timestamp("us")), "datetime", LAST),
        (pa.array([None], pa.timestamp("us", "UTC")), "datetime", None),
        (pa.array([True]), "boolean", True),
    ],
)
def test_what_is_stored_is_read_as_its_type(
    spark_server: str, folder: Path, stored: Any, kind: FieldType, read: Any
) -> None:
    assert value(spark_server, folder, stored, kind) == read


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("2025-07-01T12:00", datetime(2025, 7, 1, 10, tzinfo=UTC)),
        ("2025-03-30T02:30", datetime(2025, 3, 30, 1, 30, tzinfo=UTC)),
        ("2025-10-26T02:30", datetime(2025, 10, 26, 0, 30, tzinfo=UTC)),
    ],
    ids=["plain", "an hour that was left out", "an hour that came twice"],
)
def test_a_naive_time_is_of_its_declared_zone(spark_server: str, folder: Path, local: str, utc: datetime) -> None:
    stored = pa.array([datetime.fromisoformat(local)], pa.timestamp("us"))

    assert value(spark_server, folder, stored, "datetime", "Europe/Berlin") == utc


@pytest.mark.parametrize(
    "stored", [pa.array([b"x"]), pa.array([[1]], pa.list_(pa.int64())), pa.array([{"a": 1}])], ids=str
)
def test_a_type_that_is_none_of_the_catalog_is_refused_by_name(
    spark_server: str, folder: Path, stored: Any
) -> None:
    with pytest.raises(Refused, match=r"t\.c is .*which segctl does not read") as refusal:
        value(spark_server, folder, stored, "money")

    assert said(refusal)


@pytest.mark.parametrize(
    ("kind", "read"),
    [
        (StringType(), "{}"),
        (StringType("UNICODE_CI"), "({} COLLATE UTF8_BINARY)"),
    ],
)
def test_text_is_compared_by_its_bytes(kind: Any, read: str) -> None:
    assert _column(StructField("c", kind)).spelling.read == read
    assert _column(StructField("c", kind)).kind == "text"


def test_blanks_at_the_end_of_char_are_not_read() -> None:
    field = StructField("c", StringType(), metadata={"__CHAR_VARCHAR_TYPE_STRING": "char(5)"})

    assert _column(field).spelling.read == "rtrim({})"
    assert _column(field).spelled == "char(5)"


MONEY = EventTable(
    "bets",
    "bets",
    "id",
    "player",
    "at",
    (
        EventColumn("coins", "integer", "coins"),
        EventColumn("debts", "integer", "debts"),
        EventColumn("stake", "money", "stake"),
        EventColumn("net", "integer", Difference("coins", "debts")),
    ),
)


def test_sums_that_64_bits_do_not_hold_are_exact(spark_server: str, folder: Path) -> None:
    most = 2**63 - 1
    rows = {
        "id": [1, 2, 3],
        "player": ["a", "a", "a"],
        "at": pa.array([NOW] * 3, pa.timestamp("us", "UTC")),
        "coins": [most, most, 1],
        "debts": [-most, -most, 0],
        "stake": pa.array(
            [Decimal("0.1"), Decimal("0.2"), Decimal("12345678901234567890.000000000000000001")],
            pa.decimal128(38, 18),
        ),
    }
    write_parquet(folder, {"bets": pa.table(rows)})
    measures = tuple(Measured("sum", 0, column.name) for column in MONEY.columns)

    with reading(spark_server, folder) as read:
        answer = read(
            AskGrouped(MONEY, (micros(NOW),), lifetime=True, keys=(), filters=(None,), measures=measures), WHOLE
        )

    (found,) = answer.select(["m0", "m1", "m2", "m3"]).to_pylist()
    assert list(found.values()) == [
        2 * most + 1,
        -2 * most,
        Decimal("12345678901234567890.300000000000000001"),
        4 * most + 1,
    ]


@pytest.mark.parametrize("many", [2, MOST_ALONE + 1, 5_000])
def test_a_condition_may_list_many_values(spark_server: str, folder: Path, many: int) -> None:
    rows = {
        "id": [1, 2, 3],
        "player": ["1", "2", "3"],
        "at": pa.array([NOW] * 3, pa.timestamp("us", "UTC")),
        "game": ["g1", "g2", None],
    }
    write_parquet(folder, {"bets": pa.table(rows)})
    bets = EventTable("bets", "bets", "id", "player", "at", (EventColumn("game", "string", "game"),))
    games = tuple(f"g{number}" for number in range(2, 2 + many))

    with reading(spark_server, folder) as read:
        inside = read(AskMoments(bets, Compare("game", (Test("in", games),)), BEGINNING, micros(NOW)), WHOLE)
        outside = read(AskMoments(bets, Compare("game", (Test("not_in", games),)), BEGINNING, micros(NOW)), WHOLE)

    assert inside["player"].to_pylist() == ["2"]
    assert sorted(outside["player"].to_pylist()) == ["1", "3"]


def test_values_are_bound() -> None:
    """The text of a statement is the same whatever the values are."""
    bets = EventTable("bets", "bets", "id", "player", "at", (EventColumn("game", "string", "game"),))
    dialect = spark(lambda _table, _column: SparkSpelling())

    def text(game: str, until: int) -> str:
        question = AskMoments(bets, Compare("game", (Test("contains", game),)), 0, until)
        query = statement(question, UTC_ZONE, Slice(game, game))
        return str(query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True}))

    assert text("' OR 1 = 1 -- ?", 5) == text("x", micros(NOW))


@pytest.mark.parametrize("key", [pa.string(), pa.int64(), pa.decimal128(19, 0)])
def test_slices_of_players_hold_everybody_once(spark_server: str, folder: Path, key: pa.DataType) -> None:
    write_parquet(folder, {"players": pa.table({"id": pa.array(range(25), pa.int64()).cast(key)})})

    with reading(spark_server, folder) as read:
        lows = read(AskSlices("players", "id", 7), WHOLE)["player"].to_pylist()
        slices = [Slice(low, high) for low, high in pairwise([*lows, None])]
        found = [read(PLAYERS, part)["player"].to_pylist() for part in slices]

    assert [len(ids) for ids in found] == [7, 7, 7, 4]
    assert len({id_ for ids in found for id_ in ids}) == 25


def test_large_slices_are_about_as_large_as_asked(spark_server: str, folder: Path) -> None:
    ids = [f"p{number}" for number in range(40_000)]
    write_parquet(folder, {"players": pa.table({"id": ids})})

    with reading(spark_server, folder) as read:
        lows = read(AskSlices("players", "id", 10_000), WHOLE)["player"].to_pylist()
        slices = [Slice(low, high) for low, high in pairwise([*lows, None])]
        sizes = [read(PLAYERS, part).num_rows for part in slices]

    assert lows[0] == "p0"
    assert sum(sizes) == 40_000
    assert all(8_000 < size < 12_000 for size in sizes[:-1])


# what is said when it fails


def said(refusal: pytest.ExceptionInfo[Refused]) -> str:
    assert refusal.value.help, "a refusal names the way out"
    text = "\n".join((refusal.value.message, *refusal.value.help))
    assert SECRET not in text
    return text


@pytest.mark.parametrize(
    "address", [f"sc://127.0.0.1:1/;token={SECRET}", f"sc://no.such.host.invalid:1?token={SECRET}"]
)
def test_a_server_that_is_not_there_is_named(address: str) -> None:
    with pytest.raises(Refused) as refusal, open_warehouse(address, UTC_ZONE):
        pass

    assert "No Spark Connect server answers at sc://" in said(refusal)


@pytest.mark.parametrize("options", ["?catalog=nowhere", "?schema=nowhere"])
def test_a_catalog_that_is_not_there_is_told(spark_server: str, options: str) -> None:
    with pytest.raises(Refused) as refusal, open_warehouse(f"{spark_server}{options}", UTC_ZONE):
        pass

    assert said(refusal)


@pytest.mark.parametrize(
    ("question", "word"),
    [
        (AskPlayers("nobody", "id", ()), "nobody"),
        (AskPlayers("players", "key", ()), "column key of players"),
    ],
)
def test_what_the_catalog_says_and_the_warehouse_has_not(
    spark_server: str, folder: Path, question: AskPlayers, word: str
) -> None:
    write_parquet(folder, {"players": pa.table({"id": ["a"]})})

    with reading(spark_server, folder) as read, pytest.raises(Refused) as refusal:
        read(question, WHOLE)

    assert word in said(refusal)
    assert "catalog" in said(refusal)


def test_a_table_that_is_in_no_catalog_is_told(spark_server: str) -> None:
    with open_warehouse(spark_server, UTC_ZONE) as read, pytest.raises(Refused) as refusal:
        read(AskPlayers("no_such_table", "id", ()), WHOLE)

    assert "no_such_table" in said(refusal)


def test_a_value_that_does_not_fit_is_not_quoted(spark_server: str, folder: Path) -> None:
    rows = {"id": [1], "at": pa.array([NOW], pa.timestamp("us", "UTC")), "score": [SECRET]}
    write_parquet(folder, {"t": pa.table(rows)})
    events = EventTable("t", "t", "id", "id", "at", (EventColumn("score", "number", "score"),))

    with reading(spark_server, folder) as read, pytest.raises(Refused) as refusal:
        read(AskMoments(events, Compare("score", (Test("gt", 1.0),)), BEGINNING, micros(NOW)), WHOLE)

    assert said(refusal)


def test_without_the_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)

    with pytest.raises(Refused) as refusal, open_warehouse("sc://h", UTC_ZONE):
        pass

    assert "pip install 'segctl[spark]'" in said(refusal)


def test_a_session_sees_instants_in_utc(spark_server: str) -> None:
    with in_session(spark_server) as session:
        assert session.rows("SELECT current_timezone() AS zone") == [("UTC",)]
