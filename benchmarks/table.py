"""Figures as a Markdown table, and the line that says where they were measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

GIB = 2**30
MIB_PER_GIB = 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, what was found, and what is asked for (empty if nothing is).

    `cpu` is the processor's part of a time, which a busy machine changes least.
    """

    what: str
    measured: str
    cpu: str = ""
    asked: str = ""
    met: bool | None = None


def machine() -> str:
    """The machine, its versions, and how busy it is now."""
    ram = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GIB
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{len(os.sched_getaffinity(0))} cores, {ram:.0f} GiB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}, numpy {version('numpy')}; load {load}"
    )


def seconds(what: str, wall: float, cpu: float, *, asked: float | None = None) -> Row:
    """A time that is better when smaller."""
    limit, met = ("", None) if asked is None else (f"≤ {shown(asked, 's')}", wall <= asked)
    return Row(what, shown(wall, "s"), shown(cpu, "s"), limit, met)


def memory(what: str, mib: float, *, asked: float | None = None) -> Row:
    """A peak of memory in MiB."""
    limit, met = ("", None) if asked is None else (f"≤ {shown(asked, 'MiB')}", mib <= asked)
    return Row(what, shown(mib, "MiB"), "", limit, met)


def shown(figure: float, unit: str) -> str:
    """Seconds (ms below 1) or MiB (GiB from 1,024) as people read them."""
    if unit == "s":
        return f"{figure * 1000:,.0f} ms" if figure < 1 else f"{figure:,.2f} s"
    return f"{figure:,.0f} MiB" if figure < MIB_PER_GIB else f"{figure / MIB_PER_GIB:,.1f} GiB"


def figures(title: str, rows: Iterable[Row]) -> str:
    """Rows as a table: asked beside measured."""
    marks = {True: "yes", False: "no", None: ""}
    lines = [(row.what, row.measured, row.cpu, row.asked, marks[row.met]) for row in rows]
    return table(title, ("what", "measured", "of it CPU", "asked", "met"), lines)


def table(title: str, heads: Sequence[str], lines: Iterable[Sequence[str]]) -> str:
    """A Markdown table below a title."""
    body = [heads, ["---"] * len(heads), *lines]
    return f"## {title}\n\n" + "\n".join("| " + " | ".join(line) + " |" for line in body) + "\n"
