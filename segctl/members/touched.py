"""Whom the answer to a question may have changed for since an earlier run. Pure: reading is passed in.

A window moves with the clock: between two runs only the events between its old and its new edges come in or fall
out. With them count the events that became known since, and the players whom the earlier run did not know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeGuard

import numpy as np

from segctl.members.columns import Places
from segctl.members.deltas import covers, disjoint
from segctl.members.features import adds_up
from segctl.members.kept import Keeping, Kept
from segctl.members.later import is_in_order, kept_facts
from segctl.members.newest import Newest
from segctl.members.places import Players, different
from segctl.model.catalog import EventTable
from segctl.model.time import END, Clock, Interval, interval
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import FeatureFact, Program, SequenceFact
from segctl.sql.questions import (
    AskDistinct,
    AskGrouped,
    AskMoments,
    AskMoved,
    AskOrdered,
    EventQuestion,
    Measured,
    Question,
)

# Rows that moved, with what else will be asked of them; and whose they are, each with its part.
Told = tuple[AskMoved, list[EventQuestion]]
Answer = Callable[[Sequence[Told]], Iterable[tuple[Places, Places]]]


@dataclass(slots=True)
class Touched:
    """By the number of a question the places of those it is asked about; all others are asked about everybody.

    `anew` are those who must be counted from their first event on: rows of theirs changed where they stand.
    `why` says of the tables that are read whole, by name, why they are; `missing` are the facts of which not
    everything that is needed was kept.
    """

    only: dict[int, Places] = field(default_factory=dict)
    anew: dict[int, Places] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    missing: frozenset[int] = frozenset()


def windows_of(fact: object, clock: Clock) -> tuple[Interval, ...]:
    """The stretch of time whose events a fact counts; none for facts that count none."""
    return (interval(fact.window, clock),) if isinstance(fact, FeatureFact | SequenceFact) else ()


def touched(
    program: Program,
    asked: Asked,
    clock: Clock,
    texts: Texts,
    *,
    keeping: Keeping,
    mine: Players,
    newcomers: Places,
    answer: Answer,
) -> Touched:
    """Whom each question is asked about, given what an earlier run kept."""
    kept, found = keeping.before, Touched()
    if kept is None:
        return found
    facts = _facts_of(asked)
    found.missing = _missing(program, asked, texts, keeping, kept)
    tables: dict[EventTable, dict[int, list[Interval]]] = defaultdict(dict)
    every: dict[EventTable, list[Interval]] = defaultdict(list)
    for number, question in enumerate(asked.questions):
        events = _events(question)
        if events is None:
            continue
        why = _why_whole(events, facts[number] & found.missing, keeping, kept)
        if why is not None:
            found.why[events.name] = why
        else:
            refolded = [one for one in facts[number] if not _adds_up(program, one)]
            tables[events][number] = _stretches(program, refolded, clock, texts, keeping, kept)
            every[events] += _stretches(program, facts[number], clock, texts, keeping, kept)
    refolding = {number for number, mine_ in facts.items() if not all(_adds_up(program, one) for one in mine_)}
    told: list[Told] = []
    for events, wanted in tables.items():
        digest = keeping.digest(rows_of(events))
        stretches = disjoint(every[events], kept.last.get(digest, END))
        newest = (partial(_newest, facts[number], texts, keeping, kept) for number in wanted)
        followed = all(map(is_followed, map(asked.questions.__getitem__, wanted), newest))
        moved = AskMoved(events, kept.since[digest], stretches, changed=followed)
        told.append((moved, _nearly(asked, events)))
    for (moved, _), wanted, rows in zip(told, tables.values(), answer(told), strict=True):
        _ask(wanted, moved, rows, newcomers, found, mine.count, refolding)
    _together([number for number, one in enumerate(asked.questions) if isinstance(one, AskMoments)], found)
    return found


def _why_whole(events: EventTable, missing: set[int], keeping: Keeping, kept: Kept) -> str | None:
    """Why a table must be read whole; None if it need not."""
    if events.ingested is None:
        return "its rows do not say when they became known (`ingested:` in the catalog)"
    if keeping.digest(rows_of(events)) not in kept.since:
        return "it was not read before"
    return "segments ask for what was not kept" if missing else None


def _nearly(asked: Asked, events: EventTable) -> list[EventQuestion]:
    each = (nearly(one) for one in asked.questions)
    return [one for one in each if one is not None and one.events == events]


def is_followed(question: Question, newest: Callable[[], Newest | None]) -> bool:
    """Does a question about rows that moved tell what became of all its features, or whom it must be asked about?

    `newest` gives what was kept of the values that it asks for.
    """
    match question:
        case AskGrouped() | AskOrdered() | AskDistinct(column=None):
            return True
        case AskDistinct(newest=True):
            return newest() is not None
        case _:
            return False


def _newest(facts: set[int], texts: Texts, keeping: Keeping, kept: Kept) -> Newest | None:
    return kept.newest[keeping.digest(texts.facts[min(facts)])]


def nearly(question: Question) -> EventQuestion | None:
    """What is asked of the rows that moved, to know whom they matter to; None if that is not asked."""
    match question:
        case AskGrouped() | AskOrdered() | AskDistinct(column=None) | AskDistinct(newest=True):
            return question
        case AskDistinct(events, edges, lifetime, where):
            return AskGrouped(events, edges, lifetime, (), (where,), (Measured("count", 0),))
        case _:
            return None


def adds(question: Question) -> TypeGuard[AskGrouped | AskDistinct]:
    """May features that add up be taken from its answer?"""
    match question:
        case AskGrouped() | AskDistinct(column=None):
            return True
        case _:
            return False


def _facts_of(asked: Asked) -> Mapping[int, set[int]]:
    """The facts that are taken from each question."""
    found: dict[int, set[int]] = defaultdict(set)
    for fact, take in asked.takes.items():
        found[take.question].add(fact)
    for fact, steps in asked.steps.items():
        for step in steps:
            found[step].add(fact)
    return found


def _missing(program: Program, asked: Asked, texts: Texts, keeping: Keeping, kept: Kept) -> frozenset[int]:
    """The facts of which not everything that is needed was kept."""
    found = {
        one.fact
        for one, text in zip(program.atoms, texts.atoms, strict=True)
        if keeping.digest(text) not in kept.atoms
    }
    valued = kept_facts(program)
    for number, text in enumerate(texts.facts):
        digest = keeping.digest(text)
        if digest not in kept.windows or (number in valued and digest not in kept.columns):
            found.add(number)
        if (_adds_up(program, number) or _is_in_order(program, number)) and digest not in kept.sums:
            found.add(number)
    for number, take in asked.takes.items():
        question = asked.questions[take.question]
        if isinstance(question, AskDistinct) and question.newest:
            found |= set() if keeping.digest(texts.facts[number]) in kept.newest else {number}
    return frozenset(found)


def _adds_up(program: Program, number: int) -> bool:
    fact = program.facts[number]
    return isinstance(fact, FeatureFact) and adds_up(fact)


def _is_in_order(program: Program, number: int) -> bool:
    fact = program.facts[number]
    return isinstance(fact, FeatureFact) and is_in_order(fact.measure)


def _events(question: Question) -> EventTable | None:
    match question:
        case AskGrouped(events) | AskOrdered(events) | AskDistinct(events) | AskMoments(events):
            return events
        case _:
            return None


def _stretches(
    program: Program, facts: Iterable[int], clock: Clock, texts: Texts, keeping: Keeping, kept: Kept
) -> list[Interval]:
    """Where events came into the windows of some facts, or fell out of them."""
    found: dict[Interval, None] = {}
    for number in facts:
        before = kept.windows[keeping.digest(texts.facts[number])]
        for then, now in zip(before, windows_of(program.facts[number], clock), strict=True):
            for one, other in ((then.after, now.after), (then.until, now.until)):
                if one != other:
                    found[Interval(min(one, other), max(one, other))] = None
    return list(found)


def _ask(
    wanted: Mapping[int, list[Interval]],
    moved: AskMoved,
    answer: tuple[Places, Places],
    newcomers: Places,
    found: Touched,
    count: int,
    refolding: set[int],
) -> None:
    """One answer about a table for all questions about it."""
    stretches = moved.stretches
    places, parts = answer
    # of small integers the order is found by counting
    order = np.argsort(parts.astype(np.uint16) if len(stretches) < 2**15 else parts, kind="stable")
    bounds = np.searchsorted(parts[order], np.arange(len(stretches) + 3))
    of_part = [places[order[bounds[i] : bounds[i + 1]]] for i in range(len(stretches) + 2)]
    for number, mine in wanted.items():
        marked = np.zeros(count, dtype=np.bool_)
        marked[newcomers] = True
        marked[of_part[1]] = True
        found.anew[number] = np.flatnonzero(marked)
        if number in refolding:
            marked[of_part[0]] = True
            for part, stretch in enumerate(stretches, 2):
                if any(covers(one, stretch) for one in mine):
                    marked[of_part[part]] = True
        found.only[number] = np.flatnonzero(marked)


def _together(moments: list[int], found: Touched) -> None:
    """The steps of sequences are asked about the same players."""
    if all(number in found.only for number in moments) and moments:
        union = different(np.concatenate([found.only[number] for number in moments]))
        found.only.update(dict.fromkeys(moments, union))
    else:
        for number in moments:
            found.only.pop(number, None)


def give_up(asked: Asked, most: float, found: Touched) -> None:
    """Where too many players are touched, everybody is asked about."""
    for number in list(found.only):
        if len(found.only[number]) > most:
            events = _events(asked.questions[number])
            assert events is not None  # noqa: S101 - only such questions are narrowed
            found.why[events.name] = "too many players have events that came or went"
            del found.only[number]
    _together([number for number, one in enumerate(asked.questions) if isinstance(one, AskMoments)], found)
