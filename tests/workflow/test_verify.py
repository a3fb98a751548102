"""Members compared with a full evaluation and with the oracle: what differs by data, by the clock, or wrongly."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from pyroaring import BitMap
from sqlalchemy import update

from segctl.store.engine import open_state, writing
from segctl.store.tables import MEMBERSHIP, OBJECT
from segctl.workflow.verify import Checked, Verified, verified
from tests.support.casino import CATALOG, ON_BOTH, Casino
from tests.workflow.test_incremental import furnish, write

pytestmark = ON_BOTH


@pytest.fixture
def deployed(casino: Casino) -> Casino:
    casino.segment("payers", {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 1}}]})
    casino.segment("germans", {"country": "DE"})
    casino.segment("top", {"vip_level": {"gte": 0}}, limit={"top": 2, "by": "deposit_amount"})
    casino.segment("both", {"all": [{"in_segment": "payers"}, {"country": "DE"}]})
    casino.apply()
    casino.refresh()
    return casino


def found(casino: Casino) -> Verified:
    return verified(casino.context(), sample=20)


def one(casino: Casino, name: str) -> Checked:
    return next(one for one in found(casino).segments if one.name == name)


def numbers(checked: Checked) -> tuple[int, int, int, int]:
    """By data, by the clock, unclear, wrong."""
    different = checked.differences
    return len(different.data), len(different.clock), len(different.unclear), len(different.wrong)


def forge(casino: Casino, name: str) -> None:
    """Takes a member out by hand."""
    engine = open_state(casino.context().state)
    with writing(engine, lock_timeout_seconds=5) as connection:
        row = connection.execute(OBJECT.select().where(OBJECT.c.name == name)).one()
        held = connection.execute(MEMBERSHIP.select().where(MEMBERSHIP.c.object_id == row.id)).one()
        members = BitMap.deserialize(held.members)
        members.pop()
        connection.execute(
            update(MEMBERSHIP).where(MEMBERSHIP.c.object_id == row.id).values(members=members.serialize())
        )


def test_members_as_they_should_be(deployed: Casino) -> None:
    checked = found(deployed)

    assert checked.right
    assert checked.sample == 10
    assert [numbers(each) for each in checked.segments] == [(0, 0, 0, 0)] * 4


def test_a_member_taken_out_by_hand_is_wrong(deployed: Casino) -> None:
    forge(deployed, "germans")

    assert numbers(one(deployed, "germans")) == (0, 0, 0, 1)
    assert not found(deployed).right


def test_new_data_is_no_mistake(deployed: Casino) -> None:
    deployed.later(hours=1)
    deployed.deposit("jack", 10, days_ago=3)

    assert numbers(one(deployed, "payers")) == (1, 0, 0, 0)
    assert found(deployed).right


def test_what_time_alone_does_is_no_mistake(deployed: Casino) -> None:
    deployed.later(days=1)

    assert numbers(one(deployed, "payers")) == (0, 1, 0, 0)
    assert numbers(one(deployed, "both")) == (0, 1, 0, 0)
    assert found(deployed).right


def test_where_a_limit_holds_the_data_of_others_explains(deployed: Casino) -> None:
    deployed.later(hours=1)
    deployed.deposit("jack", 100_000, days_ago=3)

    assert numbers(one(deployed, "top")) == (0, 0, 0, 0), "VIPs alone count, and Jack is none"
    deployed.deposit("emil", 100_000, days_ago=3)
    assert numbers(one(deployed, "top")) == (2, 0, 0, 0)


def test_who_is_gone_from_the_warehouse_is_data(deployed: Casino) -> None:
    deployed.sql("DELETE FROM players WHERE player_id = 'anna'")

    assert numbers(one(deployed, "germans")) == (1, 0, 0, 0)


def test_where_no_table_tells_it_is_unclear(deployed: Casino) -> None:
    deployed.write("segments/catalog.yaml", CATALOG.replace(", updated_at: updated_at", ""))
    deployed.apply()
    deployed.refresh()
    deployed.sql("UPDATE players SET country = 'DE' WHERE player_id = 'hugo'")

    assert numbers(one(deployed, "germans")) == (0, 0, 1, 0)
    assert found(deployed).right


def test_segments_of_every_kind_agree_with_the_oracle(casino: Casino) -> None:

    guards = "guards:\n  marketing: {all: [{vip_level: {gte: 0}}]}\n"
    casino.write("segctl.yaml", (casino.root / "segctl.yaml").read_text() + guards)
    furnish(casino)
    write(casino, random.Random(1))
    casino.apply()
    for days in (1, 20):
        casino.now += timedelta(days=days)
        casino.refresh()
        checked = found(casino)

        assert checked.right
        assert [numbers(each) for each in checked.segments] == [(0, 0, 0, 0)] * len(checked.segments)
