"""Numbers, moments and words that go with them, as people read them. JSON and CSV use none of this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

MINUS = "\u2212"
SHORT_DIGEST = 7


def count(number: int) -> str:
    """With separators of thousands: 12,408."""
    return f"{number:,}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: 1 segment, 2 segments."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def some(names: Sequence[str], most: int = 3) -> str:
    """The first of them, and how many others there are."""
    shown, rest = ", ".join(names[:most]), len(names) - most
    return f"{shown} and {counted(rest, 'other')}" if rest > 0 else shown


def moved(joining: int, leaving: int) -> str:
    """Who joins and who leaves, with a sign that is as wide as a digit."""
    return f"+{joining:,} {MINUS}{leaving:,}"


def number(value: float | Decimal) -> str:
    """Any number, exactly as it was written: 12,408.5."""
    return f"{_exact(value):,f}"


def money(value: float | Decimal, currency: str) -> str:
    """An amount with at least two decimals: EUR 5,000.00."""
    exact = _exact(value)
    _, _, exponent = exact.as_tuple()
    decimals = 2 if isinstance(exponent, str) else max(2, -exponent)
    return f"{currency} {exact:,.{decimals}f}".strip()


def moment(value: datetime | str, *, seconds: bool = False) -> str:
    """An instant in UTC: 2026-11-22 01:31 UTC. A text that is none comes back as it is."""
    instant = _instant(value)
    if instant is None:
        return str(value)
    return f"{instant.astimezone(UTC):{'%Y-%m-%d %H:%M:%S' if seconds else '%Y-%m-%d %H:%M'}} UTC"


def day(value: date) -> str:
    """The day in UTC of an instant, or a day: 2026-11-22."""
    return (value.astimezone(UTC).date() if isinstance(value, datetime) else value).isoformat()


def elapsed(seconds: float) -> str:
    """How long something took: 0.4 s, 1.8 s, 2 min 05 s."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def short(digest: str) -> str:
    """The first characters of a digest or a commit."""
    return digest[:SHORT_DIGEST]


def _instant(value: datetime | str) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _exact(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))
