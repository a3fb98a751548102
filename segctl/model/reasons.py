"""Why a player is in a segment or is not: each part of the segment that lets in or keeps out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from segctl.model.expand import expanded
from segctl.model.membership import Ids, Society, candidates, in_force, members_of, memberships_of, named
from segctl.model.rule import Rule
from segctl.model.segment import Adjustment, Segment
from segctl.model.strict import strict
from segctl.model.verdict import Asked, Verdict, verdict

Word = Literal["snapshot", "candidates", "rules", "include", "exclude", "guard", "scope", "limit"]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a segment, and what it says of a player: `holds` is whether it lets them in.

    `candidates` are a list, the rows of a query, or who was let in by events. `reason` is what the author gave for
    an adjustment. A guard and a scope are told as they are read: a missing value does not pass (strict.py).
    """

    word: Word
    holds: bool
    verdict: Verdict | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reasons:
    """One player and one segment. Parts that have nothing to say of the player are left out."""

    segment: str
    player: str
    inside: bool
    parts: tuple[Part, ...]


def reasons(segment: Segment, player: str, society: Society, found: Mapping[str, Ids]) -> Reasons:
    """How a player stands to a segment; `found` holds the members of those that it uses."""
    parts = list(_parts(segment, player, society, found))
    inside = player in members_of(segment, society, found)
    if segment.limit is not None and all(part.holds for part in parts if part.word != "include"):
        parts.append(Part("limit", inside))
    return Reasons(segment.name, player, inside, tuple(parts))


def _parts(segment: Segment, player: str, society: Society, found: Mapping[str, Ids]) -> Iterator[Part]:
    snapshot = society.snapshots.get(segment.name)
    included = _adjusted(segment.include, player, society, found)
    if snapshot is not None:
        yield Part("snapshot", player in snapshot)
    else:
        if included is not None:
            yield Part("include", holds=True, reason=included.reason)
        if segment.type not in ("dynamic", "static") and included is None:
            yield Part("candidates", player in candidates(segment, society))
        if segment.rules is not None and included is None:
            tree = _verdict(segment.rules, player, society, found)
            yield Part("rules", tree.holds if tree else False, tree)
    excluded = _adjusted(segment.exclude, player, society, found)
    if excluded is not None:
        yield Part("exclude", holds=False, reason=excluded.reason)
    yield from _guards(segment, player, society, found)


def _guards(segment: Segment, player: str, society: Society, found: Mapping[str, Ids]) -> Iterator[Part]:
    guards: tuple[tuple[Word, Rule | None], ...] = (
        ("guard", society.guards.get(segment.purpose)),
        ("scope", segment.scope),
    )
    for word, rule in guards:
        if rule is not None:
            closed = strict(expanded(rule, society.names), society.catalog)
            tree = _verdict(closed, player, society, found)
            yield Part(word, tree.holds if tree else False, tree)


def _adjusted(
    adjustments: tuple[Adjustment, ...], player: str, society: Society, found: Mapping[str, Ids]
) -> Adjustment | None:
    """The first adjustment in force that names the player."""
    now = in_force(adjustments, society.clock)
    return next((one for one in now if player in named((one,), society, found)), None)


def _verdict(rule: Rule, player: str, society: Society, found: Mapping[str, Ids]) -> Verdict | None:
    """None for an id that the warehouse does not know: no rule holds of it."""
    facts = society.players.get(player)
    if facts is None:
        return None
    memberships = memberships_of(player, society, found)
    return verdict(rule, Asked(facts, society.catalog, society.clock, memberships, society.names))
