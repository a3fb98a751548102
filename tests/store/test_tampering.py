"""Whatever is done to the audit log by who owns its database is found: at its row, or by an anchor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from segctl.evidence.anchor import Anchor
from segctl.evidence.checkpoint import Checkpoint, checkpoint_text, origin_of
from segctl.evidence.note import Note
from segctl.store.chain import Finding
from segctl.store.engine import open_state, writing
from segctl.store.state import upgrade
from segctl.store.verify import verified, verify
from segctl.workflow.evidence import checked
from tests.support.postgres import database
from tests.support.tampering import FIELDS, START, WRITTEN, Row, Tamper, disarm, rows_of, tampers, tell

ROWS = 39
# sizes at which checkpoints were kept elsewhere, the last one of the whole log
KEPT = (13, 20, ROWS)


@pytest.fixture(scope="module")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('told')}/state.db"


@pytest.fixture(scope="module")
def postgres_url(postgres_server: str) -> Iterator[str]:
    with database(postgres_server) as address:
        yield address


@pytest.fixture(scope="module", params=["sqlite_url", "postgres_url"], ids=["sqlite", "postgres"])
def told(request: pytest.FixtureRequest) -> Engine:
    """A state of a real database with its log, by engine."""
    engine = open_state(request.getfixturevalue(request.param))
    upgrade(engine, START)
    tell(engine)
    return engine


@pytest.fixture
def tampering(told: Engine) -> Iterator[Connection]:
    """A connection whose guards are down; all that is done with it is undone."""
    # PostgreSQL may be vacuuming a table by itself, which gives way after a second
    with writing(told, lock_timeout_seconds=30) as connection, connection.begin_nested() as example:
        disarm(connection)
        yield connection
        example.rollback()


@pytest.fixture
def anchors(tampering: Connection) -> list[Anchor]:
    """Checkpoints of the log as it was before anybody touched it."""
    found = verified(tampering, KEPT)
    origin = origin_of(found.head.lineage)
    kept = [Checkpoint(origin, size, found.chain.roots[size]) for size in KEPT]
    return [Anchor(f"{one.size}.checkpoint", Note(checkpoint_text(one)), one) for one in kept]


def done(connection: Connection, tamper: Tamper, anchors: list[Anchor]) -> tuple[Finding, ...]:
    """What a check finds of it. Undone afterwards."""
    with connection.begin_nested() as example:
        tamper.do(connection)
        found = checked(connection, anchors, [True] * len(anchors)).findings
        example.rollback()
    return found


def names(findings: tuple[Finding, ...]) -> set[int]:
    """Every row that is named, one by one or from one to another."""
    return {seq for one in findings if one.seq is not None for seq in range(one.seq, (one.last or one.seq) + 1)}


def of(rows: list[Row], *kinds: str) -> list[Tamper]:
    return [one for one in tampers(rows) if one.kind in kinds]


def test_the_untouched_log_is_intact_and_agrees_with_its_anchors(
    tampering: Connection, anchors: list[Anchor]
) -> None:
    found = checked(tampering, anchors, [True] * len(anchors))

    assert (found.findings, found.rows, found.anchored) == ((), ROWS, ROWS)
    assert {row["action"] for row in rows_of(tampering)} == {
        "create", "update", "rename", "archive", "recover", "replace", "apply", "refresh",
    }  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_of_every_row_is_held(tampering: Connection, field: str) -> None:
    edits = [one for one in of(rows_of(tampering), "edit") if one.name.split()[0] == field]
    found = {one.name: done(tampering, one, []) for one in edits}

    assert [one.name for one in edits if not one.named <= names(found[one.name])] == []
    assert len(found) >= 2 * ROWS


@pytest.mark.parametrize(("kind", "number"), [("delete", ROWS), ("swap", ROWS - 1), ("insert", ROWS + 1)])
def test_every_row_is_held_in_its_place(tampering: Connection, kind: str, number: int) -> None:
    moved = of(rows_of(tampering), kind)
    found = {one.name: done(tampering, one, []) for one in moved}

    assert [one.name for one in moved if not one.named <= names(found[one.name])] == []
    assert len(found) == number


def test_an_anchor_holds_the_end(tampering: Connection, anchors: list[Anchor]) -> None:
    cuts = of(rows_of(tampering), "truncate")
    found = {one.name: done(tampering, one, anchors) for one in cuts}

    assert [one.name for one in cuts if not one.named <= names(found[one.name])] == []
    assert {tuple(one.problem for one in told if one.seq)[-1] for told in found.values()} == {"cut"}
    assert len(found) == ROWS


@pytest.mark.parametrize("half", [0, 1])
def test_an_anchor_holds_all_before_it_and_one_that_agrees_narrows_it_down(
    tampering: Connection, anchors: list[Anchor], half: int
) -> None:
    forged = of(rows_of(tampering), "rewrite")[half::2]
    for one in forged:
        found, (row,) = done(tampering, one, anchors), one.named
        first, last = next((start + 1, end) for start, end in zip((0, *KEPT), KEPT, strict=False) if row <= end)

        assert (first, last) in {(told.seq, told.last) for told in found if told.problem in ("anchor", "cut")}, (
            one.name
        )
        assert not any(told.seq < first for told in found if told.seq is not None), one.name
    assert len(forged) == ROWS * (len(WRITTEN) + 2) / 2


def test_without_an_anchor_a_log_written_anew_is_intact(tampering: Connection) -> None:
    """Why anchors are: with them, each of these is found."""
    rows = rows_of(tampering)
    times = [one for one in of(rows, "rewrite") if one.name.startswith("at ")]
    cuts = of(rows, "truncate")

    assert [one.name for one in times if done(tampering, one, [])] == []
    assert [one.name for one in cuts if not done(tampering, one, [])] == [f"from {at}" for at in range(35, 40)]


def test_a_log_of_another_state_does_not_agree(tampering: Connection, anchors: list[Anchor]) -> None:
    other = [
        Anchor("other", one.note, Checkpoint("segctl/other", one.checkpoint.size, one.checkpoint.root))
        for one in anchors
    ]

    assert {one.problem for one in checked(tampering, other, [True] * 3).findings} == {"origin"}


def test_a_checkpoint_that_was_not_made_of_this_log_is_told_from_a_forged_log(
    tampering: Connection, anchors: list[Anchor]
) -> None:
    first, *rest = anchors
    strange = Anchor("strange", first.note, Checkpoint(first.checkpoint.origin, 13, b"\0" * 32))

    (found,) = checked(tampering, [strange, *rest], [True] * 3).findings
    assert (found.problem, found.seq) == ("anchor", None)
    assert "strange was not made of this log" in found.detail


def test_an_anchor_without_the_signature_asked_for_counts_for_nothing(
    tampering: Connection, anchors: list[Anchor]
) -> None:
    found = checked(tampering, anchors, [True, True, False])

    assert [one.problem for one in found.findings] == ["signature"]
    assert found.anchored == 20


@pytest.mark.parametrize("kind", ["edit", "delete"])
def test_guards_stand_where_nobody_took_them_down(told: Engine, kind: str) -> None:
    with writing(told, lock_timeout_seconds=0) as connection:
        first, *_ = of(rows_of(connection), kind)
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            first.do(connection)

        assert verify(connection) == []
