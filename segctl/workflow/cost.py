"""What a segment adds to a run: the facts that only it asks for, and what reading just those takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import pyarrow as pa

from segctl.base.timings import Asking, Spent
from segctl.members.evaluate import evaluate
from segctl.members.numbering import Numbering
from segctl.model.cost import ConditionCost, Cost, ReadCost
from segctl.model.funnel import Place, places
from segctl.model.rule import Group
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.sql.program import Program
from segctl.sql.sharing import Needs, needs, table_of
from segctl.sql.uses import facts_of
from segctl.warehouse.read import open_warehouse
from segctl.workflow.attrition import place_key, questions
from segctl.workflow.context import Context
from segctl.workflow.known import Known, side_with, sides_of
from segctl.workflow.load import Loaded
from segctl.workflow.returns import numbering_of
from segctl.workflow.sides import Sides
from segctl.workflow.state import looking
from segctl.workflow.timed import Timed, asking_of
from segctl.workflow.worlds import is_guard


@dataclass(frozen=True, slots=True)
class Costed:
    """The cost, and the catalog to tell of it."""

    cost: Cost
    known: Known


@dataclass(frozen=True, slots=True)
class _Lowered:
    """All segments together: their program, what it needs, and whose each part of it is."""

    name: str
    sides: Sides
    program: Program
    need: Needs
    answered: frozenset[int]

    def users(self, number: int) -> set[str]:
        return {self.sides.named(key) for key in self.need.users.get(number, ())}

    def own(self, number: int) -> bool:
        return self.users(number) == {self.name}


def cost(context: Context, loaded: Loaded, name: str, *, declared: bool = False, measure: bool = True) -> Costed:
    """What a segment adds beside all others that runs evaluate. Raises: Mistakes; Refused."""
    with looking(context) as connection:
        known = side_with(connection, loaded, name, declared=declared)
        numbering = numbering_of(connection)
    one = known.world.segments[name]
    following = {other for other, found in known.world.segments.items() if found.follows}
    rules = None if known.keeps(name) else known.parts.segments[name].rules
    found_places = () if rules is None else tuple(places(rules))
    sides = sides_of(known, {*following, name}, {}, context.clock, numbering)
    program = lower([*sides.subjects(), *questions(known, name, found_places)], known.parts.catalog)
    need = needs(program, ask(program, context.clock))
    lowered = _Lowered(name, sides, program, need, frozenset(chain.from_iterable(need.facts.values())))
    asked = [number for number in lowered.answered if name in lowered.users(number)]
    own = sorted(number for number in asked if lowered.own(number))
    spent, query = _measured(context, lowered, own, one.query) if measure else ({}, None)
    return Costed(
        Cost(
            segment=name,
            type=one.type,
            purpose=known.parts.segments[name].purpose,
            others=sum(not is_guard(other) for other in following - {name}),
            facts=len(asked),
            own=len(own),
            conditions=tuple(_conditions(lowered, found_places)),
            reads=tuple(_reads(context, lowered, own, spent, measured=measure)),
            measured=measure,
            kept=not one.follows,
            declared=known.declared,
            query=query,
        ),
        known,
    )


def _conditions(lowered: _Lowered, found: Sequence[Place]) -> Iterator[ConditionCost]:
    for at, place in enumerate(found):
        if not isinstance(place.rule, Group):
            asked = facts_of(lowered.program, place_key(lowered.name, f"{at}")) & lowered.answered
            sharing: set[str] = set().union(*map(lowered.users, asked)) - {lowered.name}
            yield ConditionCost(place, len(asked), sum(map(lowered.own, asked)), len(sharing))


def _alone(program: Program, own: list[int]) -> Program:
    """Only these facts, for nobody: what is asked for is read, and nothing else."""
    facts = tuple(program.facts[number] for number in own)
    return replace(program, facts=facts, atoms=(), nodes=(), segments={}, entered={})


def _measured(
    context: Context, lowered: _Lowered, own: list[int], query: str | None
) -> tuple[dict[Asking, Spent], Spent | None]:
    """Reads what only this segment needs, now. The segment's own query is run as well."""
    if not own and query is None:
        return {}, None
    program = _alone(lowered.program, own)
    asked = ask(program, context.clock)
    need = needs(program, asked)
    with open_warehouse(context.warehouse, context.clock.zone) as opened:
        read = Timed(opened, context.timings.ticks)
        if own:
            numbering = Numbering(pa.array([], pa.string()))
            evaluate(program, asked, context.clock, read=read, numbering=numbering, given={})
        found = len(read.rows(query, context.now)) if query is not None else 0
    spent: dict[Asking, Spent] = {}
    for question, one in read.answers.items():
        if need.facts.get(question):
            spent.setdefault(asking_of(question), Spent()).add(one)
    return spent, None if query is None else Spent(reading=read.queries[query], rows=found)


def _reads(
    context: Context, lowered: _Lowered, own: list[int], spent: dict[Asking, Spent], *, measured: bool
) -> list[ReadCost]:
    """What is asked of each table for the segment alone, and whether others read that table too."""
    others = {
        table_of(question)
        for question, facts in lowered.need.facts.items()
        if any(lowered.users(number) - {lowered.name} for number in facts)
    }
    program = _alone(lowered.program, own)
    asked: dict[Asking, int] = {}
    for question, facts in needs(program, ask(program, context.clock)).facts.items():
        if facts:
            asking = asking_of(question)
            asked[asking] = asked.get(asking, 0) + len(facts)
    return [
        ReadCost(table, what, facts, table in others, spent.get((table, what)) if measured else None)
        for (table, what), facts in asked.items()
    ]
