"""Members kept true: every deployed segment that follows rules, evaluated at a new instant, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segctl.apply.write import Members, Receipt, Writing, write
from segctl.base.errors import Refused
from segctl.members.numbering import Numbering
from segctl.store import definitions, players
from segctl.store.definitions import Deployed
from segctl.store.engine import open_state, reading, writing
from segctl.store.origin import Origin
from segctl.store.state import advance, ensure, head
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of, stored_segments
from segctl.workflow.effects import Effect, effect
from segctl.workflow.evaluation import evaluated
from segctl.workflow.sides import Held, Sides
from segctl.workflow.stage import held_of, refuse_older
from segctl.workflow.worlds import Definition, World

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the effect on each segment, how many players were evaluated, what was written."""

    effects: Mapping[str, Effect]
    players: int
    receipt: Receipt


def refresh(context: Context) -> Refreshed:
    """Evaluates all deployed segments at the context's instant. Raises: Refused.

    Definitions are the state's, not the files'. When another run is committed meanwhile, it starts again.
    """
    engine = open_state(context.state)
    ensure(engine, context.at)
    for _ in range(_ATTEMPTS):
        serial, effects, numbering, evaluated_players = _evaluate(context)
        with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds) as connection:
            if head(connection).serial != serial:
                continue
            origin = Origin(
                advance(connection, serial), context.at, context.author.name, actor=context.author.detail
            )
            receipt = write(connection, origin, _writing(context, effects, numbering))
        return Refreshed(effects, evaluated_players, receipt)
    raise Refused("Other runs kept changing the state during the refresh.", "Run the same command again.")


def _evaluate(context: Context) -> tuple[int, dict[str, Effect], Numbering, int]:
    with reading(open_state(context.state)) as connection:
        serial = head(connection).serial
        deployed = definitions.deployed(connection)
        segments = {one.name: one for one in deployed.values() if one.kind == "segment"}
        catalog = stored_catalog_of(connection, deployed)
        if catalog is None:
            raise Refused("Nothing is deployed yet, so there is nothing to refresh.", "Deploy first: segctl apply")
        stored = stored_segments(connection, segments.values(), catalog)
        before = held_of(connection, segments.values())
        numbering = Numbering(players.load(connection))
    refuse_older(before, context.clock.micros)
    world = World({name: Definition(name, one.type, one.rules) for name, one in stored.items()}, catalog)
    return serial, *_effects(context, world, segments, before, numbering)


def _effects(
    context: Context,
    world: World,
    segments: Mapping[str, Deployed],
    before: Mapping[str, Held],
    numbering: Numbering,
) -> tuple[dict[str, Effect], Numbering, int]:
    same = {name: name for name in segments}
    sides = Sides(
        new=world,
        old=world,
        names=frozenset(name for name, one in world.segments.items() if one.follows),
        gone=frozenset(),
        was=same,
        now=same,
        held=before,
        listed={},
        still=True,
    )
    evaluation = evaluated(context, sides, numbering)
    found = {name: effect(name, one, "data") for name, one in evaluation.outcomes.items()}
    return found, numbering, evaluation.players


def _writing(context: Context, effects: Mapping[str, Effect], numbering: Numbering) -> Writing:
    return Writing(
        kind="refresh",
        as_of=context.now,
        members=[
            Members(f"segment.{name}", one.after, one.listed, one.moved) for name, one in sorted(effects.items())
        ],
        new_players=numbering.new,
    )
