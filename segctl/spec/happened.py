"""Conditions on events: `event` with what stands beside it, and `sequence`. Their mappings → rules."""

from __future__ import annotations

from collections.abc import Callable

from segctl.model.operators import NUMERIC
from segctl.model.rule import Happened, Rule, Sequence, Step, Test
from segctl.model.time import Duration, Window
from segctl.spec import node as yaml
from segctl.spec.heads import tests
from segctl.spec.moments import read_duration
from segctl.spec.node import Mapping, Node, Scalar
from segctl.spec.page import Page, shown
from segctl.spec.reading import Reading, ReadRule
from segctl.spec.scalar import is_null
from segctl.spec.scope import Scope, Subject
from segctl.spec.suggest import listed
from segctl.spec.window import read_window

_NUMERIC = tuple(op for op in NUMERIC if op != "is_set")
_COUNT = Subject("count", "integer", _NUMERIC)
# sums of binary floating point depend on the order of the rows
_SUMMED = ("integer", "money")
_BESIDE = {"event": ("where", "count", "sum", "during"), "sequence": ("within",)}


def siblings_fit(page: Page, head: str, node: Mapping) -> bool:
    """Do the keys beside a head belong to it?"""
    known = _BESIDE.get(head, ())
    fits = True
    for name, (key, _) in node.entries.items():
        if name != head and name not in known:
            beside = f"Beside it may stand {listed(known)}." if known else ""
            page.mistake(
                "SEG110",
                key,
                f"{shown(name)} stands beside `{head}`, in one mapping.",
                page.did_you_mean(name, known)
                or f"Put `-` before {shown(name)}, if it is a condition of its own.",
                beside,
            )
            fits = False
    return fits


def happened(reading: Reading, node: Mapping, read: ReadRule) -> Happened | None:
    """`event: bets` with `where`, `count`, `sum` and `during` beside it."""
    page, entries = reading.page, node.entries
    before = len(page.mistakes)
    key = entries["event"][0]
    step = _step(reading, node, read)
    scope = _scope(reading, node)
    count: tuple[Test, ...] | None = ()
    if "count" in entries:
        count = tests(page, _COUNT, *entries["count"])
    sums = _sums(page, scope, entries["sum"][1]) if "sum" in entries and scope is not None else ()
    window: Window | None = read_window(page, entries["during"][1]) if "during" in entries else None
    if step is None or count is None or sums is None or len(page.mistakes) > before:
        return None
    return Happened(step.events, step.where, count, sums, window, page.at(key))


def sequence(reading: Reading, node: Mapping, read: ReadRule) -> Sequence | None:
    """`sequence: [{event: sessions}, {event: payments, where: …}]` with `within` beside it."""
    page = reading.page
    before = len(page.mistakes)
    key, value = node.entries["sequence"]
    steps = read_steps(reading, key, value, read)
    if type(value) is yaml.Sequence and len(value.items) == 1:
        page.mistake("SEG215", value, "A sequence has two events or more.", "One event alone: `event: …`.")
    within: Duration | None = None
    if "within" in node.entries:
        within = _exact(page, node.entries["within"][1])
    if steps is None or len(page.mistakes) > before:
        return None
    return Sequence(steps, within, page.at(key))


def read_steps(reading: Reading, key: Scalar, node: Node, read: ReadRule) -> tuple[Step, ...] | None:
    """One event, or a list of them: `{event: payments, where: …}`."""
    page = reading.page
    items = node.items if type(node) is yaml.Sequence else [node]
    if not items or is_null(node):
        page.mistake("SEG113", key, f"`{key.text}` names no event.", _EVENT)
        return None
    found: list[Step] = []
    for item in items:
        if type(item) is not Mapping or "event" not in item.entries:
            page.mistake("SEG215", item, f"`{key.text}` takes events.", _EVENT)
            continue
        for name, (other, _) in item.entries.items():
            if name not in ("event", "where"):
                hint = page.did_you_mean(name, ("event", "where")) or "It has `event` and `where`."
                page.mistake("SEG102", other, f"An event of `{key.text}` has no key {shown(name)}.", hint)
        step = _step(reading, item, read)
        if step is not None:
            found.append(step)
    return tuple(found) if len(found) == len(items) else None


_EVENT = "Write for example `{event: payments, where: {kind: deposit}}`."


def _step(reading: Reading, node: Mapping, read: ReadRule) -> Step | None:
    scope = _scope(reading, node, say=True)
    key, name = node.entries["event"]
    at = reading.page.at(key)
    if scope is None or type(name) is not Scalar:
        return None
    if "where" not in node.entries:
        return Step(name.text, at=at)
    where: Rule | None = read(Reading(reading.page, scope), node.entries["where"][1])
    return None if where is None else Step(name.text, where, at)


def _scope(reading: Reading, node: Mapping, *, say: bool = False) -> Scope | None:
    """What may be named of the event, which must exist; `say` notes if it does not."""
    name, scope = node.entries["event"][1], reading.scope
    text = name.text if type(name) is Scalar else ""
    if text in scope.events or not say:
        return scope.events.get(text)
    if text not in scope.unsure_events and scope.complete:
        hint = reading.page.did_you_mean(text, scope.events) or f"It has {listed(sorted(scope.events))}."
        reading.page.mistake("SEG120", name, f"{scope.owner} has no event {shown(text)}.", hint)
    return None


def _sums(page: Page, scope: Scope, node: Node) -> tuple[tuple[str, tuple[Test, ...]], ...] | None:
    if type(node) is not Mapping or not node.entries:
        page.mistake("SEG201", node, "`sum` takes columns with what their sum is held against.", _SUM)
        return None
    found: list[tuple[str, tuple[Test, ...]]] = []
    for name, (key, value) in sorted(node.entries.items()):
        column = scope.subjects.get(name)
        if column is None:
            hint = page.did_you_mean(name, scope.subjects)
            page.mistake("SEG101", key, f"{scope.owner} has no column {shown(name)}.", hint)
        elif column.type not in _SUMMED:
            page.mistake("SEG306", key, f"`{name}` cannot be summed exactly: it is {column.type}.")
        else:
            read = tests(page, Subject(name, column.type, _NUMERIC), key, value)
            if read is not None:
                found.append((name, read))
    return tuple(found) if len(found) == len(node.entries) else None


_SUM = "Write for example `sum: {amount: {gte: 100}}`."


def _exact(page: Page, node: Node) -> Duration | None:
    """A sequence is measured in exact time: a month has no one length."""
    duration = read_duration(page, node)
    if duration is not None and duration.months:
        page.mistake("SEG207", node, "A sequence is within an exact time; months and years vary.", "Write `30d`.")
        return None
    return duration


ReadHead = Callable[[Reading, Mapping, ReadRule], Happened | Sequence | None]
EVENT_HEADS: dict[str, ReadHead] = {"event": happened, "sequence": sequence}
