"""A program and the warehouse's answers become members. Pure: reading is a function that is passed in.

Players are taken in slices, so that memory is bounded by the slice: within one, every fact is an array by the
player's place, every atom and node is bits, and only bitmaps leave it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import pyarrow.compute as pc
from pyroaring import BitMap

from segctl.members.again import Again, Course, learn_again
from segctl.members.algebra import Ground, Memory, members
from segctl.members.gathered import Gathered
from segctl.members.kept import Keeping
from segctl.members.limits import Ranks
from segctl.members.numbering import Numbering
from segctl.members.places import Players, players
from segctl.members.profile import Profile, profile
from segctl.members.read import Read
from segctl.members.roster import prints, recalled
from segctl.members.times import refuse_unclear_times, times_of
from segctl.members.truths import Truths
from segctl.members.watermarks import event_tables, last_events, newest
from segctl.model.time import Clock
from segctl.sql.ask import Asked
from segctl.sql.identity import texts
from segctl.sql.program import Key, Program, SinceOf, WasOf
from segctl.sql.questions import AskCount, AskPlayers, AskSlices, AskTime
from segctl.sql.statements import WHOLE, Slice

# Two million players and their answers fit a few gigabytes, whatever the number of events.
SLICE = 2_000_000


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The members of each segment of the program, and all players of the warehouse.

    `strangers` says of each query how many of its ids are no player's, `entered` of triggered segments when
    players entered. A run that keeps something says how (`again`).
    """

    members: Mapping[Key, BitMap]
    players: BitMap
    strangers: Mapping[Key, int] = field(default_factory=dict)
    entered: Mapping[Key, Ranks] = field(default_factory=dict)
    again: Again | None = None


def evaluate(
    program: Program,
    asked: Asked,
    clock: Clock,
    *,
    read: Read,
    numbering: Numbering,
    given: Mapping[Key, BitMap],
    late: Callable[[], Mapping[Key, BitMap]] = dict,
    memories: Mapping[SinceOf | WasOf, Memory] | None = None,
    queries: Mapping[Key, str] | None = None,
    slice_size: int = SLICE,
    keeping: Keeping | None = None,
) -> Evaluated:
    """Everyone's membership in every segment of the program.

    `read` answers a question for a slice of players with an Arrow table; `numbering` gives players their numbers;
    `given` brings the members that no rule makes, `late` those that are known only when all players have numbers,
    `memories` what the history says of some, `queries` those of sql segments; memory grows with `slice_size`, in
    players. With `keeping`, a run takes over what an earlier one kept and says what the next one may, if all
    players fit one slice. Raises: Refused, when the warehouse contradicts the catalog.
    """
    for events in event_tables(asked):
        for time in times_of(events):
            refuse_unclear_times(events, time, read(AskTime(events.table, time), WHOLE))
    gathered, parts, again = Gathered(program), _slices(asked.players, read, slice_size), None
    if keeping is not None and parts == [WHOLE]:
        since, last = newest(program, asked, keeping, read), last_events(asked, keeping, read)
        named = texts(program)
        first, now = profile(program, asked, named, keeping), prints(asked, keeping, read)
        mine, first = _everybody(program, asked, first, keeping, now, read, numbering)
        read.settle(mine.keys, mine.places)
        truths = Truths(program, clock, mine, keeping=True)
        again = learn_again(truths, asked, Course(keeping, named, since, last, first, now), read)
        gathered.take(truths)
    else:
        for part in parts:
            gathered.take(_truths(program, asked, clock, part, read, numbering))
    found, strangers = _found(queries or {}, clock, read, numbering, gathered.everyone)
    known = gathered.ranks(numbering.ids)
    ground = Ground(
        everyone=gathered.everyone,
        fragments=gathered.fragments,
        given={**given, **found, **late()},
        memories=memories or {},
        ranks=known,
    )
    entered = {key: known[fact] for key, fact in program.entered.items()}
    return Evaluated(members(program.segments, ground), gathered.everyone, strangers, entered, again)


def _everybody(
    program: Program,
    asked: Asked,
    first: Profile,
    keeping: Keeping,
    now: Mapping[str, str],
    read: Read,
    numbering: Numbering,
) -> tuple[Players, Profile]:
    """The players, by number, and what was found out of their profiles on the way."""
    known = recalled(program, first, keeping, now, numbering, read)
    if known is not None:
        return known
    read.ahead([first.first, *(asked.questions if keeping.before is None else ())], WHOLE)
    return players(read(first.first, WHOLE), first.first, numbering, by_number=True), first


def _truths(program: Program, asked: Asked, clock: Clock, part: Slice, read: Read, numbering: Numbering) -> Truths:
    """What is true of one slice of players."""
    read.ahead([asked.players, *asked.questions], part)
    mine = players(read(asked.players, part), asked.players, numbering)
    read.settle(mine.keys, mine.places)
    truths = Truths(program, clock, mine)
    truths.learn(asked, lambda question, _: read(question, part))
    return truths


def _found(
    queries: Mapping[Key, str], clock: Clock, read: Read, numbering: Numbering, everyone: BitMap
) -> tuple[dict[Key, BitMap], dict[Key, int]]:
    """Whom each query found, and how many of its ids are no player's."""
    found: dict[Key, BitMap] = {}
    strangers: dict[Key, int] = {}
    for key, query in queries.items():
        ids = pc.unique(read.rows(query, clock.as_of)).drop_null()
        found[key] = BitMap(numbering.known_numbers(ids).tolist()) & everyone
        strangers[key] = len(ids) - len(found[key])
    return found, strangers


def _slices(players: AskPlayers, read: Read, size: int) -> list[Slice]:
    """Ranges of players by key, so that memory is bounded however many there are."""
    if read(AskCount(players.table, players.key), WHOLE)["players"][0].as_py() <= size:
        return [WHOLE]
    lows = read(AskSlices(players.table, players.key, size), WHOLE)["player"].to_pylist()
    return [Slice(low, high) for low, high in pairwise([*lows, None])]
