"""The engine's answer for a random world: what production code does, from lowering to bitmaps."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from segctl.members.evaluate import SLICE, evaluate
from segctl.members.numbering import Numbering
from segctl.sql.ask import ask
from segctl.sql.lower import Subject, lower
from segctl.warehouse.read import open_warehouse
from tests.support.generate import World
from tests.support.world import write_world


def answered(world: World, folder: Path, slice_size: int = SLICE) -> dict[str, frozenset[str]]:
    """Members by segment, as DuckDB and the vectorised evaluation find them."""
    path = folder / "world.duckdb"
    path.unlink(missing_ok=True)
    write_world(path, world.catalog, world.players)
    uses = {name: ("new", name) for name in world.rules}
    subjects = [Subject(("new", name), world.catalog, rule, uses=uses) for name, rule in world.rules.items()]
    program = lower(subjects, world.catalog)
    numbering = Numbering(pa.array([], pa.string()))
    with open_warehouse(f"duckdb:///{path}", world.clock.zone) as read:
        found = evaluate(
            program,
            ask(program, world.clock),
            world.clock,
            read=read,
            slice_size=slice_size,
            numbering=numbering,
            given={},
        )
    ids = [player for batch in numbering.new for player in batch.to_pylist()]
    return {name: frozenset(ids[number] for number in found.members["new", name]) for name in world.rules}
