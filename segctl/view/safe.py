"""Text that users wrote → text that cannot act where it is shown. One function for each destination.

What is invisible, moves the cursor or turns the direction of text is shown as an escape, as Python writes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Controls, format characters (bidi, zero width), lone surrogates, line and paragraph separators.
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_JOINERS = "\u200c\u200d"
_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

# CI runners take `::command::` at the start of a line (wherever it was wrapped), and `##[command]` anywhere in it.
_runner_start = re.compile(r":(?=:[A-Za-z])")
_runner_inside = re.compile(r"##(?=[a-z]*\[)")

_markdown_signs = re.compile(r"([\\`*_{}\[\]()#+\-.!|~^$=:>])")
_ticks = re.compile(r"`+").findall
# where a text becomes a link by itself: https://, www., GH-1
_links = re.compile(r"(?<=:)(?=//)|(?<=[wW]{3})(?=\.)|(?<=[gG][hH])(?=-[0-9])")
_NOTHING = "&#8203;"
_HTML = {"\u200b": _NOTHING, "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
# A mention or a reference needs its sign and the next character together; the entity is a space of no width.
_APART = {"@": "@&#8203;", "#": "\\#&#8203;"}
_FORMULA = frozenset("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def seen(text: str) -> list[str]:
    """Each character of `text` as it may be shown, so that places in it can still be counted."""
    parts = [character if character.isprintable() else _shown(text, at) for at, character in enumerate(text)]
    for found in _runner_inside.finditer(text):
        parts[found.start()] = "\\x23"
    return parts


def safe(text: str) -> str:
    """For a terminal and a log: one line, nothing that acts, nothing that hides."""
    if text.isprintable() and "##" not in text and "::" not in text:
        return text
    return _runner_start.sub(r"\\x3a", "".join(seen(text)))


def safe_lines(text: str) -> list[str]:
    """For a terminal, a text that may have lines of its own."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return [safe(line) for line in lines]


def safe_markdown(text: str) -> str:
    """For Markdown: no markup, HTML, link, mention or reference; on one line."""
    return "".join(map(_in_markdown, _unlinked(safe(text))))


def safe_html(text: str) -> str:
    """For the text of an HTML element that stands in Markdown: no tag, mention or reference; on one line."""
    return "".join(
        _HTML.get(one) or (f"{one}{_NOTHING}" if one in _APART else one) for one in _unlinked(safe(text))
    )


def fenced(lines: Iterable[str], language: str = "") -> list[str]:
    """Lines as a block of code in Markdown, whose fence is longer than any in it."""
    body = [safe(line) for line in lines]
    longest = max((len(run) for line in body for run in _ticks(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}{language}", *body, fence]


def safe_csv(text: str) -> str:
    """For a cell that a spreadsheet opens: never a formula. Quoting the cell is the writer's work."""
    shown = "".join(seen(text))
    return f"'{shown}" if text.lstrip(" ")[:1] in _FORMULA else shown


def safe_github(text: str) -> str:
    """For the message of a GitHub workflow command. Line breaks in it stay; the rest is as for a terminal."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "%0A".join("".join(seen(line)).replace("%", "%25") for line in lines)


def safe_github_property(text: str) -> str:
    """For a property of a GitHub workflow command, such as `file=`."""
    return safe_github(text).replace(":", "%3A").replace(",", "%2C")


def _shown(text: str, at: int) -> str:
    character = text[at]
    if unicodedata.category(character) not in _UNSEEN or (character in _JOINERS and _joins(text, at)):
        return character
    if character in _ESCAPES:
        return _ESCAPES[character]
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _joins(text: str, at: int) -> bool:
    """Does a joiner stand between two characters of a script or an emoji that needs it?"""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    return bool(before and after) and not before.isascii() and not after.isascii()


def _unlinked(text: str) -> str:
    """A safe text with a space of no width where a link would begin; it has none of its own."""
    return _links.sub("\u200b", text)


def _in_markdown(character: str) -> str:
    if character in _APART:
        return _APART[character]
    if character in _HTML:
        return _HTML[character]
    return _markdown_signs.sub(r"\\\1", character)
