"""Many cases at once: one catalog, one database, a segment and a player each; what the oracle and DuckDB answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from segctl.model.evaluate import holds
from segctl.model.expand import Names, expanded
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.operators import FieldType
from segctl.model.time import Clock
from segctl.spec.project import Project
from tests.spec.reading import project, segment_text
from tests.support.engine import answered
from tests.support.generate import World, ruled

# True or false, or the codes of the mistakes for which the rule is refused.
Answer = bool | str
_CATALOG_HEAD = """\
kind: Catalog
name: peers
currency: EUR
player: {table: players, key: player_id}
attributes:"""


@dataclass(frozen=True, slots=True)
class Case:
    """A rule as the data of its YAML, its fields' types, and one player. `name` is the segment's and the player's."""

    name: str
    fields: Mapping[str, FieldType]
    rule: Mapping[str, Any]
    facts: Mapping[str, Fact]
    now: datetime
    lists: Mapping[str, Sequence[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answers:
    """By case name; a rule that is refused has its codes in both."""

    oracle: Mapping[str, Answer]
    duckdb: Mapping[str, Answer]


def ask(cases: Sequence[Case], folder: Path) -> Answers:
    """Reads every rule from YAML and evaluates it for its player."""
    read = project(
        {f"{case.name}.yaml": "---\n".join((_segment(case), *_lists(case))) for case in cases},
        catalog=_catalog(cases).encode(),
    )
    refused = _refused(read)
    assert len(refused.keys() | read.segments.keys()) == len(cases)
    oracle: dict[str, Answer] = dict(refused)
    duckdb: dict[str, Answer] = dict(refused)
    for now in {case.now for case in cases}:
        world = _world(read, [case for case in cases if case.now == now and case.name not in refused], now)
        members = answered(world, folder)
        duckdb.update((name, name in members[name]) for name in world.segments)
        oracle.update(_by_oracle(world))
    return Answers(oracle, duckdb)


def _segment(case: Case) -> str:
    return segment_text(json.dumps(case.rule, ensure_ascii=False), case.name)


def _lists(case: Case) -> list[str]:
    """The named lists of a case as documents."""
    return [
        f"kind: List\nname: {name}\nvalues: {json.dumps(values, ensure_ascii=False)}\n"
        for name, values in case.lists.items()
    ]


def _world(read: Project, cases: Sequence[Case], now: datetime) -> World:
    assert read.catalog is not None
    rules = {case.name: read.segments[case.name].rules for case in cases}
    players = [PlayerFacts(case.name, case.facts) for case in cases]
    known = {name: rule for name, rule in rules.items() if rule is not None}
    names = Names(lists={name: one.values for name, one in read.lists.items()})
    return replace(ruled(read.catalog, players, known, Clock(now, ZoneInfo("UTC"))), names=names)


def _by_oracle(world: World) -> dict[str, bool]:
    """Each rule of its own player only."""
    rules = {name: expanded(rule, world.names) for name, rule in world.rules.items()}
    return {
        player.player_id: holds(rules[player.player_id], player, catalog=world.catalog, clock=world.clock)
        for player in world.players
    }


def _refused(read: Project) -> dict[str, str]:
    """The codes of a segment's mistakes, by its name. The catalog has none."""
    codes: dict[str, set[str]] = {}
    for mistake in read.diagnostics:
        codes.setdefault(Path(mistake.span.file).stem, set()).add(mistake.code)
    assert "catalog" not in codes, read.diagnostics
    return {name: " ".join(sorted(found)) for name, found in codes.items()}


def _catalog(cases: Sequence[Case]) -> str:
    fields = {name: kind for case in cases for name, kind in case.fields.items()}
    attributes = {
        name: {"column": "element" if kind == "list" else name, "type": kind}
        | ({"table": f"of_{name}"} if kind == "list" else {})
        for name, kind in fields.items()
    }
    lines = [f"  {name}: {json.dumps(attribute)}" for name, attribute in attributes.items()]
    return "\n".join((_CATALOG_HEAD, *lines))
