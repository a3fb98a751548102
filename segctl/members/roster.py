"""Who there is, and which tables are as they were, without reading them: from what an earlier run kept. Pure.

A table is known again by the number of its rows and the sum of their hashes. Those of the player table add up: so
are players found who came since, and whether anybody else did, or went.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segctl.members.bitmaps import unpacked
from segctl.members.kept import Keeping, Kept
from segctl.members.numbering import Numbering
from segctl.members.places import Players, different, standing_at
from segctl.members.profile import Profile, changes_of
from segctl.members.read import Read
from segctl.sql.ask import Asked
from segctl.sql.identity import rows_of
from segctl.sql.program import Program
from segctl.sql.questions import AskBeside, AskList, AskMoved, AskPlayers, AskPrint, Question
from segctl.sql.statements import WHOLE, Slice

# How warehouses store keys that can be made of ids again, as Arrow calls them.
KEYS = frozenset(("string", "int64", "int32", "int16"))


@dataclass(frozen=True, slots=True)
class Print:
    """What is known of a table without its rows."""

    number: int
    total: int

    @classmethod
    def of(cls, answer: Any) -> Print:
        """From the answer to AskPrint."""
        (row,) = answer.to_pylist()
        return cls(row["number"], int(row["print"] or 0))

    @classmethod
    def read(cls, text: str) -> Print:
        """The inverse of `str`. Raises: ValueError."""
        number, total = map(int, text.split())
        return cls(number, total)

    def __str__(self) -> str:
        """To be kept."""
        return f"{self.number} {self.total}"

    def and_of(self, other: Print) -> Print:
        """Of both together."""
        return Print(self.number + other.number, self.total + other.total)


def print_of(question: AskPlayers | AskBeside | AskList) -> AskPrint:
    """What tells whether an answer is the one of before; of the player table only whether the players are."""
    match question:
        case AskPlayers(table, key):
            return AskPrint(table, key, (key,))
        case AskBeside(table, player, facts):
            return AskPrint(table, player, (player, *(fact.column for fact in facts)))
        case AskList(fact, table):
            return AskPrint(table, fact.player, (fact.player, fact.column))


def name_of(asked: AskPrint) -> str:
    """Under which text, digested, a print is kept."""
    return f"print of {asked.table} {asked.columns!r}"


def prints(asked: Asked, keeping: Keeping, read: Read) -> dict[str, str]:
    """Of each table that may be known again, by the digest of its name."""
    several = [asked.players, *(one for one in asked.questions if isinstance(one, AskBeside | AskList))]
    found = {}
    for question in several:
        wanted = print_of(question)
        found[keeping.digest(name_of(wanted))] = str(Print.of(read(wanted, WHOLE)))
    return found


def is_same(question: Question, keeping: Keeping, now: Mapping[str, str]) -> bool:
    """Would the answer about a table beside the players be the one of before?"""
    if keeping.before is None or not isinstance(question, AskBeside | AskList):
        return False
    digest = keeping.digest(name_of(print_of(question)))
    return keeping.before.prints.get(digest) == now[digest]


def recalled(
    program: Program, first: Profile, keeping: Keeping, now: Mapping[str, str], numbering: Numbering, read: Read
) -> tuple[Players, Profile] | None:
    """All players, at the places that are their numbers, if they are those of before and those who came since.

    With them the profile, with those whose row changed. None where everybody must be read: that is to be done
    before any place is settled.
    """
    kept, rows = keeping.before, changes_of(program.player)
    if kept is None or rows is None or first.first.facts or not kept.key:
        return None
    if keeping.digest(rows_of(rows)) not in kept.since:
        return None
    stood = np.flatnonzero(unpacked(kept.everyone, kept.count))
    ids = numbering.known.take(pa.array(stood))
    if ids.null_count:
        return None
    moved = AskMoved(rows, kept.since[keeping.digest(rows_of(rows))], (), by_key=True)
    changed = pc.unique(read(moved, WHOLE)["player"].combine_chunks())
    if str(changed.type) != kept.key and len(changed):
        return None
    keys = ids.cast(pa.type_for_alias(kept.key))
    at = standing_at(keys, changed)
    came = changed.filter(pa.array(at < 0))
    if not _adds_up(first.first, keeping, kept, now, came, read):
        return None
    places = np.append(stood, _numbered(came, numbering))
    players = _players(pa.concat_arrays([keys, came]), places, numbering.count)
    there = different(np.append(stood[at[at >= 0]], places[len(stood) :]))
    return players, replace(first, changed=there)


def _adds_up(
    question: AskPlayers, keeping: Keeping, kept: Kept, now: Mapping[str, str], came: Any, read: Read
) -> bool:
    wanted = print_of(question)
    digest = keeping.digest(name_of(wanted))
    if digest not in kept.prints:
        return False
    before = Print.read(kept.prints[digest])
    if len(came):
        before = before.and_of(Print.of(read(wanted, Slice(only=came, places=np.arange(len(came))))))
    return before == Print.read(now[digest])


def _numbered(came: Any, numbering: Numbering) -> Any:
    if not len(came):
        return np.empty(0, dtype=np.int64)
    ids = came if pa.types.is_string(came.type) else came.cast(pa.string())
    return numbering.numbers(ids)


def _players(keys: Any, places: Any, count: int) -> Players:
    present = np.zeros(count, dtype=np.bool_)
    present[places] = True
    rows = np.zeros(count, dtype=np.int64)
    rows[places] = np.arange(len(places))
    return Players(keys, places, np.arange(count, dtype=np.int64), None, present, rows)
