"""Instants as the state keeps them: UTC text of fixed width, so that its order is the order in time."""

from __future__ import annotations

from datetime import UTC, datetime


def as_text(instant: datetime) -> str:
    """`2026-11-22T01:31:04.000000Z`. Raises ValueError for a naive datetime: its zone would be a guess."""
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {instant!r}")
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def as_instant(stored: str) -> datetime:
    """The aware UTC datetime of what `as_text` wrote."""
    return datetime.fromisoformat(stored)
