"""What is read back of one player is what the oracle was given: the same verdict on every rule, player by player."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from segctl.model.membership import memberships_of
from segctl.model.needs import needs
from segctl.model.verdict import Asked, verdict
from segctl.warehouse.read import open_warehouse
from segctl.workflow.facts import facts_of
from tests.support.generate import World, expected, plain, society, worlds
from tests.support.world import STRANGER, write_world

WORLDS = int(os.environ.get("SEGCTL_WORLDS", "12"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("facts")


def read_back(world: World, folder: Path) -> dict[str, frozenset[str]]:
    """Members by segment, by the tree of verdicts on facts that were read back for one player at a time."""
    path = folder / "world.duckdb"
    path.unlink(missing_ok=True)
    write_world(path, world.catalog, world.players)
    members = expected(world)
    wanted = needs(world.rules.values(), (), world.catalog)
    found: dict[str, set[str]] = {name: set() for name in world.rules}
    with open_warehouse(f"duckdb:///{path}", world.clock.zone) as read:
        assert facts_of(STRANGER, wanted, world.catalog, read) is None
        for player in world.players:
            facts = facts_of(player.player_id, wanted, world.catalog, read)
            assert facts is not None
            mine = memberships_of(player.player_id, society(world), members)
            for name, rule in world.rules.items():
                if verdict(rule, Asked(facts, world.catalog, world.clock, mine)).holds:
                    found[name].add(player.player_id)
    return {name: frozenset(ids) for name, ids in found.items()}


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 12)
@given(world=worlds())
def test_facts_read_back_from_duckdb_give_the_members_of_the_oracle(folder: Path, world: World) -> None:
    ruled = plain(world)
    members = expected(ruled)

    assert read_back(ruled, folder) == {name: members[name] for name in ruled.rules}
