"""May somebody make the changes of a plan? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from segctl.model.access import Grant, Right
from segctl.model.segment import MARKETING
from segctl.plan.document import Change


def denied(
    changes: Iterable[Change],
    grants: Sequence[Grant],
    groups: Mapping[str, tuple[str, ...]],
    who: str,
    right: Right,
) -> Iterator[Change]:
    """The changes that nothing allows to them. Without any grant, everybody may do everything."""
    mine = [one for one in grants if right in one.rights and _is_among(who, one.who, groups)]
    for change in changes:
        if grants and not any(_allows(one, change) for one in mine):
            yield change


def _is_among(who: str, names: Iterable[str], groups: Mapping[str, tuple[str, ...]]) -> bool:
    people = {one.casefold() for name in names for one in groups.get(name, (name,))}
    return who.casefold() in people or "*" in people


def _allows(grant: Grant, change: Change) -> bool:
    """Does a grant cover what a segment was and what it becomes? Shared objects need one for everything."""
    if grant.whole:
        return True
    if change.kind != "segment":
        return False
    return all(_covers(grant, one) for one in (change.before, change.after) if one is not None)


def _covers(grant: Grant, definition: Mapping[str, Any]) -> bool:
    if grant.purposes and definition.get("purpose", MARKETING) not in grant.purposes:
        return False
    scope = definition.get("scope", {})
    return all(name in scope and _values(scope[name]) <= values for name, values in grant.scope.items())


def _values(tests: Mapping[str, Any]) -> set[str]:
    """The values that a scope lets in; one that cannot be listed is never within another."""
    if tests.keys() == {"eq"}:
        return {_text(tests["eq"])}
    return {_text(one) for one in tests["in"]} if tests.keys() == {"in"} else {"\0"}


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
