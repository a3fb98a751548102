"""One rule being read: what it may name, and which other documents it names so far. Plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from segctl.model.rule import Rule
from segctl.spec.node import Node, Scalar
from segctl.spec.page import Page
from segctl.spec.scope import Scope

UsedKind = Literal["segment", "rule", "list"]


class Use(NamedTuple):
    """A name of another document, and whether it stands where being out lets a player in."""

    kind: UsedKind
    name: Scalar
    negated: bool = False


@dataclass(slots=True)
class Reading:
    """`uses` collects what is named where; `negated` says that an odd number of `none` stand above."""

    page: Page
    scope: Scope
    uses: list[Use] = field(default_factory=list)
    negated: bool = False

    def use(self, kind: UsedKind, name: Scalar) -> None:
        """Notes that the rule names another document."""
        self.uses.append(Use(kind, name, self.negated))


# Reads a `where:` or any other rule: what heads use for the rules inside them.
ReadRule = Callable[[Reading, Node], Rule | None]
