"""A PostgreSQL server whose disk is full, for real: its tables lie on a small file system that a ballast fills."""

from __future__ import annotations

import shutil
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from segctl.base.errors import Refused
from tests.faults.scene import Scene, deployed
from tests.support.casino import Casino
from tests.support.disk import fill
from tests.support.postgres import database, own_server


def test_a_server_without_room_keeps_what_was_and_ends_the_work_when_there_is_some(
    casino: Casino, small_disk: Path
) -> None:
    # a server that cannot make a checkpoint fails whoever drops a database on it, so nobody shares this one
    with own_server() as server:
        ours = small_disk / "tables"
        ours.mkdir(mode=0o700)
        shutil.chown(ours, "pgserver")
        with psycopg.connect(server.address, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE TABLESPACE small LOCATION {}").format(sql.Literal(str(ours))))
        with database(server.address, tablespace="small") as address:
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


def _many_players(casino: Casino) -> None:
    """More new ids than the pages in use have room for."""
    casino.sql(
        "INSERT INTO players SELECT md5(i::VARCHAR) || md5((i + 1)::VARCHAR), 'DE', 4, NULL, NULL, ? FROM range(60000) t(i)",
        casino.now,
    )
