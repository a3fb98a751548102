"""The law that everything stands on: every engine finds exactly the members that the oracle defines."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.engine import answered, found, found_by_postgres, found_by_spark
from tests.support.generate import World, entries, expected, worlds

# 50 worlds of 46 segments, of which about 40 stay, are 2,000 cases; SEGCTL_WORLDS=2500 makes 100,000
WORLDS = int(os.environ.get("SEGCTL_WORLDS", "50"))
# a statement takes Spark some hundredths of a second, however little it reads
SPARK_WORLDS = max(WORLDS // 3, 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worlds")


@pytest.fixture(scope="module")
def tally() -> Iterator[Counter[str]]:
    """Counts what was compared; `pytest -n 0 -s` tells it at the end."""
    counted: Counter[str] = Counter()
    yield counted
    told = f"{counted['segments']:,} segments of {counted['worlds']:,} worlds, {counted['answers']:,} answers"
    sys.stdout.write(f"\ncompared {told}\n")


@settings(max_examples=WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 50)
@given(world=worlds())
def test_engines_find_the_members_that_the_oracle_defines(
    folder: Path, postgres_worlds: str, spark_server: str, tally: Counter[str], world: World
) -> None:
    size = len(world.segments)
    tally.update(worlds=1, segments=size, answers=size * len(world.players))
    members, entered = expected(world), entries(world)

    engines = found(world, folder), found_by_postgres(world, postgres_worlds), found_by_spark(world, spark_server)
    for answer in engines:
        assert answer.members == members
        assert answer.entered == entered


@settings(
    max_examples=SPARK_WORLDS, deadline=None, suppress_health_check=list(HealthCheck), derandomize=WORLDS == 50
)
@given(world=worlds())
def test_spark_finds_the_members_that_the_oracle_defines(spark_server: str, world: World) -> None:
    answer = found_by_spark(world, spark_server)

    assert answer.members == expected(world)
    assert answer.entered == entries(world)


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds())
def test_every_version_of_postgres_finds_them(each_postgres_worlds: str, world: World) -> None:
    assert found_by_postgres(world, each_postgres_worlds).members == expected(world)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds())
def test_slices_of_players_change_nothing(
    folder: Path, postgres_worlds: str, spark_server: str, world: World
) -> None:
    members = expected(world)

    assert answered(world, folder, slice_size=5) == members
    assert found_by_postgres(world, postgres_worlds, slice_size=5).members == members
    assert found_by_spark(world, spark_server, slice_size=5).members == members
