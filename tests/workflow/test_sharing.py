"""How the time of a run is shared among its segments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest

from segctl.sql.ask import Asked, ask
from segctl.sql.lower import Subject, lower
from segctl.sql.questions import AskCount, AskGrouped, AskMoved, Near
from segctl.sql.sharing import Needs, last_answers, needs, seconds_by_segment
from segctl.sql.statements import WHOLE
from segctl.workflow.timed import Timed
from tests.support.casino import START, Casino


def test_an_answer_is_shared_by_its_facts_and_a_fact_by_its_users(casino: Casino) -> None:
    need, asked = _needs(
        casino,
        vip={"vip_level": {"gte": 4}},
        rich={"all": [{"deposit_count": {"gte": 1}}, {"country": "DE"}]},
        richer={"all": [{"deposit_count": {"gte": 5}}, {"country": {"ne": "DE"}}]},
    )
    [payments] = asked.questions
    spent = {asked.players: 8.0, payments: 6.0, AskCount("players", "player_id"): 1.0}
    shares = {name: seconds for (_, name), seconds in seconds_by_segment(need, spent, 2.0).items()}
    last = {name: number for (_, name), number in last_answers(need).items()}

    # the answer of players has two facts: 4 s for `vip_level`, 4 s for `country`; 3 s belong to nobody
    assert shares == pytest.approx({"vip": 4 + 1, "rich": 2 + 3 + 1, "richer": 2 + 3 + 1})
    assert last == {"vip": 0, "rich": 1, "richer": 1}


def test_rows_that_moved_are_read_for_those_who_ask_alike(casino: Casino) -> None:
    need, asked = _needs(casino, vip={"vip_level": {"gte": 4}}, rich={"deposit_count": {"gte": 1}})
    [payments] = asked.questions
    assert isinstance(payments, AskGrouped)
    near = replace(payments, edges=(1, *payments.edges), among=Near(0, 1, ()))
    who, profile = AskMoved(payments.events, 0, ()), replace(asked.players, facts=())
    spent = {near: 6.0, who: 2.0, profile: 4.0, AskCount("payments", "player_id"): 1.0}

    shares = {name: seconds for (_, name), seconds in seconds_by_segment(need, spent).items()}

    assert shares == pytest.approx({"vip": 4.0 + 0.5, "rich": 6.0 + 2.0 + 0.5})


class _Slow:
    """A warehouse that takes 3 for whatever it is told or asked."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self, *_: Any) -> Any:
        self.now += 3
        return pa.table({"n": [1, 2]})

    aside = of_players = rows = __call__


def test_each_moment_of_a_run_counts_once(casino: Casino) -> None:
    _, asked = _needs(casino, rich={"deposit_count": {"gte": 1}})
    [payments] = asked.questions
    assert isinstance(payments, AskGrouped)
    moved, slow = AskMoved(payments.events, 0, ()), _Slow()
    read = Timed(slow, lambda: slow.now)  # type: ignore[arg-type]
    for doing in (
        lambda: read(asked.players, WHOLE),
        lambda: read.aside(moved, [payments]),
        lambda: read.of_players([payments, replace(payments, keys=())], WHOLE),
        lambda: read.rows("SELECT 1", START),
        lambda: read(payments, WHOLE),
    ):
        doing()
        slow.now += 1

    spent = {question: (one.reading, one.working) for question, one in read.answers.items()}
    assert spent == {asked.players: (3, 1), moved: (3, 1), payments: (1.5 * 2 + 3, 1)}
    assert read.queries == {"SELECT 1": 3}
    assert read.answers[payments].rows == 2


def _needs(casino: Casino, **rules: Any) -> tuple[Needs, Asked]:
    for name, rule in rules.items():
        casino.segment(name, rule)
    project = casino.loaded().project
    catalog = project.catalog
    assert catalog is not None
    program = lower(
        [Subject(("new", name), catalog, one.rules) for name, one in project.segments.items()], catalog
    )
    asked = ask(program, casino.context().clock)
    return needs(program, asked), asked
