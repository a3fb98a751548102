"""A case of the table, and how many cases become few worlds: those of one instant are asked together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from segctl.model.expand import NO_NAMES, Names
from segctl.model.facts import PlayerFacts
from segctl.model.membership import Ids
from segctl.model.rule import Compare, Group, InSegment, Named, Rule, Test, WasInSegment
from segctl.model.segment import Adjustment, PlayerList, Segment
from segctl.model.time import Clock
from tests.meaning.casino import CATALOG, dynamic
from tests.model.casino import NOON
from tests.support.generate import World
from tests.support.history import History, Spell

GUARDED = "guarded"


@dataclass(frozen=True, slots=True)
class Case:
    """What a line of language.md says, as segments (the last is asked), players by name, and who of them is in.

    `guard` holds for segments of the purpose GUARDED. `rows` and `snapshots` are by segment, `history` too. Names
    are the case's own, but where the ids of players matter (`exact`).
    """

    says: str
    segments: Sequence[Segment]
    players: Mapping[str, PlayerFacts]
    members: Ids
    clock: Clock = NOON
    guard: Rule | None = None
    names: Names = NO_NAMES
    rows: Mapping[str, Ids] = field(default_factory=dict)
    snapshots: Mapping[str, Ids] = field(default_factory=dict)
    history: Mapping[str, Mapping[str, Sequence[Spell]]] = field(default_factory=dict)
    exact: bool = False


def ruled(
    says: str, rule: Rule, inside: Iterable[PlayerFacts], outside: Iterable[PlayerFacts] = (), clock: Clock = NOON
) -> Case:
    """A rule with players of whom it holds, and others of whom it does not."""
    ins = {f"in-{place}": player for place, player in enumerate(inside)}
    outs = {f"out-{place}": player for place, player in enumerate(outside)}
    return Case(says, [dynamic(rule)], {**ins, **outs}, frozenset(ins), clock)


def answered(cases: Sequence[Case], answer: Callable[[World], Mapping[str, Ids]]) -> dict[str, Ids]:
    """Who is in, by what a case says."""
    found: dict[str, Ids] = {}
    for clock in dict.fromkeys(case.clock for case in cases):
        mine = {f"c{place}": case for place, case in enumerate(cases) if case.clock == clock}
        members = answer(_world(mine, clock))
        for prefix, case in mine.items():
            own = {_id(prefix, name, case): name for name in [*case.players, *_named(case)]}
            asked = members[f"{prefix}-{case.segments[-1].name}"]
            found[case.says] = frozenset(own[player] for player in asked if player in own)
    return found


def _world(cases: Mapping[str, Case], clock: Clock) -> World:
    parts = [_alone(prefix, case) for prefix, case in cases.items()]
    return World(
        0,
        CATALOG,
        list({player.player_id: player for part in parts for player in part.players}.values()),
        {name: segment for part in parts for name, segment in part.segments.items()},
        clock,
        guards={purpose: rule for part in parts for purpose, rule in part.guards.items()},
        names=Names(
            {name: rule for part in parts for name, rule in part.names.rules.items()},
            {name: values for part in parts for name, values in part.names.lists.items()},
        ),
        rows={name: ids for part in parts for name, ids in part.rows.items()},
        snapshots={name: ids for part in parts for name, ids in part.snapshots.items()},
        history=History({name: spells for part in parts for name, spells in part.history.spells.items()}),
    )


def _alone(prefix: str, case: Case) -> World:
    """A case's world, in which every name begins with the prefix."""

    def ids(names: Iterable[str]) -> Ids:
        return frozenset(_id(prefix, name, case) for name in names)

    return World(
        0,
        CATALOG,
        [replace(player, player_id=_id(prefix, name, case)) for name, player in case.players.items()],
        {f"{prefix}-{one.name}": _segment(one, prefix, case) for one in case.segments},
        case.clock,
        guards={} if case.guard is None else {f"{prefix}-{GUARDED}": _rule(case.guard, prefix)},
        names=Names(
            {f"{prefix}-{name}": _rule(rule, prefix) for name, rule in case.names.rules.items()},
            {f"{prefix}-{name}": values for name, values in case.names.lists.items()},
        ),
        rows={f"{prefix}-{name}": ids(rows) for name, rows in case.rows.items()},
        snapshots={f"{prefix}-{name}": ids(rows) for name, rows in case.snapshots.items()},
        history=History(
            {
                f"{prefix}-{name}": {_id(prefix, player, case): some for player, some in spells.items()}
                for name, spells in case.history.items()
            }
        ),
    )


def _id(prefix: str, name: str, case: Case) -> str:
    return name if case.exact else f"{prefix}-{name}"


def _named(case: Case) -> set[str]:
    """The players whom lists name, known to the warehouse or not."""
    found: set[str] = set()
    for segment in case.segments:
        found.update(segment.players.ids if segment.players else ())
        found.update(player for one in (*segment.include, *segment.exclude) for player in one.players)
    return found


def _segment(segment: Segment, prefix: str, case: Case) -> Segment:
    def adjusted(one: Adjustment) -> Adjustment:
        players = tuple(_id(prefix, player, case) for player in one.players)
        return replace(one, players=players, segments=tuple(f"{prefix}-{name}" for name in one.segments))

    listed = segment.players
    return replace(
        segment,
        name=f"{prefix}-{segment.name}",
        rules=None if segment.rules is None else _rule(segment.rules, prefix),
        players=None if listed is None else PlayerList(tuple(_id(prefix, one, case) for one in listed.ids)),
        include=tuple(map(adjusted, segment.include)),
        exclude=tuple(map(adjusted, segment.exclude)),
        purpose=f"{prefix}-{segment.purpose}",
    )


def _rule(rule: Rule, prefix: str) -> Rule:
    """The same rule about segments, rules and lists of that prefix."""
    match rule:
        case Group():
            return replace(rule, rules=tuple(_rule(part, prefix) for part in rule.rules))
        case InSegment() | WasInSegment():
            return replace(rule, segments=tuple(f"{prefix}-{name}" for name in rule.segments))
        case Named(name):
            return Named(f"{prefix}-{name}")
        case Compare():
            return replace(rule, tests=tuple(_test(test, prefix) for test in rule.tests))
        case _:
            return rule


def _test(test: Test, prefix: str) -> Test:
    return replace(test, value=f"{prefix}-{test.value}") if test.op == "in_list" else test
