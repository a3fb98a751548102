"""Figures as a Markdown table, and the line that says where they were measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

GIB = 2**30


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, the figure that is asked for (empty if none), and the figure found."""

    what: str
    measured: str
    asked: str = ""
    met: bool | None = None


def machine() -> str:
    """The machine, its versions, and how busy it is now."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}, numpy {version('numpy')}; load {load}"
    )


def most(what: str, measured: float, asked: float | None, unit: str) -> Row:
    """A figure that is better when smaller, in seconds (`s`, shown in ms below 1), or in MiB or GiB."""
    if asked is None:
        return Row(what, shown(measured, unit))
    return Row(what, shown(measured, unit), f"≤ {shown(asked, unit)}", measured <= asked)


def shown(figure: float, unit: str) -> str:
    """A figure as people read it."""
    if unit == "s" and figure < 1:
        return f"{figure * 1000:,.0f} ms"
    return f"{figure:,.0f} {unit}" if unit == "MiB" or figure >= 100 else f"{figure:,.2f} {unit}"


def figures(title: str, rows: Iterable[Row]) -> str:
    """Rows as a table: asked beside measured."""
    marks = {True: "yes", False: "no", None: ""}
    lines = [(row.what, row.measured, row.asked, marks[row.met]) for row in rows]
    return table(title, ("what", "measured", "asked", "met"), lines)


def table(title: str, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table below a title."""
    body = [heads, ["---"] * len(heads), *lines]
    return f"## {title}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in body) + "\n"
