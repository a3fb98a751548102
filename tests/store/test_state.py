from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest

from segctl.base.errors import Refused
from segctl.store.engine import open_state, reading, writing
from segctl.store.format import FORMAT
from segctl.store.state import advance, ensure, genesis, head, upgrade
from segctl.store.tables import STATE


def test_a_state_is_made_once(url, now):
    engine = open_state(url)

    assert upgrade(engine, now) == 0
    first = ensure(engine, now)
    assert upgrade(engine, now) == FORMAT
    again = ensure(engine, now)

    assert first == again
    assert (first.serial, first.format, first.created_at) == (0, FORMAT, now)
    assert (first.audit_seq, first.audit_hash) == (0, genesis(first.lineage))
    assert len(first.secret) == 32


def test_two_states_share_nothing(tmp_path, now):
    one, other = (ensure(open_state(f"sqlite:///{tmp_path}/{name}.db"), now) for name in "ab")

    assert one.lineage != other.lineage
    assert one.secret != other.secret
    assert one.audit_hash != other.audit_hash


def test_the_secret_is_not_shown(engine, now):
    found = ensure(engine, now)

    assert "secret" not in repr(found)


def test_many_processes_create_one_state(url, child):
    script = (
        "sys.stdin.readline(); state.upgrade(engine, NOW); print(state.ensure(engine, NOW).lineage, flush=True)"
    )
    processes = [child(script) for _ in range(3)]
    for process in processes:
        process.go_on()

    lineages = {process.said() for process in processes}

    assert len(lineages) == 1
    with reading(open_state(url)) as connection:
        assert {head(connection).lineage} == lineages


def test_a_newer_format_is_refused(engine, now):
    with writing(engine, lock_timeout_seconds=0) as connection:
        connection.execute(STATE.update().values(format=FORMAT + 1))

    with pytest.raises(Refused, match=f"format {FORMAT + 1}; this segctl knows formats up to {FORMAT}"):
        ensure(engine, now)


def test_a_database_of_something_else_is_refused_and_left_alone(tmp_path, now):
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE state (id)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(Refused, match=r"shop\.db is a SQLite database of something else"):
        ensure(open_state(f"sqlite:///{path}"), now)
    assert path.read_bytes() == before


def test_advance_counts_and_refuses_what_is_stale(engine):
    with writing(engine, lock_timeout_seconds=0) as connection:
        assert advance(connection) == 1
        assert advance(connection, expected=1) == 2

    with (
        pytest.raises(Refused, match="at 2, and this was made from 1"),
        writing(engine, lock_timeout_seconds=0) as connection,
    ):
        advance(connection, expected=1)


def test_a_plan_without_changes_imports_no_heavy_library():
    script = """
import sys
from segctl.store import audit, define, definitions, engine, private, runs, state, tables, verify
print(sorted({"numpy", "pyarrow", "pyroaring"} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
