"""What a worker counts for those who watch it: since it began, and as it last saw the state."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from segctl.workflow.duty import Away, Came, Look, Outcome


@dataclass(slots=True)
class Tally:
    """Told by the worker, asked by others; `lock` is held for both. `state_up` is None before the first look.

    `runs` and `seconds` are by duty; `duty` is the one at hand, begun at `began` on a clock that only goes on, and
    `beat` when the worker last began or ended something.
    """

    runs: dict[tuple[str, Outcome], int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    joined: int = 0
    left: int = 0
    look: Look | None = None
    state_up: bool | None = None
    duty: str | None = None
    beat: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def begins(self, duty: str | None, beat: float) -> None:
        with self.lock:
            self.duty, self.beat = duty, beat

    def note(self, one: Came | Away | Look, beat: float) -> None:
        with self.lock:
            self.beat = beat
            match one:
                case Came():
                    self._count(one)
                case Away():
                    self.state_up = False
                case Look():
                    self.look, self.state_up = one, True

    def _count(self, one: Came) -> None:
        key = one.duty, one.outcome
        self.runs[key] = self.runs.get(key, 0) + 1
        self.seconds[one.duty] = self.seconds.get(one.duty, 0.0) + one.seconds
        if one.outcome == "done":
            self.joined += one.told.get("joined", 0)
            self.left += one.told.get("left", 0)
