"""Options that several verbs share, each written once."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from segctl.base.errors import Refused

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

HERE = Path()


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
