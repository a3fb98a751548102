"""Many writers and readers of one state at once. `SEGCTL_CROWD=8x100` sets how many write, and how often."""

from __future__ import annotations

import os
from collections import Counter

from tests.faults.crowd import crowd
from tests.support.casino import ON_BOTH, Casino

WRITERS, ROUNDS = map(int, os.environ.get("SEGCTL_CROWD", "4x6").split("x"))
# who loses is told that somebody writes, or that others were faster three times
BUSY = ("is being written by", "kept changing")


@ON_BOTH
def test_of_a_crowd_one_applies_each_plan_and_readers_see_no_halves(casino: Casino) -> None:
    told = crowd(casino, writers=WRITERS, rounds=ROUNDS)

    assert told.crashes == []
    assert told.halves == []
    assert told.looks > ROUNDS
    assert len(told.applies) == ROUNDS
    for outcomes in told.applies.values():
        assert Counter(outcomes)["done"] == 1, outcomes
        assert all(any(word in said for word in ("applied already", *BUSY)) for said in outcomes if said != "done")
    assert all(any(word in said for word in BUSY) for said in told.refreshes), told.refreshes
    assert casino.plan().empty
