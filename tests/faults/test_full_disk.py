"""A PostgreSQL server whose disk is full, for real: its tables lie on a small file system that a ballast fills."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from segctl.base.errors import Refused
from tests.faults.scene import Scene, deployed
from tests.support.casino import Casino
from tests.support.postgres import database, own_server

MEGABYTES = 64


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A folder on a file system of its own. Needs the right to mount one."""
    folder = Path(tempfile.gettempdir()) / f"segctl-disk-{uuid4().hex[:8]}"
    folder.mkdir(mode=0o755)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs root, and the right to mount a file system")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


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
            _fill(ballast)

            with pytest.raises(Refused, match="disk is full") as refused:
                scene.work()

            assert "Free some space" in " ".join(refused.value.help)
            assert scene.stored() == before
            assert scene.findings() == []
            ballast.unlink()
            scene.again()
            assert scene.stored() != before
            assert scene.findings() == []


def _fill(ballast: Path) -> None:
    """Takes every page that is left."""
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))


def _many_players(casino: Casino) -> None:
    """More new ids than the pages in use have room for."""
    casino.sql(
        "INSERT INTO players SELECT md5(i::VARCHAR) || md5((i + 1)::VARCHAR), 'DE', 4, NULL, NULL, ? FROM range(60000) t(i)",
        casino.now,
    )
