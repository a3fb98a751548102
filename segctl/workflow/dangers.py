"""What state and worlds say of a plan's hazards, beyond the changes themselves. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyroaring import BitMap

from segctl.plan.compare import Step
from segctl.plan.hazards import Around
from segctl.store.definitions import Deployed
from segctl.workflow.declared import meaning
from segctl.workflow.difference import Difference
from segctl.workflow.sides import Held
from segctl.workflow.stage import Stage
from segctl.workflow.worlds import Definition, address_of, guard_name, is_guard


def around(
    found: Difference,
    staged: Stage,
    steps: Sequence[Step],
    before: Mapping[str, Held],
    guards: Mapping[str, BitMap],
    players: int,
) -> Around:
    """What surrounds the steps. `players` are those of the warehouse: without a guard, everybody passes."""
    ending = {step.address for step in steps if step.actions == ("archive",)}
    active = {address: one for address, one in found.deployed.items() if one.status == "active"}
    readers, fields = _readers(staged)
    return Around(
        protected={address for address in ending if active[address].protected},
        notifying={address for address in ending if active[address].notify},
        users={address: tuple(_users(address, active)) for address in ending},
        guards=dict(_guards(steps, staged, before, guards, players)),
        widened=dict(_widened(staged)),
        renamed=dict(_renamed(found, steps, ending)),
        fields=fields,
        readers=readers,
    )


def _users(address: str, active: Mapping[str, Deployed]) -> Iterator[str]:
    for other, one in active.items():
        if other != address and address in one.uses:
            yield other.partition(".")[2] if other.startswith("segment.") else other.replace(".", " ", 1)


def _guards(
    steps: Sequence[Step],
    staged: Stage,
    before: Mapping[str, Held],
    guards: Mapping[str, BitMap],
    players: int,
) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Of each guard that is changed: who passed, who passes, and how many segments stood under it."""
    for step in steps:
        kind, _, purpose = step.address.partition(".")
        if kind == "guard":
            name = guard_name(purpose)
            passed = len(before[name].members) if name in before else 0
            passes = len(guards[name]) if name in guards else (players if name in staged.gone else passed)
            yield purpose, (passed, passes, sum(one.guard == name for one in staged.old.segments.values()))


def _widened(staged: Stage) -> Iterator[tuple[str, str]]:
    """Segments that leave their guard behind while it stays: their purpose is another."""
    for name, former in staged.was.items():
        old, new = staged.old.segments[former].guard, staged.new.segments[name].guard
        if old is not None and old != new and old in staged.new.segments:
            yield name, address_of(old).replace(".", " ", 1)


def _renamed(found: Difference, steps: Sequence[Step], ending: set[str]) -> Iterator[tuple[str, str]]:
    """What is created with the body of something that goes: who meant a rename loses its history."""
    went = {
        meaning(found.definitions[address]): address
        for address in sorted(ending)
        if address.startswith("segment.") and address in found.definitions
    }
    for step in steps:
        if step.actions == ("create",) and step.address.startswith("segment."):
            same = went.pop(found.declared[step.address].meaning, None)
            if same is not None:
                yield step.address, same


def _readers(staged: Stage) -> tuple[int, tuple[str, ...]]:
    """How many deployed segments and guards read a field that means something else now, and the fields."""
    read = [(one, one.reads & staged.fields) for one in staged.old.segments.values() if _stays(one, staged)]
    used = sorted({name for _, names in read for name in names})
    return sum(bool(names) for _, names in read), tuple(used)


def _stays(one: Definition, staged: Stage) -> bool:
    return one.name not in staged.gone or is_guard(one.name)
