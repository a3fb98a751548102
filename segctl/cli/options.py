"""Options that several verbs share, each written once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from segctl.base.errors import Refused
from segctl.model.time import day_start, moment

Chdir = Annotated[
    Path, typer.Option("--chdir", "-C", help="Run as if started in this folder.", show_default=False)
]
Env = Annotated[
    str | None,
    typer.Option(
        "--env", "-e", help="Environment of segctl.yaml; its first one if left out.", envvar="SEGCTL_ENV"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")]
NoColor = Annotated[bool, typer.Option("--no-color", help="No colour, whatever the terminal can do.")]
LockTimeout = Annotated[float, typer.Option("--lock-timeout", help="Seconds to wait for another writer.", min=0)]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow", metavar="HAZARD[:NAME]", help="Allow a hazard of the plan: max_change:vip, or SEG901 for all."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Do not tell how far the work is.")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", help="Evaluate at this instant (2026-11-01T00:00:00Z) instead of now.")
]
PastAt = Annotated[
    str | None,
    typer.Option(
        "--at", help="As it was then: an instant (2026-10-01T12:00:00Z), or the end of a day (2026-10-01)."
    ),
]

HERE = Path()
# beyond them there is no next day, or none in another zone
_SOME_YEAR, _LAST_YEAR = 1, 9999


class By(StrEnum):
    """The periods of a table over time."""

    day = "day"
    week = "week"
    month = "month"


class PlanFormat(StrEnum):
    """How a plan is printed."""

    text = "text"
    json = "json"
    markdown = "markdown"
    github = "github"


Out = Annotated[
    str | None,
    typer.Option("--out", "-o", metavar="FILE", help="Save the plan to this file, or into a folder: plans/"),
]
Formatted = Annotated[
    PlanFormat,
    typer.Option("--format", help="text, json, markdown (a comment), or github (annotations in CI)."),
]


def instant(text: str | None) -> datetime:
    """The instant that `--as-of` names, or now. Raises: Refused."""
    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise Refused(f"{text} is not an instant.", "Write it like 2026-11-01T00:00:00Z.")
    return found.astimezone(UTC)


def past_instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """The instant that `--at` names; of a day in the project's zone its end, of today, now. Raises: Refused."""
    day = _day(text)
    if day is None:
        return instant(text)
    if day == now.astimezone(zone).date():
        return now
    return moment(day_start(day + timedelta(days=1), zone) - 1)


def since_instant(text: str, zone: ZoneInfo) -> datetime:
    """The instant that `--joined-since` and its like name; of a day its start. Raises: Refused."""
    day = _day(text)
    return instant(text) if day is None else moment(day_start(day, zone))


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _SOME_YEAR < day.year < _LAST_YEAR else None
