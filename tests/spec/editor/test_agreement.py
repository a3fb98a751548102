"""Editor and segctl agree: what an editor lets pass in the cases, segctl reads, and what it marks, segctl refuses."""

from __future__ import annotations

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import ListSource, Source
from segctl.files.project import read_files
from segctl.files.shipped import schema
from segctl.spec.project import read_project
from tests.conftest import CASES
from tests.support.documents import ROOT

# Tests have another reader; beside a second catalog no field is looked at.
_UNREAD = ("kind: SegmentTest", "kind: Catalog")


def said(text: str) -> list[Diagnostic]:
    """The mistakes of a file beside the shipped library."""
    case = Source("segments/case.yaml", text.encode())
    side_file = ListSource("guests.csv", ("p_1",), "0" * 64)
    found = read_project([*read_files(ROOT).sources, case], lambda _: side_file, schema).diagnostics
    return [one for one in found if one.span.file == case.file and one.severity == "error"]


def documents(name: str) -> list[str]:
    texts = (CASES / "editor" / f"{name}.yaml").read_text().split("---\n")
    return [text for text in texts if not any(kind in text for kind in _UNREAD)]


def test_what_an_editor_lets_pass_is_read() -> None:
    text = "---\n".join(text for text in documents("right") if "name: lapsed-depositors-de" not in text)

    assert said(text) == []


def test_what_an_editor_marks_is_refused() -> None:
    texts = documents("wrong")
    lines = [text.count("\n") + 1 for text in texts]
    starts = [sum(lines[:place]) + 1 for place in range(len(texts))]

    wrong = {one.span.line for one in said("---\n".join(texts))}

    refused = [
        any(start <= line < start + count for line in wrong) for start, count in zip(starts, lines, strict=True)
    ]
    assert [text for text, found in zip(texts, refused, strict=True) if not found] == []
