"""Random players of a setting: some without a row or an event, many sharing values and instants."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from segctl.model.catalog import AgeOf, Attribute, Difference, EventTable
from segctl.model.facts import Fact, PlayerFacts
from tests.support.catalogs import Domains, Setting
from tests.support.scores import random_score_rows

PLAYER_IDS = [
    "p1", "p10", "p2", "P1", "007", "7", "1e5", "o'brien", 'q"q', "p_%", "é", "e\u0301", "😀", "x y", "null", "true", "ID-99",
]  # fmt: skip
MISSING = 0.15


def random_players(rng: Random, setting: Setting, count: int = 12) -> list[PlayerFacts]:
    ids = rng.sample(PLAYER_IDS, count)
    catalog = setting.catalog
    events = {table.name: _events(rng, table, ids, setting.domains) for table in catalog.events.values()}
    events |= random_score_rows(rng, catalog.scores, setting.score_tables, ids)
    return [
        PlayerFacts(
            player_id,
            _attributes(rng, setting),
            {name: of_players[player_id] for name, of_players in events.items() if player_id in of_players},
        )
        for player_id in ids
    ]


def _attributes(rng: Random, setting: Setting) -> dict[str, Fact]:
    no_profile = rng.random() < MISSING
    return {
        name: _attribute(rng, attribute, setting.domains)
        for name, attribute in setting.catalog.attributes.items()
        if not isinstance(attribute.source, AgeOf) and not (no_profile and attribute.source.table == "profiles")
    }


def _attribute(rng: Random, attribute: Attribute, domains: Domains) -> Fact:
    values = domains["", attribute.name]
    if rng.random() < MISSING:
        return None
    if attribute.type == "list":
        return tuple(rng.sample(values, rng.randint(0, 3)))
    return rng.choice(values)


def _events(
    rng: Random, table: EventTable, ids: list[str], domains: Domains
) -> dict[str, list[Mapping[str, Fact]]]:
    """Ids are unique in the table, in no order of time, and all numbers or all texts."""
    of_players = {player_id: rng.choice((0, 1, 2, 4, 8, 16)) for player_id in ids}
    numbers = rng.sample(range(-50, 400), sum(of_players.values()))
    event_ids = numbers if rng.random() < 0.5 else [f"{number}" for number in numbers]
    stored = [column for column in table.columns if not isinstance(column.source, Difference)]
    choices = [(column.name, domains[table.name, column.name]) for column in stored]
    times = domains[table.name, "when"]
    found: dict[str, list[Mapping[str, Fact]]] = {}
    for player_id, count in of_players.items():
        for _ in range(count):
            event: dict[str, Fact] = {
                name: None if rng.random() < MISSING else rng.choice(values) for name, values in choices
            }
            event[table.id] = event_ids.pop()
            event[table.time] = None if rng.random() < 0.01 else rng.choice(times)
            found.setdefault(player_id, []).append(event)
    return found
