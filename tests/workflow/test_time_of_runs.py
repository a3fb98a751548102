"""The log says when somebody really wrote; members say for which instant they are true."""

from datetime import timedelta

from segctl.store import runs
from segctl.workflow.show import shown
from segctl.workflow.state import looking
from segctl.workflow.story import audit_log
from tests.support.casino import ON_BOTH, START, Casino

pytestmark = ON_BOTH


def test_a_log_cannot_be_dated_back(casino: Casino) -> None:
    casino.wall = START + timedelta(days=30)
    casino.segment("germans", {"country": "DE"})

    casino.apply()
    casino.refresh()

    context = casino.context()
    told = {one.at for one in audit_log(context, 50, None)}
    # PostgreSQL tells the time itself
    assert told == {casino.wall} if casino.postgres is None else min(told) > casino.wall
    assert shown(context, "germans").versions[0].at == casino.wall
    assert shown(context, "germans").segment.as_of == START
    with looking(context) as connection:
        assert {(one.at, one.as_of) for one in runs.recent(connection, 9)} == {(casino.wall, START)}
    assert set(casino.since("germans").values()) == {START}
