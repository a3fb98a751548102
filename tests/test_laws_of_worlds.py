"""Laws of two worlds: moved in time, in another order, or with fewer players. Asked of the oracle and of each engine."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.engines import ENGINES, Engine, engine_of
from tests.support.generate import World, worlds
from tests.support.reordering import reordered
from tests.support.shifting import shifted, timeless

EXAMPLES = max(4, int(os.environ.get("SEGCTL_WORLDS", "50")) // 25)
few = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=EXAMPLES == 4
)
# to the microsecond, and far enough to leave every month
LENGTHS = st.timedeltas(timedelta(days=-400), timedelta(days=400))


@pytest.fixture(scope="module", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_of(request)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@few
@given(world=worlds(), by=LENGTHS)
def test_moving_everything_in_time_changes_nothing(
    engine: Engine, folder: Path, world: World, by: timedelta
) -> None:
    still = timeless(world)

    assert engine(shifted(still, by), folder=folder) == engine(still, folder=folder)


@few
@given(world=worlds(), seed=st.integers(0, 99))
def test_order_changes_nothing(engine: Engine, folder: Path, world: World, seed: int) -> None:
    """Of conditions, players, rows and segments."""
    assert engine(reordered(world, Random(seed)), folder=folder) == engine(world, folder=folder)


@few
@given(world=worlds(players=6), seed=st.integers(0, 99))
def test_membership_depends_on_no_other_player_but_for_limits(
    engine: Engine, folder: Path, world: World, seed: int
) -> None:
    """Alone, everybody is where they were among the others."""
    free = replace(world, segments={name: replace(one, limit=None) for name, one in world.segments.items()})
    together = engine(free, folder=folder)
    for player in Random(seed).sample(free.players, min(3, len(free.players))):
        alone = engine(replace(free, players=[player]), folder=folder)

        among = {name for name, members in together.items() if player.player_id in members}
        assert {name for name, members in alone.items() if player.player_id in members} == among
