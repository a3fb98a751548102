"""Files against state, before anyone's membership is asked: cheap, and enough when nothing changed.

Imports nothing that evaluates members, so that a plan without changes starts fast.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from segctl.base.commit import Commit
from segctl.base.diagnostic import Diagnostic
from segctl.base.errors import Refused
from segctl.base.span import Span
from segctl.plan.compare import Declared, NothingToRename, Standing, Step, compare
from segctl.plan.document import Plan
from segctl.plan.seal import sealed
from segctl.store import definitions
from segctl.store.definitions import Deployed
from segctl.store.engine import open_state, reading
from segctl.store.instant import as_text
from segctl.store.state import Head, ensure, head
from segctl.version import VERSION
from segctl.workflow.context import Context
from segctl.workflow.declared import DeclaredObject, declared_objects, meaning
from segctl.workflow.deployed import bodies
from segctl.workflow.load import Loaded


@dataclass(frozen=True, slots=True)
class Difference:
    """What would change, by address. `definitions` are those deployed objects that change, redacted."""

    head: Head
    declared: Mapping[str, DeclaredObject]
    deployed: Mapping[str, Deployed]
    definitions: Mapping[str, Mapping[str, object]]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Mistakes(Exception):  # noqa: N818 - diagnostics, on their way to whoever shows them
    """A project that cannot be planned. Holds what `segctl validate` would show."""

    diagnostics: tuple[Diagnostic, ...]


def difference(context: Context, loaded: Loaded) -> Difference:
    """Compares the files with the state. Raises: Mistakes, Refused."""
    if loaded.diagnostics:
        raise Mistakes(loaded.diagnostics)
    engine = open_state(context.state)
    ensure(engine, context.now)
    with reading(engine) as connection:
        return compared(connection, loaded)


def compared(connection: Connection, loaded: Loaded) -> Difference:
    """The difference as seen in one transaction. Raises: Mistakes."""
    at = head(connection)
    declared = declared_objects(loaded.project, at.secret)
    deployed = definitions.deployed(connection, archived=True)
    changing = [one for one in deployed.values() if _may_change(one, declared)]
    redacted = bodies(connection, changing)
    former = _former_addresses(connection, declared, deployed)
    steps, wrong = compare(
        {address: _declared(one, deployed) for address, one in declared.items()},
        {address: _standing(one, former.get(address, frozenset())) for address, one in deployed.items()},
        {address: meaning(definition) for address, definition in redacted.items()},
    )
    if wrong:
        raise Mistakes(tuple(_nothing_to_rename(one, declared) for one in wrong))
    return Difference(at, declared, deployed, redacted, tuple(steps))


def unchanged(context: Context, loaded: Loaded, found: Difference, commit: Commit | None) -> Plan:
    """The plan of a difference without steps."""
    return sealed(
        Plan(
            environment=context.environment,
            lineage=found.head.lineage,
            serial=found.head.serial,
            as_of=as_text(context.now),
            segctl=VERSION,
            currency=loaded.project.catalog.currency if loaded.project.catalog else "",
            changes=(),
            inputs=loaded.project.digests,
            declared=len(loaded.project.segments),
            commit=commit,
        )
    )


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
        meaning="" if same else one.meaning,
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


def _nothing_to_rename(wrong: NothingToRename, declared: Mapping[str, DeclaredObject]) -> Diagnostic:
    segment = declared[wrong.address].segment
    former = wrong.renamed_from.partition(".")[2]
    at = segment.at if segment and segment.at else Span("segments", 1, 1, 1, 2)
    return Diagnostic(
        "SEG109",
        at,
        f"Nothing deployed is called `{former}`, or another file still declares it.",
        ("Correct `renamed_from`, or remove it to create a new segment.",),
    )


def refuse_archived_target(found: Difference) -> None:
    """A name stays taken after its archive. Raises: Refused, where a rename would take it."""
    for step in found.steps:
        if "rename" in step.actions and step.address in found.deployed:
            raise Refused(
                f"{step.address} was archived, and {step.was} cannot be renamed to it.",
                "Choose another name.",
            )
