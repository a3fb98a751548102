"""A segment whose own guard, scope or used segments keep out everybody whom its rules let in (SEG601)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from segctl.base.diagnostic import Diagnostic
from segctl.lint.formula import Cosmos, Formula, Many, formula
from segctl.lint.ground import Ground, Stated, place
from segctl.lint.known import NOTHING, smallest, together
from segctl.lint.words import joined, located
from segctl.model.expand import expanded
from segctl.model.rule import Group, InSegment, Rule
from segctl.model.segment import Segment
from segctl.model.strict import strict


class _Gate(NamedTuple):
    """Something that every member passes besides the rules, by the words for it."""

    words: str
    rule: Rule


def kept_out(ground: Ground) -> Iterator[Diagnostic]:
    """Rules that can hold, but never together with what stands around them."""
    empty = {segment.name for segment, stated in ground.segments() if _is_never(stated)}
    for segment, stated in ground.segments():
        if segment.name not in empty and not segment.include:
            yield from _told(stated, segment, empty, ground)


def _is_never(stated: Stated) -> bool:
    return any(found.root and found.what == "never" for found in stated.walk.found)


def _told(stated: Stated, segment: Segment, empty: set[str], ground: Ground) -> Iterator[Diagnostic]:
    used = list(_used(stated.rule, ground))
    hollow = next((one.name for one in used if one.name in empty), None)
    if hollow is not None:
        detail = f"Who is in it is in `{hollow}`, and nobody can be in that segment."
        yield Diagnostic("SEG601", stated.at, detail, (f"Mend `{hollow}` first.",))
        return
    gates = list(_gates(segment, ground))
    gates += [_Gate(f"what `{one.name}` asks for", one.rules) for one in used if one.rules is not None]
    gates += [gate for one in used if one.purpose != segment.purpose for gate in _gates(one, ground)]
    cosmos = stated.walk.cosmos
    if len(used) < 2 and not _meet(stated, gates, ground):
        return
    mine = _parts(stated)
    around = [(gate.words, _closed(gate, ground, cosmos)) for gate in gates]
    everything = [*mine, *(made for _, made in around)]
    if together(everything, NOTHING, cosmos) is not None:
        return
    core = smallest(everything, lambda parts: together(parts, NOTHING, cosmos) is None)
    outer = [words for words, made in around if made in core]
    yield _diagnostic(stated, [part for part in mine if part in core], outer)


def _diagnostic(stated: Stated, mine: Sequence[Formula], words: Sequence[str]) -> Diagnostic:
    at = place(mine[-1].rule, stated.owner) if mine else stated.at
    what = joined(tuple(dict.fromkeys((*(located(part.rule, at) for part in mine), *words))))
    guarded = any(word.startswith("the guard") for word in words)
    help_line = _UNGUARDED if guarded else "Change one of them."
    return Diagnostic(
        "SEG601",
        at,
        f"{what[:1].upper()}{what[1:]} exclude each other: nobody can be in the segment.",
        (help_line,),
    )


_UNGUARDED = "A segment for analysis alone is not guarded: `purpose: analysis`."


def _meet(stated: Stated, gates: Sequence[_Gate], ground: Ground) -> bool:
    """Do the rules and what stands around them speak of the same things at all?"""
    return any(not stated.asks.isdisjoint(ground.asks(gate.rule)) for gate in gates)


def _parts(stated: Stated) -> tuple[Formula, ...]:
    """What must hold: the parts of an `all`, or the whole."""
    joined_by_all = isinstance(stated.rule, Group) and stated.rule.word == "all"
    return stated.made.parts if joined_by_all and isinstance(stated.made, Many) else (stated.made,)


def _gates(segment: Segment, ground: Ground) -> Iterator[_Gate]:
    guard = ground.project.guards.get(segment.purpose)
    if guard is not None:
        yield _Gate(f"the guard `{segment.purpose}`", guard.rule)
    if segment.scope is not None:
        yield _Gate("its `scope`", segment.scope)


def _closed(gate: _Gate, ground: Ground, cosmos: Cosmos) -> Formula:
    """Guards and scopes do not pass on missing values."""
    rule = (
        gate.rule if gate.words.startswith("what") else strict(expanded(gate.rule, ground.names), ground.catalog)
    )
    return formula(rule, cosmos)


def _used(rule: Rule, ground: Ground) -> Iterator[Segment]:
    """The segments that every member is in: what their own rules say is certain of a member."""
    waiting = list(_members_of(rule))
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        segment = ground.project.segments.get(name)
        if name in seen or segment is None or segment.type == "static" or segment.include or segment.rules is None:
            continue
        seen.add(name)
        yield segment
        waiting += _members_of(segment.rules)


def _members_of(rule: Rule) -> Iterator[str]:
    parts = rule.rules if isinstance(rule, Group) and rule.word == "all" else (rule,)
    for part in parts:
        match part:
            case InSegment((name,)):
                yield name
            case Group("all"):
                yield from _members_of(part)
            case _:
                pass
