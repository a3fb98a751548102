"""Which deployed segments can be stale: those that a refresh looks at, and no others."""

from __future__ import annotations

from itertools import combinations
from typing import Any

from segctl.store import definitions
from segctl.store.engine import open_state, reading
from segctl.workflow.deployed import stored_catalog_of, stored_parts
from segctl.workflow.staleness import stalenesses
from segctl.workflow.worlds import is_guard, world
from tests.support.casino import ON_BOTH, Casino
from tests.support.casino_facts import SETTINGS

pytestmark = ON_BOTH
# what can narrow a segment or move it, alone and together
BESIDE: dict[str, Any] = {
    "include": [{"players": ["anna"], "reason": "test"}],
    "exclude": [{"players": ["bert"], "reason": "test"}],
    "scope": {"country": "DE"},
    "limit": {"top": 3, "by": "vip_level"},
    "rules": {"vip_level": {"gte": 1}},
}
TYPES: dict[str, dict[str, Any]] = {
    "dynamic": {"rules": BESIDE["rules"]},
    "static": {"rules": BESIDE["rules"]},
    "players": {"players": ["anna", "emil"]},
    "sql": {"query": "SELECT player_id FROM players"},
    "triggered": {"enter": {"event": "payments"}, "for": "7d"},
}


def every_sort(casino: Casino) -> None:
    """A segment for each type, each choice of keys, and each of two purposes, one of which is guarded."""
    casino.write("segctl.yaml", SETTINGS + "guards: {marketing: {vip_level: {gte: 0}}}\n")
    keys = [chosen for number in range(len(BESIDE) + 1) for chosen in combinations(sorted(BESIDE), number)]
    for kind, needed in TYPES.items():
        for at, chosen in enumerate(keys):
            for purpose in ("marketing", "analysis"):
                document = {**needed, **{key: BESIDE[key] for key in chosen}, "purpose": purpose}
                rules = document.pop("rules", None)
                casino.segment(f"{kind}-{at}-{purpose}", rules, type=kind, **document)


def test_what_can_be_stale_is_what_a_refresh_looks_at(casino: Casino) -> None:
    every_sort(casino)
    casino.apply()

    with reading(open_state(casino.context().state)) as connection:
        deployed = definitions.deployed(connection)
        catalog = stored_catalog_of(connection, deployed)
        assert catalog is not None
        stored = world(stored_parts(connection, deployed.values(), catalog))
        found = {one.name for one in stalenesses(connection)}

    followed = {name for name, one in stored.segments.items() if one.follows and not is_guard(name)}
    assert found == followed
    assert {name.partition("-")[0] for name in found} == set(TYPES)
    # unguarded: the bare list, and snapshots by any choice of include, limit and rules
    still = [name.partition("-")[0] for name in stored.segments.keys() - found if not is_guard(name)]
    assert sorted(still) == ["players"] + ["static"] * 8


def test_a_refresh_makes_fresh_what_an_apply_left_and_an_archived_one_is_nobody_s(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, schedule="1h")
    casino.segment("gone", {"country": "GB"}, schedule="1h")
    casino.apply()
    applied = stale(casino)
    casino.remove("gone")
    casino.later(hours=2)
    casino.apply()
    casino.refresh()

    assert applied == {"germans": False, "gone": False}
    assert stale(casino) == {"germans": True}


def stale(casino: Casino) -> dict[str, bool]:
    """Whether a refresh has found their members, by name."""
    with reading(open_state(casino.context().state)) as connection:
        return {one.name: one.refreshed for one in stalenesses(connection)}
