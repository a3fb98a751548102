"""The servers that tests run on are real, and of the versions that are named."""

from __future__ import annotations

import psycopg

from tests.support.postgres import OLDEST, database


def test_a_database_of_its_own_is_empty_and_gone_afterwards(each_server: str) -> None:
    with database(each_server) as address, psycopg.connect(address) as connection:
        version = connection.info.server_version // 10_000
        assert version >= OLDEST
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        name = connection.info.dbname
    with psycopg.connect(each_server) as connection:
        assert connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone() == (0,)
