"""Retention, held against what every day looked like."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from segctl.view.churn import Churn, Cohort
from segctl.workflow.churn import churn
from tests.support.casino import ON_BOTH, START, Casino

PLAYERS = ("anna", "bert", "cara", "dora", "emil", "finn", "gwen", "hugo", "ines", "jack")
Days = dict[date, set[str]]


def lived(casino: Casino, seed: int) -> Days:
    """Who was in at the end of each of forty days or so on which something ran."""
    choice, days = random.Random(seed), Days()
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    days[casino.now.date()] = casino.members("germans")
    for _ in range(12):
        casino.later(days=choice.randint(1, 6))
        for player in choice.sample(PLAYERS, 3):
            casino.change(player, country=choice.choice(["DE", "DE", "GB"]))
        casino.refresh()
        days[casino.now.date()] = casino.members("germans")
    return days


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def told(days: Days, now: date) -> tuple[Cohort, ...]:
    """The cohorts by week, the slow way."""
    joined: dict[date, set[str]] = {}
    left, returned, before = set[str](), set[str](), set[str]()
    for day, members in days.items():
        left |= before - members
        returned |= (members - before) & left
        fresh = members - set().union(*joined.values(), set[str]())
        joined.setdefault(monday(day), set()).update(fresh)
        before = members

    def at_the_end(week: date) -> set[str]:
        return [members for day, members in days.items() if day < week + timedelta(days=7)][-1]

    def after(first: date) -> tuple[set[str], ...]:
        weeks = [first + timedelta(weeks=number) for number in range(1, 40)]
        return tuple(at_the_end(week) for week in weeks if week + timedelta(days=7) <= now)

    return tuple(
        Cohort(
            first,
            len(one),
            tuple(len(one & members) for members in after(first)),
            len(one & before),
            len((one & before) - left),
            len(one & returned),
        )
        for first, one in sorted(joined.items())
        if one
    )


@ON_BOTH
@pytest.mark.parametrize("seed", range(2))
def test_each_cohort_is_what_its_days_looked_like(casino: Casino, seed: int) -> None:
    days = lived(casino, seed)

    found = churn(casino.context(), "germans", START, "week")

    assert found.cohorts == told(days, casino.now.date())
    assert sum(one.returned for one in found.cohorts) > 0
    assert sum(one.now for one in found.cohorts) == len(casino.members("germans"))


def test_since_chooses_rows_and_forgets_nobody(casino: Casino) -> None:
    lived(casino, 1)

    everything = churn(casino.context(), "germans", START, "week")
    some = churn(casino.context(), "germans", START + timedelta(days=8), "week")

    assert 0 < len(some.cohorts) < len(everything.cohorts)
    assert everything.cohorts[-len(some.cohorts) :] == some.cohorts


def test_the_forgotten_are_left_out_and_said(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.forget("bert")

    found: Churn = churn(casino.context(), "germans", START, "month")

    assert [(one.joined, one.now) for one in found.cohorts] == [(3, 3)]
    assert found.forgotten == 2


def test_who_never_had_a_member_has_no_cohort(casino: Casino) -> None:
    casino.segment("nobody", {"country": "FR"})
    casino.apply()

    assert churn(casino.context(), "nobody", START, "month").cohorts == ()
