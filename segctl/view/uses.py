"""Who uses what was asked about, directly and through others, each with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from segctl.model.uses import Through
from segctl.view.data import json_text
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, left


def uses_text(address: str, users: Sequence[Through], *, style: Style = PLAIN) -> str:
    """Lines are not cut: a place that is cut leads nowhere."""
    name = painted(safe(spoken(address)), style.strong)
    if not users:
        return f"Nothing uses {name}.\n"
    direct = [one for one in users if one.through is None]
    others = [one for one in users if one.through is not None]
    number = f"{len(direct):,} directly" + (f", {len(others):,} through others" if others else "")
    lines = [f"{name} is used by {number}", "", *_lines(direct)]
    lines += ["", "through others", *_lines(others)] if others else []
    return "\n".join(lines) + "\n"


def uses_json(address: str, users: Sequence[Through]) -> str:
    """The same for programs."""
    return json_text({"address": address, "used_by": list(map(_data, users))})


def spoken(address: str) -> str:
    """A kind and a name, as people say them."""
    return address.replace(".", " ", 1)


def _lines(users: Sequence[Through]) -> Iterator[str]:
    names = [safe(spoken(one.user)) for one in users]
    ways = ["" if one.through is None else f"through {safe(spoken(one.through))}" for one in users]
    widths = [max(map(cells, column)) for column in (names, ways)]
    for one, name, way in zip(users, names, ways, strict=True):
        place = "" if one.at is None else safe(f"{one.at.file}:{one.at.line}")
        parts = [left(name, widths[0]), left(way, widths[1]), place]
        yield f"  {'  '.join(part for part in parts if part)}".rstrip()


def _data(one: Through) -> dict[str, Any]:
    return {
        "address": one.user,
        "through": one.through,
        "file": one.at.file if one.at else None,
        "line": one.at.line if one.at else None,
    }
