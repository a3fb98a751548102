"""Documents as untidy authors write them: data → one of the many texts of YAML that say it."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

_plain = re.compile(r"[A-Za-z_][A-Za-z0-9_ ./-]*[A-Za-z0-9_]").fullmatch
_WORDS = ("true", "false", "null")


class Untidy:
    """Writes with odd indentation, dashes, spaces, quotes, brackets, empty lines and comments."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.comments = 0
        self.deepest = 99  # where a comment may stand; below a block text a deeper one would be part of the text

    def document(self, data: dict[str, Any]) -> str:
        keys = list(data)
        self.rng.shuffle(keys)
        self.lines = ["# yaml-language-server: $schema=x"] * self.rng.randint(0, 1)
        self._mapping({key: data[key] for key in keys}, 0)
        self._noise(0)
        return "\n".join(self.lines) + "\n" * self.rng.randint(0, 3)

    def _mapping(self, data: dict[str, Any], column: int, lead: str | None = None) -> None:
        for place, (key, value) in enumerate(data.items()):
            start = lead if lead is not None and not place else " " * column
            if lead is None or place:
                self._noise(column)
            self._pair(f"{start}{key}{' ' * self.rng.choice((0, 0, 0, 1))}:", value, column)

    def _pair(self, head: str, value: Any, column: int) -> None:
        self.deepest = 99
        gap = " " * self.rng.randint(1, 3)
        if isinstance(value, dict | list) and value and self.rng.random() < 0.7:
            self.lines.append(head + self._tail())
            self._below(value, column)
        elif isinstance(value, str) and " " in value and self.rng.random() < 0.5:
            self._long(head + gap, value, column)
        else:
            self.lines.append(head + gap + self._inline(value) + self._tail())

    def _below(self, value: Any, column: int) -> None:
        inner = column + self.rng.randint(0 if isinstance(value, list) else 1, 5)
        if isinstance(value, dict):
            self._mapping(value, inner)
            return
        for item in value:
            self._noise(inner)
            self.deepest = 99
            lead = f"{' ' * inner}-{' ' * self.rng.randint(1, 3)}"
            if isinstance(item, dict) and item and self.rng.random() < 0.8:
                self._mapping(item, len(lead), lead)
            else:
                self.lines.append(lead + self._inline(item) + self._tail())

    def _long(self, head: str, value: str, column: int) -> None:
        inner = " " * (column + self.rng.randint(1, 6))
        sign = self.rng.choice((">-", "|-", '"'))
        words = value.split(" ")
        if sign == '"':
            half = len(words) // 2
            first, second = " ".join(words[:half]), " ".join(words[half:])
            if half and '"' not in value and "\\" not in value:
                self.lines += [f'{head}"{first}', f'{inner}{second}"']
                return
            sign = "|-"
        self.lines += [head + sign, inner + value]
        self.deepest = len(inner) - 1

    def _inline(self, value: Any) -> str:
        space = " " * self.rng.randint(0, 2)
        if isinstance(value, dict):
            pairs = [f"{key}:{' ' * self.rng.randint(1, 2)}{self._inline(part)}" for key, part in value.items()]
            return "{" + space + ("," + " " * self.rng.randint(0, 2)).join(pairs) + space + "}"
        if isinstance(value, list):
            return "[" + space + ("," + " " * self.rng.randint(0, 2)).join(map(self._inline, value)) + space + "]"
        if isinstance(value, str):
            bare = _plain(value) and value.lower() not in _WORDS and self.rng.random() < 0.7
            return value if bare else json.dumps(value, ensure_ascii=False)
        return json.dumps(value)

    def _tail(self) -> str:
        return self.rng.choice(("", "", "", "", "  ", f"   {self._comment()}"))

    def _noise(self, column: int) -> None:
        for _ in range(self.rng.choice((0, 0, 0, 0, 1, 2))):
            at = min(self.rng.choice((0, column, column, column + 1, column + 4)), self.deepest)
            self.lines.append(self.rng.choice(("", " ", " " * at + self._comment())))

    def _comment(self) -> str:
        self.comments += 1
        return f"# comment {self.comments}"
