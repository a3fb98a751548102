"""What a worker does, as lines of JSON on stderr: numbers and names, never a player."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from segctl.base.errors import Refused
from segctl.cli.console import say
from segctl.version import VERSION
from segctl.view.data import instant_text, json_line
from segctl.workflow.duty import DELIVER, Away, Came, Look, Work

Level = Literal["info", "warning", "error"]


@dataclass(slots=True)
class Worklog:
    """`failed` says that something did; `away` that the state was, when it was last asked."""

    failed: bool = False
    away: bool = False

    def started(self, doing: Work, where: str) -> None:
        about = {"version": VERSION, "environment": doing.context.environment, "worker": doing.tools.worker}
        self._line(datetime.now(UTC), "info", "started", {**about, "listening": where})

    def stopped(self) -> None:
        self._line(datetime.now(UTC), "info", "stopped", {})

    def tell(self, one: Came | Away | Look) -> None:
        """A line, where something happened."""
        match one:
            case Came(outcome="done"):
                if one.duty != DELIVER or any(one.told[key] for key in ("delivered", "failed", "dropped", "down")):
                    self._line(one.at, "info", one.duty, _came(one))
            case Came():
                self.failed = True
                self._line(one.at, "error", one.duty, _came(one))
            case Away():
                self.away = True
                self._line(one.at, "warning", "state", {"outcome": "away", **_said(one.refused)})
            case Look() if self.away:
                self.away = False
                self._line(one.at, "info", "state", {"outcome": "back", "serial": one.serial})
            case Look():
                pass

    def _line(self, at: datetime, level: Level, event: str, told: dict[str, Any]) -> None:
        say(json_line({"time": instant_text(at), "level": level, "event": event, **told}))


def _came(one: Came) -> dict[str, Any]:
    said = {} if one.refused is None else _said(one.refused)
    return {"outcome": one.outcome, "seconds": round(one.seconds, 3), **one.told, **said}


def _said(refused: Refused) -> dict[str, Any]:
    return {"message": refused.message, "help": list(refused.help)}
