"""Persistent splits of players (language.md, section 4.7): one salt and player, one share, for ever. Pure."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha1

_WHOLE = 0xFFFFFFFFFFFFFFF


def share(salt: str, player_id: str) -> float:
    """Where the player stands in the split, in percent: 0 up to 100."""
    digest = sha1(f"{salt}.{player_id}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:15], 16) / _WHOLE * 100


def in_bucket(player_share: float, low: Decimal, high: Decimal) -> bool:
    """From `low` up to, not including, `high`."""
    return float(low) <= player_share < float(high)
