"""What a first look at a state sees. Plain data, for looks with and without SQLAlchemy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Glance:
    """A state at one moment: the digests of what is deployed by address, and the newest members' instant."""

    lineage: str
    serial: int
    secret: bytes = field(repr=False)
    digests: Mapping[str, str]
    newest: datetime | None
