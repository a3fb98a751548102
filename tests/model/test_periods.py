from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from segctl.model.periods import PERIODS, first_day, fitting, following, periods

MALTA = ZoneInfo("Europe/Malta")
HOUR = 3_600_000_000


@pytest.mark.parametrize(
    ("period", "first"),
    [("day", date(2026, 3, 1)), ("week", date(2026, 2, 23)), ("month", date(2026, 3, 1))],
)
def test_a_day_belongs_to_the_period_that_begins_at_or_before_it(period, first):
    assert first_day(date(2026, 3, 1), period) == first


@pytest.mark.parametrize("period", PERIODS)
def test_periods_leave_no_gap(period):
    found = list(periods(date(2025, 11, 20), date(2026, 11, 26), period, MALTA))

    assert found[0][0] == first_day(date(2025, 11, 20), period)
    assert found[-1][0] <= date(2026, 11, 26) < following(found[-1][0], period)
    assert all(one[2] == other[1] for one, other in pairwise(found))


def test_days_of_a_clock_change_are_shorter_and_longer():
    spring, autumn = (next(periods(day, day, "day", MALTA)) for day in (date(2026, 3, 29), date(2026, 10, 25)))

    assert [(end - start) // HOUR for _, start, end in (spring, autumn)] == [23, 25]


@pytest.mark.parametrize(
    ("days", "period"), [(0, "day"), (31, "day"), (32, "week"), (217, "week"), (218, "month")]
)
def test_a_longer_time_is_told_in_longer_periods(days, period):
    first = date(2026, 1, 1)

    assert fitting(first, date.fromordinal(first.toordinal() + days)) == period
