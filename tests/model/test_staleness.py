"""How stale members may be, and when they fall due: exact seconds, calendar months, daylight saving time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.model.staleness import Staleness, due_at, ends
from segctl.model.time import Duration

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")]
NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
NONE = timedelta()
HOURLY, DAILY, MONTHLY = Duration(3600), Duration(86_400), Duration(months=1)

instants = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
durations = st.one_of(
    st.builds(Duration, seconds=st.integers(60, 4_000_000)), st.builds(Duration, months=st.integers(1, 30))
)
leads = st.timedeltas(NONE, timedelta(days=100))


def segment(schedule: Duration | None = HOURLY, as_of: datetime | None = NOON, name: str = "vip") -> Staleness:
    return Staleness(name, schedule, as_of)


# how stale


@pytest.mark.parametrize(
    ("as_of", "schedule", "end"),
    [
        ("2025-03-29T12:00:00Z", DAILY, "2025-03-30T12:00:00Z"),  # clocks go forward that night
        ("2025-03-29T12:00:00Z", MONTHLY, "2025-04-29T11:00:00Z"),  # 13:00 in Berlin, before and after
        ("2025-09-30T11:00:00Z", MONTHLY, "2025-10-30T12:00:00Z"),
        ("2025-01-31T12:00:00Z", MONTHLY, "2025-02-28T12:00:00Z"),
        ("2024-01-31T12:00:00Z", MONTHLY, "2024-02-29T12:00:00Z"),
        ("2024-02-29T12:00:00Z", Duration(months=12), "2025-02-28T12:00:00Z"),
        ("2025-02-28T23:30:00Z", MONTHLY, "2025-03-31T22:30:00Z"),  # the first of March in Berlin
        ("2025-03-30T00:59:59Z", HOURLY, "2025-03-30T01:59:59Z"),
        ("2025-02-28T01:30:00Z", MONTHLY, "2025-03-28T01:30:00Z"),
    ],
)
def test_seconds_are_exact_and_months_step_the_local_calendar(as_of: str, schedule: Duration, end: str) -> None:
    assert ends(datetime.fromisoformat(as_of), schedule, BERLIN) == datetime.fromisoformat(end)


def test_members_are_late_when_the_schedule_is_over_and_not_before() -> None:
    one = segment()
    tick = timedelta(microseconds=1)

    assert [one.late(NOON + HOUR + by, BERLIN) for by in (-tick, NONE, tick, HOUR)] == [None, None, tick, HOUR]
    assert (one.stale(NOON + HOUR), one.stale(NOON - HOUR)) == (HOUR, NONE)


def test_where_nothing_says_how_stale_nothing_is_late() -> None:
    assert segment(None).late(NOON + timedelta(days=4000), BERLIN) is None


def test_who_never_had_members_is_late_and_due_at_once() -> None:
    one = segment(as_of=None)

    assert (one.stale(NOON), one.late(NOON, BERLIN)) == (None, NONE)
    due = due_at([segment(), one], BERLIN, HOUR)
    assert due is not None
    assert due < NOON - timedelta(days=365_000)


# when it is due


def test_everything_is_due_when_the_first_is() -> None:
    segments = [segment(DAILY), segment(HOURLY, NOON + 2 * HOUR), segment(None, NOON - timedelta(days=9))]

    assert due_at(segments, BERLIN, NONE) == NOON + 3 * HOUR


def test_what_states_no_schedule_has_the_usual_one() -> None:
    segments = [segment(DAILY), segment(None)]

    assert due_at(segments, BERLIN, NONE, HOURLY) == NOON + HOUR
    assert due_at([segment(None)], BERLIN, NONE) is None
    assert due_at([], BERLIN, NONE, HOURLY) is None


def test_a_stated_schedule_is_not_replaced_by_the_usual_one() -> None:
    assert due_at([segment(DAILY)], BERLIN, NONE, HOURLY) == NOON + 24 * HOUR


@pytest.mark.parametrize(("lead", "minutes"), [(0, 60), (10, 50), (30, 30), (31, 30), (6000, 30)])
def test_it_begins_earlier_but_not_before_half_of_the_schedule(lead: int, minutes: int) -> None:
    assert due_at([segment()], BERLIN, timedelta(minutes=lead)) == NOON + timedelta(minutes=minutes)


@given(instants, durations, leads, st.sampled_from(ZONES))
def test_a_refresh_at_the_instant_that_it_is_due_is_never_late_nor_due_again_at_once(
    as_of: datetime, schedule: Duration, lead: timedelta, zone: ZoneInfo
) -> None:
    due = due_at([segment(schedule, as_of)], zone, lead)

    assert due is not None
    assert as_of < due <= ends(as_of, schedule, zone)
    assert segment(schedule, as_of).late(due, zone) is None
    again = due_at([segment(schedule, due)], zone, lead)
    assert again is not None
    assert again > due


@given(st.lists(st.tuples(st.none() | durations, instants), max_size=6), leads, st.sampled_from(ZONES), durations)
def test_what_is_due_does_not_depend_on_the_order(
    rows: list[tuple[Duration | None, datetime]], lead: timedelta, zone: ZoneInfo, usual: Duration
) -> None:
    segments = [segment(schedule, as_of, f"s{at}") for at, (schedule, as_of) in enumerate(rows)]
    each = [due_at([one], zone, lead, usual) for one in segments]

    assert due_at(segments, zone, lead, usual) == due_at(segments[::-1], zone, lead, usual)
    assert due_at(segments, zone, lead, usual) == min((one for one in each if one is not None), default=None)
