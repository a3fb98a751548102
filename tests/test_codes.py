"""Every code has its page, and the examples on it are true: the wrong one is refused with it, the right one is not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from segctl.base.codes import CODES
from segctl.base.diagnostic import Diagnostic
from segctl.base.source import ListSource, Source, Unreadable
from segctl.files.shipped import code_page, schema
from segctl.lint.ground import ground
from segctl.lint.run import NOTES, linted
from segctl.model.catalog import Catalog
from segctl.model.time import Clock
from segctl.spec.places import Places, catalog_places
from segctl.spec.project import read_project
from segctl.spec.settings import NO_GUARDS, read_settings
from segctl.warehouse.check.walk import checked
from segctl.warehouse.look import look_at

CLOCK = Clock(datetime(2026, 11, 1, tzinfo=UTC), ZoneInfo("Europe/Malta"))
ROOT = Path(__file__).parent.parent
CATALOG = (ROOT / "segments" / "catalog.yaml").read_text()
OTHERS = ("vip", "bonus-abusers")
EVENTS = CATALOG[CATALOG.index("\nevents:") : CATALOG.index("\nmetrics:")]
# Files that a page can only describe.
TOLD = {"SEG001", "SEG004", "SEG006", "SEG007", "SEG008", "SEG013", "SEG321"}
# Files against a warehouse, which the page makes.
# Plans, which no file is.
PLANS = {code for code in CODES if code.startswith("SEG9")}
WAREHOUSE = {code for code in CODES if "SEG311" <= code <= "SEG322"} - TOLD


def examples(code: str) -> list[str]:
    page = code_page(code)
    assert page is not None
    return re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def said(example: str, code: str) -> tuple[Diagnostic, ...]:
    """What reading an example finds, and for the codes of lint, looking through it. A part becomes a whole."""
    guards = NO_GUARDS
    if example.startswith("# segctl.yaml"):
        settings, _, example = example.partition("---\n")
        told = read_settings(Source("segctl.yaml", settings.encode()), schema("settings"))
        if told.mistakes or not example:
            return told.mistakes
        guards = told.guards
    sources = {"segments/example.yaml": whole(example)}
    if "kind: Catalog" not in sources["segments/example.yaml"]:
        sources["segments/catalog.yaml"] = CATALOG
        for name in OTHERS:
            sources[f"segments/{name}.yaml"] = (
                f"{{kind: Segment, name: {name}, type: dynamic, rules: {{age: 30}}}}"
            )
    documents = [Source(name, text.encode()) for name, text in sources.items()]
    project = read_project(documents, side_file, schema, guards)
    if not code.startswith("SEG6") or project.catalog is None or project.diagnostics:
        return project.diagnostics
    told = linted(ground(project, project.catalog, CLOCK, sources), NOTES.keys() & {code})
    return tuple(one for one in told if one.span.file in ("segments/example.yaml", guards.file))


def whole(example: str) -> str:
    head = example.partition(":")[0]
    if head in ("attributes", "events", "metrics"):
        catalog = "kind: Catalog\nname: example\ncurrency: EUR\nplayer: {table: players, key: player_id}\n"
        return catalog + example + (EVENTS if head == "metrics" else "")
    if "kind: " in example or example.startswith("-"):
        return example
    return f"kind: Segment\nname: example\ntype: dynamic\n{example}"


def side_file(name: str) -> ListSource | Unreadable:
    if name == "segments/vip-hosts.csv":
        return ListSource(name, ("p_1",), "0" * 64)
    return Unreadable(f"`{name}` does not exist.")


def test_there_is_a_page_for_every_code_and_no_other() -> None:
    pages = {path.stem for path in (ROOT / "docs" / "codes").glob("*.md")}

    assert pages == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_a_page_has_its_title_and_is_short(code: str) -> None:
    page = code_page(code)

    assert page is not None
    lines = page.splitlines()
    assert lines[0] == f"# {code}: {CODES[code].summary}"
    assert 8 <= len(lines) <= 32
    assert max(map(len, lines)) <= 105


@pytest.mark.parametrize("code", [code for code in CODES if code not in TOLD | WAREHOUSE | PLANS])
def test_examples_are_true(code: str) -> None:
    wrong, right = examples(code)

    assert {diagnostic.code for diagnostic in said(wrong, code)} == {code}
    assert said(right, code) == ()


@pytest.mark.parametrize("code", sorted(WAREHOUSE))
def test_examples_against_a_warehouse_are_true(code: str, tmp_path: Path) -> None:
    page = code_page(code)
    assert page is not None
    wrong, right = examples(code)
    with duckdb.connect(tmp_path / "warehouse.duckdb") as connection:
        connection.execute("\n".join(re.findall(r"^```sql\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)))
        connection.execute("CREATE TABLE IF NOT EXISTS players (player_id VARCHAR)")

    with look_at(f"duckdb:///{tmp_path / 'warehouse.duckdb'}") as look:
        told = [checked(*catalog_and_places(example), look) for example in (wrong, right)]

    assert [{diagnostic.code for diagnostic in diagnostics} for diagnostics in told] == [{code}, set()]


def catalog_and_places(example: str) -> tuple[Catalog, Places]:
    source = Source("segments/catalog.yaml", whole(example).encode())
    read = read_project([source], side_file, schema)
    places = catalog_places([source])
    assert read.diagnostics == ()
    assert read.catalog is not None
    assert places is not None
    return read.catalog, places


def test_an_unknown_code_has_no_page() -> None:
    assert code_page("SEG999") is None
    assert code_page("../../README") is None
