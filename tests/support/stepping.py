"""A world that goes on: time passes, events become known, profiles change, players come and go, rules are edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from segctl.model.catalog import Catalog, EventTable
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.time import Clock
from tests.support.generate import World, random_world
from tests.support.segments import asked

STEPS = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=40))


@dataclass
class Stepping:
    """`everybody` are all players of the seed, of whom those in `world` are there now."""

    world: World
    everybody: Mapping[str, PlayerFacts]
    segments: Mapping[str, Any]
    choice: Random
    new_ids: int = 1_000
    written: dict[str, list[Mapping[str, Fact]]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return self.world.clock.as_of

    def tick(self, step: timedelta) -> None:
        """Time passes."""
        self.world = replace(self.world, clock=Clock(self.now + step, self.world.clock.zone))

    def arrive(self) -> None:
        """A few events become known now: of now, late ones, some that lie ahead, some a second time."""
        for _ in range(self.choice.randint(1, 4)):
            player = self._somebody()
            tables = [one for one in self.world.catalog.events.values() if self._events(one)]
            if player is None or not tables:
                return
            table = self.choice.choice(tables)
            event = dict(self.choice.choice(self._events(table)))
            if self.choice.random() < 0.8:
                self.new_ids += 1
                event[table.id] = self.new_ids if isinstance(event[table.id], int) else str(self.new_ids)
                event[table.time] = self.now - timedelta(days=self.choice.choice((0, 0, 0, 1, 7, 30, -1, -0.1)))
            event |= self._known(table)
            self._put(player, table, [*player.events.get(table.name, ()), event])

    def change(self) -> None:
        """An event changes where it stands, if its table tells."""
        player = self._somebody()
        tables = [one for one in self.world.catalog.events.values() if one.updated]
        for table in tables if player is not None else ():
            assert player is not None
            events = list(player.events.get(table.name, ()))
            if events:
                place = self.choice.randrange(len(events))
                other = self.choice.choice(self._events(table))
                kept = {name: events[place][name] for name in events[place] if name in (table.id, table.ingested)}
                events[place] = {**other, **kept, str(table.updated): self.now}
                self._put(player, table, events)
                return

    def update(self) -> None:
        """A profile changes."""
        player = self._somebody()
        if player is not None:
            other = self.choice.choice(list(self.everybody.values()))
            self._replace(self._changed(replace(player, attributes=other.attributes)))

    def leave(self) -> None:
        """A player's profile is deleted."""
        if len(self.world.players) > 1:
            gone = self._somebody()
            self.world = replace(self.world, players=[one for one in self.world.players if one is not gone])

    def come(self) -> None:
        """A player who was not there is."""
        there = {one.player_id for one in self.world.players}
        away = [one for name, one in self.everybody.items() if name not in there]
        if away:
            came = self._changed(self.choice.choice(away))
            self.world = replace(self.world, players=[*self.world.players, came])

    def edit(self) -> None:
        """Some segments go, and others come: what they use stays."""
        wanted: set[str] = set()
        for name, segment in reversed(self.segments.items()):
            if name in wanted or self.choice.random() < 0.5:
                parts = (segment.rules, segment.scope, self.world.guards.get(segment.purpose))
                wanted |= {name, *segment.uses, *(one for rule in parts for one in asked(rule, self.world.names))}
        kept = {name: one for name, one in self.segments.items() if name in wanted}
        if kept:
            self.world = replace(self.world, segments=kept)

    def _changed(self, player: PlayerFacts) -> PlayerFacts:
        """The player, whose row says that it changed now, if rows say so."""
        name = self.world.catalog.player.updated_at
        return replace(player, attributes={**player.attributes, name: self.now}) if name else player

    def _events(self, table: EventTable) -> list[Mapping[str, Fact]]:
        return [event for one in self.everybody.values() for event in one.events.get(table.name, ())]

    def _known(self, table: EventTable) -> dict[str, Fact]:
        names = (name for name in (table.ingested, table.updated) if name is not None)
        return dict.fromkeys(names, self.now)

    def _somebody(self) -> PlayerFacts | None:
        return self.choice.choice(list(self.world.players)) if self.world.players else None

    def _put(self, player: PlayerFacts, table: EventTable, events: list[Mapping[str, Fact]]) -> None:
        self._replace(replace(player, events={**player.events, table.name: events}))

    def _replace(self, player: PlayerFacts) -> None:
        players = [player if one.player_id == player.player_id else one for one in self.world.players]
        self.world = replace(self.world, players=players)


def stepping(seed: int, segments: int = 30) -> Stepping:
    """A world of a seed before its first step; one table of three does not say when its rows became known."""
    world, choice = random_world(seed, 12, segments), Random(seed)
    catalog = _telling(world.catalog, choice)
    players = [_told(one, catalog, world.clock.as_of) for one in world.players]
    world = replace(world, catalog=catalog, players=players)
    return Stepping(world, {one.player_id: one for one in players}, world.segments, choice)


def _telling(catalog: Catalog, choice: Random) -> Catalog:
    events = {
        name: replace(
            table,
            ingested=None if choice.random() < 0.3 else "ingested_at",
            updated=choice.choice((None, "changed_at")),
        )
        for name, table in catalog.events.items()
    }
    player = replace(catalog.player, updated_at=choice.choice((None, "row_changed_at")))
    return replace(catalog, player=player, events=events)


def _told(player: PlayerFacts, catalog: Catalog, now: datetime) -> PlayerFacts:
    """Events that lie ahead are known already."""
    events = dict(player.events)
    for name, table in catalog.events.items():
        if name in events:
            events[name] = [_at_most(event, table, now) for event in events[name]]
    return replace(player, events=events)


def _at_most(event: Mapping[str, Fact], table: EventTable, now: datetime) -> dict[str, Fact]:
    time = event[table.time]
    known = min(time, now) if isinstance(time, datetime) else now
    return {**event, **{name: known for name in (table.ingested, table.updated) if name is not None}}
