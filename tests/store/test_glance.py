from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from segctl.store import definitions
from segctl.store.engine import open_state, reading
from segctl.store.format import FORMAT
from segctl.store.glance import Glance, glance
from segctl.store.state import ensure, head
from tests.support.casino import ON_BOTH, START, Casino


def url(casino: Casino) -> str:
    return casino.postgres or f"sqlite:///{casino.state}"


def longer_look(casino: Casino) -> Glance:
    with reading(open_state(url(casino))) as connection:
        at, deployed = head(connection), definitions.deployed(connection).values()
        digests = {one.address: one.digest for one in deployed}
        newest = max((one.as_of for one in deployed if one.as_of is not None), default=None)
        return Glance(at.lineage, at.serial, at.secret, digests, newest)


@ON_BOTH
def test_a_glance_sees_what_a_longer_look_sees(casino: Casino) -> None:
    ensure(open_state(url(casino)), START)
    assert glance(url(casino)) == longer_look(casino)
    casino.segment("germans", {"country": "DE"})
    casino.segment("british", {"country": "GB"})
    casino.apply()
    assert glance(url(casino)) == longer_look(casino)
    casino.later(hours=1)
    casino.refresh()
    casino.later(hours=1)
    casino.remove("british")
    casino.apply()

    seen = glance(url(casino))

    assert seen == longer_look(casino)
    assert seen is not None
    assert (seen.serial, "segment.british" in seen.digests) == (3, False)


def test_it_makes_nothing(casino: Casino) -> None:
    assert glance(url(casino)) is None
    assert not casino.state.exists()


def test_it_does_not_wait_for_a_writer(casino: Casino) -> None:
    ensure(open_state(url(casino)), START)
    with sqlite3.connect(casino.state, isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE state SET serial = 7")

        seen = glance(url(casino))

        other.execute("ROLLBACK")
    assert seen is not None
    assert seen.serial == 0


@pytest.mark.parametrize(
    "spoiled", ["PRAGMA application_id = 1", f"UPDATE state SET format = {FORMAT + 1}", "DROP TABLE object"]
)
def test_what_it_does_not_know_it_leaves_to_the_longer_look(casino: Casino, spoiled: str) -> None:
    ensure(open_state(url(casino)), START)
    with sqlite3.connect(casino.state) as other:
        other.execute(spoiled)

    assert glance(url(casino)) is None


def test_what_is_no_database_it_leaves_to_the_longer_look(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_text("no database " * 500)

    assert glance(f"sqlite:///{tmp_path}/state.db") is None
    assert glance(f"sqlite:///{tmp_path}") is None


def test_other_addresses_are_not_its_business(casino: Casino) -> None:
    ensure(open_state(url(casino)), START)

    assert glance(f"{url(casino)}?mode=rw") is None
    assert glance("mysql://crm@db/state") is None


ON_POSTGRES = pytest.mark.parametrize("casino", ["postgres"], indirect=True)


@ON_POSTGRES
def test_on_postgresql_it_does_not_wait_for_a_writer(casino: Casino) -> None:
    with psycopg.connect(url(casino)) as other:
        other.execute("UPDATE segctl.state SET serial = 7")

        seen = glance(url(casino))

        other.rollback()
    assert seen is not None
    assert seen.serial == 0


@ON_POSTGRES
@pytest.mark.parametrize(
    "spoiled",
    [f"UPDATE segctl.state SET format = {FORMAT + 1}", "DROP SCHEMA segctl CASCADE", "DELETE FROM segctl.state"],
)
def test_on_postgresql_it_leaves_what_it_does_not_know_to_the_longer_look(casino: Casino, spoiled: str) -> None:
    with psycopg.connect(url(casino), autocommit=True) as other:
        other.execute(spoiled)

    assert glance(url(casino)) is None


@pytest.mark.parametrize(
    "address", ["postgresql://crm@127.0.0.1:1/state", "postgresql://db/state?passwort=x", "postgresql://[/"]
)
def test_a_server_that_it_cannot_reach_it_leaves_to_the_longer_look(address: str) -> None:
    assert glance(address) is None


def test_it_needs_no_sqlalchemy() -> None:
    script = "import sys, segctl.store.glance, segctl.workflow.look; print('sqlalchemy' in sys.modules)"

    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
