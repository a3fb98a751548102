"""Metrics made of two others (`subtract`, `ratio`), in whatever order they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from segctl.model.catalog import ByMoney, Derived, Metric
from segctl.model.operators import FieldType
from segctl.spec.attributes import read_about
from segctl.spec.circles import circles
from segctl.spec.events import NUMERIC, difference_type
from segctl.spec.node import Mapping, Scalar, texts
from segctl.spec.page import Page, shown

_KINDS: dict[str, Literal["subtract", "ratio"]] = {"subtract": "subtract", "ratio": "ratio"}
# Keys that speak of events, which such a metric has only through the others.
_STRANGERS = ("of", "where", "by", "dimensions", "nth", "value")


@dataclass(slots=True)
class Derivation:
    """The metrics read so far, and what remains to be derived from them."""

    page: Page
    metrics: dict[str, Metric]
    unsure: set[str]
    nodes: dict[str, tuple[Scalar, Mapping]]
    _pending: set[str] = field(default_factory=set)


def derive(derivation: Derivation) -> None:
    """Adds what can be derived to the metrics, and the names of the rest to the unsure."""
    pairs = {name: texts(node, _kind(node)) for name, (_, node) in derivation.nodes.items()}
    for circle in circles(pairs):
        _note_circle(derivation, circle)
    for name in _in_order(pairs):
        metric = None if name in derivation.unsure else _derived(derivation, name)
        if metric is None:
            derivation.unsure.add(name)
        else:
            derivation.metrics[name] = metric


def _kind(node: Mapping) -> Literal["subtract", "ratio"]:
    return next(kind for name, kind in _KINDS.items() if name in node.entries)


def _in_order(pairs: dict[str, tuple[str, ...]]) -> list[str]:
    """Each name after those it is made of. Circles are left where they are met."""
    order: dict[str, None] = {}
    for start in pairs:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            before = [part for part in pairs[name] if part in pairs and part not in order and part not in waiting]
            if before:
                waiting.append(before[0])
            else:
                order[waiting.pop()] = None
    return list(order)


def _note_circle(derivation: Derivation, circle: tuple[str, ...]) -> None:
    key = derivation.nodes[circle[0]][0]
    way = " → ".join((*circle, circle[0]))
    derivation.page.mistake("SEG305", key, f"These metrics use each other: {way}.")
    derivation.unsure.update(circle)


def _derived(derivation: Derivation, name: str) -> Metric | None:
    key, node = derivation.nodes[name]
    page, kind = derivation.page, _kind(node)
    for stranger in _STRANGERS:
        if stranger in node.entries:
            at = node.entries[stranger][0]
            page.mistake("SEG303", at, f"`{key.text}` is made of metrics, so `{stranger}` does not go with it.")
            return None
    left_name, right_name = _pair(node, kind)
    left = _part(derivation, node, kind, left_name)
    right = _part(derivation, node, kind, right_name)
    if left is None or right is None:
        return None
    result: FieldType | None = "number" if kind == "ratio" else difference_type(left.type, right.type)
    if result is None:
        detail = (
            f"`{left.name}` is {left.type} and `{right.name}` is {right.type}; money is subtracted from money."
        )
        page.mistake("SEG306", node.entries[kind][1], detail)
        return None
    return Metric(name, result, Derived(kind, left.name, right.name), about=read_about(node))


def _pair(node: Mapping, kind: str) -> tuple[str, str]:
    names = texts(node, kind)
    return names[0], names[-1]  # a pair of the same name comes out once


def _part(derivation: Derivation, node: Mapping, kind: str, name: str) -> Metric | None:
    metric = derivation.metrics.get(name)
    at, page = node.entries[kind][1], derivation.page
    if metric is None:
        if name not in derivation.unsure:
            hint = page.did_you_mean(name, [*derivation.metrics, *derivation.nodes])
            page.mistake("SEG302", at, f"There is no metric {shown(name)}.", hint)
    elif isinstance(metric.how, ByMoney):
        page.mistake("SEG306", at, f"`{name}` has three variants.", "Name a metric that has one value.")
    elif metric.type not in NUMERIC:
        page.mistake("SEG306", at, f"`{name}` is {metric.type}, not a number.")
    else:
        return metric
    return None
