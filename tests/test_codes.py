"""Every code has its page, and the examples on it are true: the wrong one is refused with it, the right one is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from segctl.base.codes import CODES
from segctl.base.diagnostic import Diagnostic
from segctl.base.source import ListSource, Source, Unreadable
from segctl.files.shipped import code_page, schema
from segctl.spec.project import read_project
from segctl.spec.settings import NO_GUARDS, read_settings

ROOT = Path(__file__).parent.parent
CATALOG = (ROOT / "segments" / "catalog.yaml").read_text()
OTHERS = ("vip", "bonus-abusers")
EVENTS = CATALOG[CATALOG.index("\nevents:") : CATALOG.index("\nmetrics:")]
# Files that a page can only describe.
TOLD = {"SEG001", "SEG004", "SEG006", "SEG007", "SEG008", "SEG013"}


def examples(code: str) -> list[str]:
    page = code_page(code)
    assert page is not None
    return re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def said(example: str) -> tuple[Diagnostic, ...]:
    """What reading an example finds. A part of a document is made into a whole one."""
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
    return read_project(documents, side_file, schema, guards).diagnostics


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


@pytest.mark.parametrize("code", [code for code in CODES if code not in TOLD])
def test_examples_are_true(code: str) -> None:
    wrong, right = examples(code)

    assert {diagnostic.code for diagnostic in said(wrong)} == {code}
    assert said(right) == ()


def test_an_unknown_code_has_no_page() -> None:
    assert code_page("SEG999") is None
    assert code_page("../../README") is None
