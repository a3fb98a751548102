"""What must be read of everybody's profile, and what only of those whose row changed. Pure.

Kept are the values that time alone makes pass a test, or grow older, and of all others what was asked of them. So
if the player table says when a row changed, of everybody is asked only what was not kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segctl.members.columns import Places, chosen, column
from segctl.members.kept import Keeping
from segctl.members.later import wanted_later
from segctl.members.places import standing_at
from segctl.members.truths import Truths
from segctl.model.catalog import EventTable, PlayerTable
from segctl.sql.ask import Asked
from segctl.sql.identity import Texts, rows_of
from segctl.sql.program import Program
from segctl.sql.questions import AskBeside, AskList, AskPlayers, Question
from segctl.sql.uses import moves


@dataclass(frozen=True, slots=True)
class Profile:
    """`first` is asked of everybody, `rest` of those whose row changed; None if nothing is left to ask.

    `changed` are the places of those, where they are known already.
    """

    first: AskPlayers
    rest: AskPlayers | None = None
    changed: Places | None = None


def changes_of(player: PlayerTable) -> EventTable | None:
    """The player table as one whose rows become known when they change; None if it does not say."""
    at = player.updated_at
    return None if at is None else EventTable(player.table, player.table, player.key, player.key, at, (), at)


def profile(program: Program, asked: Asked, named: Texts, keeping: Keeping) -> Profile:
    """Divides the columns of the player table."""
    rows = changes_of(program.player)
    kept = keeping.before
    if kept is None or rows is None or keeping.digest(rows_of(rows)) not in kept.since:
        return Profile(asked.players)
    atoms = list(zip(program.atoms, named.atoms, strict=True))
    whole = wanted_later(program) | {atom.fact for atom, _ in atoms if moves(atom)}
    whole -= {fact for fact in whole if keeping.digest(named.facts[fact]) in kept.columns}
    whole |= {atom.fact for atom, text in atoms if keeping.digest(text) not in kept.atoms}
    numbers = {fact: number for number, fact in enumerate(program.facts)}
    first = tuple(fact for fact in asked.players.facts if numbers[fact] in whole)
    rest = tuple(fact for fact in asked.players.facts if numbers[fact] not in whole)
    return Profile(replace(asked.players, facts=first), replace(asked.players, facts=rest) if rest else None)


def learn_rest(truths: Truths, rest: AskPlayers, answer: Any, among: Places) -> None:
    """Takes in the answer about some players, by place ascending. Raises: Refused."""
    keys = answer["player"].combine_chunks()
    found = standing_at(truths.players.keys_at(among), keys)
    order = np.argsort(found, kind="stable")
    order = order[found[order] >= 0]
    for place, fact in enumerate(rest.facts):
        said = f"{rest.table}.{fact.column}"
        values = column(answer[f"c{place}"], fact.type, said, timezone=fact.timezone)
        truths.part(truths.number(fact), among[found[order]], chosen(values, order))


def numbers_of(truths: Truths, question: Question | None) -> set[int]:
    """The stored facts that a question answers."""
    match question:
        case AskPlayers(facts=facts) | AskBeside(facts=facts):
            return {truths.number(fact) for fact in facts}
        case AskList(fact):
            return {truths.number(fact)}
        case _:
            return set()
