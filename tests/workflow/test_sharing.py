"""How the time of a run is shared among its segments."""

from __future__ import annotations

import pytest

from segctl.sql.ask import ask
from segctl.sql.lower import Subject, lower
from segctl.sql.questions import AskCount
from segctl.sql.sharing import last_answers, needs, seconds_by_segment
from tests.support.casino import Casino


def test_an_answer_is_shared_by_its_facts_and_a_fact_by_its_users(casino: Casino) -> None:
    casino.segment("vip", {"vip_level": {"gte": 4}})
    casino.segment("rich", {"all": [{"deposit_count": {"gte": 1}}, {"country": "DE"}]})
    casino.segment("richer", {"all": [{"deposit_count": {"gte": 5}}, {"country": {"ne": "DE"}}]})
    project = casino.loaded().project
    catalog = project.catalog
    assert catalog is not None
    program = lower(
        [Subject(("new", name), catalog, one.rules) for name, one in project.segments.items()], catalog
    )
    asked = ask(program, casino.context().clock)
    [payments] = asked.questions
    need = needs(program, asked)
    spent = {asked.players: 8.0, payments: 6.0, AskCount("players", "player_id"): 1.0}
    shares = {name: seconds for (_, name), seconds in seconds_by_segment(need, spent, 2.0).items()}
    last = {name: number for (_, name), number in last_answers(need).items()}

    # the answer of players has two facts: 4 s for `vip_level`, 4 s for `country`; 3 s belong to nobody
    assert shares == pytest.approx({"vip": 4 + 1, "rich": 2 + 3 + 1, "richer": 2 + 3 + 1})
    assert last == {"vip": 0, "rich": 1, "richer": 1}
