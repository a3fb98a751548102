"""Where a write comes from. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """The run that writes: its serial, its instant, who asks for it, and what they approved.

    `author` is the name that lists show; `actor` is what else the audit log says of them (e-mail, CI job).
    """

    serial: int
    at: datetime
    author: str
    plan_id: str | None = None
    commit_id: str | None = None
    actor: Mapping[str, Any] = field(default_factory=dict)
