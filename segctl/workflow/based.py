"""What a working tree says otherwise than a commit: the changes of a pull request, and nothing else.

The settings are the commit's: who changes where members are read and written, what the limits are and what is
allowed, changes it for later runs, not for the run that looks at the change.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path

from segctl.base.errors import Refused
from segctl.base.source import Source
from segctl.files.checkout import check_out
from segctl.files.revision import revision
from segctl.model.uses import named, named_by
from segctl.plan.catalogdiff import changed_addresses
from segctl.plan.compare import Step
from segctl.spec.project import only_tests
from segctl.store.engine import open_state, reading
from segctl.workflow.context import Context
from segctl.workflow.declared import declared_digests
from segctl.workflow.deployed import stored_catalog_of
from segctl.workflow.difference import Difference
from segctl.workflow.load import Loaded, load

# what everything speaks of while no catalog is deployed
_ANY_CATALOG = "catalog"


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
        check_out(loaded.root, commit, root, lambda file, data: not only_tests(Source(file, data)))
        return Base(commit, load(root, memory=loaded.memory))


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
    was = declared_digests(base.loaded.project, found.head.secret)
    now = {address: one.digest for address, one in found.declared.items()}
    wanted = {address for address in {*was, *now} if was.get(address) != now.get(address)}
    return closed(context, found, wanted)


def closed(context: Context, found: Difference, wanted: AbstractSet[str]) -> tuple[Step, ...]:
    """The steps of these addresses, and those that they cannot be without: the state lacks what they speak of."""
    lacking = _lacking(context, found)
    chosen: dict[str, Step] = {}
    waiting = [step for step in found.steps if step.address in wanted or step.was in wanted]
    while waiting:
        step = waiting.pop()
        if step.address not in chosen:
            chosen[step.address] = step
            waiting.extend(lacking[address] for address in _spoken_of(step, found) if address in lacking)
    return tuple(step for step in found.steps if step.address in chosen)


def _lacking(context: Context, found: Difference) -> dict[str, Step]:
    """The steps that bring what is not deployed, or, for fields and events, is read otherwise, by its address."""
    active = {address for address, one in found.deployed.items() if one.status == "active"}
    steps = {step.address: step for step in found.steps if (step.was or step.address) not in active}
    for step in found.steps:
        declared = found.declared.get(step.address)
        if declared is not None and declared.catalog is not None:
            with reading(open_state(context.state)) as connection:
                deployed = stored_catalog_of(connection, found.deployed)
            steps |= dict.fromkeys(changed_addresses(deployed, declared.catalog), step)
            if deployed is None:
                steps[_ANY_CATALOG] = step
    return steps


def _spoken_of(step: Step, found: Difference) -> Iterator[str]:
    """The addresses that what is declared speaks of: whatever it is, the catalog if there is none yet."""
    one = found.declared.get(step.address)
    if one is None:
        return
    yield _ANY_CATALOG
    yield from one.uses
    spoken = named_by(one.segment) if one.segment else named(one.rule)
    yield from (address for address, _ in spoken)
    if one.segment:
        yield f"guard.{one.segment.purpose}"
