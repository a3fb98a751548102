"""The law that everything stands on: the engine finds exactly the members that the oracle defines."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.engine import answered
from tests.support.generate import World, expected, worlds

# 50 worlds of 40 rules are 2,000 cases; SEGCTL_WORLDS=2500 makes 100,000
WORLDS = int(os.environ.get("SEGCTL_WORLDS", "50"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 50)
@given(world=worlds())
def test_duckdb_finds_the_members_that_the_oracle_defines(folder: Path, world: World) -> None:
    assert answered(world, folder) == expected(world)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds())
def test_slices_of_players_change_nothing(folder: Path, world: World) -> None:
    assert answered(world, folder, slice_size=5) == expected(world)
