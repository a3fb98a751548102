"""Mistakes are shown with carets under the exact characters, however wide these are."""

from __future__ import annotations

import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.view.diagnostics import Checked, diagnostics_text, last_line
from segctl.view.excerpt import excerpt, lines_of
from segctl.view.width import cells
from tests.view.hostile import HOSTILE

CHECKED = Checked(214, "Nothing was planned.")


def shown(before: str, marked: str, after: str = "", width: int = 95) -> tuple[str, str]:
    """The line and its carets, for a span of `marked`."""
    span = Span("s.yaml", 1, len(before) + 1, 1, len(before) + len(marked) + 1)
    (_, line), (_, carets) = excerpt(span, [before + marked + after], width)
    return line, carets


def under(line: str, carets: str) -> str:
    """What a terminal shows above the carets."""
    start, end = cells(carets) - carets.count("^"), cells(carets)
    taken, found = 0, ""
    for character in line:
        if start <= taken < end:
            found += character
        taken += cells(character)
    return found


@pytest.mark.parametrize(
    "before",
    ["  - ", "\t- ", "  -\t\t", "漢字 ", "e\u0301e\u0301 ", "\U0001f600 ", "a\x1bb ", "\u202e", "x" * 300],
)
@pytest.mark.parametrize("marked", ["total_depsoit_count", "x", "漢字"])
def test_carets_stand_under_the_span(before: str, marked: str) -> None:
    line, carets = shown(before, marked, ": {gte: 10}")

    assert under(line, carets) == marked
    assert carets.count("^") == cells(marked)


@pytest.mark.parametrize("where", [0, 50, 89, 90, 91, 120, 5000])
def test_a_long_line_is_cut_around_the_span(where: int) -> None:
    line, carets = shown("a" * where, "HERE", "b" * 500)

    assert under(line, carets) == "HERE"
    assert cells(line) <= 95
    assert line.startswith("…") == (where > 90)
    assert line.endswith("…")


def test_a_span_longer_than_the_line_is_cut() -> None:
    line, carets = shown("name: ", "x" * 500)

    assert cells(line) == cells(carets) == 95
    assert line.endswith("x…")


def test_a_span_over_lines_is_marked_to_the_end_of_the_first() -> None:
    lines = ["rules:", "  all: [", "    x]", ""]

    assert excerpt(Span("s.yaml", 2, 8, 3, 7), lines, 95) == [(1, "rules:"), (2, "  all: ["), (None, "       ^")]


@pytest.mark.parametrize(
    "span",
    [
        Span("s", 9, 1, 9, 2),
        Span("s", 0, 1, 0, 2),
        Span("s", 1, 99, 1, 100),
        Span("s", 1, 3, 1, 3),
        Span("s", 2, 1, 2, 2),
    ],
)
def test_a_place_beyond_the_text_does_not_break(span: Span) -> None:
    assert all(cells(text) < 95 for _, text in excerpt(span, ["abc", ""], 95))


def test_lines_are_counted_as_spans_count_them() -> None:
    assert lines_of("\ufeffa\r\nb\rc\nd") == ["a", "b", "c", "d"]
    assert lines_of("a\u2028b") == ["a\u2028b"]


def test_without_the_source_the_place_is_shown() -> None:
    one = Diagnostic("SEG013", Span("segments/vip.yaml", 1, 1, 1, 2), "It cannot be opened.")

    assert diagnostics_text([one], {}, CHECKED).splitlines()[:4] == [
        "error[SEG013]: File cannot be read",
        " --> segments/vip.yaml:1:1",
        "  |",
        "  = It cannot be opened.",
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_lines_are_shown(hostile: str) -> None:
    for column in (1, 2, len(hostile) + 1):
        one = Diagnostic("SEG101", Span("s.yaml", 2, column, 2, column + 3), hostile)

        text = diagnostics_text([one], {"s.yaml": f"{hostile}\n{hostile}"}, CHECKED)

        assert max(map(cells, text.split("\n"))) <= 100


def mistake(code: str = "SEG101", file: str = "a.yaml", line: int = 1) -> Diagnostic:
    return Diagnostic(code, Span(file, line, 1, line, 2), "x")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "No mistakes in 214 files."),
        ([mistake()], "1 error in 1 of 214 files. Nothing was planned.  (segctl docs SEG101 explains a code)"),
        (
            [mistake("SEG204"), mistake(line=2), mistake(file="b.yaml")],
            "3 errors in 2 of 214 files. Nothing was planned.  (segctl docs SEG204 explains a code)",
        ),
    ],
)  # fmt: skip
def test_the_last_line_counts(found: list[Diagnostic], said: str) -> None:
    assert last_line(found, CHECKED) == said


def test_mistakes_stand_in_reading_order_and_once() -> None:
    found = [mistake(file="b.yaml"), mistake(line=9), mistake(line=2), mistake(line=2)]

    places = [line for line in diagnostics_text(found, {}, CHECKED).splitlines() if "-->" in line]

    assert [line.split()[-1] for line in places] == ["a.yaml:2:1", "a.yaml:9:1", "b.yaml:1:1"]
