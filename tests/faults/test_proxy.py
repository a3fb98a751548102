"""The proxy that cuts connections: it passes everything on until it is told not to."""

from __future__ import annotations

import psycopg
import pytest

from tests.faults.proxy import proxy, through


def test_a_connection_goes_through_until_it_is_cut(postgres: str) -> None:
    with proxy(postgres) as open_, psycopg.connect(through(open_)) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    whole = len(open_.messages)
    assert whole > 10

    for at in range(1, whole - 1):
        with (
            proxy(postgres, at=at) as cut,
            pytest.raises(psycopg.OperationalError),
            psycopg.connect(through(cut)) as connection,
        ):
            connection.execute("SELECT 1")
