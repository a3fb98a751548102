"""Who needs which answer of a run, and so how its time is shared among segments. Pure.

The time of an answer is split evenly among the facts that are taken from it, and the time of a fact evenly among
the segments that use it. What belongs to no fact is split evenly among all segments. A run that begins with what
an earlier one kept asks otherwise, of rows that moved: for all facts that questions of that kind answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from segctl.sql.ask import Asked
from segctl.sql.program import Fact, Key, Program, StoredFact
from segctl.sql.questions import (
    AskBeside,
    AskDistinct,
    AskGrouped,
    AskList,
    AskMoments,
    AskMoved,
    AskOrdered,
    AskPlayers,
    Question,
)
from segctl.sql.uses import facts_of

# a table, and what of it
_Kind = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Needs:
    """The numbers of the facts that are taken from the answer to each question, and the segments that use each.

    Questions stand in the order in which they are asked, that for the players first.
    """

    segments: tuple[Key, ...]
    facts: Mapping[Question, tuple[int, ...]]
    users: Mapping[int, tuple[Key, ...]]


def needs(program: Program, asked: Asked) -> Needs:
    """What a run asks, and for whom."""
    users: dict[int, list[Key]] = defaultdict(list)
    for key in program.segments:
        for number in facts_of(program, key):
            users[number].append(key)
    facts = dict.fromkeys((asked.players, *asked.questions), ())
    by_fact = {number: tuple(keys) for number, keys in users.items()}
    return Needs(tuple(program.segments), facts | _answered(program, asked), by_fact)


def seconds_by_segment(need: Needs, spent: Mapping[Question, float], rest: float = 0.0) -> dict[Key, float]:
    """The share of each segment in the time of its answers; `rest` is the time that belongs to none of them.

    The shares of all segments add up to the whole.
    """
    found = dict.fromkeys(need.segments, 0.0)
    alike = _by_kind(need)
    for question, seconds in spent.items():
        facts = need.facts.get(question)
        if facts is None:
            facts = next((alike[kind] for kind in _kinds(question) if kind in alike), ())
        parts = [users for number in facts if (users := need.users.get(number))]
        rest += 0.0 if parts else seconds
        for users in parts:
            for key in users:
                found[key] += seconds / len(parts) / len(users)
    return {key: seconds + rest / len(found) for key, seconds in found.items()}


def _by_kind(need: Needs) -> Mapping[_Kind, tuple[int, ...]]:
    found: dict[_Kind, list[int]] = defaultdict(list)
    for question, facts in need.facts.items():
        for kind in _kinds(question):
            found[kind] += facts
    return {kind: tuple(facts) for kind, facts in found.items() if facts}


def _kinds(question: Question) -> tuple[_Kind, ...]:
    """What a question has in common with one that is asked otherwise, the most first; nothing for small looks."""
    table = table_of(question)
    match question:
        case AskGrouped(keys=keys):
            return (table, "grouped", tuple(column for column, _ in keys)), (table,)
        case AskDistinct(column=column):
            return (table, "distinct", column), (table,)
        case AskOrdered():
            return (table, "ordered"), (table,)
        case AskPlayers() | AskBeside() | AskList() | AskMoments() | AskMoved():
            return ((table,),)
        case _:
            return ()


def last_answers(need: Needs) -> dict[Key, int]:
    """The number of the answer with which each segment has all it asks for; 0 is that of the players."""
    found = dict.fromkeys(need.segments, 0)
    for place, facts in enumerate(need.facts.values()):
        for number in facts:
            found.update((key, place) for key in need.users.get(number, ()))
    return found


def _answered(program: Program, asked: Asked) -> dict[Question, tuple[int, ...]]:
    numbers: dict[Fact, int] = {fact: number for number, fact in enumerate(program.facts)}
    found: dict[Question, list[int]] = defaultdict(list)
    for question in (asked.players, *asked.questions):
        found[question] += [numbers[fact] for fact in _stored(question)]
    for number, take in asked.takes.items():
        found[asked.questions[take.question]].append(number)
    for number, steps in asked.steps.items():
        for step in dict.fromkeys(steps):
            found[asked.questions[step]].append(number)
    return {question: tuple(facts) for question, facts in found.items()}


def _stored(question: Question) -> Iterator[StoredFact]:
    match question:
        case AskPlayers(_, _, facts) | AskBeside(_, _, facts):
            yield from facts
        case AskList(fact):
            yield fact
        case _:
            pass


def tables(questions: Iterable[Question]) -> list[str]:
    """The tables that questions read, each once, in their order."""
    return list(dict.fromkeys(table_of(question) for question in questions))


def table_of(question: Question) -> str:
    """The table that a question reads."""
    match question:
        case AskMoments() | AskMoved() | AskGrouped() | AskOrdered() | AskDistinct():
            return question.events.table
        case _:
            return question.table
