"""Members kept true: every deployed segment that follows rules, evaluated at a new instant, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.apply.write import Members, Receipt, Writing, write
from segctl.base.errors import Refused
from segctl.members.again import Again
from segctl.members.evaluate import SLICE
from segctl.members.numbering import Numbering
from segctl.sql.lower import HELD_IN
from segctl.store import definitions
from segctl.store.engine import open_state, reading, writing
from segctl.store.origin import Origin
from segctl.store.state import Head, advance, ensure, head
from segctl.workflow.context import Context
from segctl.workflow.deployed import stored_catalog_of, stored_parts
from segctl.workflow.effects import Effect, effect
from segctl.workflow.evaluation import evaluated
from segctl.workflow.features import ON_SPARK, Features, kept, loaded
from segctl.workflow.older import refuse_older
from segctl.workflow.progress import Progress
from segctl.workflow.returns import holds_of, names_of, numbering_of
from segctl.workflow.sides import Sides
from segctl.workflow.stage import held_of
from segctl.workflow.timed import seconds_by_address
from segctl.workflow.worlds import address_of, world

_ATTEMPTS = 3
TOO_MANY = f"there are more than {SLICE:,} players, and for so many nothing is kept"


@dataclass(frozen=True, slots=True)
class Looked:
    """At how many of the players a refresh looked, and why not at fewer: a reason a line.

    `unkept` says why the next refresh will have to look at everybody, if it will.
    """

    incremental: bool
    players: int
    of: int
    why: tuple[str, ...] = ()
    unkept: str | None = None


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did: the effect on each segment, at whom it looked, what was written."""

    effects: Mapping[str, Effect]
    looked: Looked
    receipt: Receipt


def _anybody(connection: Connection) -> None:
    del connection


def refresh(context: Context, *, full: bool = False, refuse: Callable[[Connection], None] = _anybody) -> Refreshed:
    """Evaluates all deployed segments at the context's instant. Raises: Refused.

    Definitions are the state's, not the files'. When another run is committed meanwhile, it starts again. Unless
    `full`, it begins with what the last refresh kept. `refuse` has the last word in the transaction that writes.
    """
    engine = open_state(context.state)
    ensure(engine, context.at)
    doing = f"refresh by {context.author.name}"
    for _ in range(_ATTEMPTS):
        made = _evaluate(context, full=full)
        context.watch(Progress("writing", 0, 0))
        with writing(engine, lock_timeout_seconds=context.lock_timeout_seconds, doing=doing) as connection:
            if head(connection).serial != made.serial:
                continue
            refuse(connection)
            origin = Origin(
                advance(connection, made.serial), context.at, context.author.name, actor=context.author.detail
            )
            receipt = write(connection, origin, _writing(context, made))
        context.timings.lap("writing")
        looked = _looked(context, made, receipt)
        context.timings.lap("keeping what the next begins with")
        return Refreshed(made.effects, looked, receipt)
    raise Refused("Other runs kept changing the state during the refresh.", "Run the same command again.")


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """Everything at the instant of the refresh, as seen from one serial."""

    head: Head
    effects: Mapping[str, Effect]
    guards: Mapping[str, BitMap]
    numbering: Numbering
    players: int
    again: Again | None
    features: Features

    @property
    def serial(self) -> int:
        return self.head.serial


def _evaluate(context: Context, *, full: bool) -> _Evaluated:
    with reading(open_state(context.state)) as connection:
        at = head(connection)
        deployed = definitions.deployed(connection)
        catalog = stored_catalog_of(connection, deployed)
        if catalog is None:
            raise Refused("Nothing is deployed yet, so there is nothing to refresh.", "Deploy first: segctl apply")
        stored = world(stored_parts(connection, deployed.values(), catalog))
        before = held_of(connection, deployed.values())
        numbering = numbering_of(connection)
        holds = holds_of(connection, names_of(deployed.values()), context.clock)
        features = loaded(context, connection, at, numbering, full=full)
    refuse_older(deployed.values(), context.now)
    same = {name: name for name in stored.segments}
    lists = holds.names(HELD_IN)
    sides = Sides(
        new=stored,
        old=stored,
        names=frozenset(name for name, one in stored.segments.items() if one.follows or name in lists),
        gone=frozenset(),
        was=same,
        now=same,
        held=before,
        listed={},
        clock=context.clock,
        still=True,
        holds=holds,
    )
    made = evaluated(context, sides, numbering, features.keeping)
    effects = {name: effect(name, one, "data") for name, one in made.outcomes.items()}
    context.timings.lap("finding who moved")
    return _Evaluated(at, effects, made.guards, numbering, made.players, made.again, features)


def _looked(context: Context, made: _Evaluated, receipt: Receipt) -> Looked:
    """Keeps what the next refresh begins with, and says how this one went."""
    again, features = made.again, made.features
    if features.keeping is None:
        return Looked(False, made.players, made.players, (ON_SPARK,))
    if again is None:
        return Looked(False, made.players, made.players, (TOO_MANY,), TOO_MANY)
    unkept = kept(context, made.head, features, receipt, again.kept)
    if features.why is not None:
        return Looked(False, made.players, made.players, (features.why,), unkept)
    why = tuple(f"{name}: {reason}" for name, reason in sorted(again.why.items()))
    return Looked(again.narrowed, again.players, made.players, why, unkept)


def _writing(context: Context, made: _Evaluated) -> Writing:
    moved = sorted(made.effects.items())
    return Writing(
        kind="refresh",
        as_of=context.now,
        members=[Members(f"segment.{name}", one.after, one.listed, one.moved, one.since) for name, one in moved]
        + [Members(address_of(name), passing, None, ()) for name, passing in sorted(made.guards.items())],
        new_players=made.numbering.new,
        returned=made.numbering.returning.met,
        seconds=seconds_by_address(context.timings),
    )
