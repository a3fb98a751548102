"""One side as it is known: what is deployed or what the files declare, and what the state holds of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.base.errors import Mistakes, Refused
from segctl.members.numbering import Numbering
from segctl.model.expand import Names
from segctl.model.segment import Limit, Segment
from segctl.model.time import Clock, micros
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions, membership
from segctl.store.definitions import Deployed
from segctl.store.state import head
from segctl.workflow.declared import DeclaredObject, declared_objects, snapshot
from segctl.workflow.deployed import bodies, stored_catalog_of, stored_parts
from segctl.workflow.evaluation import numbered
from segctl.workflow.holds import NO_HOLDS, Holds
from segctl.workflow.load import Loaded
from segctl.workflow.parts import put
from segctl.workflow.passed import passed_over
from segctl.workflow.returns import holds_of
from segctl.workflow.sides import Held, Sides
from segctl.workflow.state import deployed_segment
from segctl.workflow.worlds import Parts, World, guard_name, in_order, is_guard, world


@dataclass(frozen=True, slots=True)
class Known:
    """`objects` are the deployed segments and guards by the names that this side gives them.

    `retaken` are the static segments whose snapshot this side takes anew. `declared` says that it is what the
    files declare.
    """

    parts: Parts
    world: World
    objects: Mapping[str, Deployed]
    retaken: frozenset[str] = frozenset()
    declared: bool = False

    @property
    def names(self) -> Names:
        """What the names of rules and lists stand for."""
        return Names(self.parts.rules, self.parts.lists)

    def limit(self, name: str) -> Limit | None:
        """The limit that decides who is in a segment now; a snapshot has been limited before."""
        return None if self.keeps(name) else self.world.segments[name].limit

    def keeps(self, name: str) -> bool:
        """Are its members those of a snapshot that was taken earlier?"""
        return self.world.segments[name].type == "static" and name not in self.retaken

    def closure(self, wanted: Iterable[str]) -> list[str]:
        """Segments and guards with all that they use, used ones first."""
        graph: dict[str, frozenset[str]] = {}
        waiting = list(wanted)
        while waiting:
            name = waiting.pop()
            if name not in graph:
                graph[name] = self.world.segments[name].uses(snapshot=self.keeps(name))
                waiting.extend(graph[name])
        return in_order(graph)


def side_with(connection: Connection, loaded: Loaded, name: str, *, declared: bool) -> Known:
    """The side to look for a segment on: what is deployed, or the files if they are meant or alone have it.

    Raises: Mistakes; Refused, when there is no such segment.
    """
    at = definitions.deployed(connection).get(f"segment.{name}")
    fresh = at is None and not loaded.failed and name in loaded.project.segments
    return (_declared_side if declared or fresh else _deployed_side)(connection, loaded, name)


def all_deployed(connection: Connection) -> Known:
    """Everything that is deployed, as the state has it. Raises: Refused."""
    objects = definitions.deployed(connection)
    catalog = stored_catalog_of(connection, objects)
    if catalog is None:
        raise Refused("Nothing is deployed yet.", "Deploy first: segctl apply")
    parts = stored_parts(connection, objects.values(), catalog)
    return Known(parts, world(parts), _by_name(objects.values()))


def _deployed_side(connection: Connection, loaded: Loaded, name: str) -> Known:
    """What is deployed, in the order of the files where they say the same. Raises: Refused.

    `name` must be an active segment.
    """
    if deployed_segment(connection, name).status == "archived":
        raise Refused(
            f"`{name}` is archived and has no members.",
            f"Who left it and when: segctl history {name}. To bring it back, declare it again, then: segctl apply",
        )
    known = all_deployed(connection)
    for one in _as_declared(connection, loaded, definitions.deployed(connection)):
        put(known.parts, one)
    return Known(known.parts, world(known.parts), known.objects)


def _as_declared(
    connection: Connection, loaded: Loaded, objects: Mapping[str, Deployed]
) -> Iterator[DeclaredObject]:
    """What the files say in the same words as the state: their order, and places in them, are worth telling."""
    if loaded.failed:
        return
    for address, one in _stated(connection, loaded).items():
        if address in objects and objects[address].digest == one.digest:
            yield one


def _stated(connection: Connection, loaded: Loaded) -> Mapping[str, DeclaredObject]:
    secret = head(connection).secret
    return passed_over(connection, declared_objects(loaded.project, secret), secret)


def _declared_side(connection: Connection, loaded: Loaded, name: str) -> Known:
    """What the files declare. Raises: Mistakes; Refused, when they do not declare `name`."""
    if loaded.failed or loaded.project.catalog is None:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    declared = _stated(connection, loaded)
    if name not in loaded.project.segments:
        raise Refused(
            f"The files declare no segment `{name}`.",
            did_you_mean(name, loaded.project.segments) or "What they declare: segctl validate",
        )
    parts = Parts(loaded.project.catalog)
    for one in declared.values():
        put(parts, one)
    former = _former(parts, definitions.deployed(connection))
    static = [one for one in parts.segments.values() if one.type == "static"]
    before = bodies(connection, [former[one.name] for one in static if one.name in former])
    kept = {
        one.name
        for one in static
        if one.name in former and snapshot(before[former[one.name].address]) == declared[one.address].snapshot
    }
    retaken = frozenset(one.name for one in static) - kept
    return Known(parts, world(parts), former, retaken, declared=True)


def sides_of(
    known: Known,
    names: Iterable[str],
    held: Mapping[str, Held],
    clock: Clock,
    ids: Numbering,
    holds: Holds = NO_HOLDS,
) -> Sides:
    """What to evaluate for some segments of one side. `held` and `holds` are by this side's names."""
    same = {name: name for name in known.world.segments}
    names = frozenset(names)
    return Sides(
        new=known.world,
        old=known.world,
        names=names,
        gone=frozenset(),
        was=same,
        now=same,
        held=held,
        listed={one.name: numbered(_ids(one), ids) for one in known.parts.segments.values() if one.players},
        clock=clock,
        retaken=known.retaken.intersection(known.closure(names)),
        still=True,
        holds=holds,
    )


def holds_in(connection: Connection, known: Known, clock: Clock) -> Holds:
    """Whom segments hold in or out since they were forgotten, by this side's names."""
    return holds_of(connection, {one.object_id: name for name, one in known.objects.items()}, clock)


def held_in(connection: Connection, known: Known, names: Iterable[str]) -> dict[str, Held]:
    """What the state holds of some segments and guards, by this side's names."""
    objects = {known.objects[name].object_id: name for name in names if name in known.objects}
    loaded = membership.load(connection, objects)
    return {objects[key]: Held(one.members, one.listed, micros(one.as_of), key) for key, one in loaded.items()}


def _by_name(objects: Iterable[Deployed]) -> dict[str, Deployed]:
    found = {one.name: one for one in objects if one.kind == "segment"}
    return found | {guard_name(one.name): one for one in objects if one.kind == "guard"}


def _former(parts: Parts, deployed: Mapping[str, Deployed]) -> dict[str, Deployed]:
    """What is deployed of these documents, under the names they have in the files."""
    found = {}
    for one in parts.segments.values():
        at = deployed.get(one.address) or deployed.get(f"segment.{one.renamed_from}")
        if at is not None:
            found[one.name] = at
    return found | {name: one for name, one in _by_name(deployed.values()).items() if is_guard(name)}


def _ids(segment: Segment) -> tuple[str, ...]:
    return segment.players.ids if segment.players else ()
