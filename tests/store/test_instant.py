from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.store.instant import as_instant, as_text

INSTANTS = st.datetimes(timezones=st.just(UTC))


def test_text_is_utc_with_microseconds():
    there = datetime(2026, 11, 22, 2, 31, 4, tzinfo=timezone(timedelta(hours=1)))

    assert as_text(there) == "2026-11-22T01:31:04.000000Z"


def test_naive_instant_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        as_text(datetime(2026, 11, 22))  # noqa: DTZ001


@given(INSTANTS, INSTANTS)
def test_text_keeps_instant_and_order(one, other):
    assert as_instant(as_text(one)) == one
    assert (as_text(one) < as_text(other)) == (one < other)
