"""The state of things: what `segctl` alone shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from segctl.view.figures import counted, moment
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a project and one of its environments. None and empty texts are left out.

    `late` counts segments that are staler than they may be, of those that are `scheduled`; 0 is left out.

    `differs` says in one sentence what a plan would do; `next` is a command.
    """

    project: str
    environment: str
    segments: int = 0
    members: int = 0
    serial: int | None = None
    last_run: LastRun | None = None
    mistakes: str = ""
    differs: str = ""
    scheduled: int = 0
    late: int = 0
    next: str = ""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run that wrote last."""

    kind: str
    at: datetime
    as_of: datetime
    author: str


def status_text(status: Status, *, style: Style = PLAIN) -> str:
    """One line for each thing known, and the command to type next."""
    where = " · ".join(safe(one) for one in (status.project, status.environment) if one)
    lines = [painted(where, style.strong), ""]
    lines += [f"  {name:<9} {text}" for name, text in _known(status) if text]
    if status.next:
        lines += ["", f"Next:  {safe(status.next)}"]
    return "\n".join(lines) + "\n"


def _known(status: Status) -> list[tuple[str, str]]:
    deployed = "" if status.mistakes else "nothing is deployed yet"
    if status.serial is not None:
        deployed = (
            f"{counted(status.segments, 'segment')} with {counted(status.members, 'membership')}, "
            f"state {status.serial}"
        )
    return [
        ("deployed", deployed),
        ("last run", _last_run(status.last_run) if status.last_run else ""),
        ("files", safe(status.mistakes)),
        ("differs", safe(status.differs)),
        ("late", _late(status) if status.late else ""),
    ]


def _late(status: Status) -> str:
    of = counted(status.scheduled, "segment with a schedule", "segments with a schedule")
    return f"{status.late:,} of {of}. Why: segctl status"


def _last_run(run: LastRun) -> str:
    return f"{safe(run.kind)} on {moment(run.at)} by {safe(run.author)}, members as of {moment(run.as_of)}"
