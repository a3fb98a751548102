"""What a working tree says otherwise than a commit: the changes of a pull request, and nothing else.

The settings are the commit's: who changes where members are read and written, what the limits are and what is
allowed, changes it for later runs, not for the run that looks at the change.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.base.errors import Refused
from segctl.files.checkout import check_out
from segctl.files.revision import revision
from segctl.model.catalog import Catalog
from segctl.model.rule import Rule
from segctl.model.segment import Segment
from segctl.model.uses import named
from segctl.plan.catalogdiff import changed_fields
from segctl.plan.compare import Step
from segctl.store.engine import open_state, reading
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject, declared_objects
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.difference import Difference
from segctl.workflow.load import Loaded, load


@dataclass(frozen=True, slots=True)
class Base:
    """A project as it stands in a commit."""

    commit: str
    loaded: Loaded


def base_of(loaded: Loaded, ref: str) -> Base:
    """The project in the commit that a ref names. Raises: Refused."""
    commit = revision(loaded.root, ref)
    with tempfile.TemporaryDirectory(prefix="segctl-") as folder:
        root = Path(folder).resolve()
        check_out(loaded.root, commit, root)
        return Base(commit, load(root))


def with_settings(loaded: Loaded, base: Base) -> Loaded:
    """The working tree under the settings of the commit, if it has any. Raises: Refused."""
    settings = base.loaded.settings
    if settings is None and base.loaded.sources:
        raise Refused(
            f"segctl.yaml cannot be read as it stands in {base.commit[:12]}, whose settings are those that count.",
            "Name a commit whose settings are whole: segctl plan --base REF",
        )
    return loaded if settings is None else replace(loaded, settings=settings)


def differing(context: Context, found: Difference, base: Base) -> tuple[Step, ...]:
    """The steps of a difference that the working tree brings, and those that they cannot be without."""
    with reading(open_state(context.state)) as connection:
        deployed = stored_catalog_of(connection, found.deployed)
    was = declared_objects(base.loaded.project, found.head.secret)
    wanted = {
        address for address in {*was, *found.declared} if _digest(was, address) != _digest(found.declared, address)
    }
    return closed(found, wanted, deployed)


def closed(found: Difference, wanted: AbstractSet[str], deployed: Catalog | None) -> tuple[Step, ...]:
    """The steps of these addresses, and those that they cannot be without: the state lacks what they speak of."""
    chosen: dict[str, Step] = {}
    waiting = [step for step in found.steps if step.address in wanted or step.was in wanted]
    while waiting:
        step = waiting.pop()
        if step.address not in chosen:
            chosen[step.address] = step
            waiting.extend(_needed(step, found, deployed))
    return tuple(step for step in found.steps if step.address in chosen)


def _digest(objects: Mapping[str, DeclaredObject], address: str) -> str | None:
    return objects[address].digest if address in objects else None


def _needed(step: Step, found: Difference, deployed: Catalog | None) -> Iterator[Step]:
    """What the state lacks of what a step speaks of: objects not deployed, fields that are read otherwise."""
    one = found.declared.get(step.address)
    if one is None:
        return
    active = {address for address, other in found.deployed.items() if other.status == "active"}
    used = set(one.uses) | ({f"guard.{one.segment.purpose}"} if one.segment else set())
    fields = set(_fields(one))
    for other in found.steps:
        if other.address in used and (other.was or other.address) not in active:
            yield other
        catalog = found.declared[other.address].catalog if other.address in found.declared else None
        if catalog is not None and _reads(fields, catalog, deployed):
            yield other


def _reads(fields: set[str], declared: Catalog, deployed: Catalog | None) -> bool:
    return deployed is None or not fields.isdisjoint(changed_fields(deployed, declared))


def _fields(one: DeclaredObject) -> Iterator[str]:
    """The names of fields, and of events as a changed catalog calls them, that an object speaks of."""
    segment = one.segment
    rules: Sequence[Rule | None] = (segment.rules, segment.scope) if segment else (one.rule,)
    for rule in rules:
        for address, _ in named(rule):
            yield _field(address)
    if segment is not None:
        yield from _beside(segment)


def _beside(segment: Segment) -> Iterator[str]:
    if segment.trigger is not None:
        yield from (f"events.{step.events}" for step in (*segment.trigger.enter, *segment.trigger.exit))
    if segment.limit is not None:
        yield segment.limit.by


def _field(address: str) -> str:
    kind, _, name = address.partition(".")
    return f"events.{name}" if kind == "event" else name
