"""Scenes of many segment tests on DuckDB, together: what production code finds for the same facts.

One evaluation serves all scenes of one instant: their players stand side by side, each under the number of its
scene. Where a segment depends on who else there is, or on how an id is spelt, a scene is evaluated by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pyarrow as pa
from pyroaring import BitMap

from segctl.members.algebra import Memory
from segctl.members.evaluate import evaluate
from segctl.members.numbering import Numbering
from segctl.model.catalog import Catalog
from segctl.model.comparison import passes
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids
from segctl.model.time import Clock, interval
from segctl.model.trial import FIXED, Past, Scene, Stage, knows_ids
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.sql.program import Key, Program, SinceOf, WasOf, parts_of
from segctl.sql.questions import AskDistinct, AskGrouped, AskMoments, AskMoved, AskOrdered, Question
from segctl.warehouse.brought import Brought
from segctl.warehouse.cast import storage, tables
from segctl.workflow.actors import Actor, given_of, subjects_of


def replayed(scenes: Sequence[Scene], tested: Sequence[str], stage: Stage, brought: Brought) -> list[Ids]:
    """The members of each scene's tested segment, as DuckDB and the vectorised evaluation find them.

    Raises: Refused, as an evaluation does.
    """
    found: list[Ids] = [frozenset()] * len(scenes)
    stored = storage(stage.catalog)
    for group in _groups(scenes, stage):
        actors = [Actor(scenes[at], f"{at}#" if len(group) > 1 else "", _variant(scenes[at])) for at in group]
        members, ids = _evaluated(actors, replace(stage, catalog=stored), stage.catalog, brought)
        for at, actor in zip(group, actors, strict=True):
            mine = {ids[number] for number in members[actor.key(tested[at])]}
            players = actor.scene.society.players
            found[at] = frozenset(player for player in players if f"{actor.prefix}{player}" in mine)
    return found


def _groups(scenes: Sequence[Scene], stage: Stage) -> list[list[int]]:
    """The places of scenes that one evaluation serves."""
    together: dict[datetime, list[int]] = {}
    alone: list[list[int]] = []
    for at, scene in enumerate(scenes):
        if knows_ids(scene.society.segments, stage):
            alone.append([at])
        else:
            together.setdefault(scene.step.as_of, []).append(at)
    return [*together.values(), *alone]


def _variant(scene: Scene) -> str:
    fixed = sorted(name for name, one in scene.society.segments.items() if one.purpose == FIXED)
    taken = sorted(scene.society.snapshots)
    return f"{','.join(fixed)}|{','.join(taken)}|" if fixed or taken else ""


def _evaluated(
    actors: Sequence[Actor], stage: Stage, catalog: Catalog, brought: Brought
) -> tuple[Mapping[Key, BitMap], list[str]]:
    """Members by key, as numbers, and the id of each number. `catalog` says how the facts are written."""
    clock = actors[0].scene.society.clock
    players = [(next(actor.ids([name])), facts) for actor in actors for name, facts in _players(actor)]
    subjects = subjects_of(actors, stage)
    given = given_of(actors)
    everybody = sorted({id_ for id_, _ in players}.union(*given.values()))
    numbers = {id_: number for number, id_ in enumerate(everybody)}
    program = lower(subjects, stage.catalog)
    asked = ask(program, clock)
    wanted = frozenset(_table(question) for question in (asked.players, *asked.questions))
    found = evaluate(
        program,
        asked,
        clock,
        read=brought.read(tables(catalog, players, wanted)),
        numbering=Numbering(pa.array(everybody, pa.string())),
        given={key: BitMap([numbers[id_] for id_ in ids]) for key, ids in given.items()},
        memories=_memories(program, actors, numbers, clock),
    )
    return found.members, everybody


def _table(question: Question) -> str:
    match question:
        case AskGrouped() | AskOrdered() | AskDistinct() | AskMoments() | AskMoved():
            return question.events.table
        case _:
            return question.table


def _players(actor: Actor) -> Iterable[tuple[str, PlayerFacts]]:
    return actor.scene.society.players.items()


def _memories(
    program: Program, actors: Sequence[Actor], numbers: Mapping[str, int], clock: Clock
) -> dict[SinceOf | WasOf, Memory]:
    """What the steps before say of used segments."""
    parts = {part for algebra in program.segments.values() for part in parts_of(algebra)}
    asked = [part for part in parts if isinstance(part, SinceOf | WasOf)]
    return {part: _memory(part, actors, numbers, clock) for part in asked}


def _memory(part: SinceOf | WasOf, actors: Sequence[Actor], numbers: Mapping[str, int], clock: Clock) -> Memory:
    counts, held = BitMap(), BitMap()
    for actor in actors:
        for name in actor.scene.society.segments:
            if actor.key(name) != part.segment:
                continue
            for player in actor.scene.society.players:
                number = numbers[f"{actor.prefix}{player}"]
                joined = actor.scene.past.since(name, player)
                if isinstance(part, SinceOf) and joined is not None:
                    held.add(number)
                if _counts(part, name, player, actor.scene.past, clock):
                    counts.add(number)
    return Memory(counts, held, _fresh(part, clock))


def _counts(part: SinceOf | WasOf, name: str, player: str, past: Past, clock: Clock) -> bool:
    if isinstance(part, WasOf):
        return past.was(name, player, interval(part.window, clock))
    joined = past.since(name, player)
    return joined is not None and all(passes(test, joined, "datetime", clock) for test in part.tests)


def _fresh(part: SinceOf | WasOf, clock: Clock) -> bool:
    """Does a member since now count?"""
    if isinstance(part, SinceOf):
        return all(passes(test, clock.as_of, "datetime", clock) for test in part.tests)
    stretch = interval(part.window, clock)
    return stretch.after < clock.micros <= stretch.until
