"""The worlds before and after some steps, and the segments those steps affect. Reads the state, no warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.base.errors import Refused
from segctl.model.catalog import Catalog
from segctl.model.rule import used_fields
from segctl.model.time import micros, moment
from segctl.plan.catalogdiff import changed_fields
from segctl.plan.compare import Step
from segctl.store import membership
from segctl.store.definitions import Deployed
from segctl.workflow.declared import DeclaredObject, meaning
from segctl.workflow.deployed import stored_catalog_of, stored_segments
from segctl.workflow.difference import Difference
from segctl.workflow.sides import Held
from segctl.workflow.worlds import Definition, World, affected


@dataclass(frozen=True, slots=True)
class Stage:
    """`names` are the affected segments of the new world, `fields` the catalog's changed fields."""

    old: World
    new: World
    names: frozenset[str]
    gone: frozenset[str]
    was: Mapping[str, str]
    fields: frozenset[str]


def stage(connection: Connection, found: Difference, steps: Sequence[Step]) -> Stage:
    """The state's world, and the same world with the steps taken. Raises: Refused."""
    by_address = {step.address: step for step in steps}
    active = {address: one for address, one in found.deployed.items() if one.status == "active"}
    old_catalog, new_catalog = _catalogs(connection, found, by_address, active)
    old = World(_standing(connection, found, active, old_catalog), old_catalog)
    was = {name: name for name in old.segments}
    segments = dict(old.segments)
    for step in steps:
        _take(step, found, segments, was)
    new = World(segments, new_catalog)
    fields = frozenset() if old_catalog is new_catalog else changed_fields(old_catalog, new_catalog)
    names = affected(new, {*_changed(steps, found), *_using(fields, new)})
    gone = old.segments.keys() - set(was.values())
    return Stage(old, new, frozenset(names), frozenset(gone), was, fields)


def _catalogs(
    connection: Connection, found: Difference, steps: Mapping[str, Step], active: Mapping[str, Deployed]
) -> tuple[Catalog, Catalog]:
    declared = next(one for one in found.declared.values() if one.catalog is not None)
    assert declared.catalog is not None  # noqa: S101 - just looked for
    same = declared.address in active and active[declared.address].digest == declared.digest
    stored = None if same else stored_catalog_of(connection, active)
    old = stored or declared.catalog
    return old, declared.catalog if declared.address in steps else old


def _standing(
    connection: Connection, found: Difference, active: Mapping[str, Deployed], catalog: Catalog
) -> dict[str, Definition]:
    """Deployed segments; what the files say in the same words need not be read from the state."""
    segments = [one for one in active.values() if one.kind == "segment"]
    other = [one for one in segments if not _as_declared(one, found.declared)]
    stored = stored_segments(connection, other, catalog)
    standing = {name: Definition(name, one.type, one.rules) for name, one in stored.items()}
    for one in segments:
        if one.name not in standing:
            standing[one.name] = _declared(found.declared[one.address])
    return standing


def _as_declared(one: Deployed, declared: Mapping[str, DeclaredObject]) -> bool:
    return one.address in declared and declared[one.address].digest == one.digest


def _declared(one: DeclaredObject) -> Definition:
    assert one.segment is not None  # noqa: S101 - only segments are asked for
    return Definition(one.name, one.segment.type, one.segment.rules)


def _take(step: Step, found: Difference, segments: dict[str, Definition], was: dict[str, str]) -> None:
    kind, _, name = step.address.partition(".")
    if kind != "segment":
        return
    if step.actions == ("archive",):
        del segments[name], was[name]
        return
    if step.was is not None:
        former = step.was.partition(".")[2]
        del segments[former]
        was[name] = was.pop(former)
    segments[name] = _declared(found.declared[step.address])


def _changed(steps: Iterable[Step], found: Difference) -> set[str]:
    """The segments whose members a step may move: created, or changed in meaning."""
    changed = set()
    for step in steps:
        kind, _, name = step.address.partition(".")
        if kind == "segment" and step.actions != ("archive",) and _moves(step, found):
            changed.add(name)
    return changed


def _moves(step: Step, found: Difference) -> bool:
    if step.base is None or step.actions == ("recover",):
        return True
    before = found.definitions.get(step.was or step.address)
    return before is not None and meaning(before) != found.declared[step.address].meaning


def _using(fields: frozenset[str], world: World) -> set[str]:
    if not fields:
        return set()
    return {one.name for one in world.segments.values() if one.follows and used_fields(one.rules) & fields}


def held(connection: Connection, found: Difference, names: Iterable[str]) -> dict[str, Held]:
    """What the state holds of deployed segments, and of all lists and snapshots, by name."""
    wanted = set(names)
    return held_of(
        connection,
        (
            one
            for one in found.deployed.values()
            if one.kind == "segment" and one.status == "active" and (one.name in wanted or one.type != "dynamic")
        ),
    )


def held_of(connection: Connection, segments: Iterable[Deployed]) -> dict[str, Held]:
    """What the state holds of these segments, by name."""
    objects = {one.object_id: one.name for one in segments}
    loaded = membership.load(connection, objects)
    return {objects[key]: Held(one.members, one.listed, micros(one.as_of)) for key, one in loaded.items()}


def refuse_older(held_before: Mapping[str, Held], as_of_micros: int) -> None:
    """Older facts never overwrite newer ones. Raises: Refused."""
    newest = max(held_before, key=lambda name: held_before[name].as_of_micros, default=None)
    if newest is not None and held_before[newest].as_of_micros > as_of_micros:
        held_at, at = (
            f"{moment(one):%Y-%m-%d %H:%M:%S} UTC" for one in (held_before[newest].as_of_micros, as_of_micros)
        )
        raise Refused(
            f"The state holds members of {newest} as of {held_at}, a later instant than this run's, {at}.",
            "Leave out --as-of, or check this machine's clock.",
        )
