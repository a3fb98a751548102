"""Members of both worlds from one read of the warehouse. Holds no lock and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import pyarrow as pa
from pyroaring import BitMap

from segctl.base.errors import Refused
from segctl.members.causes import Evidence
from segctl.members.evaluate import Evaluated, Read, evaluate
from segctl.members.numbering import Numbering
from segctl.model.catalog import PlayerTable
from segctl.model.time import Clock
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.sql.program import Program
from segctl.sql.questions import AskTouched
from segctl.sql.statements import WHOLE
from segctl.sql.uses import Uses, uses
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.sides import Sides

NOBODY = BitMap()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One segment: in the state, by its old definition now, and by its new one now.

    `listed` is the whole list of a `players` segment, `unknown` how many of it the warehouse does not know.
    """

    before: BitMap
    meanwhile: BitMap
    after: BitMap
    listed: BitMap | None
    unknown: int
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Outcomes by new name, and the numbers that new players would get."""

    outcomes: Mapping[str, Outcome]
    numbering: Numbering
    players: int


def numbered(ids: Iterable[str], numbering: Numbering) -> BitMap:
    """A list of ids as numbers; ids nobody has met get new ones."""
    unique = sorted(set(ids))
    return BitMap(numbering.numbers(pa.array(unique, pa.string())).tolist()) if unique else BitMap()


def evaluated(context: Context, sides: Sides, numbering: Numbering) -> Evaluation:
    """Evaluates both sides over one read of the warehouse. Raises: Refused.

    What the old catalog names may be gone from the warehouse, which is then why the catalog changes: so the old
    side is given up before the run is.
    """
    try:
        return _evaluated(context, sides, numbering)
    except Refused:
        if sides.old.catalog is sides.new.catalog:
            raise
    return _evaluated(context, replace(sides, lost=True), numbering)


def _evaluated(context: Context, sides: Sides, numbering: Numbering) -> Evaluation:
    program, given = lower(sides.subjects(), sides.new.catalog), sides.given()
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        found = evaluate(
            program,
            ask(program, context.clock),
            context.clock,
            read=read,
            numbering=numbering,
            given=given,
        )
        news = _News(read, numbering, context.clock, sides.new.catalog.player)
        outcomes = {
            name: _outcome(name, sides, found, program, news, given.get(("new", name)))
            for name in sorted(sides.names)
        }
    return Evaluation(_with_dependencies(outcomes, sides), numbering, len(found.players))


def _outcome(
    name: str, sides: Sides, found: Evaluated, program: Program, news: _News, given: BitMap | None
) -> Outcome:
    after = found.members["new", name]
    listed = given if sides.new.segments[name].type == "players" else None
    unknown = 0 if listed is None else len(listed - found.players)
    former = sides.was.get(name)
    held = None if former is None else sides.held.get(former)
    if held is None:
        return Outcome(NOBODY, NOBODY, after, listed, unknown, Evidence(NOBODY, NOBODY, clock=False))
    key = sides.key_of_old(name)
    if key is None:
        return Outcome(held.members, held.members, after, listed, unknown, Evidence(NOBODY, NOBODY, clock=False))
    meanwhile = found.members[key]
    evidence = Evidence(NOBODY, NOBODY, clock=False)
    if meanwhile != held.members:
        evidence = news.evidence(uses(program, key), held.as_of_micros)
    return Outcome(held.members, meanwhile, after, listed, unknown, evidence)


@dataclass(slots=True)
class _News:
    """Who had new rows since an instant; each table is asked once an instant."""

    read: Read
    numbering: Numbering
    clock: Clock
    player: PlayerTable
    asked: dict[AskTouched, BitMap] = field(default_factory=dict)

    def evidence(self, reads: Uses, since: int) -> Evidence:
        """For a definition that reads these tables. A table that cannot tell when it changed blames the data."""
        tells = not reads.beside and (self.player.updated_at is not None or not reads.profile)
        if not reads.clock or not tells:
            return Evidence(NOBODY, NOBODY, clock=False)
        touched = BitMap()
        for question in self._questions(reads, since):
            touched |= self._touched(question)
        return Evidence(touched, NOBODY, clock=True)

    def _questions(self, reads: Uses, since: int) -> Iterable[AskTouched]:
        until = self.clock.micros
        for events in reads.events:
            moments = tuple(name for name in (events.time, events.ingested, events.updated) if name)
            yield AskTouched(events.table, events.player, moments, events.timezone, since, until)
        if reads.profile and self.player.updated_at is not None:
            yield AskTouched(self.player.table, self.player.key, (self.player.updated_at,), None, since, until)

    def _touched(self, question: AskTouched) -> BitMap:
        if question not in self.asked:
            ids = self.read(question, WHOLE)["player"].combine_chunks().cast(pa.string())
            self.asked[question] = BitMap(self.numbering.known_numbers(ids).tolist())
        return self.asked[question]


def _with_dependencies(outcomes: Mapping[str, Outcome], sides: Sides) -> dict[str, Outcome]:
    """The same outcomes, each knowing who moved in the segments that its old definition uses."""
    moved = {name: one.before ^ one.meanwhile for name, one in outcomes.items()}
    found: dict[str, Outcome] = {}
    for name, one in outcomes.items():
        used = sides.used_before(name) & moved.keys()
        dependency = BitMap.union(NOBODY, *(moved[other] for other in used))
        evidence = Evidence(one.evidence.touched, dependency, one.evidence.clock)
        found[name] = Outcome(one.before, one.meanwhile, one.after, one.listed, one.unknown, evidence)
    return found
