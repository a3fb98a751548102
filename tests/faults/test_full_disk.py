"""A PostgreSQL server whose disk is full, for real: its tables lie on a small file system that a ballast fills."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from segctl.base.errors import Refused
from tests.faults.scene import Scene, deployed
from tests.support.casino import Casino
from tests.support.disk import fill
from tests.support.postgres import GIVEN, database


def test_a_server_without_room_keeps_what_was_and_ends_the_work_when_there_is_some(
    casino: Casino, postgres_server: str, small_disk: Path
) -> None:
    if GIVEN in os.environ:
        pytest.skip("the server that was given may stand on another machine")
    ours = small_disk / "tables"
    ours.mkdir(mode=0o700)
    shutil.chown(ours, "pgserver")
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(str(ours))))
    try:
        with database(postgres_server, tablespace="small") as address:
            casino.move_to_postgres(address)
            scene = Scene(deployed(casino), "refresh")
            _many_players(casino)
            before = scene.stored()
            ballast = small_disk / "ballast"
            fill(ballast)

            with pytest.raises(Refused, match="disk is full") as refused:
                scene.work()

            assert "Free some space" in " ".join(refused.value.help)
            assert scene.stored() == before
            assert scene.findings() == []
            ballast.unlink()
            scene.again()
            assert scene.stored() != before
            assert scene.findings() == []
    finally:
        with psycopg.connect(postgres_server, autocommit=True) as connection:
            connection.execute("DROP TABLESPACE small")


def _many_players(casino: Casino) -> None:
    """More new ids than the pages in use have room for."""
    casino.sql(
        "INSERT INTO players SELECT md5(i::VARCHAR) || md5((i + 1)::VARCHAR), 'DE', 4, NULL, NULL, ? FROM range(60000) t(i)",
        casino.now,
    )
