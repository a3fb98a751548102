"""Texts measured as terminals show them."""

from __future__ import annotations

import pytest

from segctl.view.safe import safe
from segctl.view.width import cells, cut, left, right, wrapped
from tests.view.hostile import HOSTILE


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc", 3),
        ("caf\u00e9", 4),
        ("cafe\u0301", 4),
        ("\u6f22\u5b57", 4),
        ("\uff26", 2),
        ("\U0001f600", 2),
        ("\U0001f44d\U0001f3fd", 2),
        ("\U0001f469\u200d\U0001f469\u200d\U0001f467", 2),
        ("\U0001f1e9\U0001f1ea", 2),
        ("\U0001f9d1\U0001f3fd\u200d\U0001f91d\u200d\U0001f9d1\U0001f3fb", 2),
        ("\u2764\ufe0f", 2),
        ("1\ufe0f\u20e3", 2),
        ("\u1112\u1161\u11ab", 2),
        ("\u2026 \u2192 \u2212", 5),
    ],
)
def test_columns(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize("width", [1, 2, 3, 7, 40])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_filled_or_cut_has_exactly_its_width(text: str, width: int) -> None:
    shown = safe(text)

    assert cells(cut(shown, width)) <= width
    assert cells(left(shown, width)) == cells(right(shown, width)) == width


@pytest.mark.parametrize("text", HOSTILE)
def test_wrapping_loses_nothing_but_spaces(text: str) -> None:
    shown = safe(text)

    lines = wrapped(shown, 30)

    assert max(map(cells, lines)) <= 30
    assert "".join("".join(lines).split()) == "".join(shown.split())


def test_a_cut_text_says_so() -> None:
    assert cut("lapsed depositors", 10) == "lapsed de\u2026"
    assert cut("lapsed depositors", 8) == "lapsed\u2026"
    assert cut("\u6f22\u5b57\u6f22\u5b57", 4) == "\u6f22\u2026"
