from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import insert, inspect
from sqlalchemy.exc import DatabaseError

from segctl.base.errors import Refused
from segctl.store import state
from segctl.store.define import Definition, create
from segctl.store.definitions import deployed
from segctl.store.engine import open_state, reading, writing
from segctl.store.tables import METADATA, PRIVATE, VERSION

VIP = Definition("segment", "vip", "{}")
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)

HOLDS_THE_LOCK = """
with writing(engine, lock_timeout_seconds=5) as connection:
    create(connection, Origin(1, NOW, "Bob"), [Definition("segment", "vip", "{}")])
    state.advance(connection)
    print("locked", flush=True)
    sys.stdin.readline()
print("committed", flush=True)
"""


def test_folder_of_the_state_is_created(tmp_path):
    engine = open_state(f"sqlite:///{tmp_path}/deep/er/state.db")

    with reading(engine):
        assert (tmp_path / "deep" / "er").is_dir()


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://ann:secret@host/db", "nonsense", "duckdb:///x"]
)
def test_url_of_anything_but_a_sqlite_file_or_postgresql_is_refused(url):
    with pytest.raises(Refused) as refused:
        open_state(url)

    assert "sqlite:///" in refused.value.help[0]
    assert "secret" not in refused.value.message


def test_folder_in_the_place_of_the_state_is_refused(tmp_path):
    with pytest.raises(Refused, match="cannot be opened"), reading(open_state(f"sqlite:///{tmp_path}")):
        pass


@ON_SQLITE
def test_settings_of_every_connection(engine):
    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_a_reader_cannot_write(engine):
    with pytest.raises(Refused, match="read-only"), reading(engine) as connection:
        state.advance(connection)


def test_a_reader_sees_one_snapshot_while_another_writes(engine, origin):
    with reading(engine) as reader:
        with writing(engine, lock_timeout_seconds=0) as writer:
            create(writer, origin, [VIP])
        seen = deployed(reader)
    with reading(engine) as later:
        seen_later = deployed(later)

    assert seen == {}
    assert list(seen_later) == ["segment.vip"]


def test_an_exception_leaves_nothing(engine, origin):
    def interrupted():
        with writing(engine, lock_timeout_seconds=0) as connection:
            create(connection, origin, [VIP])
            state.advance(connection)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()

    with reading(engine) as connection:
        assert deployed(connection) == {}
        assert state.head(connection).serial == 0


@ON_SQLITE
def test_ddl_is_rolled_back(url):
    engine = open_state(url)

    def failing():
        with writing(engine, lock_timeout_seconds=0) as connection:
            METADATA.create_all(connection)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        failing()

    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []


def test_a_second_writer_is_refused_after_its_timeout(engine, child):
    other = child(HOLDS_THE_LOCK)
    assert other.said() == "locked"

    with (
        pytest.raises(Refused, match="is being written") as refused,
        writing(engine, lock_timeout_seconds=0.3),
    ):
        pass

    assert "--lock-timeout" in refused.value.help[0]
    other.go_on()
    assert other.said() == "committed"


@pytest.mark.usefixtures("engine")
def test_a_second_writer_waits_for_the_first(child):
    first = child(HOLDS_THE_LOCK)
    assert first.said() == "locked"
    second = child("""
print("waiting", flush=True)
with writing(engine, lock_timeout_seconds=60) as connection:
    print(state.advance(connection), flush=True)
""")
    assert second.said() == "waiting"
    first.go_on()

    assert second.said() == "2"


def test_a_killed_writer_leaves_nothing(engine, child):
    # more than SQLite keeps in memory, so that some of it is on the disk already
    other = child("""
with writing(engine, lock_timeout_seconds=5) as connection:
    create(connection, Origin(1, NOW, "Bob"), [Definition("segment", f"s{i}", "x" * 20_000) for i in range(500)])
    print("locked", flush=True)
    sys.stdin.readline()
""")
    assert other.said() == "locked"
    other.process.kill()
    other.process.wait()

    with writing(engine, lock_timeout_seconds=0) as connection:
        assert deployed(connection) == {}
        assert state.advance(connection) == 1


@pytest.mark.usefixtures("engine")
def test_of_two_writers_from_the_same_serial_one_is_refused(child):
    script = """
said = sys.stdin.readline()
try:
    with writing(engine, lock_timeout_seconds=60) as connection:
        print("done", state.advance(connection, expected=0), flush=True)
except Refused as refused:
    print(refused.message, flush=True)
"""
    both = [child(script), child(script)]
    for process in both:
        process.go_on()

    assert sorted(process.said() for process in both) == ["The state is at 1, and this was made from 0.", "done 1"]


def test_a_file_that_is_no_database_is_refused_by_name(tmp_path, now):
    path = tmp_path / "notes.txt"
    path.write_text("dear diary\n" * 200)

    with pytest.raises(Refused, match=r"notes\.txt is not a SQLite database"):
        state.ensure(open_state(f"sqlite:///{path}"), now)
    assert path.read_text() == "dear diary\n" * 200


@ON_SQLITE
def test_a_full_disk_is_refused_and_leaves_nothing(engine, origin):
    def filling():
        with writing(engine, lock_timeout_seconds=0) as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            create(connection, origin, [Definition("segment", "vip", "x" * 1_000_000)])

    with pytest.raises(Refused, match="disk is full"):
        filling()

    with reading(engine) as connection:
        assert deployed(connection) == {}


def test_values_stay_out_of_error_messages(engine):
    with pytest.raises(DatabaseError) as raised, writing(engine, lock_timeout_seconds=0) as connection:
        connection.execute(insert(PRIVATE), {"digest": "p_8841", "content": None})

    assert "p_8841" not in str(raised.value)


def test_append_only_tables_refuse_accidents(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        create(connection, origin, [VIP])

    for statement in (VERSION.update().values(author="x"), VERSION.delete()):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            writing(engine, lock_timeout_seconds=0) as connection,
        ):
            connection.execute(statement)


@ON_SQLITE
@pytest.mark.usefixtures("engine")
def test_a_state_is_an_ordinary_sqlite_file(tmp_path):
    connection = sqlite3.connect(tmp_path / "state.db")
    found = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()

    assert found == ("ok",)
