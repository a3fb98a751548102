"""Who answers a world: the oracle, and every engine that is held to it. A new engine is one more line here."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from segctl.model.membership import Ids
from tests.support.engine import answered
from tests.support.generate import World, expected


class Engine(Protocol):
    """Members by segment; `folder` is where it may write the world."""

    def __call__(self, world: World, *, folder: Path) -> Mapping[str, Ids]: ...


def _oracle(world: World, *, folder: Path) -> Mapping[str, Ids]:  # noqa: ARG001 - writes nothing
    return expected(world)


def _duckdb(world: World, *, folder: Path) -> Mapping[str, Ids]:
    return answered(world, folder)


ENGINES: Mapping[str, Engine] = {"oracle": _oracle, "duckdb": _duckdb}
