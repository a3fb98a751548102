"""Declared against deployed: which objects change, and in which way. Pure; says nothing of players."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from segctl.plan.document import Action, Base


@dataclass(frozen=True, slots=True)
class Declared:
    """An object in the files. `meaning` is the digest of what decides its snapshot."""

    address: str
    type: str
    digest: str
    meaning: str
    renamed_from: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """An object in the state; `former` holds the addresses it had before."""

    address: str
    type: str
    version: int
    digest: str
    archived: bool = False
    former: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One object that changes; `was` is its address in the state when that differs."""

    address: str
    actions: tuple[Action, ...]
    base: Base | None
    was: str | None = None


# `unknown` and `archived` speak of the old name, `declared` too: a file still has it; `taken` of the new one.
Obstacle = Literal["unknown", "archived", "declared", "taken"]


@dataclass(frozen=True, slots=True)
class NothingToRename:
    """A `renamed_from` that cannot be followed, and what stands in the way."""

    address: str
    renamed_from: str
    obstacle: Obstacle


def compare(
    declared: Mapping[str, Declared], deployed: Mapping[str, Standing], meanings: Mapping[str, str]
) -> tuple[list[Step], list[NothingToRename]]:
    """The steps from the state to the files, in order of address, and renames that cannot be.

    `meanings` gives the digest of what decides the snapshots of deployed objects, for those whose digest differs.
    """
    mistakes = []
    for one in declared.values():
        if one.renamed_from is not None:
            obstacle = _obstacle(one, one.renamed_from, declared, deployed)
            mistakes += [NothingToRename(one.address, one.renamed_from, obstacle)] if obstacle else []
    renames = {
        one.address: one.renamed_from
        for one in declared.values()
        if one.renamed_from is not None and _renames_now(one, one.renamed_from, deployed)
    }
    steps = list(_steps(declared, deployed, meanings, renames))
    return sorted(steps, key=lambda step: step.address), mistakes


def _renames_now(one: Declared, former: str, deployed: Mapping[str, Standing]) -> bool:
    return one.address not in deployed and former in deployed and not deployed[former].archived


def _obstacle(
    one: Declared, former: str, declared: Mapping[str, Declared], deployed: Mapping[str, Standing]
) -> Obstacle | None:
    """None if something deployed has the former name and nothing declared does, or it was renamed already."""
    if _renames_now(one, former, deployed):
        return "declared" if former in declared else None
    if one.address in deployed:
        if former in deployed[one.address].former:
            return None
        if former in deployed:
            return "taken"
    return "archived" if former in deployed else "unknown"


def _steps(
    declared: Mapping[str, Declared],
    deployed: Mapping[str, Standing],
    meanings: Mapping[str, str],
    renames: Mapping[str, str],
) -> Iterator[Step]:
    for address, one in declared.items():
        was = renames.get(address, address)
        standing = deployed.get(was)
        if standing is None:
            yield Step(address, ("create",), None)
            continue
        actions = _actions(one, standing, meanings, renamed=was != address)
        if actions:
            base = Base(standing.version, standing.digest)
            yield Step(address, actions, base, was if was != address else None)
    gone = deployed.keys() - declared.keys() - set(renames.values())
    for address in gone:
        standing = deployed[address]
        if not standing.archived:
            yield Step(address, ("archive",), Base(standing.version, standing.digest))


def _actions(
    one: Declared, standing: Standing, meanings: Mapping[str, str], *, renamed: bool
) -> tuple[Action, ...]:
    if standing.archived:
        return ("recover",)
    actions: list[Action] = ["rename"] if renamed else []
    if one.digest != standing.digest:
        retaken = one.type == "static" and one.meaning != meanings.get(standing.address)
        actions.append("replace" if retaken else "update")
    return tuple(actions)
