"""Colour by meaning. It only repeats what a symbol or a word says already; plain text has none."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What each meaning is painted with: parameters of a terminal's SGR sequence (ECMA-48), or nothing."""

    added: str = ""
    removed: str = ""
    changed: str = ""
    error: str = ""
    warning: str = ""
    strong: str = ""
    faint: str = ""


PLAIN = Style()
ANSI = Style(added="32", removed="31", changed="33", error="1;31", warning="1;33", strong="1", faint="2")


def painted(text: str, how: str) -> str:
    """`text` as one of the meanings of a style. Paint last: painted text cannot be measured or cut."""
    return f"\x1b[{how}m{text}\x1b[0m" if how and text else text
