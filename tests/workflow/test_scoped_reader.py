"""A reader of one scope works with segctl: what it lists, shows and is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from segctl.base.errors import Refused
from segctl.store.grants import grants
from segctl.workflow.churn import churn
from segctl.workflow.context import Context
from segctl.workflow.members import members, members_at, total
from segctl.workflow.overlap import overlap
from segctl.workflow.stats import stats
from segctl.workflow.story import moves
from tests.support.casino import Casino
from tests.support.postgres import url as address_with

_QUESTIONS: list[Callable[[Context, str], object]] = [
    members,
    total,
    lambda context, name: members_at(context, name, context.now),
    lambda context, name: stats(context, name, context.now - timedelta(days=1)),
    lambda context, name: churn(context, name, context.now - timedelta(days=1), "month"),
    lambda context, name: overlap(context, [name, "germans"]),
    lambda context, name: moves(context, name, 10),
]


@pytest.mark.parametrize("casino", ["postgres"], indirect=True)
def test_members_of_another_scope_are_refused_and_its_own_are_there(casino: Casino) -> None:
    casino.segment("germans", {"vip_level": {"gte": 1}}, scope={"country": "DE"})
    casino.segment("british", {"vip_level": {"gte": 1}}, scope={"country": "GB"})
    casino.apply()
    address = casino.postgres
    assert address is not None
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE germany LOGIN")
        for line in grants("germany", reader=True, scope=["country=DE"]):
            connection.execute(line)
    try:
        assert casino.members("british") == {"finn", "gwen"}, "a superuser has every role and is held to none"

        casino.point_at(address_with(address, user="germany"))

        assert casino.members("germans") == {"bert", "cara", "dora"}
        for asked in _QUESTIONS:
            with pytest.raises(Refused, match="not for this role"):
                asked(casino.context(), "british")
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("DROP OWNED BY germany; DROP ROLE germany")
