"""Which changes need whose approval. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from segctl.model.time import Duration

_ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class When:
    """What a policy is for: a change that every part holds for. An empty set, None and False ask nothing.

    `moves` are players who join or leave, `members` those that the segment has before or after.
    """

    kinds: frozenset[str] = _ANY
    actions: frozenset[str] = _ANY
    types: frozenset[str] = _ANY
    tags: frozenset[str] = _ANY
    purposes: frozenset[str] = _ANY
    owners: frozenset[str] = _ANY
    hazards: frozenset[str] = _ANY
    moves: int | None = None
    members: int | None = None
    during: bool = False
    pii: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """So many approvals, from people or groups (from anybody, if none is named), not older than `max_age`."""

    name: str
    when: When
    approvals: int = 1
    by: tuple[str, ...] = ()
    signed: bool = False
    max_age: Duration | None = None


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of a project, its groups of approvers, and the files of public keys, by person."""

    policies: tuple[Policy, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)

    def people(self, policy: Policy) -> frozenset[str]:
        """Who may approve, groups resolved; empty for anybody."""
        return frozenset(one.casefold() for name in policy.by for one in self.groups.get(name, (name,)))


NO_POLICIES = Policies()
