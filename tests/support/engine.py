"""The engine's answer for a world: what production code does, from lowering to bitmaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyroaring import BitMap

from segctl.members.again import Again
from segctl.members.algebra import Memory
from segctl.members.evaluate import SLICE, Evaluated, evaluate
from segctl.members.kept import Keeping
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.model.comparison import passes
from segctl.model.membership import Ids
from segctl.model.rule import Test
from segctl.model.time import Clock, interval, micros
from segctl.sql.ask import ask
from segctl.sql.lower import EXCLUDED, INCLUDED, lower
from segctl.sql.program import Key, Program, SinceOf, WasOf, part_key, parts_of
from segctl.warehouse.read import open_warehouse
from tests.support.generate import World
from tests.support.postgres_world import write_postgres
from tests.support.spark_world import spark_warehouse
from tests.support.subjects import named_beside, subjects
from tests.support.world import query_of, write_world


@dataclass(frozen=True, slots=True)
class Found:
    """Members by segment; of triggered segments the instants at which players entered, in microseconds."""

    members: Mapping[str, Ids]
    entered: Mapping[str, Mapping[str, int]]


def answered(world: World, folder: Path, slice_size: int = SLICE) -> Mapping[str, Ids]:
    """Members by segment, as DuckDB and the vectorised evaluation find them."""
    return found(world, folder, slice_size).members


def found(world: World, folder: Path, slice_size: int = SLICE) -> Found:
    """What an evaluation finds in a new DuckDB file that holds the world."""
    path = folder / "world.duckdb"
    path.unlink(missing_ok=True)
    write_world(path, world.catalog, world.players, world.rows)
    with open_warehouse(f"duckdb:///{path}", world.clock.zone) as read:
        return evaluated(world, read, slice_size)


def found_by_postgres(world: World, address: str, slice_size: int = SLICE) -> Found:
    """What an evaluation finds in a database that holds the world, and nothing else any more."""
    write_postgres(address, world.catalog, world.players, world.rows)
    with open_warehouse(address, world.clock.zone) as read:
        return evaluated(world, read, slice_size)


def found_by_spark(world: World, server: str, slice_size: int = SLICE) -> Found:
    """What an evaluation finds over Spark Connect, in a folder of Parquet that holds the world."""
    with (
        spark_warehouse(server, world.catalog, world.players, world.rows) as address,
        open_warehouse(address, world.clock.zone) as read,
    ):
        return evaluated(world, read, slice_size)


def evaluated(world: World, read: Read, slice_size: int = SLICE) -> Found:
    """What an evaluation finds over an opened warehouse that holds the world."""
    return _evaluated(world, read, _Numbers(world), slice_size, None)[0]


def stepped(world: World, read: Read, known: list[str], keeping: Keeping) -> tuple[Found, Again]:
    """What a run finds that takes over what an earlier one kept; ids that get numbers are added to those `known`."""
    numbers = _Numbers(world, known)
    found, answer = _evaluated(world, read, numbers, SLICE, keeping)
    known[:] = numbers.numbering.ids(np.arange(numbers.numbering.count))
    assert answer.again is not None
    return found, answer.again


def _evaluated(
    world: World, read: Read, numbers: _Numbers, slice_size: int, keeping: Keeping | None
) -> tuple[Found, Evaluated]:
    program = lower(subjects(world), world.catalog)
    answer = evaluate(
        program,
        ask(program, world.clock),
        world.clock,
        read=read,
        slice_size=slice_size,
        numbering=numbers.numbering,
        given=_given(world, numbers),
        memories={algebra: _memory(algebra, world, numbers) for algebra in _remembering(program)},
        queries={("new", name): query_of(name) for name in world.rows},
        keeping=keeping,
    )
    found = Found(
        {name: numbers.ids(answer.members["new", name]) for name in world.segments},
        {
            name: dict(zip(ranks.ids(ranks.numbers), ranks.values.tolist(), strict=True))
            for (_, name), ranks in answer.entered.items()
        },
    )
    return found, answer


class _Numbers:
    """Players of lists, snapshots and the history have numbers before a run; all others get theirs in it."""

    def __init__(self, world: World, before: Sequence[str] = ()) -> None:
        named = {player for ids in _named(world).values() for player in ids}
        for name in world.history.spells:
            named.update(world.history.players(name))
        known = [*before, *sorted(named.difference(before), key=lambda player: (len(player) % 3, player))]
        self._numbers = {player: number for number, player in enumerate(known)}
        self.numbering = Numbering(pa.array(known, pa.string()))

    def of(self, ids: Iterable[str]) -> BitMap:
        return BitMap(self._numbers[player] for player in ids)

    def ids(self, members: BitMap) -> Ids:
        return frozenset(self.numbering.ids(np.array(members, dtype=np.int64)))


def _given(world: World, numbers: _Numbers) -> dict[Key, BitMap]:
    return {key: numbers.of(ids) for key, ids in _named(world).items()}


def _named(world: World) -> dict[Key, Iterable[str]]:
    """The members that neither a rule nor a query makes."""
    found: dict[Key, Iterable[str]] = {}
    for name, segment in world.segments.items():
        key: Key = ("new", name)
        if name in world.snapshots:
            found[key] = world.snapshots[name]
        elif segment.players is not None:
            found[key] = segment.players.ids
        found[part_key(key, INCLUDED)] = named_beside(segment.include, world.clock)[1]
        found[part_key(key, EXCLUDED)] = named_beside(segment.exclude, world.clock)[1]
    return found


def _remembering(program: Program) -> Iterable[SinceOf | WasOf]:
    parts = (part for algebra in program.segments.values() for part in parts_of(algebra))
    return dict.fromkeys(part for part in parts if isinstance(part, SinceOf | WasOf))


def _memory(algebra: SinceOf | WasOf, world: World, numbers: _Numbers) -> Memory:
    history, (_, name) = world.history, algebra.segment
    ever = history.players(name)
    since = {player: joined for player in ever if (joined := history.since(name, player)) is not None}
    match algebra:
        case SinceOf(_, tests):
            counts = [player for player, joined in since.items() if _pass(tests, joined, world.clock)]
            fresh = _pass(tests, world.clock.as_of, world.clock)
        case WasOf(_, window):
            stretch = interval(window, world.clock)
            counts = [player for player in ever if history.was(name, player, stretch)]
            fresh = stretch.after < micros(world.clock.as_of) <= stretch.until
    return Memory(numbers.of(counts), numbers.of(since), fresh)


def _pass(tests: Iterable[Test], joined: datetime, clock: Clock) -> bool:
    return all(passes(test, joined, "datetime", clock) for test in tests)
