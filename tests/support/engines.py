"""Who answers a world: the oracle, and every engine that is held to it. A new engine is one more line here."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Protocol

import pytest

from segctl.model.membership import Ids
from tests.support.engine import answered, found_by_postgres, found_by_spark
from tests.support.generate import World, expected

ENGINES = ("oracle", "duckdb", "postgres", "spark")


class Engine(Protocol):
    """Members by segment; `folder` is where it may write the world."""

    def __call__(self, world: World, *, folder: Path) -> Mapping[str, Ids]: ...


def engine_of(request: pytest.FixtureRequest) -> Engine:
    """The engine that a fixture's parameter names; a server is started when the first test asks for one."""
    match request.param:
        case "oracle":
            return _oracle
        case "duckdb":
            return _duckdb
        case "spark":
            return partial(_spark, server=request.getfixturevalue("spark_server"))
        case _:
            return partial(_postgres, address=request.getfixturevalue("postgres_worlds"))


def _oracle(world: World, *, folder: Path) -> Mapping[str, Ids]:  # noqa: ARG001 - writes nothing
    return expected(world)


def _duckdb(world: World, *, folder: Path) -> Mapping[str, Ids]:
    return answered(world, folder)


def _postgres(world: World, *, folder: Path, address: str) -> Mapping[str, Ids]:  # noqa: ARG001 - it has a server
    return found_by_postgres(world, address).members


def _spark(world: World, *, folder: Path, server: str) -> Mapping[str, Ids]:  # noqa: ARG001 - its folder is its own
    return found_by_spark(world, server).members
