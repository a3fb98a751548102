"""What a small casino begins with: ten players and their deposits, a catalog, settings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

START = datetime(2025, 3, 1, 12, tzinfo=UTC)
# id, country, VIP level, e-mail, days since the last login
PLAYERS = (
    ("anna", "DE", 0, "anna@example.com", 1),
    ("bert", "DE", 1, "bert@example.com", 5),
    ("cara", "DE", 2, "cara@example.com", 20),
    ("dora", "DE", 3, "dora@example.com", 40),
    ("emil", "GB", 0, "emil@example.com", 2),
    ("finn", "GB", 1, "finn@example.com", 9),
    ("gwen", "GB", 3, "gwen@example.com", None),
    ("hugo", "IT", 2, "hugo@example.com", 3),
    ("ines", "IT", 4, None, 60),
    ("jack", None, None, "jack@example.com", 1),
)
# player, days ago, amount
DEPOSITS = (
    ("anna", 2, 50),
    ("anna", 40, 100),
    ("bert", 6, 500),
    ("cara", 29, 20),
    ("emil", 3, 10),
    ("gwen", 90, 5_000),
    ("hugo", 10, 250),
)
SETTINGS = """\
name: small-casino
timezone: UTC
environments:
  dev:
    warehouse: duckdb:///warehouse.duckdb
    state: sqlite:///.segctl/state.db
  other:
    warehouse: duckdb:///warehouse.duckdb
    state: sqlite:///.segctl/other.db
  secret:
    warehouse: "${CASINO_WAREHOUSE}"
    state: "${CASINO_STATE}"
"""
CATALOG = """\
kind: Catalog
name: small
currency: EUR
player: {table: players, key: player_id, updated_at: updated_at}
attributes:
  country: {column: country, type: string, title: Country}
  vip_level: {column: vip_level, type: integer, title: VIP level}
  email: {column: email, type: string, pii: true, title: E-mail address}
  last_login: {column: last_login_at, type: datetime, title: Last login}
events:
  payments:
    table: payments
    id: payment_id
    player: player_id
    time: occurred_at
    ingested: ingested_at
    columns:
      kind: {type: string, values: [deposit, withdrawal]}
      amount: {type: money}
metrics:
  deposit_count: {of: payments, where: {kind: deposit}, count: true, title: Deposits}
  deposit_amount: {of: payments, where: {kind: deposit}, sum: amount, title: Deposited}
"""


def write_casino(root: Path) -> None:
    """A new casino's settings, catalog and warehouse."""
    (root / "segments").mkdir()
    (root / "segctl.yaml").write_text(SETTINGS)
    (root / "segments/catalog.yaml").write_text(CATALOG)
    with duckdb.connect(str(root / "warehouse.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE players (player_id VARCHAR, country VARCHAR, vip_level INTEGER, email VARCHAR, "
            "last_login_at TIMESTAMPTZ, updated_at TIMESTAMPTZ)"
        )
        connection.execute(
            "CREATE TABLE payments (payment_id BIGINT, player_id VARCHAR, occurred_at TIMESTAMPTZ, "
            "ingested_at TIMESTAMPTZ, kind VARCHAR, amount DECIMAL(18, 2))"
        )
        connection.executemany("INSERT INTO players VALUES (?, ?, ?, ?, ?, ?)", [_player(*one) for one in PLAYERS])
        connection.executemany(
            "INSERT INTO payments VALUES (?, ?, ?, ?, 'deposit', ?)",
            [
                (number, player, at := START - timedelta(days=days), at, amount)
                for number, (player, days, amount) in enumerate(DEPOSITS, 1)
            ],
        )


def _player(player: str, country: str | None, level: int | None, email: str | None, days: int | None) -> list[Any]:
    login = None if days is None else START - timedelta(days=days)
    return [player, country, level, email, login, START - timedelta(days=100)]
