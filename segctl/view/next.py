"""When the clock alone next changes who is in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.view.data import instant_text
from segctl.view.figures import counted, moment
from segctl.view.safe import safe

_MOST = 5


@dataclass(frozen=True, slots=True)
class NextChange:
    """`at` is when `segments` change (`exact`), or an instant before which nothing does; None: not up to `until`.

    Members stand as of `since`. Of the segments `unknown` nothing can be told.
    """

    since: datetime
    until: datetime
    at: datetime | None
    exact: bool
    segments: Sequence[str]
    unknown: Sequence[str]


def next_text(found: NextChange, now: datetime) -> str:
    """In a line or two."""
    lines = [_first(found, now)]
    if found.unknown:
        lines.append(
            f"Not looked ahead for {_named(found.unknown)}: a query decides who is in, whenever it is asked."
        )
    return "\n".join(lines) + "\n"


def next_data(found: NextChange) -> dict[str, Any]:
    """As JSON, for a worker that sleeps until then."""
    return {
        "since": instant_text(found.since),
        "until": instant_text(found.until),
        "at": None if found.at is None else instant_text(found.at),
        "exact": found.exact,
        "segments": list(found.segments),
        "unknown": list(found.unknown),
    }


def _first(found: NextChange, now: datetime) -> str:
    as_of = f"members as of {moment(found.since, seconds=True)}"
    if found.at is None:
        return f"The clock alone changes nothing up to {moment(found.until, seconds=True)} ({as_of})."
    at = moment(found.at, seconds=True)
    if not found.exact:
        return f"The clock alone changes nothing before {at} ({as_of}); what it does then was not looked at."
    due = " To catch up:  segctl refresh" if found.at <= now else ""
    return f"The clock alone next changes {_named(found.segments)} at {at} ({as_of}).{due}"


def _named(names: Sequence[str]) -> str:
    if len(names) > _MOST:
        return f"{counted(len(names), 'segment')}"
    return ", ".join(safe(name) for name in names)
