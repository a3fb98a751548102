"""The structured difference of two rules: what was added, removed and changed, whatever the order.

Works on definitions (canonical documents). Parts of a group are paired by content first, then by what they
speak of (alike.py), so that a changed threshold is one line and a moved condition is none. Each part that went
or came stands on just one line, and the difference the other way round has the same lines with their sides
exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.parts import group_word, ordered, parts, without_parts
from segctl.plan.alike import pairs, speaks_of
from segctl.plan.document import RuleChange

Document = Mapping[str, Any]
Lines = Callable[[Document], int | None]


def rule_changes(before: Document | None, after: Document | None, line_of: Lines) -> tuple[RuleChange, ...]:
    """The lines of the diff, in the order of the new rule. `line_of` says where a new rule stands in its file."""
    old, new = (None if rule is None else ordered(rule) for rule in (before, after))
    return tuple(_changes(old, new, 0, line_of))


def _changes(before: Document | None, after: Document | None, depth: int, line_of: Lines) -> Iterator[RuleChange]:
    if canonical_json(before) == canonical_json(after):  # both may be missing: a plain list has no rule
        return
    if before is None or after is None:
        line = line_of(after) if after is not None else None
        yield RuleChange("+" if before is None else "-", depth, before, after, line)
        return
    word = group_word(before)
    if word is None or word != group_word(after):
        yield from _replaced(before, after, depth, line_of)
        return
    old, new = without_parts(before), without_parts(after)
    symbol, line = (" ", None) if old == new else ("~", line_of(after))
    yield RuleChange("~" if symbol == "~" else " ", depth, old, new, line)
    for one, other in pairs(parts(before), parts(after)):
        yield from _changes(one, other, depth + 1, line_of)


def _replaced(before: Document, after: Document, depth: int, line_of: Lines) -> Iterator[RuleChange]:
    if speaks_of(before, after):
        yield RuleChange("~", depth, before, after, line_of(after))
        return
    yield RuleChange("-", depth, before, None)
    yield RuleChange("+", depth, None, after, line_of(after))
