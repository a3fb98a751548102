"""The worlds before and after some steps, and the segments those steps affect. Reads the state, no warehouse."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.model.catalog import Catalog
from segctl.model.time import micros
from segctl.plan.catalogdiff import changed_fields
from segctl.plan.compare import Step
from segctl.store import membership
from segctl.store.definitions import Deployed
from segctl.workflow.declared import DeclaredObject, meaning
from segctl.workflow.deployed import stored_catalog_of, stored_parts
from segctl.workflow.difference import Difference
from segctl.workflow.parts import drop, put
from segctl.workflow.sides import Held
from segctl.workflow.worlds import Parts, World, affected, guard_name, is_guard, remembered, using, world


@dataclass(frozen=True, slots=True)
class Stage:
    """`names` are the affected segments and guards of the new world, `fields` the catalog's changed fields.

    `retaken` are the static segments whose snapshot is taken now, `addresses` the changed rules, lists and guards.
    """

    old: World
    new: World
    names: frozenset[str]
    gone: frozenset[str]
    was: Mapping[str, str]
    fields: frozenset[str]
    retaken: frozenset[str]
    addresses: frozenset[str]


def stage(connection: Connection, found: Difference, steps: Sequence[Step]) -> Stage:
    """The state's world, and the same world with the steps taken. Raises: Refused."""
    by_address = {step.address: step for step in steps}
    active = {address: one for address, one in found.deployed.items() if one.status == "active"}
    old_catalog, new_catalog = _catalogs(connection, found, by_address, active)
    before = _standing(connection, found, active, old_catalog)
    old = world(before)
    was = {name: name for name in old.segments}
    after = _taken(before, steps, found, was, new_catalog)
    new = world(after)
    was |= {name: name for name in new.segments if is_guard(name) and name in old.segments}
    was = {name: former for name, former in was.items() if name in new.segments}
    fields = frozenset() if old_catalog is new_catalog else changed_fields(old_catalog, new_catalog)
    addresses = frozenset(step.address for step in steps if step.address.partition(".")[0] in _SHARED)
    retaken = frozenset(
        step.address.partition(".")[2]
        for step in steps
        if _takes_snapshot(step) and found.declared[step.address].type == "static"
    )
    changed = {*_changed(steps, found), *using(new, fields, addresses), *_unguarded(old, new, was)}
    names = affected(new, changed, retaken)
    gone = old.segments.keys() - set(was.values())
    return Stage(old, new, frozenset(names), frozenset(gone), was, fields, retaken, addresses)


_SHARED = ("rule", "list", "guard")


def _takes_snapshot(step: Step) -> bool:
    return step.address.startswith("segment.") and not {"create", "replace", "recover"}.isdisjoint(step.actions)


def _unguarded(old: World, new: World, was: Mapping[str, str]) -> set[str]:
    """The segments that stand under another guard than before, or under none."""
    return {name for name, former in was.items() if old.segments[former].guard != new.segments[name].guard}


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
) -> Parts:
    """What is deployed; what the files say in the same words need not be read from the state."""
    other = [one for one in active.values() if not _as_declared(one, found.declared)]
    parts = stored_parts(connection, other, catalog)
    same = [found.declared[address] for address, one in active.items() if _as_declared(one, found.declared)]
    for one in same:
        put(parts, one)
    return parts


def _as_declared(one: Deployed, declared: Mapping[str, DeclaredObject]) -> bool:
    return one.address in declared and declared[one.address].digest == one.digest


def _taken(
    before: Parts, steps: Sequence[Step], found: Difference, was: dict[str, str], catalog: Catalog
) -> Parts:
    """The parts of a world after some steps."""
    parts = Parts(catalog, dict(before.segments), dict(before.rules), dict(before.lists), dict(before.guards))
    for step in steps:
        kind, _, name = step.address.partition(".")
        if step.actions == ("archive",):
            drop(parts, kind, name)
            if kind == "segment":
                del was[name]
            continue
        if step.was is not None:
            former = step.was.partition(".")[2]
            drop(parts, kind, former)
            was[name] = was.pop(former)
        put(parts, found.declared[step.address])
    return parts


def _changed(steps: Iterable[Step], found: Difference) -> set[str]:
    """The segments and guards whose members a step may move: created, or changed in meaning."""
    changed = set()
    for step in steps:
        kind, _, name = step.address.partition(".")
        if step.actions == ("archive",) or kind not in ("segment", "guard") or not _moves(step, found):
            continue
        changed.add(guard_name(name) if kind == "guard" else name)
    return changed


def _moves(step: Step, found: Difference) -> bool:
    if step.base is None or step.actions == ("recover",):
        return True
    before = found.definitions.get(step.was or step.address)
    return before is not None and meaning(before) != found.declared[step.address].meaning


def held(connection: Connection, found: Difference, staged: Stage) -> dict[str, Held]:
    """What the state holds of what is affected, of all lists and snapshots, and of what is remembered."""
    formers = {staged.was[name] for name in staged.names if name in staged.was}
    wanted = formers | staged.gone | {staged.was.get(name, name) for name in remembered(staged.new)}
    wanted |= remembered(staged.old)
    return held_of(
        connection,
        (
            one
            for one in found.deployed.values()
            if one.status == "active" and (_name(one) in wanted or one.type in ("static", "players"))
        ),
    )


def held_of(connection: Connection, objects: Iterable[Deployed]) -> dict[str, Held]:
    """What the state holds of these segments and guards, by name."""
    names = {one.object_id: _name(one) for one in objects}
    loaded = membership.load(connection, names)
    return {names[key]: Held(one.members, one.listed, micros(one.as_of), key) for key, one in loaded.items()}


def _name(one: Deployed) -> str:
    return guard_name(one.name) if one.kind == "guard" else one.name
