"""Words in texts. Pure."""

from __future__ import annotations


def stands_in(word: str, text: str) -> bool:
    """Does a text have a word, standing alone: no letter, digit, `-`, `_` or `@` right beside it?"""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not _in_word(text[:start][-1:]) and not _in_word(text[end : end + 1]):
            return True
        start = text.find(word, start + 1)
    return False


def word_lines(word: str, text: str) -> set[int]:
    """The lines, from 1, that have a word."""
    return {number for number, line in enumerate(text.splitlines(), 1) if stands_in(word, line)}


def _in_word(character: str) -> bool:
    return character.isalnum() or character in ("_", "-", "@") if character else False
