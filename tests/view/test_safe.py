"""Text that users wrote cannot act where it is shown."""

from __future__ import annotations

import re
import unicodedata

import pytest

from segctl.view.safe import safe, safe_csv, safe_github, safe_github_property, safe_lines, safe_markdown
from tests.view.hostile import HOSTILE

UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def unseen(text: str) -> set[str]:
    """Characters that act or hide, but for the joiners of a script or an emoji."""
    found = {character for character in text if unicodedata.category(character) in UNSEEN}
    joined = re.compile(r"(?<=[^\x00-\x7f])[\u200c\u200d](?=[^\x00-\x7f])").sub("", text)
    return found & set(joined)


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_acts_on_a_terminal(text: str) -> None:
    shown = safe(text)

    assert unseen(shown) == set()
    assert not shown.lstrip().startswith("::")
    assert not re.search(r"##[a-z]*\[", shown)
    assert safe(shown) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Lapsed depositors (DE)", "Lapsed depositors (DE)"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\rd", "a\\nb\\tc\\rd"),
        ("\u202egnp", "\\u202egnp"),
        ("v\u200dip", "v\\u200dip"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("[/]", "[/]"),
        ("::error::x", "\\x3a:error\\x3a:x"),
        ("a::b ::1 b: :", "a\\x3a:b ::1 b: :"),
        ("## [x] ##[x]", "## [x] \\x23#[x]"),
        ("\U0001f469\u200d\U0001f467", "\U0001f469\u200d\U0001f467"),
        ("caf\u00e9 \u00a0 Gr\u00f6\u00dfe", "caf\u00e9 \u00a0 Gr\u00f6\u00dfe"),
    ],
)
def test_what_is_shown_instead(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize("text", HOSTILE)
def test_lines_are_safe_one_by_one(text: str) -> None:
    for line in safe_lines(text):
        assert safe(line) == line


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_is_never_markup(text: str) -> None:
    shown = safe_markdown(text)

    assert unseen(shown) == set()
    assert "<" not in shown
    assert not re.search(r"@(?!&#8203;)", shown)
    assert not re.search(r"(?<!\\)[`*_\[\]!|~:>]", shown)


def test_markdown_is_read_back_by_people() -> None:
    assert safe_markdown("VIP_hosts <b> @ops #12") == "VIP\\_hosts &lt;b&gt; @&#8203;ops \\#&#8203;12"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_cell_is_never_a_formula(text: str) -> None:
    shown = safe_csv(text)

    assert unseen(shown) == set()
    assert shown.lstrip(" ")[:1] not in set("=+-@\uff1d\uff0b\uff0d\uff20")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_workflow_command_stays_one(text: str) -> None:
    assert unseen(safe_github(text)) == set()
    assert "%" not in re.sub("%(25|0A)", "", safe_github(text))
    assert not set(":,") & set(safe_github_property(text))
