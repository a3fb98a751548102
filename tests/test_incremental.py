"""The law of incremental runs: whatever happened since, they find what a full run finds, and what the oracle says."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from segctl.base.digest import canonical_json, text_digest
from segctl.members.kept import Keeping, Kept
from segctl.members.packing import pack, unpack
from segctl.model.time import micros
from segctl.warehouse.read import open_warehouse
from tests.support.engine import stepped
from tests.support.generate import entries, expected
from tests.support.postgres_world import write_postgres
from tests.support.stepping import STEPS, Stepping, stepping
from tests.support.world import write_world

PHASES = [Phase.explicit, Phase.generate]
EXAMPLES = max(6, int(os.environ.get("SEGCTL_WORLDS", "50")) // 8)


class Machine(RuleBasedStateMachine):
    """Steps of a world; after each of them an incremental run, a full one and the oracle."""

    folder: Path
    postgres: str | None = None

    def __init__(self) -> None:
        super().__init__()
        self.kept: Kept | None = None
        self.known: list[str] = []
        self.stepping: Stepping | None = None

    @initialize(seed=st.integers(0, 2**32 - 1))
    def begin(self, seed: int) -> None:
        self.stepping = stepping(seed)

    @rule(step=st.sampled_from(STEPS))
    def tick(self, step: timedelta) -> None:
        self._now.tick(step)

    @rule(step=st.sampled_from(STEPS[:3]))
    def arrive(self, step: timedelta) -> None:
        self._now.tick(step)
        self._now.arrive()

    @rule()
    def arrive_at_once(self) -> None:
        self._now.arrive()

    @rule(step=st.sampled_from(STEPS[:3]))
    def change(self, step: timedelta) -> None:
        self._now.tick(step)
        self._now.change()

    @rule()
    def update(self) -> None:
        self._now.update()

    @rule()
    def leave(self) -> None:
        self._now.leave()

    @rule()
    def come(self) -> None:
        self._now.come()

    @rule()
    def edit(self) -> None:
        self._now.edit()

    @property
    def _now(self) -> Stepping:
        assert self.stepping is not None
        return self.stepping

    @invariant()
    def the_same_is_found(self) -> None:
        if self.stepping is None:
            return
        world = self.stepping.world
        keeping = Keeping(text_digest, micros(world.clock.as_of), 0, self.kept, 1.0)
        with open_warehouse(self._written(), world.clock.zone) as read:
            found, again = stepped(world, read, self.known, keeping)
            at_once = replace(keeping, before=packed_and_back(again.kept))
            twice, _ = stepped(world, read, self.known, at_once)
        assert twice.members == found.members
        assert again.narrowed <= (self.kept is not None)
        self.kept = packed_and_back(again.kept)
        assert found.members == expected(world)
        assert found.entered == entries(world)

    def _written(self) -> str:
        world = self._now.world
        if self.postgres is not None:
            write_postgres(self.postgres, world.catalog, world.players, world.rows)
            return self.postgres
        path = self.folder / "world.duckdb"
        path.unlink(missing_ok=True)
        write_world(path, world.catalog, world.players, world.rows)
        return f"duckdb:///{path}"


def packed_and_back(kept: Kept) -> Kept:
    """As it comes back from a file."""
    description, chunks = pack(kept)
    return unpack(json.loads(canonical_json(description)), [memoryview(bytearray(chunk)) for chunk in chunks])


def _run(machine: type[Machine], examples: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=EXAMPLES == 6,
            phases=PHASES,
        ),
    )


def test_an_incremental_run_finds_what_the_oracle_says(tmp_path: Path) -> None:
    machine = type("OnDuckDB", (Machine,), {"folder": tmp_path})

    _run(machine, EXAMPLES)


def test_an_incremental_run_on_postgresql_finds_what_the_oracle_says(postgres_worlds: str) -> None:
    machine = type("OnPostgres", (Machine,), {"postgres": postgres_worlds})

    _run(machine, max(3, EXAMPLES // 4))
