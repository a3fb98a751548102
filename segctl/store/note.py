"""Who writes a state in SQLite: a note beside the file, since SQLite does not tell who holds a lock.

The lock itself is SQLite's. A note that a killed writer left behind locks nobody out, and is not believed.
"""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Note:
    """What a writer said of itself, and when."""

    doing: str
    process: int
    host: str
    since: datetime

    @property
    def text(self) -> str:
        """`` `segctl apply by Ann` since 2026-11-22 01:31:04 UTC (process 4711) ``."""
        where = "" if self.host == socket.gethostname() else f" on {self.host}"
        return f"`segctl {self.doing}` since {self.since:%Y-%m-%d %H:%M:%S} UTC (process {self.process}{where})"


def leave(database: str, doing: str) -> None:
    """Says who writes now. Who cannot say it writes all the same."""
    said = {"doing": doing, "process": os.getpid(), "host": socket.gethostname()}
    with suppress(OSError):
        _path(database).write_text(json.dumps(said), encoding="utf-8")


def take(database: str) -> None:
    """The writer is done."""
    with suppress(OSError):
        _path(database).unlink(missing_ok=True)


def found(database: str) -> Note | None:
    """What the writer at work said; None when nobody did, or who did is gone."""
    path = _path(database)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        note = Note(str(said["doing"]), int(said["process"]), str(said["host"]), since)
    except (OSError, ValueError, TypeError, LookupError):
        return None
    return note if note.host != socket.gethostname() or is_alive(note.process) else None


def _path(database: str) -> Path:
    return Path(f"{database}-writer")


def is_alive(process: int) -> bool:
    """Is there a process of this number on this machine?"""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True
