"""A value that stands twice in one list (SEG612)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.ground import Ground
from segctl.lint.places import document_at, read, standing
from segctl.model.rule import Compare, leaves
from segctl.spec.node import Mapping, Node, Scalar, Sequence, span

_LISTS = ("in", "not_in", "contains_any", "contains_all")


def repeated_values(ground: Ground) -> Iterator[Diagnostic]:
    """Repeats in conditions and in `kind: List` documents; each is told where it stands again."""
    for stated in ground.stated:
        for leaf in leaves(stated.rule):
            if isinstance(leaf, Compare) and leaf.at is not None and _has_repeats(leaf):
                yield from _in_condition(leaf.at, ground)
    for one in ground.project.lists.values():
        if one.at is not None:
            document = document_at(read(ground.texts.get(one.at.file, "")), one.at)
            yield from _told(one.at.file, document.get("values") if document is not None else None)


def _has_repeats(rule: Compare) -> bool:
    values = [test.value for test in rule.tests if test.op in _LISTS and isinstance(test.value, tuple)]
    return any(len(set(several)) < len(several) for several in values)


def _in_condition(at: Span, ground: Ground) -> Iterator[Diagnostic]:
    found = standing(read(ground.texts.get(at.file, "")), at)
    value = found.value if found is not None else None
    if isinstance(value, Mapping):
        for op in _LISTS:
            yield from _told(at.file, value.get(op))
    else:
        yield from _told(at.file, value)


def _told(file: str, node: Node | None) -> Iterator[Diagnostic]:
    for first, again in repeats(node):
        where = f"on line {first.start.line + 1}" if first.start.line != again.start.line else "on this line"
        detail = f"This value stands {where} already."
        yield Diagnostic("SEG612", span(file, again), detail, ("Remove it: `segctl lint --fix`.",))


def repeats(node: Node | None) -> Iterator[tuple[Scalar, Scalar]]:
    """Each text of a list that stood before, after the one that it repeats."""
    seen: dict[str, Scalar] = {}
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            first = seen.setdefault(item.text, item)
            if first is not item:
                yield first, item
