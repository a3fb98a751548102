"""What statuses mean, how long Retry-After is believed, and how waits grow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from segctl.deliver.answer import answered
from segctl.deliver.backoff import GIVE_UP, delay

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("verdict", "statuses"),
    [
        ("delivered", (200, 201, 202, 204, 299)),
        ("gone", (410,)),
        ("closed", (301, 302, 303, 307, 308, 304, 401, 403, 404, 405, 429, 501, 503)),
        ("broken", (408, 500, 502, 504, 507, 599)),
        ("failed", (400, 402, 406, 409, 413, 422, 451, 600, 999)),
    ],
)
def test_a_status_says_whose_fault_it_is(verdict: str, statuses: tuple[int, ...]) -> None:
    assert {answered(status, None, NOW).verdict for status in statuses} == {verdict}


@pytest.mark.parametrize(
    ("written", "wait"),
    [
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        ("999999999999999999999", timedelta(hours=24)),
        ("Sun, 22 Nov 2026 01:41:04 GMT", timedelta(minutes=10)),
        ("Sun, 22 Nov 2026 01:41:04 -0000", timedelta(minutes=10)),
        ("Sat, 21 Nov 2026 01:41:04 GMT", timedelta()),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        ("-1", None),
        ("soon", None),
        ("1e9", None),
        ("\u0661", None),
    ],
)
def test_retry_after_is_honoured_and_capped(written: str, wait: timedelta | None) -> None:
    assert answered(503, written, NOW).retry_after == wait


def test_waits_grow_from_seconds_to_half_a_day() -> None:
    middle = [delay(failures, 0.5) for failures in range(1, 9)]

    assert [one.total_seconds() for one in middle] == [5, 20, 80, 320, 1280, 5120, 20480, 43200]
    assert delay(10**9, 0.5) == timedelta(hours=12)
    assert sum(middle, timedelta()) < GIVE_UP


def test_chance_moves_a_wait_by_a_quarter() -> None:
    assert delay(1, 0.0) == timedelta(seconds=3.75)
    assert delay(1, 1.0) == timedelta(seconds=6.25)
