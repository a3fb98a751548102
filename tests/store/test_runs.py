from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from segctl.store.engine import reading, writing
from segctl.store.runs import Run, applied, recent, record, run


def test_runs_are_kept(engine, now):
    apply = Run(1, "apply", now, now + timedelta(seconds=2), "Ann", "p1", "c1", 12, 3, {"segments": ["é"]})
    refresh = Run(2, "refresh", now, now, "cron")

    with writing(engine, lock_timeout_seconds=0) as connection:
        record(connection, apply)
        record(connection, refresh)

    with reading(engine) as connection:
        assert applied(connection, "p1") == apply
        assert applied(connection, "p2") is None
        assert run(connection, 2) == refresh
        assert run(connection, 3) is None
        assert recent(connection, 5) == [refresh, apply]
        assert recent(connection, 1) == [refresh]


def test_a_plan_is_applied_once(engine, now):
    with writing(engine, lock_timeout_seconds=0) as connection:
        record(connection, Run(1, "apply", now, now, "Ann", "p1"))

    with pytest.raises(IntegrityError), writing(engine, lock_timeout_seconds=0) as connection:
        record(connection, Run(2, "apply", now, now, "Bob", "p1"))
