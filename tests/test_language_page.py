"""docs/language.md is true: its documents are valid, and each rule in its tables holds for whom the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import Source, Unreadable
from segctl.files.shipped import schema
from segctl.model.operators import OPERATORS
from segctl.model.trial import Stage
from segctl.spec.project import Project, names_of, read_project
from segctl.spec.settings import NO_GUARDS, read_settings
from segctl.workflow.testing import tally_of

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
CATALOG = (ROOT / "segments" / "catalog.yaml").read_bytes()
AT = "2026-11-22T12:00:00Z"
ABSENT = "nobody-at-all"
# Segments that the page speaks of and does not write down.
OTHERS = "".join(
    f"---\n{{kind: Segment, name: {name}, type: dynamic, purpose: analysis, rules: {{vip_level: 1}}}}\n"
    for name in ("self-excluded-now", "vip", "at-risk")
)


@dataclass(frozen=True, slots=True)
class Row:
    """A rule as it is written, and players in YAML for whom it holds and does not."""

    rule: str
    inside: tuple[str, ...]
    outside: tuple[str, ...]


def blocks() -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def rows() -> Iterator[Row]:
    wanted = False
    for line in PAGE.splitlines():
        if line == "| rule | true of | false of |":
            wanted = True
        elif not line.startswith("|"):
            wanted = False
        elif wanted and not line.startswith("|-"):
            rule, inside, outside = (cell.strip() for cell in line.strip("|").split(" | "))
            yield Row(rule.strip("`"), players(inside), players(outside))


def players(cell: str) -> tuple[str, ...]:
    """The players of a cell, in YAML: those with a name copy what the page says of them."""
    found = re.findall(r"`([^`]*)`|([a-z-]+)", cell)
    return tuple(facts or f"{{like: {name}}}" for facts, name in found if name != ABSENT)


def documents() -> str:
    """A segment and a test of it for each row of the tables."""
    cast = next(block for block in blocks() if block.startswith("# players"))
    parts = []
    for number, row in enumerate(rows()):
        written = row.rule if row.rule.startswith("{") else f"{{{row.rule}}}"
        parts.append(f"kind: Segment\nname: row-{number}\ntype: dynamic\npurpose: analysis\nrules: {written}\n")
        inside = {f"in-{place}": facts for place, facts in enumerate(row.inside)}
        outside = {f"out-{place}": facts for place, facts in enumerate(row.outside)}
        lines = [f"  {name}: {facts}" for name, facts in {**inside, **outside}.items()]
        people = "\n".join(["players:", *(f"  {line}" for line in cast.splitlines()), *lines])
        expected = f"{{in: [{', '.join(inside)}], out: [{', '.join(outside)}]}}"
        parts.append(
            f"kind: SegmentTest\nsegment: row-{number}\n{people}\nsteps: [{{at: {AT}, expect: {expected}}}]\n"
        )
    return "---\n".join(parts)


def read(text: str) -> Project:
    sources = [Source("segments/catalog.yaml", CATALOG), Source("segments/page.yaml", text.encode())]
    return read_project(sources, lambda name: Unreadable(f"`{name}` does not exist."), schema)


def said(block: str) -> tuple[Diagnostic, ...]:
    if block.startswith("# segctl.yaml"):
        told = read_settings(Source("segctl.yaml", block.encode()), schema("settings"))
        return told.mistakes
    if "kind: Catalog" in block:
        return read_project([Source("c.yaml", block.encode())], Unreadable, schema, NO_GUARDS).diagnostics
    return read(block + OTHERS).diagnostics


@pytest.mark.parametrize("block", [block for block in blocks() if not block.startswith("# players")])
def test_documents_are_valid(block: str) -> None:
    assert said(block) == ()


def test_each_rule_holds_for_whom_the_page_says_on_oracle_and_engine() -> None:
    project = read(documents())
    assert project.diagnostics == ()
    assert project.catalog is not None
    stage = Stage(project.catalog, project.segments, ZoneInfo("Europe/Malta"), {}, names_of(project))

    run = tally_of(stage, project.tests, project.tests.segments)

    written = list(rows())
    failures = [f"{written[i].rule}: {one.failures}" for i, one in enumerate(run.tried) if one.failures]
    assert failures == []
    assert len(run.tried) == len(written) > 60


def test_every_operator_has_an_example() -> None:
    used = {key for row in rows() for key in _keys(yaml.safe_load(row.rule))} | {
        "eq",
        "in",
        "contains",
        "contains_any",
    }

    assert {op for operators in OPERATORS.values() for op in operators} - {"in_list"} <= used


def _keys(document: object) -> Iterator[str]:
    if isinstance(document, dict):
        for key, value in document.items():
            yield key
            yield from _keys(value)
    elif isinstance(document, list):
        for part in document:
            yield from _keys(part)
