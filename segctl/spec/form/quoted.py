"""A text as a YAML scalar: bare where no reader of YAML takes it for something else, in quotes where one might."""

from __future__ import annotations

import json
import re

_bare = re.compile(r"[A-Za-z]([\w ()./&+-]*[\w)])?|[A-Za-z]+_[\w-]*\w").fullmatch
_duration = re.compile(r"\d+(min|h|d|w|mo|y)", re.ASCII).fullmatch
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


def quoted(text: str) -> str:
    """The scalar, which may stand in brackets too. What nobody could see in a file is escaped."""
    if (_bare(text) or _duration(text)) and text.isprintable() and text.lower() not in _WORDS:
        return text
    return "".join(one if one.isprintable() else _escaped(one) for one in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
