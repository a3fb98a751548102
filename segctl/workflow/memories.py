"""What the history says of segments that rules ask about: who joined when, and who was in. Reads the state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyroaring import BitMap
from sqlalchemy import Connection

from segctl.members.algebra import Memory
from segctl.model.time import Clock, interval, micros
from segctl.model.timing import moment_passes
from segctl.sql.program import Program, SinceOf, WasOf, parts_of
from segctl.store import history
from segctl.workflow.sides import Held

Asked = SinceOf | WasOf


def asked(program: Program) -> list[Asked]:
    """The questions to the history in a program, each once."""
    everything = (part for algebra in program.segments.values() for part in parts_of(algebra))
    return list(dict.fromkeys(part for part in everything if isinstance(part, SinceOf | WasOf)))


def memories(
    connection: Connection, questions: Iterable[Asked], held: Mapping[tuple[str, str], Held], clock: Clock
) -> dict[Asked, Memory]:
    """The answers. `held` is what the state holds of the segments that are asked about, by their key."""
    return {question: _memory(connection, question, held.get(question.segment), clock) for question in questions}


def _memory(connection: Connection, question: Asked, held: Held | None, clock: Clock) -> Memory:
    match question:
        case SinceOf(_, tests):
            fresh = all(moment_passes(test, clock.as_of, clock) for test in tests)
            if held is None:
                return Memory(BitMap(), BitMap(), fresh)
            counts = BitMap()
            for at, joined in history.since_each(connection, held.object_id, held.members):
                if all(moment_passes(test, at, clock) for test in tests):
                    counts |= joined
            return Memory(counts, held.members, fresh)
        case WasOf(_, window):
            stretch = interval(window, clock)
            fresh = stretch.after < clock.micros <= stretch.until
            if held is None:
                return Memory(BitMap(), BitMap(), fresh)
            return Memory(_was_in(connection, held, stretch.after, stretch.until), BitMap(), fresh)


def _was_in(connection: Connection, held: Held, after: int, until: int) -> BitMap:
    """Who was in at some instant of a stretch, walking back from the members of now."""
    found, members = BitMap(), BitMap(held.members)
    for at, joined, left in history.backwards(connection, held.object_id):
        begins = micros(at)
        if begins <= until:
            found |= members
        if begins <= after + 1:
            return found
        members = (members - joined) | left
    return found
