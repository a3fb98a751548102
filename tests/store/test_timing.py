"""What each segment took in each run is kept to the microsecond, whichever segments there are."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from segctl.store import runs, timing
from segctl.store.engine import reading, writing
from segctl.store.tables import TIMING
from segctl.store.timing import packed, unpacked

NUMBERS = st.integers(1, 2**53)


@given(st.dictionaries(NUMBERS, st.integers(0, 2**53)))
def test_a_row_reads_as_it_was_written(spent: dict[int, int]) -> None:
    assert dict(unpacked(packed(sorted(spent.items())))) == spent


def test_a_segment_has_the_runs_that_evaluated_it(engine: Engine, now: datetime) -> None:
    told = [{7: 0.5, 2: 0.000_001}, {2: 0.25}, {7: 3_600.0}, {7: 0.0}]
    with writing(engine, lock_timeout_seconds=0) as connection:
        for serial, seconds in enumerate(told, 1):
            at = now + timedelta(days=serial)
            runs.record(connection, runs.Run(serial, "refresh", at, at, "Ann"))
            timing.record(connection, serial, seconds)

    with reading(engine) as connection:
        found = {one: [tuple(took) for took in timing.since(connection, one, now)] for one in (2, 7, 9)}
        later = [took.serial for took in timing.since(connection, 7, now + timedelta(days=2))]
        stored = connection.execute(select(TIMING.c.serial)).scalars().all()

    assert found[2] == [(1, now + timedelta(days=1), 0.001), (2, now + timedelta(days=2), 250.0)]
    assert found[7] == [(1, now + timedelta(days=1), 500.0), (3, now + timedelta(days=3), 3_600_000.0)]
    assert found[9] == []
    assert later == [3]
    assert stored == [1, 2, 3]
