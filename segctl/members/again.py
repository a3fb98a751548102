"""A run that begins with what an earlier one kept, and keeps what the next one begins with. Pure.

Whatever is kept, the answer is the same: an earlier run only spares asking about players whom nothing touched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

import numpy as np

from segctl.members.adding import Adding
from segctl.members.bitmaps import unpacked
from segctl.members.columns import Places
from segctl.members.features import adds_up
from segctl.members.following import Following
from segctl.members.kept import Keeping, Kept, Value, grown, grown_values, keepable
from segctl.members.later import kept_facts, wanted_later
from segctl.members.past import Changed, Past
from segctl.members.places import different
from segctl.members.profile import Profile, changes_of, learn_rest, numbers_of
from segctl.members.read import Read, answer_about, part_of, placed_answer, who_moved, who_moved_in_each
from segctl.members.roster import KEYS, is_same
from segctl.members.touched import Touched, adds, give_up, touched, windows_of
from segctl.members.truths import Change, Truths
from segctl.members.watermarks import event_tables
from segctl.model.catalog import EventTable
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import BucketFact, FeatureFact, SequenceFact, StoredFact
from segctl.sql.questions import (
    AskDistinct,
    AskGrouped,
    AskMoments,
    AskMoved,
    AskOrdered,
    AskPlayers,
    EventQuestion,
    PlayersQuestion,
    Question,
)
from segctl.sql.statements import WHOLE
from segctl.sql.uses import moves

# how often the rows of a player are read at least, on the average, that it pays to put them aside
_SHARED = 1.25


@dataclass(frozen=True, slots=True)
class Again:
    """What the next run may begin with, and how this one went.

    `why` says of event tables, by name, why everybody was looked at, or of some of their columns. `narrowed` says
    that some question was not asked about everybody; `players` are those at whom any was looked.
    """

    kept: Kept
    players: int
    why: Mapping[str, str]
    narrowed: bool


@dataclass(frozen=True, slots=True)
class Course:
    """How a run goes on from an earlier one: what was kept, how entries are named, up to when the rows of each
    table are all there now and when its last event was, by the table's digest, what is asked of everybody, and
    the prints of tables.
    """

    keeping: Keeping
    named: Texts
    since: Mapping[str, int]
    last: Mapping[str, int]
    profile: Profile
    prints: Mapping[str, str]


def learn_again(truths: Truths, asked: Asked, course: Course, read: Read) -> Again:
    """Everything that a run must know of its players, read as far as it is not known. Raises: Refused."""
    keeping = course.keeping
    kept, found = keeping.before, Touched()
    looked = np.zeros(truths.players.count, dtype=np.bool_)
    answered = partial(placed_answer, truths.players, read)
    past = Past(truths, asked, keeping, course.named, course.since, answered, looked)
    adding, following = Adding(past), Following(past)
    if kept is None:
        truths.learn(asked, lambda question, _: read(question, WHOLE))
    else:
        found = _learn(past, course, kept, adding, following, read)
    about_events = [number for number, one in enumerate(asked.questions) if _about_events(one)]
    whole = kept is None or any(number not in found.only for number in about_events)
    for places in found.only.values():
        looked[places] = True
    players = len(truths.players.keys) if whole else int(looked.sum())
    narrowed = kept is not None and (not about_events or bool(found.only))
    return Again(_keep(course, adding, following), players, found.why, narrowed)


def _learn(past: Past, course: Course, kept: Kept, adding: Adding, following: Following, read: Read) -> Touched:
    truths, asked = past.truths, past.asked
    mine, keeping, named = truths.players, course.keeping, course.named
    before = unpacked(grown(kept.everyone, mine.count), mine.count)
    newcomers = np.flatnonzero(mine.present & ~before)
    found = touched(
        truths.program,
        asked,
        truths.clock,
        named,
        keeping=keeping,
        mine=mine,
        newcomers=newcomers,
        answer=partial(who_moved_in_each, mine, read),
    )
    standing = _standing(truths, asked, course, kept)
    _adopt(truths, asked, course, kept, found, newcomers, standing)
    read.meanwhile(_of_moved(adding, following, found))
    for number in list(found.only):
        found.only[number] = following.concerned(number, found)
    give_up(asked, keeping.crossover * len(mine.keys), found)
    if course.profile.rest is not None:
        _profile(truths, course, kept, course.profile.rest, newcomers, read)
    for events in event_tables(asked):
        several, among = _about(past, events, found)
        if len(several) > 1:
            read.of_players(several, part_of(mine, among))
    changes: dict[int, Change] = {}
    for number, question in enumerate(asked.questions):
        if number in found.only and following.follows(question, number):
            changes[number] = partial(_change, adding, following, number, question, found)
    changes |= dict.fromkeys(standing, lambda: iter(()))
    everybody = replace(asked, players=course.profile.first)
    truths.learn(everybody, partial(answer_about, mine, read), found.only, changes)
    return found


def _of_moved(adding: Adding, following: Following, found: Touched) -> Iterator[Question]:
    """What will be asked of rows that moved: first whom a question must be asked about again, then what came."""
    questions, several = adding.past.asked.questions, list(found.only)
    later = {number for number in several if isinstance(questions[number], AskDistinct)}
    for number in several:
        if number not in later:
            yield from following.moved(number)
    for number in sorted(several):
        question = questions[number]
        if number not in found.only:  # meanwhile everybody is asked about
            continue
        if adds(question):
            yield from adding.moved(number, question)
        if number in later:
            yield from following.moved(number)


def _change(adding: Adding, following: Following, number: int, question: EventQuestion, found: Touched) -> Changed:
    """What became of the features of a question, for those of whom something changed."""
    if adds(question):
        yield from adding.change(number, question, found)
    yield from following.change(number, question, found)


def _about(past: Past, events: EventTable, found: Touched) -> tuple[list[PlayersQuestion], Places]:
    """The questions about some players that will be asked of a table, and all those players.

    Where one asks about most of them, and the others about few, none is told: there is little to share.
    """
    several: list[PlayersQuestion] = []
    marked = np.zeros(past.truths.players.count, dtype=np.bool_)
    sizes: list[int] = []
    for number, places in found.only.items():
        question = past.asked.questions[number]
        assert isinstance(question, PlayersQuestion)  # noqa: S101 - only such questions are narrowed
        if question.events != events:
            continue
        kinds = {adds_up(fact) for _, fact, _ in past.features(number)} or {False}
        for adding in kinds:
            among = found.anew[number] if adding else places
            several += [question] if len(among) else []
            sizes.append(len(among))
            marked[among] = True
    every = np.flatnonzero(marked)
    return (several if sum(sizes) > _SHARED * len(every) else []), every


def _profile(truths: Truths, course: Course, kept: Kept, rest: AskPlayers, newcomers: Places, read: Read) -> None:
    """What changed of profiles, as far as it is not asked of everybody."""
    rows = changes_of(truths.program.player)
    assert rows is not None  # noqa: S101 - only then is a part of the profile left out
    since = kept.since[course.keeping.digest(rows_of(rows))]
    changed = course.profile.changed
    if changed is None:
        changed, _ = who_moved(truths.players, read, AskMoved(rows, since, ()))
    among = different(np.append(changed, newcomers))
    if len(among):
        learn_rest(truths, rest, read(rest, part_of(truths.players, among)), among)


def _adopt(
    truths: Truths,
    asked: Asked,
    course: Course,
    kept: Kept,
    found: Touched,
    newcomers: Places,
    standing: set[int],
) -> None:
    """Takes over what belongs to questions that are asked about some players only or not at all (`standing`), and
    shares of a split.
    """
    program, count = truths.program, truths.players.count
    keeping, named = course.keeping, course.named
    narrowed = {fact for fact, take in asked.takes.items() if take.question in found.only}
    narrowed |= {fact for fact, steps in asked.steps.items() if steps[0] in found.only}
    shares = {number for number, fact in enumerate(program.facts) if isinstance(fact, BucketFact)}
    narrowed |= (shares - found.missing) | numbers_of(truths, course.profile.rest)
    for number in standing:
        narrowed |= numbers_of(truths, asked.questions[number])
    atoms = {
        number: grown(kept.atoms[digest], count)
        for number, atom in enumerate(program.atoms)
        if atom.fact in narrowed and (digest := keeping.digest(named.atoms[number])) in kept.atoms
    }
    columns = {
        fact: grown_values(kept.columns[keeping.digest(named.facts[fact])], count)
        for fact in kept_facts(program) & narrowed
    }
    truths.adopt(atoms, columns, newcomers)


def _standing(truths: Truths, asked: Asked, course: Course, kept: Kept) -> set[int]:
    """The questions about tables beside the players that are as they were: all that is asked of them was kept."""
    program, keeping = truths.program, course.keeping
    later = wanted_later(program)
    new = {
        atom.fact
        for atom, text in zip(program.atoms, course.named.atoms, strict=True)
        if moves(atom) or keeping.digest(text) not in kept.atoms
    }
    return {
        number
        for number, question in enumerate(asked.questions)
        if is_same(question, keeping, course.prints) and not numbers_of(truths, question) & (later | new)
    }


def _keep(course: Course, adding: Adding, following: Following) -> Kept:
    truths, keeping, named = adding.past.truths, course.keeping, course.named
    program = truths.program
    lasting = {
        number
        for number, fact in enumerate(program.facts)
        if isinstance(fact, FeatureFact | SequenceFact | BucketFact)
    }
    stored = {number for number, fact in enumerate(program.facts) if isinstance(fact, StoredFact)}
    columns: dict[str, Value] = {}
    for fact in kept_facts(program):
        values = truths.whole(fact)
        if keepable(values):
            columns[keeping.digest(named.facts[fact])] = values
    key = str(truths.players.keys.type)
    return Kept(
        prints=course.prints,
        key=key if key in KEYS else "",
        count=truths.players.count,
        everyone=truths.everyone,
        atoms={
            keeping.digest(named.atoms[number]): truths.atom(number)
            for number, atom in enumerate(program.atoms)
            if atom.fact in lasting | stored
        },
        columns=columns,
        windows={
            keeping.digest(named.facts[number]): windows_of(program.facts[number], truths.clock)
            for number in lasting
        },
        since=course.since,
        last=course.last,
        sums={
            keeping.digest(named.facts[fact]): sums
            for fact, sums in chain(adding.settled(), following.settled())
            if all(keepable(one) for one in sums)
        },
        newest={keeping.digest(named.facts[fact]): newest for fact, newest in following.seen()},
    )


def _about_events(question: Question) -> bool:
    return isinstance(question, AskGrouped | AskOrdered | AskDistinct | AskMoments)
