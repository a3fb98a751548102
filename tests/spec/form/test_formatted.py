"""The one form of documents: what changes, what never does, and that a second time changes nothing."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.spec.form.formatted import formatted
from segctl.spec.form.order import in_order
from segctl.spec.page import Page
from segctl.spec.scalar import plain
from segctl.spec.yaml import documents
from tests.conftest import CASES
from tests.support.documents import ROOT, data_of
from tests.support.untidy import Untidy

SHIPPED = [*sorted((ROOT / "segments").rglob("*.yaml")), ROOT / "segctl.yaml"]
STARTERS = [path for path in sorted((ROOT / "segctl/files/scaffold").glob("*.yaml")) if path.stem != "segctl"]
STORIES = sorted((CASES / "form").glob("*.yaml"))
RIGHT = data_of(CASES / "editor" / "right.yaml")


def form(text: str | bytes) -> str:
    page = Page("x.yaml")
    made = formatted(page, text.encode() if isinstance(text, str) else text)
    assert made is not None, page.mistakes
    return made


def data(text: str) -> list[Any]:
    page = Page("x.yaml")
    found = [plain(node, texts=frozenset(), opaque=frozenset()) for node in documents(page, text.encode())]
    assert page.mistakes == []
    return found


@pytest.mark.parametrize("path", [*SHIPPED, *STARTERS], ids=lambda path: path.stem)
def test_what_is_shipped_is_in_its_form(path: Path) -> None:
    assert form(path.read_bytes()) == path.read_text()


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_each_story_has_its_form(path: Path, *, accept: bool) -> None:
    expected = path.with_suffix(".expected")
    made = form(path.read_bytes())
    if accept:
        expected.write_text(made)

    assert made == expected.read_text()
    assert form(made) == made


@given(st.integers(min_value=0), st.sampled_from(RIGHT))
def test_whatever_its_form_a_document_says_the_same_afterwards(seed: int, document: dict[str, Any]) -> None:
    untidy = Untidy(Random(seed))
    text = untidy.document(document)

    made = form(text)

    assert data(made) == data(text) == [document]
    assert form(made) == made
    assert Counter(re.findall(r"# comment \d+", made)) == Counter(re.findall(r"# comment \d+", text))
    assert not re.search(r"[ \t]\n|\n\n$", made)
    assert made.endswith("\n")


@given(st.integers(min_value=0), st.sampled_from(RIGHT))
def test_keys_come_in_their_order_with_what_heads_them(seed: int, document: dict[str, Any]) -> None:
    rng = Random(seed)
    keys = list(document)
    rng.shuffle(keys)
    text = "".join(f"# of {key}\n{key}: {Untidy(rng)._inline(document[key])}\n" for key in keys)

    made = form(text)

    order = in_order(document["kind"], keys)
    assert re.findall(r"^# of (\w+)$", made, re.MULTILINE) == order
    assert re.findall(r"^(\w+):", made, re.MULTILINE) == order


@pytest.mark.parametrize("text", ["kind: [\n", "kind: Segment\nkind: Segment\n", "\xff\xfe", "", "# nothing\n"])
def test_what_cannot_be_read_is_left_alone(text: str) -> None:
    assert formatted(Page("x.yaml"), text.encode("latin-1")) is None


def test_line_ends_and_marks_of_other_systems_go() -> None:
    assert form("\ufeffname: x\r\nkind: Segment\r\ndescription: |-\r\n  a\r\n  b\r\n") == (
        "kind: Segment\nname: x\ndescription: |-\n  a\n  b\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "{kind: Segment,  name: x}\n",
        "name: x\nkind: Segment\ndescription: |+\n  a\n\n",
        "name: x\ndescription: |1\n   a\nkind: Segment\n",
        "? name\n: x\n",
        "--- {name: x, kind:  Segment}\n",
        "- a\n-  b\n",
    ],
    ids=["braces", "empty lines that count", "a fixed column", "a key by a question mark", "one line", "a list"],
)
def test_unusual_documents_stay_as_they_are(text: str) -> None:
    assert form(text) == text


def test_scalars_keep_their_source_text() -> None:
    text = "kind: Segment\nplayers:\n  - 007\n  - 1e5\n  - 'x'\n  - \"\\u00e9\"\n  - ~\n  - 0x1F\n"

    assert form(text) == text


def test_a_long_file_takes_no_long_time() -> None:
    head = "kind: Segment\nname: x\ntype: dynamic\nrules:\n  all:\n"
    text = head + "".join(f"   # {number}\n   -   country:  DE\n" for number in range(20_000))

    assert form(text).count("\n    # ") == 20_000
