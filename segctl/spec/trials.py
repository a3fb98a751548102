"""Segment tests held against the segments that they speak of: what goes together, and what must be said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segctl.model.expand import Names
from segctl.model.rule import Rule
from segctl.model.segment import Segment
from segctl.model.trial import Uses, needed, uses_with
from segctl.spec.node import Mapping as MappingNode
from segctl.spec.node import Scalar, Sequence
from segctl.spec.page import shown
from segctl.spec.recalled_test import TestFound


def compare_tests(
    tests: Iterable[TestFound],
    declared: Iterable[str],
    segments: Mapping[str, Segment],
    guards: Mapping[str, Rule],
    names: Names,
) -> None:
    """Notes mistakes on the pages of the tests. `declared` names all segments, `segments` those that are whole."""
    known, uses = dict.fromkeys(declared), uses_with(guards, names)
    for read in tests:
        if read.name is None:
            continue
        if read.name.text not in known:
            hint = read.page.did_you_mean(read.name.text, known)
            read.page.mistake("SEG105", read.name, f"There is no segment {shown(read.name.text)}.", hint)
        elif read.name.text in segments:
            _fits(read, segments, uses)


def _fits(read: TestFound, segments: Mapping[str, Segment], uses: Uses) -> None:
    page, document, segment = read.page, read.document, segments[str(read.name.text if read.name else "")]
    fixed = document.get("members")
    held = list(fixed.entries) if type(fixed) is MappingNode else []
    reached = needed(segment.name, (), segments, uses) if held else ()
    for name in held:
        key = fixed.entries[name][0] if type(fixed) is MappingNode else document.entries["kind"][0]
        if name == segment.name or name not in reached:
            detail = f"`{segment.name}` does not use a segment {shown(name)}."
            page.mistake("SEG508", key, detail, page.did_you_mean(name, set(reached) - {segment.name}))
    if "rows" in document.entries and segment.type != "sql":
        detail = f"`{segment.name}` has no query: its type is {segment.type}."
        page.mistake("SEG508", document.entries["rows"][0], detail, "Remove `rows`.")
    for name in needed(segment.name, held, segments, uses):
        if (
            segments[name].type == "sql"
            and name not in held
            and (name != segment.name or "rows" not in document.entries)
        ):
            _no_rows(read, name, tested=name == segment.name)
    if segment.limit is None:
        _no_order(read, segment.name)


def _no_rows(read: TestFound, name: str, *, tested: bool) -> None:
    """A query is not run in a test, so what it returns must be said."""
    at = read.name or read.document
    if tested:
        hint = "Write `rows: [anna]`."
        read.page.mistake("SEG508", at, f"`{name}` has a query, and the test does not say its `rows`.", hint)
    else:
        hint = f"Write `members: {{{name}: [anna]}}`."
        detail = f"It uses `{name}`, whose query is not run in a test."
        read.page.mistake("SEG508", at, detail, hint)


def _no_order(read: TestFound, name: str) -> None:
    steps = read.document.get("steps")
    for step in steps.items if type(steps) is Sequence else []:
        expect = step.get("expect") if type(step) is MappingNode else None
        if type(expect) is MappingNode and "order" in expect.entries:
            key: Scalar = expect.entries["order"][0]
            read.page.mistake(
                "SEG508", key, f"`{name}` has no limit, so nobody ranks its members.", "Write `only`."
            )
