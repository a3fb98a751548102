"""Fixed ranges, held against the day: one that has not begun (SEG615), or that is over (SEG616)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from segctl.base.diagnostic import Diagnostic
from segctl.lint.ground import Ground, place
from segctl.model.rule import Group, Happened, Rule, WasInSegment
from segctl.model.segment import Segment
from segctl.model.time import Between, Clock, Window, day_start, micros


def dated_ranges(ground: Ground) -> Iterator[Diagnostic]:
    """A snapshot is taken once, so a range that is over may stand in it."""
    for stated in ground.stated:
        owner = stated.owner
        snapshot = isinstance(owner, Segment) and owner.type == "static"
        for window, rule in _ranged(stated.rule):
            found = _dated(window, ground.clock)
            if found is not None and not (snapshot and found[0] == "SEG616"):
                yield Diagnostic(found[0], place(rule, owner), found[1], (_HELP[found[0]],))


_HELP = {
    "SEG615": "Nothing is wrong if the segment waits for that day.",
    "SEG616": "Archive the segment, or take a snapshot of it: `type: static`.",
}


def _ranged(rule: Rule) -> Iterator[tuple[Window, Rule]]:
    if isinstance(rule, Group):
        if rule.during is not None:
            yield rule.during, rule
        for part in rule.rules:
            yield from _ranged(part)
    elif isinstance(rule, Happened) and rule.during is not None:
        yield rule.during, rule
    elif isinstance(rule, WasInSegment) and rule.window is not None:
        yield rule.window, rule


def _dated(window: Window, clock: Clock) -> tuple[str, str] | None:
    if not isinstance(window, Between):
        return None
    start, end = window.start, window.end
    if start is not None and _instant(start, clock) > clock.micros:
        return "SEG615", f"The range begins on {start.isoformat()[:10]}; until then nothing counts."
    if end is not None and _instant(end, clock) <= clock.micros:
        return "SEG616", f"The range has been over since {end.isoformat()[:10]}; what it counts stays as it is."
    return None


def _instant(bound: date, clock: Clock) -> int:
    return micros(bound) if isinstance(bound, datetime) else day_start(bound, clock.zone)
