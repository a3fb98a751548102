"""How far a run is, in words."""

from __future__ import annotations

from segctl.view.figures import count, counted, elapsed


def line(what: str, done: int, total: int, far: str, left: float | None) -> str:
    """One step of a log: reading bets (3 of 8) · 19,746 rows · 20,000 players · 12 of 40 segments · 4 s left."""
    place = f" ({done + 1} of {total})" if total else ""
    rest = f"{elapsed(left)} left" if left is not None and total else ""
    return " · ".join(part for part in (f"{what}{place}", far, rest) if part)


def far(rows: int, players: int, ready: int, segments: int) -> str:
    """What was read, for whom, and how many segments have all they ask for. Empty at the beginning."""
    told = [counted(rows, "row")] if rows else []
    told += [counted(players, "player")] if players else []
    told += [f"{count(ready)} of {counted(segments, 'segment')}"] if rows and segments else []
    return " · ".join(told)
