"""Questions to the engine beside the members of segments: all of them answered in one read of the warehouse."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyroaring import BitMap

from segctl.members.numbering import Numbering
from segctl.sql.lower import Subject, lower
from segctl.sql.program import Algebra, Key, Program
from segctl.workflow.context import Context
from segctl.workflow.evaluation import once
from segctl.workflow.sides import Sides

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
    with once(context, sides, numbering, subjects, program) as (found, given, _):
        return Probed(found.members, given, found.players)
