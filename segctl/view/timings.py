"""Where the time of a run went: for people, the stages and what was dearest; for programs, all of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from segctl.base.timings import EVALUATING, Spent, Timings
from segctl.view.figures import count, counted
from segctl.view.safe import safe
from segctl.view.width import cells, left

_MOST = 10
_LEAST_TOLD = 0.0005
_DIGITS = 6


def timings_text(timings: Timings) -> str:
    """The whole screen."""
    whole = sum(timings.stages.values())
    shown = [f"Where the time went: {_seconds(whole)}", "", *_table(_stages(timings), whole)]
    if timings.segments:
        shown += ["", "  Of evaluating, by segment (what several use is shared among them):", *_segments(timings)]
    return "\n".join(shown) + "\n"


def timings_data(timings: Timings) -> dict[str, Any]:
    """Seconds, unrounded but for what no clock tells."""
    return {
        "seconds": round(sum(timings.stages.values()), _DIGITS),
        "stages": [{"stage": name, "seconds": round(one, _DIGITS)} for name, one in timings.stages.items()],
        "answers": [
            {
                "table": table,
                "asked": asked,
                "facts": spent.facts,
                "rows": spent.rows,
                "reading": round(spent.reading, _DIGITS),
                "working": round(spent.working, _DIGITS),
            }
            for (table, asked), spent in timings.answers.items()
        ],
        "segments": {name: round(seconds, _DIGITS) for name, seconds in sorted(timings.segments.items())},
    }


def _stages(timings: Timings) -> Iterator[tuple[str, float]]:
    """Each stage; below evaluating its answers, and what is left of it."""
    for name, seconds in timings.stages.items():
        yield name, seconds
        if name == EVALUATING:
            for (table, asked), spent in timings.answers.items():
                yield f"  {safe(f'{table}: ' if table else '')}{asked}{_read(spent)}", spent.seconds
            yield "  combining rules and segments", seconds - sum(one.seconds for one in timings.answers.values())


def _read(spent: Spent) -> str:
    return f", {counted(spent.rows, 'row')} for {counted(spent.facts, 'fact')}" if spent.facts else ""


def _segments(timings: Timings) -> Iterator[str]:
    whole = sum(timings.segments.values())
    dearest = sorted(timings.segments.items(), key=lambda one: (-one[1], one[0]))
    rest = dearest[_MOST:]
    yield from _table([(safe(name), seconds) for name, seconds in dearest[:_MOST]], whole)
    if rest:
        seconds = sum(one for _, one in rest)
        yield f"  … and {counted(len(rest), 'segment')} with less each: {_seconds(seconds)}"


def _table(rows: Iterable[tuple[str, float]], whole: float) -> list[str]:
    """Names, seconds, and their part of the whole; what took no time is left out."""
    told = [row for row in rows if row[1] >= _LEAST_TOLD]
    names = max((cells(name) for name, _ in told), default=0)
    times = max((len(_seconds(seconds)) for _, seconds in told), default=0)
    return [
        f"  {left(name, names)}  {_seconds(seconds):>{times}}  {_part(seconds, whole):>6}"
        for name, seconds in told
    ]


def _seconds(seconds: float) -> str:
    return f"{count(round(seconds * 1000))} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _part(seconds: float, whole: float) -> str:
    return f"{100 * seconds / whole:.1f} %" if whole else ""
