"""Which messages go first, and which wait: set algebra, without a state."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from segctl.store.outbox import Waiting
from segctl.workflow.queue import Kept, due, kept_back

AT = datetime(2026, 11, 22, tzinfo=UTC)
NONE: dict[int, BitMap] = {}


def row(serial: int, direction: str, *players: int) -> Waiting:
    return Waiting(serial, 1, "data", direction, AT, BitMap(players))  # type: ignore[arg-type]


def told(found: list[tuple[Waiting, int]]) -> list[tuple[int, int]]:
    return [(one.serial, number) for one, number in found]


def nobody(_serial: int, _players: BitMap) -> BitMap:
    return BitMap()


def test_each_player_stands_in_a_batch_once() -> None:
    rows = [row(1, "joined", 1, 2), row(2, "left", 2, 3), row(3, "joined", 2, 4)]

    assert told(due(rows, Kept(), NONE, 10)) == [(1, 1), (1, 2), (2, 3), (3, 4)]
    assert told(due(rows, Kept(), NONE, 2)) == [(1, 1), (1, 2)]


def test_who_rests_is_not_overtaken() -> None:
    rows = [row(1, "joined", 1, 2), row(2, "left", 1, 2)]

    assert told(due(rows, Kept(), {1: BitMap([2])}, 10)) == [(1, 1)]


def test_without_a_guard_nothing_is_kept_back() -> None:
    assert kept_back([row(1, "joined", 1)], None, nobody) == Kept()


def test_who_left_under_the_guard_is_not_told_of_at_all() -> None:
    rows = [row(1, "joined", 1, 2), row(2, "left", 2)]

    kept = kept_back(rows, BitMap([1]), nobody)

    assert kept.dropped == {rows[0].key: BitMap([2]), rows[1].key: BitMap([2])}
    assert told(due(rows, kept, NONE, 10)) == [(1, 1)]


def test_who_may_be_known_is_told_of_as_having_left() -> None:
    rows = [row(1, "joined", 2), row(2, "left", 2)]

    kept = kept_back(rows, BitMap(), lambda _serial, players: players)

    assert kept.dropped == {rows[0].key: BitMap([2])}
    assert told(due(rows, kept, NONE, 10)) == [(2, 2)]


def test_who_does_not_pass_and_has_not_left_is_held() -> None:
    rows = [row(1, "joined", 1, 2)]

    kept = kept_back(rows, BitMap([1]), nobody)

    assert (dict(kept.dropped), kept.held) == ({}, {rows[0].key: BitMap([2])})
    assert told(due(rows, kept, NONE, 10)) == [(1, 1)]


MOVES = st.lists(st.tuples(st.sets(st.integers(0, 5)), st.sets(st.integers(0, 5))), max_size=6)


@given(MOVES, st.sets(st.integers(0, 5)), st.integers(1, 4))
def test_whatever_is_kept_back_members_come_out_right(
    moves: list[tuple[set[int], set[int]]], passing: set[int], most: int
) -> None:
    """Sending batch by batch, in order, leaves the receiver with the members, less those whom nobody may be told of."""
    members: set[int] = set()
    rows = []
    for serial, (joined, left) in enumerate(moves, 1):
        came, went = joined - members, (left & members) - joined
        members = (members | came) - went
        rows += [row(serial, way, *who) for way, who in (("joined", came), ("left", went)) if who]
    kept = kept_back(rows, BitMap(passing), nobody)
    heard: set[int] = set()
    waiting = {one.key: BitMap(one.players) - kept.dropped.get(one.key, BitMap()) for one in rows}
    while batch := due([_less(one, waiting) for one in rows], Kept(held=kept.held), NONE, most):
        for one, number in batch:
            (heard.add if one.direction == "joined" else heard.remove)(number)
            waiting[one.key].remove(number)
    held = {number for players in kept.held.values() for number in players}

    assert heard == members - held
    assert held.isdisjoint(passing)


def _less(one: Waiting, waiting: dict[object, BitMap]) -> Waiting:
    return Waiting(one.serial, 1, one.cause, one.direction, AT, waiting[one.key])
