"""What random worlds are made of: clocks, stretches of time and values that stand at edges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from segctl.model.time import (
    BEGINNING,
    Between,
    CalendarPeriod,
    Clock,
    Duration,
    Lifetime,
    Period,
    Rolling,
    Window,
    day_start,
    interval,
    micros,
    moment,
    shifted,
    shifted_day,
)

DAY = timedelta(days=1)
MICRO = timedelta(microseconds=1)
ZONES = {
    name: ZoneInfo(name)
    for name in ("Europe/Malta", "UTC", "America/New_York", "Asia/Kolkata", "America/Sao_Paulo")
}
ANYWHERE = [(2026, 3, 31), (2024, 2, 29), (2025, 2, 28), (2026, 1, 1), (2026, 3, 1), (2025, 10, 31), (2026, 2, 21)]
CLOCK_CHANGES = {
    "Europe/Malta": [(2026, 3, 29), (2026, 10, 25), (2026, 3, 30), (2026, 10, 26), (2026, 4, 28)],
    "America/New_York": [(2026, 3, 8), (2026, 11, 1), (2026, 3, 9), (2026, 11, 2)],
    "America/Sao_Paulo": [(2018, 11, 4), (2018, 11, 5), (2018, 2, 17), (2018, 2, 18), (2018, 12, 4)],
}
HOURS = [(0, 0), (0, 0), (1, 0), (1, 30), (2, 30), (3, 0), (12, 0), (23, 30)]
JITTER = [0, 0, 0, 1, -1, 123_456]

DURATIONS = [
    *(Duration(seconds=seconds) for seconds in (900, 3600, 86_400, 90_000)),
    *(Duration(seconds=86_400 * days) for days in (1, 2, 7, 14, 30, 90, 365)),
    *(Duration(months=months) for months in (1, 3, 12, 24)),
]
PERIODS: list[Period] = [
    "today", "yesterday", "this_week", "last_week", "this_month", "last_month", "this_year", "last_year",
]  # fmt: skip

TEXTS = [
    "", "%", "_", "a", "A", "ab", "a%b", "a_b", "a\\b", "O'Brien", 'say "hi"', "DE", "de", " DE", "É", "é", "e\u0301", "ß", "SS",
    "ss", "straße", "İ", "i", "\u0131", "I", "ΔΣ", "δς", "δσ", "\u01c5", "\u212a", "k", "😀", "😀a", "a\nb", "1", "true", "null", "日本",
]  # fmt: skip
PATTERNS = [
    "^a", "b$", ".", "^$", "^.$", "[aé]+", r"\d", "ß|ss", r"^\pL+$", "i", "S", "(?i)é", r"a\\b", "^a.b$", "",
    r"\bDE\b",
]  # fmt: skip
LISTS = ["list-0", "list-1", "list-2"]
FLOATS = [
    0.0, -0.0, 0.1, 0.3, 0.1 + 0.2, 1.0, 2.5, -2.5, 1e-9, 1e300, 2.0**53, float("inf"), float("-inf"),
    float("nan"),
]  # fmt: skip
EVEN_FLOATS = [0.0, 0.25, 0.5, 1.0, -1.5, 2.75, 1024.0]  # whatever their order, their sums are exact
INTEGERS = [0, 1, 2, 3, 5, 10, 18, -1, -7, 100]
HUGE_INTEGERS = [2**63 - 1, -(2**63), 2**63 - 2, 2**53, 2**53 + 1, -(2**53) - 1]
MONEYS = [
    Decimal(text)
    for text in [
        "0",
        "0.01",
        "0.1",
        "0.10",
        "0.3",
        "1",
        "10",
        "99.99",
        "100.0001",
        "-5.5",
        "-0.0001",
        "123456789.1234",
    ]
]
SIGNS: tuple[Literal[-1, 1], ...] = (-1, 1)
HUGE_MONEYS = [Decimal("99999999999999.9999"), Decimal("-99999999999999.9999")]
LEAP_DAY = date(2000, 2, 29)
BIRTHDAYS = [
    LEAP_DAY, date(2008, 2, 29), date(1990, 12, 31), date(1990, 1, 1), date(1900, 3, 1), date.max, date.min,
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pools:
    """The clock of a world, and the stretches, instants and days that its facts and its rules share.

    `near` are the instants one of `durations` before or after now, and their neighbours.
    """

    clock: Clock
    durations: Sequence[Duration]
    windows: Sequence[Window]
    near: Sequence[datetime]
    instants: Sequence[datetime]
    days: Sequence[date]


def random_pools(rng: Random) -> Pools:
    """About a hundred instants, most of them at an edge of a window or of a local day, or a microsecond off."""
    clock = random_clock(rng)
    durations = rng.sample(DURATIONS, 4)
    days = _days(rng, clock, durations)
    windows = [Lifetime(), *(_window(rng, clock, days) for _ in range(8))]
    edges = _window_edges(windows, clock)
    edges += [day_start(day, clock.zone) for day in days if 1900 < day.year < 2100]
    anywhere = [clock.micros - rng.randrange(400 * 86_400_000_000) for _ in range(10)]
    near = _with_neighbours(
        [clock.micros, *(shifted(clock, duration, sign) for duration in durations for sign in SIGNS)]
    )
    instants = [*near, *_with_neighbours(edges), *map(moment, anywhere)]
    return Pools(clock, durations, windows, near, instants, days)


def random_clock(rng: Random) -> Clock:
    """Often where clocks change, where a month ends, or at midnight."""
    name = rng.choice(list(ZONES))
    day = rng.choice(CLOCK_CHANGES.get(name, []) * 2 + ANYWHERE)
    local = datetime(*day, *rng.choice(HOURS), tzinfo=ZONES[name], fold=rng.randrange(2))
    return Clock(local.astimezone(UTC) + MICRO * rng.choice(JITTER), ZONES[name])


def unambiguous(value: datetime, zone: ZoneInfo) -> datetime:
    """The instant, or one a few hours later where its wall clock time would say two: naive columns hold only those."""
    wall = value.astimezone(zone)
    if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
        return value
    return value + timedelta(hours=3)


def _with_neighbours(edges: Sequence[int]) -> list[datetime]:
    return [moment(edge + off) for edge in edges for off in (-1, 0, 1)]


def _days(rng: Random, clock: Clock, durations: Sequence[Duration]) -> list[date]:
    today = clock.today
    far = [shifted_day(today, duration, sign) for duration in durations for sign in SIGNS]
    around = [today + DAY * off for off in (-1, 0, 1, 2, -7, -6, 7, 8, -30, 30, 365)]
    birthdays = [date(1990, 1, 1).replace(month=day.month, day=min(day.day, 28)) for day in around[:4]]
    return [
        *around,
        *far,
        *(day + DAY for day in far),
        *birthdays,
        *rng.sample(BIRTHDAYS, 4),
        today.replace(day=1),
        today.replace(month=1, day=1),
    ]


def _window(rng: Random, clock: Clock, days: Sequence[date]) -> Window:
    kind = rng.randrange(4)
    if kind == 0:
        return Rolling(rng.choice(DURATIONS))
    if kind == 1:
        return Rolling(rng.choice(DURATIONS), before=rng.choice(DURATIONS))
    if kind == 2:
        return CalendarPeriod(rng.choice(PERIODS))
    ends = [_bound(rng, clock, days), _bound(rng, clock, days)]
    if None not in ends:
        ends.sort(key=lambda end: (end.year, end.month, end.day))
    return Between(*ends)


def _bound(rng: Random, clock: Clock, days: Sequence[date]) -> date | datetime | None:
    shape = rng.random()
    if shape < 0.15:
        return None
    if shape < 0.7:
        return rng.choice(days)
    return clock.as_of - timedelta(hours=rng.randrange(-48, 24 * 60))


def _window_edges(windows: Sequence[Window], clock: Clock) -> list[int]:
    stretches = [interval(window, clock) for window in windows]
    edges = [edge for stretch in stretches for edge in (stretch.after, stretch.until)]
    return [edge for edge in edges if edge > BEGINNING + 1 and _plausible(edge)]


def _plausible(edge: int) -> bool:
    return micros(datetime(1800, 1, 1, tzinfo=UTC)) < edge < micros(datetime(2200, 1, 1, tzinfo=UTC))
