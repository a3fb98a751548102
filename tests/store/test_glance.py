from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from segctl.store import definitions
from segctl.store.engine import open_state, reading
from segctl.store.format import FORMAT
from segctl.store.glance import Glance, glance
from segctl.store.state import ensure, head
from tests.support.casino import START, Casino


def url(casino: Casino) -> str:
    return f"sqlite:///{casino.state}"


def longer_look(casino: Casino) -> Glance:
    with reading(open_state(url(casino))) as connection:
        at, deployed = head(connection), definitions.deployed(connection).values()
        digests = {one.address: one.digest for one in deployed}
        newest = max((one.as_of for one in deployed if one.as_of is not None), default=None)
        return Glance(at.lineage, at.serial, at.secret, digests, newest)


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
    assert glance("postgresql://crm@db/state") is None


def test_it_needs_no_sqlalchemy() -> None:
    script = "import sys, segctl.store.glance, segctl.workflow.look; print('sqlalchemy' in sys.modules)"

    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
