"""How many columns of a terminal a text takes; text cut, filled or wrapped to a number of them.

Text comes here when it is safe already, and before it is painted.
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_MARKS = frozenset(("Mn", "Me", "Cf"))


def cells(text: str) -> int:
    """The columns that `text` takes."""
    if text.isascii():
        return len(text)
    return sum(steps(text))


def cut(text: str, width: int) -> str:
    """`text`, or as much of its beginning as fits with an ellipsis."""
    if cells(text) <= width:
        return text
    return _head(text, width - 1).rstrip() + "…" if width > 1 else "…"[:width]


def left(text: str, width: int) -> str:
    """Filled up with spaces behind it, or cut."""
    fitting = cut(text, width)
    return fitting + " " * (width - cells(fitting))


def right(text: str, width: int) -> str:
    """Filled up with spaces before it, or cut."""
    fitting = cut(text, width)
    return " " * (width - cells(fitting)) + fitting


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most `width`, broken at spaces; a word longer than a line is broken too."""
    lines = [""]
    for word in text.split():
        fits = cells(lines[-1]) + cells(word) < width or not lines[-1]
        lines[-1:] = [f"{lines[-1]} {word}".lstrip()] if fits else [lines[-1], word]
        while cells(lines[-1]) > width:
            head = _head(lines[-1], width)
            lines[-1:] = [head, lines[-1][len(head) :]]
    return lines


def _head(text: str, width: int) -> str:
    """The longest beginning that fits, and one character at least."""
    taken = 0
    for at, wide in enumerate(steps(text)):
        taken += wide
        if taken > width and at:
            return text[:at]
    return text


def steps(text: str) -> list[int]:
    """The columns of each character; what joins or alters the one before it takes none."""
    widths: list[int] = []
    before = ""
    for character in text:
        widths.append(0 if before == _JOINER else _one(character, before, widths))
        before = character
    return widths


def _one(character: str, before: str, widths: list[int]) -> int:
    if character == _EMOJI_STYLE and widths and widths[-1] == 1 and not before.isalpha():
        return 1
    if "\U0001f3fb" <= character <= "\U0001f3ff" and widths and widths[-1] == 2:
        return 0
    if unicodedata.category(character) in _MARKS or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
