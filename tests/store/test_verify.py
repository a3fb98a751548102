from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select, update

from segctl.store import audit, define
from segctl.store.audit import Entry, append, seal
from segctl.store.define import Definition
from segctl.store.engine import open_state, reading, writing
from segctl.store.origin import Origin
from segctl.store.state import ensure
from segctl.store.tables import AUDIT, OBJECT, STATE, VERSION
from segctl.store.verify import verify

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
# a row of the middle, neither first nor last
SEQ = 5


def definition(name, threshold):
    return Definition("segment", name, f'{{"gte":{threshold}}}')


def story(connection, origin):
    """Nine rows of the log: everything that can happen to a definition, and a refresh between."""
    create, swap = [definition(name, i) for i, name in enumerate("abcd")], {"segment.a": "b", "segment.b": "a"}
    runs = [
        lambda at: define.create(connection, at, create),
        lambda at: define.update(connection, at, [definition("c", 7)]),
        lambda at: define.rename(connection, at, {old: definition(new, 9) for old, new in swap.items()}),
        lambda at: define.archive(connection, at, ["segment.d"]),
    ]
    for serial, run in enumerate(runs, 1):
        at = replace(origin, serial=serial, plan_id=f"p{serial}")
        append(connection, at, [written.entry() for written in run(at)])
    append(connection, replace(origin, serial=5), [Entry("refresh", detail={"joined": 1})])


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """A state with the story, whose triggers somebody dropped."""
    engine = open_state(f"sqlite:///{tmp_path_factory.mktemp('told')}/state.db")
    ensure(engine, NOW)
    with writing(engine, lock_timeout_seconds=0) as connection:
        story(connection, Origin(1, NOW, "Ann", commit_id="c1"))
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    return engine


@pytest.fixture
def tampering(told):
    """A connection to what was told; what is done with it is undone after the test."""
    with writing(told, lock_timeout_seconds=0) as connection, connection.begin_nested() as example:
        yield connection
        example.rollback()


def found(connection):
    return {(finding.problem, finding.seq or finding.address) for finding in verify(connection)}


