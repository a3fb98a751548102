"""Editor and segctl agree: what an editor lets pass in the cases, segctl reads, and what it marks, segctl refuses."""

from __future__ import annotations

from functools import lru_cache

import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import ListSource, Source
from segctl.files.project import read_files
from segctl.files.shipped import schema
from segctl.spec.project import read_project
from tests.conftest import CASES
from tests.support.documents import ROOT

# Tests are read by another reader; of a scope segctl reads none yet.
_UNREAD = ("kind: SegmentTest", "\nscope:")


@lru_cache(maxsize=1)
def library() -> tuple[Source, ...]:
    return read_files(ROOT).sources


def said(text: str) -> list[Diagnostic]:
    """The mistakes of a file beside the shipped library."""
    case = Source("segments/case.yaml", text.encode())
    side_file = ListSource("guests.csv", ("p_1",), "0" * 64)
    found = read_project([*library(), case], lambda _: side_file, schema).diagnostics
    return [one for one in found if one.span.file == case.file and one.severity == "error"]


def documents(name: str) -> list[str]:
    texts = (CASES / "editor" / f"{name}.yaml").read_text().split("---\n")
    return [text for text in texts if not any(words in text for words in _UNREAD)]


def test_what_an_editor_lets_pass_is_read() -> None:
    text = "---\n".join(text for text in documents("right") if "name: lapsed-depositors-de" not in text)

    assert said(text) == []


@pytest.mark.parametrize(
    "text", documents("wrong"), ids=lambda text: text.partition("name: ")[2].partition(",")[0]
)
def test_what_an_editor_marks_is_refused(text: str) -> None:
    assert said(text)
