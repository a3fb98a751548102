"""A PostgreSQL database is looked at: what it has, which keys and indexes, and the catalog that is guessed from it."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.model.tables import Keys, Reference, StoredColumn
from segctl.warehouse.check.walk import checked
from segctl.warehouse.infer.walk import Told
from segctl.warehouse.look import look_at
from segctl.workflow.infer import file_of, inferred_catalog
from tests.support.postgres import url
from tests.warehouse.test_catalog_check import read

# roles belong to the whole server
LOOKER = f"looker_{uuid4().hex[:8]}"

CASINO = """
CREATE TYPE status AS ENUM ('pending', 'captured', 'failed');
CREATE TABLE players (player_id text PRIMARY KEY, email text UNIQUE, updated_at timestamptz);
CREATE TABLE payments (
  payment_id bigint PRIMARY KEY, player_id text REFERENCES players, occurred_at timestamptz, ingested_at timestamptz,
  status status, amount numeric(12,2), tags text[]
);
CREATE TABLE bets (bet_id bigint, player_id text, "At" timestamptz, stake money) PARTITION BY RANGE ("At");
CREATE TABLE bets_2025 PARTITION OF bets FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW deposits AS SELECT * FROM payments;
CREATE MATERIALIZED VIEW totals AS SELECT player_id, sum(amount) AS total FROM payments GROUP BY player_id;
CREATE SCHEMA crm;
CREATE TABLE crm.campaigns (id int PRIMARY KEY, player_id text);
INSERT INTO players VALUES ('a', 'a@x', NULL), ('b', NULL, NULL);
INSERT INTO payments VALUES (1, 'a', now(), now(), 'captured', 5, '{vip,de}'), (2, 'a', now(), now(), 'captured', 5, '{de}');
"""
CATALOG = b"""\
kind: Catalog
name: x
currency: EUR
player: {table: players, key: player_id, updated_at: updated_at}
events:
  payments:
    {table: payments, id: payment_id, player: player_id, time: occurred_at, ingested: ingested_at,
     columns: {amount: {type: money}, status: {type: string, values: [captured]}}}
  bets: {table: bets, id: bet_id, player: player_id, time: At, columns: {}}
  deposits: {table: deposits, id: payment_id, player: player_id, time: occurred_at, columns: {}}
"""


@pytest.fixture
def casino(postgres: str) -> str:
    with psycopg.connect(postgres) as connection:
        connection.execute(CASINO)
    return postgres


def test_tables_views_and_partitioned_tables_are_seen(casino: str) -> None:
    with look_at(casino) as look:
        tables = {one.name: one for one in look.tables().tables}

    assert sorted(tables) == ["bets", "crm.campaigns", "deposits", "payments", "players", "totals"]
    payments = tables["payments"]
    assert payments.keys == (("payment_id",),)
    assert payments.references == (Reference("player_id", "players"),)
    assert payments.columns[4:] == (
        StoredColumn("status", "text", "status", ("pending", "captured", "failed")),
        StoredColumn("amount", "decimal", "numeric(12,2)"),
        StoredColumn("tags", "texts", "text[]"),
    )
    assert tables["players"].keys == (("player_id",), ("email",))
    assert tables["deposits"].indexes is None
    assert tables["bets"].partitioned


def test_keys_and_values_are_counted(casino: str) -> None:
    with look_at(casino) as look:
        tables = look.tables()
        payments = tables.table("payments")
        assert payments is not None
        status, _, tags = payments.columns[4:]

        assert look.keys("payments", "player_id") == Keys(rows=2, distinct=1, missing=0)
        assert look.keys("players", "email") == Keys(rows=2, distinct=1, missing=1)
        assert look.values("payments", status, (), 5) == [("captured", 2)]
        assert look.values("payments", status, ("captured",), 5) == []
        assert look.values("payments", tags, (), 5) == [("de", 2), ("vip", 1)]


def diagnostics(address: str) -> list[Diagnostic]:
    with look_at(address) as look:
        return list(checked(*read(CATALOG), look))


def test_the_check_names_the_indexes_and_their_ddl(casino: str) -> None:
    found = [one.help for one in diagnostics(casino) if one.code == "SEG321"]

    assert found == [
        ("CREATE INDEX CONCURRENTLY ON players (updated_at);",),
        ("CREATE INDEX CONCURRENTLY ON payments (player_id, occurred_at);",),
        ("CREATE INDEX CONCURRENTLY ON payments (occurred_at);",),
        ("CREATE INDEX CONCURRENTLY ON payments (ingested_at);",),
        ('CREATE INDEX ON bets (player_id, "At");',),
        ('CREATE INDEX ON bets ("At");',),
    ]
    with psycopg.connect(casino, autocommit=True) as connection:
        for (statement,) in found:
            connection.execute(statement)
    assert diagnostics(casino) == []


@pytest.mark.parametrize(
    "index",
    [
        "(occurred_at) WHERE status = 'captured'",
        "((occurred_at AT TIME ZONE 'UTC'))",
        "(status, occurred_at)",
    ],
)
def test_an_index_that_serves_nobody_does_not_count(casino: str, index: str) -> None:
    with psycopg.connect(casino, autocommit=True) as connection:
        connection.execute(f"CREATE INDEX ON payments {index}")

    wanted = "CREATE INDEX CONCURRENTLY ON payments (occurred_at);"
    assert (wanted,) in [one.help for one in diagnostics(casino)]


def test_a_table_that_may_not_be_read_is_not_called_missing(casino: str) -> None:
    with psycopg.connect(casino, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {LOOKER} LOGIN; GRANT SELECT ON players, bets, deposits TO {LOOKER}")

    try:
        (found,) = [one for one in diagnostics(url(casino, user=LOOKER)) if one.code == "SEG311"]
    finally:
        with psycopg.connect(casino, autocommit=True) as connection:
            connection.execute(f"DROP OWNED BY {LOOKER}; DROP ROLE {LOOKER}")

    assert "may not read" in found.detail
    assert found.help == ("GRANT SELECT ON payments TO its role.",)


def test_a_catalog_is_inferred(casino: str) -> None:
    text = inferred_catalog(casino, Told("casino", "EUR", None, None)).text

    assert "player: {table: players, key: player_id, updated_at: updated_at}" in text
    assert "status: {type: string, values: [pending, captured, failed]}" in text


def test_an_address_without_a_database_does_not_lend_its_password_as_a_name() -> None:
    assert file_of("postgresql://ann:secret@db.example.com") == "db.example.com"