def test_an_honest_log_is_whole(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        story(connection, origin)

    with reading(engine) as connection:
        assert connection.execute(select(AUDIT)).all()[-1].seq == 9
        assert verify(connection) == []


def test_a_new_state_is_whole(engine):
    with reading(engine) as connection:
        assert verify(connection) == []


def test_recovered_objects_are_whole(engine, origin):
    with writing(engine, lock_timeout_seconds=0) as connection:
        story(connection, origin)
        at = replace(origin, serial=6)
        append(connection, at, [w.entry() for w in define.update(connection, at, [definition("d", 3)], "recover")])

        assert verify(connection) == []


@pytest.mark.parametrize(
    "column", [column.name for column in AUDIT.c if column.name not in {"seq", "hash", "previous"}]
)
@pytest.mark.parametrize("value", ["", "changed", None, b"\xff", 2.5])
def test_an_edited_column_is_found_at_its_row(tampering, column, value):
    if value is None and not AUDIT.c[column].nullable:
        value = "null"
    tampering.exec_driver_sql(f"UPDATE audit SET {column} = ? WHERE seq = ?", (value, SEQ))

    assert ("hash", SEQ) in found(tampering)
    assert not any(seq != SEQ for _, seq in found(tampering) if isinstance(seq, int))


@pytest.mark.parametrize(
    ("column", "problems"),
    [("hash", {("hash", SEQ), ("previous", SEQ + 1)}), ("previous", {("hash", SEQ), ("previous", SEQ)})],
)
def test_an_edited_link_is_found_at_its_row(tampering, column, problems):
    tampering.execute(update(AUDIT).where(AUDIT.c.seq == SEQ).values({column: "0" * 64}))

    assert found(tampering) == problems


@pytest.mark.parametrize("seq", [-3, 0, 100])
def test_a_moved_row_is_found_where_it_is_missing(tampering, seq):
    tampering.execute(update(AUDIT).where(AUDIT.c.seq == SEQ).values(seq=seq))

    assert ("gap", SEQ) in found(tampering)


@pytest.mark.parametrize("seq", range(1, 10))
def test_a_deleted_row_is_found_at_its_seq(tampering, seq):
    tampering.execute(AUDIT.delete().where(AUDIT.c.seq == seq))

    assert ("end" if seq == 9 else "gap", seq) in found(tampering)


@pytest.mark.parametrize("other", [SEQ - 1, SEQ + 1, 1, 9])
def test_swapped_rows_are_found_at_both(tampering, other):
    for was, becomes in ((SEQ, 1000), (other, SEQ), (1000, other)):
        tampering.execute(update(AUDIT).where(AUDIT.c.seq == was).values(seq=becomes))

    assert {("hash", SEQ), ("hash", other)} <= found(tampering)


def rows(connection):
    return [dict(row) for row in connection.execute(select(AUDIT).order_by(AUDIT.c.seq)).mappings()]


def test_an_inserted_row_is_found_at_its_seq(tampering):
    for seq in range(9, SEQ - 1, -1):
        tampering.execute(update(AUDIT).where(AUDIT.c.seq == seq).values(seq=seq + 1))
    forged = {**rows(tampering)[SEQ - 2], "seq": SEQ}
    tampering.execute(insert(AUDIT), forged)

    assert {("hash", SEQ), ("previous", SEQ)} <= found(tampering)


def test_an_appended_row_with_an_honest_hash_is_found_at_its_seq(tampering):
    last = rows(tampering)[-1]
    forged = {**last, "seq": 10, "previous": last["hash"]}
    tampering.execute(insert(AUDIT), {**forged, "hash": seal(forged.values())})

    assert found(tampering) == {("end", 10)}


def test_an_edited_row_with_an_honest_hash_breaks_the_next(tampering):
    forged = {**rows(tampering)[SEQ - 1], "detail": "{}", "commit_id": "other"}
    forged["hash"] = seal(forged.values())
    tampering.execute(update(AUDIT).where(AUDIT.c.seq == SEQ).values(forged))

    assert found(tampering) == {("previous", SEQ + 1), ("version", "segment.c")}


def test_a_chain_of_another_state_is_found(tampering):
    tampering.execute(update(STATE).values(lineage="another"))

    assert found(tampering) == {("previous", 1)}


@pytest.mark.parametrize("column", ["audit_seq", "audit_hash"])
def test_an_edited_end_is_found(tampering, column):
    tampering.execute(update(STATE).values({column: 4}))

    assert [finding.problem for finding in verify(tampering)] == ["end"]


@pytest.mark.parametrize(
    ("name", "values", "problems"),
    [
        ("c", {"digest": "0" * 64}, {"definition", "version"}),
        ("c", {"version": 1}, {"version"}),
        ("c", {"status": "archived"}, {"definition"}),
        ("d", {"status": "active"}, {"definition"}),
        ("d", {"digest": "0" * 64}, {"version"}),
        ("c", {"updated_by": "Eve"}, {"version"}),
        ("c", {"updated_at": "2026-01-01T00:00:00.000000Z"}, {"version"}),
        ("c", {"serial": 4}, {"version"}),
    ],
)
def test_an_edited_definition_is_found_at_its_address(tampering, name, values, problems):
    tampering.execute(update(OBJECT).where(OBJECT.c.name == name).values(values))

    assert found(tampering) == {(problem, f"segment.{name}") for problem in problems}


def test_a_renamed_definition_is_found_at_both_addresses(tampering):
    tampering.execute(update(OBJECT).where(OBJECT.c.name == "c").values(name="z"))

    assert found(tampering) == {("definition", "segment.c"), ("definition", "segment.z")}


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"digest": "0" * 64}, "version"),
        ({"address": "segment.z"}, "version"),
        ({"serial": 9}, "version"),
        ({"action": "recover"}, "version"),
        ({"plan_id": "p9"}, "version"),
        ({"commit_id": None}, "version"),
        ({"author": "Eve"}, "version"),
        ({"body": '{"gte":8}'}, "body"),
        ({"body": None}, "body"),
        ({"body": b"\xff"}, "body"),
    ],
)
def test_an_edited_version_is_found(tampering, values, problem):
    is_update_of_c = (VERSION.c.action == "update") & (VERSION.c.address == "segment.c")
    tampering.execute(update(VERSION).where(is_update_of_c).values(values))

    assert (problem, "segment.c") in found(tampering)


def test_a_deleted_version_is_found(tampering):
    tampering.execute(VERSION.delete().where(VERSION.c.action == "update"))

    assert found(tampering) == {("version", "segment.c")}


def test_a_definition_without_a_log_is_found(tampering, origin):
    define.create(tampering, replace(origin, serial=6), [definition("e", 1)])

    assert found(tampering) == {("definition", "segment.e"), ("version", "segment.e")}


def test_a_log_without_a_definition_is_found(tampering, origin):
    audit.append(tampering, replace(origin, serial=6), [Entry("create", "segment.e", None, "d")])

    assert found(tampering) == {("definition", "segment.e"), ("version", "segment.e")}
