"""Members of both worlds from one read of the warehouse. Holds no lock and writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pyarrow as pa
from pyroaring import BitMap

from segctl.base.errors import Refused
from segctl.members.again import Again
from segctl.members.algebra import Memory
from segctl.members.causes import Evidence
from segctl.members.evaluate import Evaluated, evaluate
from segctl.members.kept import Keeping
from segctl.members.limits import values_of
from segctl.members.numbering import Numbering
from segctl.members.read import Read
from segctl.model.catalog import PlayerTable
from segctl.model.time import BEGINNING, Clock
from segctl.sql.ask import ask
from segctl.sql.lower import Subject, lower
from segctl.sql.program import Key, Program, part_key
from segctl.sql.questions import AskTouched
from segctl.sql.sharing import Needs, last_answers, needs
from segctl.sql.statements import WHOLE
from segctl.sql.uses import Uses, uses
from segctl.store.engine import open_state, reading
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.memories import Asked, asked, memories
from segctl.workflow.sides import SNAPSHOT, Held, Sides
from segctl.workflow.timed import Timed, note
from segctl.workflow.watched import Watched
from segctl.workflow.worlds import is_guard

NOBODY = BitMap()
# said of a member who is in without an event
NEVER = BEGINNING
STILL = Evidence(NOBODY, NOBODY, clock=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One segment: in the state, by its old definition now, and by its new one now.

    `listed` is the whole list of a `players` segment or the snapshot of a static one, `unknown` how many listed or
    queried ids the warehouse does not know; `since` says when members of a triggered segment entered.
    """

    before: BitMap
    meanwhile: BitMap
    after: BitMap
    listed: BitMap | None
    unknown: int
    evidence: Evidence
    since: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Outcomes by new name, who passes each guard by its name, and the numbers that new players would get.

    A run that keeps what the next one begins with says so in `again`.
    """

    outcomes: Mapping[str, Outcome]
    guards: Mapping[str, BitMap]
    numbering: Numbering
    players: int
    again: Again | None = None


def numbered(ids: Iterable[str], numbering: Numbering) -> BitMap:
    """A list of ids as numbers; ids nobody has met get new ones."""
    unique = sorted(set(ids))
    return BitMap(numbering.numbers(pa.array(unique, pa.string())).tolist()) if unique else BitMap()


def evaluated(context: Context, sides: Sides, numbering: Numbering, keeping: Keeping | None = None) -> Evaluation:
    """Evaluates both sides over one read of the warehouse. Raises: Refused.

    What the old catalog names may be gone from the warehouse, which is then why the catalog changes: so the old
    side is given up before the run is.
    """
    try:
        return _evaluated(context, sides, numbering, keeping)
    except Refused:
        if sides.old.catalog is sides.new.catalog:
            raise
    return _evaluated(context, replace(sides, lost=True), numbering, keeping)


def _evaluated(context: Context, sides: Sides, numbering: Numbering, keeping: Keeping | None) -> Evaluation:
    context.timings.lap("comparing with the state")
    subjects = sides.subjects()
    program = lower(subjects, sides.new.catalog)
    with once(context, sides, numbering, subjects, program, keeping) as (found, given, read):
        news = _News(read, numbering, context.clock, sides.new.catalog.player)
        outcomes = {name: _outcome(name, sides, found, program, news, given) for name in sorted(sides.names)}
    guards = {key[1]: members for key, members in found.members.items() if key[0] == "new" and is_guard(key[1])}
    explained = _explained(outcomes, sides)
    segments = {name: one for name, one in explained.items() if not is_guard(name)}
    return Evaluation(segments, guards, numbering, len(found.players), found.again)


@contextmanager
def once(
    context: Context,
    sides: Sides,
    numbering: Numbering,
    subjects: Sequence[Subject],
    program: Program,
    keeping: Keeping | None = None,
) -> Iterator[tuple[Evaluated, Mapping[Key, BitMap], Read]]:
    """What one read of the warehouse finds for the program of these subjects, what was given from outside, and the
    read, which is open still. Raises: Refused.
    """
    with open_warehouse(context.warehouse, context.clock.zone) as read:
        yield one_read(context, sides, numbering, subjects, program, read, keeping)


def one_read(
    context: Context,
    sides: Sides,
    numbering: Numbering,
    subjects: Sequence[Subject],
    program: Program,
    opened: Read,
    keeping: Keeping | None = None,
) -> tuple[Evaluated, Mapping[Key, BitMap], Read]:
    """The same, of a warehouse that is open already. Raises: Refused."""
    given = sides.given(lambda ids: numbered(ids, numbering))
    questions = asked(program)
    remembered = _remembered(context, sides, questions) if questions else {}
    reads = ask(program, context.clock)
    queries = {subject.key: subject.query for subject in subjects if subject.query is not None}
    need, answers = needs(program, reads), len(reads.questions) + 1 + len(queries)
    context.timings.lap("preparing questions")
    read = Timed(Watched(opened, answers, context.watch, _last(need, sides)), context.timings.ticks)
    found = evaluate(
        program,
        reads,
        context.clock,
        read=read,
        numbering=numbering,
        given=given,
        late=lambda: sides.returned(numbering.returning),
        memories=remembered,
        queries=queries,
        keeping=keeping,
    )
    note(context.timings, read, need, queries, sides.named)
    return found, {**given, **sides.returned(numbering.returning)}, opened


def _last(need: Needs, sides: Sides) -> tuple[int, ...]:
    """For each segment the number of the answer with which it has all that it asks for."""
    found: dict[str, int] = {}
    for key, number in last_answers(need).items():
        name = sides.named(key)
        if not is_guard(key[1]):
            found[name] = max(number, found.get(name, 0))
    return tuple(found.values())


def _remembered(context: Context, sides: Sides, questions: list[Asked]) -> dict[Asked, Memory]:
    """What the history says to the questions of both sides."""
    held: dict[tuple[str, str], Held] = {("old", former): one for former, one in sides.held.items()}
    held |= {("new", sides.now[former]): one for former, one in sides.held.items() if former in sides.now}
    with reading(open_state(context.state)) as connection:
        return memories(connection, questions, held, context.clock)


def _outcome(
    name: str, sides: Sides, found: Evaluated, program: Program, news: _News, given: Mapping[Key, BitMap]
) -> Outcome:
    after = found.members["new", name]
    listed, unknown = _kept(name, sides, found, given)
    entered = found.entered.get(("new", name))
    since = None if entered is None else values_of(after, entered, NEVER)
    former = sides.was.get(name)
    held = None if former is None else sides.held.get(former)
    if held is None:
        return Outcome(NOBODY, NOBODY, after, listed, unknown, STILL, since)
    key = sides.key_of_old(name)
    if key is None:
        return Outcome(held.members, held.members, after, listed, unknown, STILL, since)
    meanwhile = found.members[key]
    evidence = STILL
    if meanwhile != held.members:
        evidence = news.evidence(uses(program, key), held.as_of_micros)
    return Outcome(held.members, meanwhile, after, listed, unknown, evidence, since)


def _kept(name: str, sides: Sides, found: Evaluated, given: Mapping[Key, BitMap]) -> tuple[BitMap | None, int]:
    """What is kept beside the members, the list or the snapshot; and how many listed ids nobody knows."""
    key: Key = ("new", name)
    match sides.new.segments[name].type:
        case "players":
            listed = given[key]
            return listed, len(listed - found.players)
        case "static" if name in sides.retaken:
            return found.members.get(part_key(key, SNAPSHOT), found.members[key]), 0
        case "static":
            return given[key], 0
        case "sql":
            return None, found.strangers.get(key, 0)
        case _:
            return None, 0


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
            return STILL
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


def _explained(outcomes: Mapping[str, Outcome], sides: Sides) -> dict[str, Outcome]:
    """The same outcomes, each knowing who moved in the segments and the guard that its old definition uses."""
    moved = {name: one.before ^ one.meanwhile for name, one in outcomes.items()}
    found: dict[str, Outcome] = {}
    for name, one in outcomes.items():
        used = {other for other in sides.used_before(name) & moved.keys() if not is_guard(other)}
        dependency = BitMap.union(NOBODY, *(moved[other] for other in used))
        drifted, edited = _guarding(name, outcomes, sides)
        evidence = replace(one.evidence, dependency=dependency, guard=drifted, guarded=edited)
        found[name] = replace(one, evidence=evidence)
    return found


def _guarding(name: str, outcomes: Mapping[str, Outcome], sides: Sides) -> tuple[BitMap, BitMap]:
    """Whom a segment's guard let in or out by itself, and whom by an edit of the guard."""
    former = sides.was.get(name)
    after = sides.new.segments[name].guard
    guard = outcomes.get(after) if after is not None else None
    if guard is None or former is None or former not in sides.old.segments:
        return NOBODY, NOBODY
    before = sides.old.segments[former].guard
    if before == after:
        return guard.before ^ guard.meanwhile, guard.meanwhile ^ guard.after
    # a guard of its own purpose that was not there before keeps out whom it does not pass
    purpose_stays = before is None and after not in sides.was
    return NOBODY, (outcomes[name].meanwhile - guard.after) if purpose_stays else NOBODY
