"""A connection to PostgreSQL that is cut at any message, and a server that ends in the middle: all or nothing.

One message of 37 here, and the server ends at one of 185; `SEGCTL_FAULTS=1` takes every one, and every fifth.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from segctl.base.errors import Refused
from segctl.store.refusal import OutcomeUnknown
from tests.faults.proxy import Proxy, proxy, through
from tests.faults.scene import Scene, Verb, deployed
from tests.support.casino import Casino
from tests.support.postgres import Server, database, own_server

EVERY = int(os.environ.get("SEGCTL_FAULTS", "37"))
VERBS: tuple[Verb, ...] = ("apply", "refresh")


def faulty(scene: Scene, behind: Proxy) -> str:
    """What a run behind a proxy ends with: `done`, or the name of its refusal. Anything else is a defect."""
    casino, address = scene.casino, scene.casino.postgres
    assert address is not None
    casino.point_at(through(behind))
    try:
        scene.work()
    except Refused as refusal:
        return type(refusal).__name__ if refusal.help else f"without a way out: {refusal.message}"
    finally:
        casino.point_at(address)
    return "done"


def check(scene: Scene, every: int, fault: Callable[[], None] | None = None) -> Counter[str]:
    """Lets the fault happen at every so-many-th message of a run; how the runs ended and what they left."""
    assert scene.casino.postgres is not None
    address = scene.casino.postgres
    before = scene.stored()
    with proxy(address) as open_:
        assert faulty(scene, open_) == "done"
    after, settled = scene.stored(), scene.settled()
    seen: Counter[str] = Counter()
    for at in range(1, len(open_.messages), every):
        scene.restore()
        with proxy(address, at, fault) as cut:
            ended = faulty(scene, cut)
        stored = scene.stored()
        left = "before" if stored == before else "after" if stored == after else "partial"
        seen[f"{ended}, {left}"] += 1
        assert scene.findings() == [], cut.messages[-1]
        scene.again()
        assert scene.settled() == settled, cut.messages[-1]
    return seen


@pytest.mark.parametrize("casino", ["postgres"], indirect=True)
@pytest.mark.parametrize("verb", VERBS)
def test_a_connection_cut_at_any_message_leaves_all_or_nothing(casino: Casino, verb: Verb) -> None:
    seen = check(Scene(deployed(casino), verb), EVERY)

    assert sum(seen.values()) > 100 // EVERY
    assert [one for one in seen if "partial" in one or "without" in one] == []
    assert seen["Refused, after"] == 0, "what was written is not called a failure"


@pytest.fixture
def restarted() -> Iterator[Server]:
    with own_server() as running:
        yield running


@pytest.mark.parametrize("verb", VERBS)
def test_a_server_that_ends_in_the_middle_leaves_all_or_nothing(
    casino: Casino, restarted: Server, verb: Verb
) -> None:
    with database(restarted.address) as address:
        casino.move_to_postgres(address)

        seen = check(Scene(deployed(casino), verb), 5 * EVERY, restarted.crash_and_start)

    assert sum(seen.values()) > 20 // EVERY
    assert [one for one in seen if "partial" in one or "without" in one] == []
    assert seen["Refused, after"] == 0


def test_an_answer_to_commit_that_was_lost_is_told_as_unknown(postgres: str, casino: Casino) -> None:
    casino.move_to_postgres(postgres)
    scene = Scene(deployed(casino), "apply")
    with proxy(postgres) as open_:
        faulty(scene, open_)
    commit = len(open_.messages)
    outcomes = set()
    for at in range(commit - 12, commit):
        scene.restore()
        with proxy(postgres, at) as cut:
            outcomes.add((faulty(scene, cut), scene.stored()["run"] != []))

    assert any(ended == OutcomeUnknown.__name__ for ended, _ in outcomes), outcomes
