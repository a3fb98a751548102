"""What shows only when all documents are seen together: names used twice or unknown, circles, slips of guards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from segctl.model.catalog import Catalog
from segctl.model.rule import Compare, leaves
from segctl.spec.circles import circles
from segctl.spec.named import GuardRead, ListRead, RuleRead
from segctl.spec.node import Scalar
from segctl.spec.page import Page, shown
from segctl.spec.reading import Use, UsedKind
from segctl.spec.recall import Recalled
from segctl.spec.recalled_test import RecalledTest, TestFound
from segctl.spec.segment import SegmentRead
from segctl.spec.segment_test import TestRead

_UNKNOWN: dict[UsedKind, str] = {"segment": "SEG105", "rule": "SEG121", "list": "SEG122"}


class _Named(Protocol):
    @property
    def page(self) -> Page: ...
    @property
    def name(self) -> Scalar | None: ...


@dataclass(slots=True)
class Reads:
    """All documents of a project but the catalog, as far as they could be read."""

    segments: list[SegmentRead | Recalled] = field(default_factory=list)
    rules: list[RuleRead] = field(default_factory=list)
    lists: list[ListRead] = field(default_factory=list)
    guards: list[GuardRead] = field(default_factory=list)
    tests: list[TestFound] = field(default_factory=list)

    def add(self, read: object) -> None:
        """Puts a document to its kind."""
        match read:
            case SegmentRead() | Recalled():
                self.segments.append(read)
            case RuleRead():
                self.rules.append(read)
            case ListRead():
                self.lists.append(read)
            case GuardRead():
                self.guards.append(read)
            case TestRead() | RecalledTest():
                self.tests.append(read)
            case _:
                raise TypeError(f"{type(read).__name__} is not compared with others")

    def users(self) -> Iterator[tuple[Page, tuple[Use, ...]]]:
        """Who names other documents, and where."""
        yield from ((read.page, read.uses) for read in self.segments)
        yield from ((read.page, read.uses) for read in self.rules)
        yield from ((read.page, read.uses) for read in self.guards)


def compare(reads: Reads, catalog: Catalog | None) -> None:
    """Notes these mistakes on the pages of the documents."""
    known: dict[UsedKind, dict[str, _Named]] = {
        "segment": _by_name("segment", reads.segments),
        "rule": _by_name("rule", reads.rules),
        "list": _by_name("list", reads.lists),
    }
    for page, uses in reads.users():
        for use in uses:
            if use.name.text not in known[use.kind]:
                hint = page.did_you_mean(use.name.text, known[use.kind])
                page.mistake(_UNKNOWN[use.kind], use.name, f"There is no {use.kind} {shown(use.name.text)}.", hint)
    if _rules_in_circles(reads):
        return
    graph = _Graph(reads)
    _segments_in_circles(reads, graph)
    _slips(reads, graph)
    if catalog is not None:
        _list_values(reads, catalog)


def _by_name(what: str, reads: Iterable[_Named]) -> dict[str, _Named]:
    found: dict[str, _Named] = {}
    for read in reads:
        if read.name is not None:
            first = found.setdefault(read.name.text, read)
            if first is not read and first.name is not None:
                where = first.page.span(first.name)
                detail = f"The {what} {shown(read.name.text)} stands at {where} already."
                read.page.mistake("SEG107", read.name, detail, "Rename one of them.")
    return found


def _rules_in_circles(reads: Reads) -> bool:
    by_name = {read.name.text: read for read in reads.rules if read.name is not None}
    found = circles({name: {use.name.text for use in _of("rule", read.uses)} for name, read in by_name.items()})
    for circle in found:
        read, following = by_name[circle[0]], circle[1] if len(circle) > 1 else circle[0]
        use = next(use.name for use in _of("rule", read.uses) if use.name.text == following)
        way = " → ".join((*circle, circle[0]))
        read.page.mistake("SEG124", use, f"These rules use each other: {way}.", "Take one of the uses out.")
    return bool(found)


def _of(kind: UsedKind, uses: Iterable[Use]) -> list[Use]:
    return [use for use in uses if use.kind == kind]


class _Graph:
    """Which segments a document asks about, itself and through named rules."""

    def __init__(self, reads: Reads) -> None:
        self._rules = {read.name.text: read.uses for read in reads.rules if read.name is not None}
        self.guards = {read.key.text: read for read in reads.guards}

    def segments(self, uses: Iterable[Use], *, negated: bool = False) -> Iterator[tuple[str, bool, Use]]:
        """Each segment with whether being out of it lets in, and the use at hand that leads there."""
        for use in uses:
            below = negated ^ use.negated
            if use.kind == "segment":
                yield use.name.text, below, use
            elif use.kind == "rule":
                for name, through, _ in self.segments(self._rules.get(use.name.text, ()), negated=below):
                    yield name, through, use

    def of(self, read: SegmentRead | Recalled) -> Iterator[tuple[str, bool, Use]]:
        """The same of a segment, its guard included."""
        yield from self.segments(read.uses)
        guard = self.guards.get(read.purpose)
        if guard is not None:
            yield from self.segments(guard.uses)


def _segments_in_circles(reads: Reads, graph: _Graph) -> None:
    by_name: dict[str, SegmentRead | Recalled] = {}
    for read in reads.segments:
        if read.name is not None:
            by_name.setdefault(read.name.text, read)
    uses = {name: {used for used, _, _ in graph.of(read)} for name, read in by_name.items()}
    for circle in circles(uses):
        read, following = by_name[circle[0]], circle[1] if len(circle) > 1 else circle[0]
        way = " → ".join((*circle, circle[0]))
        detail, hint = f"These segments use each other: {way}.", "Take one of the uses out."
        own = next((use.name for name, _, use in graph.segments(read.uses) if name == following), None)
        guard = graph.guards.get(read.purpose)
        if own is not None:
            read.page.mistake("SEG106", own, detail, hint)
        elif guard is not None:
            guard.page.mistake("SEG106", guard.key, f"{detail} The guard uses `{following}`.", hint)


def _slips(reads: Reads, graph: _Graph) -> None:
    """A guarded segment misses those whom its guard keeps out, so nobody may be let in for not being in it."""
    guarded = {
        read.name.text: read.purpose
        for read in reads.segments
        if read.name is not None and read.purpose in graph.guards
    }
    for page, uses in reads.users():
        for name, negated, use in graph.segments(uses):
            if negated and name in guarded:
                detail = (
                    f"`{name}` is guarded ({guarded[name]}): whom the guard keeps out of it slips through here."
                )
                hint = f"Give `{name}` a purpose without a guard: `purpose: analysis`."
                page.mistake("SEG123", use.name, detail, hint)


def _list_values(reads: Reads, catalog: Catalog) -> None:
    """The values of a list must be among those of each closed field that is compared with it."""
    values = {read.list.name: (read, read.list.values) for read in reads.lists if read.list is not None}
    comparing = (read for read in reads.segments if _of("list", read.uses))  # others need not be built
    rules = [read.segment.rules for read in comparing if read.segment is not None]
    rules += [read.rule.rule for read in reads.rules if read.rule is not None]
    rules += [read.guard.rule for read in reads.guards if read.guard is not None]
    told: set[tuple[str, str]] = set()
    for leaf in (leaf for rule in rules if rule is not None for leaf in leaves(rule)):
        if not isinstance(leaf, Compare) or not any(test.op == "in_list" for test in leaf.tests):
            continue
        allowed: Mapping[str, None] = dict.fromkeys(getattr(catalog.field(leaf.field), "values", ()))
        for name in {str(test.value) for test in leaf.tests if test.op == "in_list"} & values.keys():
            read, listed = values[name]
            strange = [value for value in listed if allowed and value not in allowed]
            if strange and read.name is not None and (name, leaf.field) not in told:
                told.add((name, leaf.field))
                detail = f"`{leaf.field}` is compared with this list, and has no value {shown(strange[0])}."
                read.page.mistake("SEG206", read.name, detail, read.page.did_you_mean(strange[0], allowed))
