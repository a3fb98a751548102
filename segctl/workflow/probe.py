"""Questions to the engine beside the members of segments: all of them answered in one read of the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from segctl.members.evaluate import evaluate
from segctl.members.numbering import Numbering
from segctl.sql.ask import ask
from segctl.sql.lower import Subject, lower
from segctl.sql.program import Algebra, Key, Program
from segctl.warehouse.read import open_warehouse
from segctl.workflow.context import Context
from segctl.workflow.evaluation import numbered, remembered_by
from segctl.workflow.memories import asked
from segctl.workflow.sides import Sides
from segctl.workflow.watched import Watched

More = Callable[[Program], Mapping[Key, Algebra]]


@dataclass(frozen=True, slots=True)
class Probed:
    """Who is in each segment and passes each question, who was given from outside, and all players."""

    members: Mapping[Key, BitMap]
    given: Mapping[Key, BitMap]
    players: BitMap


def probed(context: Context, sides: Sides, numbering: Numbering, extra: Sequence[Subject], more: More) -> Probed:
    """Evaluates the segments of `sides`, `extra`, and what `more` makes of the program. Raises: Refused."""
    subjects = [*sides.subjects(), *extra]
    program = lower(subjects, sides.new.catalog)
    program = replace(program, segments={**program.segments, **more(program)})
    given = sides.given(lambda ids: numbered(ids, numbering))
    questions = asked(program)
    remembered = remembered_by(context, sides, questions) if questions else {}
    reads = ask(program, context.clock)
    queries = {subject.key: subject.query for subject in subjects if subject.query is not None}
    with open_warehouse(context.warehouse, context.clock.zone) as opened:
        read = Watched(opened, len(reads.questions) + 1 + len(queries), context.watch)
        found = evaluate(
            program,
            reads,
            context.clock,
            read=read,
            numbering=numbering,
            given=given,
            memories=remembered,
            queries=queries,
        )
    return Probed(found.members, given, found.players)
