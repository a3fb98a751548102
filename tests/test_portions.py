"""Questions that DuckDB is asked in portions or together find the members that the oracle defines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random

import pytest

from segctl.model.facts import Fact, PlayerFacts
from segctl.model.rule import Compare, Group, Happened, Rule, Test
from segctl.model.time import Lifetime, Rolling
from segctl.sql.ask import ask
from segctl.sql.lower import lower
from segctl.sql.portions import classes_of, portions
from segctl.sql.questions import AskGrouped
from segctl.sql.together import together
from tests.model.casino import CATALOG, MICRO, NOON, SPORTS, T, days, euros, is_
from tests.support.engine import answered
from tests.support.generate import World, expected, ruled
from tests.support.subjects import subjects

LIVE = is_("live", value=True)
WINDOWS = (Lifetime(), Rolling(days(2)), Rolling(days(40)))
TIMES = (*(T - timedelta(hours=hours) for hours in (0, 5, 20, 48, 60, 960, 1000, 9000)), T - timedelta(2) + MICRO)
MONEY = (None, euros("0"), euros("-2.5"), euros("3"), euros("99999999999999"))


def bet(rng: Random, number: int) -> dict[str, Fact]:
    columns = {name: rng.choice(MONEY) for name in ("stake", "win", "stake_real")}
    kind, live = rng.choice(("sports", "casino", None)), rng.choice((True, False, None))
    return {"id": number, "at_time": rng.choice(TIMES), "kind": kind, "live": live, **columns}


def crowd(seed: int) -> list[PlayerFacts]:
    rng = Random(seed)
    counts = [rng.choice((0, 1, 3, 9)) for _ in range(30)]
    return [
        PlayerFacts(f"p{number}", {}, {"bets": [bet(rng, 100 * number + i) for i in range(count)]})
        for number, count in enumerate(counts)
    ]


def summed(column: str, where: Rule | None, least: str) -> Happened:
    return Happened("bets", where, (), ((column, (Test("gte", euros(least)),)),))


def world(seed: int, rules: list[Rule]) -> World:
    """Each rule in each of the windows; what is only asked of a window has one already."""
    asked = [rule if rule.during else replace(rule, during=window) for rule in rules for window in WINDOWS]
    return ruled(CATALOG, crowd(seed), {f"s{number}": rule for number, rule in enumerate(asked)}, NOON)


def questions(asked: World) -> list[AskGrouped]:
    program = lower(subjects(asked), asked.catalog)
    return [one for one in ask(program, asked.clock).questions if isinstance(one, AskGrouped)]


@pytest.mark.parametrize("seed", range(8))
def test_rows_by_class_and_without_what_is_not_asked_of_a_lifetime(seed: int, tmp_path: Path) -> None:
    numbers = [
        make
        for where, least in product((SPORTS, LIVE), ("0", "3"))
        for make in (
            Happened("bets", where, (Test("gte", 2),)),
            summed("stake", where, least),
            summed("loss", where, least),
        )
    ]
    recent = replace(summed("stake_real", SPORTS, "3"), during=WINDOWS[1])
    both = Happened("bets", Group("all", (SPORTS, LIVE)), (Test("gte", 1),))
    asked = world(seed, [*numbers, recent, both, summed("win", None, "3")])
    (question,) = questions(asked)

    assert len(classes_of(question)) == 2
    assert len(portions(question)) == 2
    assert answered(asked, tmp_path) == expected(asked)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("where", [None, SPORTS])
def test_numbers_and_days_of_the_same_events_are_read_together(
    seed: int, where: Rule | None, tmp_path: Path
) -> None:
    rules: list[Rule] = [Group("all", (Compare("active_days", (Test("gte", least),)),)) for least in (1, 2, 3)]
    asked = world(seed, [*rules, summed("stake", where, "3"), Happened("bets", None, (Test("gte", 2),))])
    program = lower(subjects(asked), asked.catalog)

    assert together(ask(program, asked.clock).questions)
    assert answered(asked, tmp_path) == expected(asked)
