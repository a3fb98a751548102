"""What is known of one player, for the oracle. Plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

Fact = str | int | float | Decimal | bool | date | datetime | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class PlayerFacts:
    """One player's row and events, by the catalog's names.

    `attributes` holds the stored attributes by name (absent or None is missing; an age is not stored).
    `events` holds, by event table, one mapping an event: its columns by name, its time under the table's `time`
    (an aware datetime), its id under the table's `id`. A column computed as a difference is not stored.
    """

    player_id: str
    attributes: Mapping[str, Fact] = field(default_factory=dict)
    events: Mapping[str, Sequence[Mapping[str, Fact]]] = field(default_factory=dict)
