"""Edits of a text by place: what goes, what stays, whatever the line ends."""

from __future__ import annotations

import pytest

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.fix import mendings
from segctl.lint.ignores import ignores


def mended(text: str, code: str, line: int, column: int) -> str | None:
    one = Diagnostic(code, Span("a.yaml", line, column, line, column + 1), "")
    return next(mendings(text, [one]), None)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_condition_goes_with_its_line_and_nothing_else(end: str, mark: str) -> None:
    before = mark + end.join(
        ["all:", "  # é", "  - a: 1 # one", "  - b:", "      gte: 2", "      # two", "  - c: 3", ""]
    )

    assert mended(before, "SEG604", 4, 5) == mark + end.join(
        ["all:", "  # é", "  - a: 1 # one", "      # two", "  - c: 3", ""]
    )


@pytest.mark.parametrize(
    ("column", "after"),
    [(8, "all: [{b: 2}, {c: 3}]\n"), (16, "all: [{a: 1}, {c: 3}]\n"), (24, "all: [{a: 1}, {b: 2}]\n")],
)
def test_an_item_in_brackets_goes_with_its_comma(column: int, after: str) -> None:
    assert mended("all: [{a: 1}, {b: 2}, {c: 3}]\n", "SEG604", 1, column) == after


def test_a_last_line_needs_no_end() -> None:
    assert mended("all:\n  - a: 1\n  - b: 2\n  - c: 3", "SEG604", 4, 5) == "all:\n  - a: 1\n  - b: 2\n"


def test_a_group_that_is_left_with_one_part_goes_too() -> None:
    text = (
        "all:\n  - a: 1\n  - any:\n      - all: # both\n          - b: 2\n          - c: {gte: 3}\n      - d: 4\n"
    )

    assert (
        mended(text, "SEG604", 6, 13) == "all:\n  - a: 1\n  - any:\n      - # both\n        b: 2\n      - d: 4\n"
    )


def test_a_group_with_a_range_stays_with_one_part() -> None:
    text = "all:\n  - a: 1\n  - during: {last: 7d}\n    all:\n      - b: 2\n      - c: 3\n"

    assert mended(text, "SEG604", 6, 9) == "all:\n  - a: 1\n  - during: {last: 7d}\n    all:\n      - b: 2\n"


def test_what_stands_alone_is_left_alone() -> None:
    assert mended("rules:\n  a: 1\n", "SEG604", 2, 3) is None
    assert mended("rules:\n  none:\n    - a: 1\n", "SEG604", 3, 7) is None
    assert mended("a: 1\n", "SEG601", 1, 1) is None


def test_unwrapping_keeps_the_layout_below() -> None:
    text = "rules:\n  all:\n    - any:\n        - a: 1\n        # or\n        - b: 2\n# end\n"

    assert mended(text, "SEG605", 2, 3) == "rules:\n  any:\n    - a: 1\n    # or\n    - b: 2\n# end\n"


def test_a_comment_is_no_comment_inside_a_text() -> None:
    text = (
        "a: 'x # segctl: ignore SEG604 no'\nb: >\n  # segctl: ignore SEG604 no\nc: 1 # segctl: ignore SEG604 yes\n"
    )

    assert [(one.at.line, one.reason) for one in ignores({"a.yaml": text})] == [(4, "yes")]
