"""What came is put behind what was kept: whoever need not be asked again is known exactly."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segctl.members.columns import Numbers, Places
from segctl.members.deltas import Window, shift_of
from segctl.members.features import BEFORE
from segctl.members.newest import Newest, counted, newest_of, of_players, since, together
from segctl.members.successors import Placed, successors
from segctl.model.catalog import EventColumn, EventTable, Measure, MeasureKind
from segctl.model.time import Interval, Lifetime
from segctl.sql.ask import Take
from segctl.sql.program import FeatureFact
from segctl.sql.questions import AskOrdered, EventQuestion

PLAYERS = 2
EVENTS = EventTable("e", "e", "id", "player", "time", (EventColumn("amount", "integer", "amount"),), "known")
# an event: whose, when, its value; `known` when, where 0 is before the earlier run, and 3 after it
rows = st.lists(
    st.tuples(
        st.integers(0, PLAYERS - 1), st.integers(1, 6), st.none() | st.integers(0, 2), st.sampled_from((0, 1, 3))
    ),
    max_size=14,
)
SINCE, THEN, LATER = 0, 2, 2
MEASURES: list[tuple[MeasureKind, int]] = [("first", 1), ("last", 1), ("nth", 2), ("nth", 3), ("nth", 4)]


@dataclass(frozen=True, slots=True)
class Event:
    """`id` breaks ties in time."""

    player: int
    time: int
    id: int
    value: int | None
    known: int


windows = st.tuples(st.integers(0, 2), st.integers(0, 5), st.integers(0, 2), st.integers(0, 2)).map(
    lambda four: Window(
        Interval(four[0], four[0] + four[1]), Interval(four[0] + four[2], four[0] + four[1] + four[2] + four[3])
    )
)


@pytest.mark.parametrize(("kind", "n"), MEASURES)
@settings(max_examples=400)
@given(several=rows, window=windows)
def test_who_is_not_asked_again_is_known(
    kind: MeasureKind, n: int, several: list[tuple[int, int, int | None, int]], window: Window
) -> None:
    events = [Event(player, time, number, *rest) for number, (player, time, *rest) in enumerate(several)]
    seen = [event for event in events if event.known <= THEN]
    before = [_found(kind, n, seen, player, window.then) for player in range(PLAYERS)]
    after = [_found(kind, n, events, player, window.now) for player in range(PLAYERS)]

    fact = FeatureFact("integer", EVENTS, None, Measure(kind, "amount", n), Lifetime(), ())
    edges = tuple(sorted({window.now.after, window.now.until}))
    question = AskOrdered(EVENTS, edges, False, None, ("amount", None), n)
    start, stop = edges.index(window.now.after) + 1, edges.index(window.now.until)
    wanted = [(0, fact, Take(0, start, stop, (0,)))]
    shift = shift_of(question, wanted, {0: window}, since=SINCE, later=LATER)
    found = successors(question, shift, {0: window}, {0: _placed(before)}, _rows(events, window))

    now = list(before)
    for places, placed in [found.known[0]] if 0 in found.known else []:
        for place, value, time, number in zip(places, _values(placed), placed.time, placed.number, strict=True):
            now[place] = (value, int(time), int(number))
    asked = set(found.places[found.again].tolist())
    assert [now[one] for one in range(PLAYERS) if one not in asked] == [
        after[one] for one in range(PLAYERS) if one not in asked
    ]
    if n == 1 and not any(_tied(events)):
        assert kind == "first" or not asked


def _found(kind: str, n: int, events: list[Event], player: int, window: Interval) -> tuple[int | None, int, int]:
    """The value of an event, when the last one up to it was, and how many there were up to it."""
    mine = [one for one in events if one.player == player and window.after < one.time <= window.until]
    mine.sort(key=lambda one: (one.time, one.id), reverse=kind == "last")
    upto = mine[:n]
    return (
        upto[n - 1].value if len(upto) == n else None,
        upto[-1].time - BEFORE if upto else 0,
        len(upto),
    )


def _placed(before: list[tuple[int | None, int, int]]) -> Placed:
    values, times, numbers = zip(*before, strict=True)
    return Placed(
        Numbers(np.array([one or 0 for one in values]), np.array([one is not None for one in values])),
        np.array(times, dtype=np.int64),
        np.array(numbers, dtype=np.int64),
    )


def _values(placed: Placed) -> list[int | None]:
    assert isinstance(placed.value, Numbers)
    valid = placed.value.valid
    there = [True] * len(placed.time) if valid is None else valid.tolist()
    return [int(one) if is_there else None for one, is_there in zip(placed.value.values, there, strict=True)]


def _rows(events: list[Event], window: Window) -> Any:
    """Answers as an engine does, about rows that became known or that an edge passed."""
    moved = [
        one
        for one in events
        if one.known > SINCE or any(part.after < one.time <= part.until for part in window.between())
    ]

    def answer(question: EventQuestion, among: Places | None = None) -> tuple[Any, Places]:
        assert isinstance(question, AskOrdered)
        assert among is None
        cells: dict[tuple[int, int], list[Event]] = defaultdict(list)
        for one in moved:
            if question.edges[0] < one.time <= question.edges[-1]:
                cells[one.player, bisect_left(question.edges, one.time)].append(one)
        found = []
        for (player, bucket), inside in cells.items():
            ordered = sorted(inside, key=lambda one: (one.time, one.id))
            for place, one in enumerate(ordered, 1):
                end = len(ordered) - place + 1
                if place <= question.first or end == 1:
                    found.append((player, bucket, place, end, one.value, one.time))
        table = pa.table(
            {
                name: pa.array([row[at] for row in found], kind)
                for at, (name, kind) in enumerate(
                    [
                        ("place", pa.int64()),
                        ("bucket", pa.int64()),
                        ("from_start", pa.int64()),
                        ("from_end", pa.int64()),
                        ("c0", pa.int64()),
                        ("c1", pa.timestamp("us", "UTC")),
                    ]
                )
            }
        )
        return table, table["place"].to_numpy()

    return answer


def _tied(events: list[Event]) -> list[bool]:
    times = [(one.player, one.time) for one in events]
    return [times.count(one) > 1 for one in times]


seen = st.dictionaries(
    st.tuples(st.integers(0, PLAYERS - 1), st.sampled_from("abcde")), st.integers(1, 20), max_size=10
)


@given(known=seen, came=seen, gone=st.sets(st.integers(0, PLAYERS - 1)), after=st.integers(0, 20))
def test_values_are_counted_by_when_they_were_seen_last(
    known: dict[tuple[int, str], int], came: dict[tuple[int, str], int], gone: set[int], after: int
) -> None:
    left = {pair: time for pair, time in known.items() if pair[0] not in gone}
    both = left | {pair: max(time, left.get(pair, 0)) for pair, time in came.items()}
    others = np.array([player not in gone for player in range(PLAYERS)])
    found = together(of_players(_newest(known), others), _newest(came))
    kept = since(found, after)

    assert _pairs(found) == both
    assert _pairs(kept) == {pair: time for pair, time in both.items() if time > after}
    counts = [sum(pair[0] == player and time > after for pair, time in both.items()) for player in range(PLAYERS)]
    assert counted(found, after, PLAYERS).tolist() == counts


def _newest(pairs: dict[tuple[int, str], int]) -> Newest:
    found = newest_of(
        pa.array([word for _, word in pairs], pa.string()),
        np.array([player for player, _ in pairs], dtype=np.int64),
        np.array([*pairs.values()], dtype=np.int64),
    )
    assert found is not None
    return found


def _pairs(found: Newest) -> dict[tuple[int, str], int]:
    words = found.words.to_pylist()
    assert (np.diff(found.pairs) > 0).all()
    return {
        (int(pair) >> 32, words[int(pair) & (2**32 - 1)]): int(time)
        for pair, time in zip(found.pairs, found.times, strict=True)
    }
