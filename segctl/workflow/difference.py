"""Files against state, before anyone's membership is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.base.commit import Commit
from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Mistakes
from segctl.base.span import Span
from segctl.plan.compare import Declared, NothingToRename, Standing, Step, compare
from segctl.plan.document import Plan
from segctl.spec.suggest import did_you_mean
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.store.engine import open_state, reading
from segctl.store.state import Head, ensure, head
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject, declared_objects, snapshot
from segctl.workflow.deployed import bodies
from segctl.workflow.load import Loaded
from segctl.workflow.look import Look, empty_plan
from segctl.workflow.older import refuse_older
from segctl.workflow.passed import passed_over


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change, by address. `definitions` are those deployed objects that change, redacted."""

    head: Head
    declared: Mapping[str, DeclaredObject]
    deployed: Mapping[str, Deployed]
    definitions: Mapping[str, Mapping[str, object]]
    steps: tuple[Step, ...]


def difference(context: Context, loaded: Loaded, look: Look | None = None) -> Difference:
    """Compares the files with the state. What a first look found is not asked again. Raises: Mistakes, Refused."""
    if loaded.failed:
        raise Mistakes(loaded.diagnostics, loaded.texts, len(loaded.sources))
    engine = open_state(context.state)
    if look is None:  # else it has been seen
        ensure(engine, context.at)
    with reading(engine) as connection:
        return compared(connection, loaded)


def compared(connection: Connection, loaded: Loaded) -> Difference:
    """The difference as seen in one transaction. Raises: Mistakes."""
    at = head(connection)
    declared = passed_over(connection, declared_objects(loaded.project, at.secret), at.secret)
    deployed = definitions.deployed(connection, archived=True)
    changing = [one for one in deployed.values() if _may_change(one, declared)]
    redacted = bodies(connection, changing)
    former = _former_addresses(connection, declared, deployed)
    steps, wrong = compare(
        {address: _declared(one, deployed) for address, one in declared.items()},
        {address: _standing(one, former.get(address, frozenset())) for address, one in deployed.items()},
        {address: snapshot(definition) for address, definition in redacted.items()},
    )
    if wrong:
        mistakes = tuple(_nothing_to_rename(one, declared, deployed) for one in wrong)
        raise Mistakes(mistakes, loaded.texts, len(loaded.sources))
    return Difference(at, declared, deployed, redacted, tuple(steps))


def unchanged(
    context: Context, loaded: Loaded, found: Difference, commit: Commit | None, against: str | None = None
) -> Plan:
    """The plan of a difference without steps. Raises: Refused."""
    refuse_older(found.deployed.values(), context.now)
    return empty_plan(context, loaded, found.head.lineage, found.head.serial, commit, against)


def _may_change(one: Deployed, declared: Mapping[str, DeclaredObject]) -> bool:
    if one.status == "archived":
        return one.address in declared
    return one.address not in declared or declared[one.address].digest != one.digest


def _declared(one: DeclaredObject, deployed: Mapping[str, Deployed]) -> Declared:
    standing = deployed.get(one.address)
    renamed_from = one.segment.renamed_from if one.segment else None
    same = standing is not None and standing.digest == one.digest
    return Declared(
        address=one.address,
        type=one.type,
        digest=one.digest,
        meaning="" if same else one.snapshot,
        renamed_from=f"{one.kind}.{renamed_from}" if renamed_from else None,
    )


def _standing(one: Deployed, former: frozenset[str]) -> Standing:
    return Standing(one.address, one.type, one.version, one.digest, one.status == "archived", former)


def _former_addresses(
    connection: Connection, declared: Mapping[str, DeclaredObject], deployed: Mapping[str, Deployed]
) -> dict[str, frozenset[str]]:
    """Earlier addresses of what says it was renamed and is deployed."""
    return {
        address: frozenset(version.address for version in definitions.versions(connection, address))
        for address, one in declared.items()
        if one.segment is not None and one.segment.renamed_from is not None and address in deployed
    }


def _nothing_to_rename(
    wrong: NothingToRename, declared: Mapping[str, DeclaredObject], deployed: Mapping[str, Deployed]
) -> Diagnostic:
    segment = declared[wrong.address].segment
    at = (segment.renamed_at or segment.at) if segment else None
    former, name = (address.partition(".")[2] for address in (wrong.renamed_from, wrong.address))
    detail, way_out = _obstacle_told(wrong, former, name, deployed)
    return Diagnostic("SEG109", at or Span("segments", 1, 1, 1, 2), detail, (way_out,))


def _obstacle_told(
    wrong: NothingToRename, former: str, name: str, deployed: Mapping[str, Deployed]
) -> tuple[str, str]:
    match wrong.obstacle:
        case "unknown":
            names = [one.name for one in deployed.values() if one.kind == "segment" and one.status == "active"]
            return f"Nothing deployed is called `{former}`.", (
                did_you_mean(former, names) or "Remove `renamed_from` to create a new segment."
            )
        case "archived":
            return (
                f"`{former}` is archived, and only what is active can be renamed.",
                f"Declare `{former}` once more to recover it, or remove `renamed_from` to create a new segment.",
            )
        case "declared":
            return (
                f"Another document still declares `{former}`.",
                f"Remove that one, or remove `renamed_from` to have both `{former}` and `{name}`.",
            )
        case "taken":
            state = "archived" if deployed[wrong.address].status == "archived" else "deployed"
            return (
                f"The name `{name}` is taken: it is {state}, and was never called `{former}`.",
                "Choose another name, or remove `renamed_from`.",
            )
