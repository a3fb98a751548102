"""A guard that keeps out everybody without a value, where its author wrote the opposite (SEG618)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.lint.formula import Cosmos, Leaf, formula
from segctl.lint.ground import TOLD_STRICTLY, Ground, place
from segctl.lint.known import assumed
from segctl.lint.walk import leaves_of
from segctl.model.expand import expanded
from segctl.model.rule import Compare
from segctl.model.strict import strict


def strict_guards(ground: Ground) -> Iterator[Diagnostic]:
    """Fields of which a missing value would pass the rule as it is written, and does not pass the guard."""
    for stated in ground.stated:
        if stated.part not in TOLD_STRICTLY:
            continue
        rule, owner = stated.rule, stated.owner
        cosmos = ground.cosmos()
        plain = formula(rule, cosmos)
        closed = formula(strict(expanded(rule, ground.names), ground.catalog), cosmos)
        told: set[int] = set()
        for leaf in leaves_of(plain):
            if leaf.subject in told or not isinstance(leaf.rule, Compare) or not _slips(leaf, cosmos):
                continue
            missing = {leaf.subject: cosmos.cases(leaf.subject).missing}
            if assumed(plain, missing, cosmos) is not None and assumed(closed, missing, cosmos) is None:
                told.add(leaf.subject)
                name = leaf.rule.field
                detail = f"A guard does not pass on a missing value: whoever has no `{name}` is kept out by this."
                yield Diagnostic("SEG618", place(leaf.rule, owner), detail, (_HELP.format(name),))


_HELP = "To let them pass, say so: `any` of `{0}: {{is_set: false}}` and this condition. See `segctl docs SEG618`."


def _slips(leaf: Leaf, cosmos: Cosmos) -> bool:
    return bool(cosmos.cases(leaf.subject).missing)
