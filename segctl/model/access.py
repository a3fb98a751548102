"""Who may plan and apply changes of which segments. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Right = Literal["plan", "apply"]


@dataclass(frozen=True, slots=True)
class Grant:
    """People and groups, and what they may do: to every object, or to segments within a scope and of purposes.

    `scope` gives the values that a segment's own scope may name, by attribute. A segment whose scope does not name
    the attribute may have anybody in it, so it is not within.
    """

    who: tuple[str, ...]
    rights: frozenset[Right]
    scope: Mapping[str, frozenset[str]] = field(default_factory=dict)
    purposes: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Is it for everything, catalog and guards included?"""
        return not self.scope and not self.purposes
