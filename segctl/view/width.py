"""How many columns of a terminal a text takes; text cut, filled or wrapped to a number of them.

Text comes here when it is safe already, and before it is painted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

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
    return _head(text, width - 1).rstrip(f" {_JOINER}") + "…"[:width]


def left(text: str, width: int) -> str:
    """Filled up with spaces behind it, or cut."""
    fitting = cut(text, width)
    return fitting + " " * (width - cells(fitting))


def right(text: str, width: int) -> str:
    """Filled up with spaces before it, or cut."""
    fitting = cut(text, width)
    return " " * (width - cells(fitting)) + fitting


def wrapped(text: str, width: int, *, whole: bool = False) -> list[str]:
    """Lines of at most `width`, broken at spaces; a longer word is broken too, unless words stay `whole`.

    A path or an address that somebody will copy stays whole.
    """
    lines: list[str] = []
    room = 0
    for word in text.split():
        for piece in (word,) if whole else _pieces(word, width):
            taken = cells(piece)
            if lines and taken < room:
                lines[-1] += f" {piece}"
                room -= taken + 1
            else:
                lines.append(piece)
                room = width - taken
    return lines or [""]


def steps(text: str) -> Iterator[int]:
    """The columns of each character; what joins or alters the one before it takes none."""
    before, last = "", 0
    for character in text:
        last = 0 if before == _JOINER else _one(character, before, last)
        before = character
        yield last


def _head(text: str, width: int) -> str:
    """The longest beginning that fits."""
    if text.isascii():
        return text[: max(width, 0)]
    taken = 0
    for at, wide in enumerate(steps(text)):
        taken += wide
        if taken > width:
            return text[:at]
    return text


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word, in as many parts as it needs; the last of them is the only one that a space may follow."""
    while cells(word) > width:
        head = _head(word, width) or word[0]
        yield head
        word = word[len(head) :]
    yield word


def _one(character: str, before: str, last: int) -> int:
    if character == _EMOJI_STYLE and last == 1 and not before.isalpha():
        return 1
    if "\U0001f3fb" <= character <= "\U0001f3ff" and before and unicodedata.east_asian_width(before) == "W":
        return 0
    if unicodedata.category(character) in _MARKS or "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
