"""When the clock alone next lets anybody in or out: never told too late, and exact where it says so."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest

from segctl.workflow.next import Ahead, ahead
from segctl.workflow.refresh import refresh
from tests.support.casino import START, Casino
from tests.workflow.test_incremental import EVERYBODY, STARTS, furnish, write


def found(casino: Casino, name: str | None = None, looks: int = 20) -> Ahead:
    return ahead(casino.context(), name, looks=looks)


@pytest.fixture
def deployed(casino: Casino) -> Casino:
    casino.segment("payers", {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 1}}]})
    casino.segment("twice", {"during": {"last": "30d"}, "all": [{"deposit_count": {"gte": 2}}]})
    casino.segment("idle", {"last_login": {"older_than": "7d"}})
    casino.segment("germans", {"country": "DE"})
    casino.segment("monthly", {"during": {"calendar": "this_month"}, "all": [{"deposit_count": {"gte": 1}}]})
    casino.segment("idle-payers", {"all": [{"in_segment": "payers"}, {"last_login": {"older_than": "7d"}}]})
    casino.segment("welcome", {"country": "DE"}, include=[{"players": ["hugo"], "until": "2025-03-20"}])
    casino.apply()
    casino.refresh()
    return casino


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("payers", 1),  # cara's deposit of 29 days ago
        ("idle", 2),  # bert's login of 5 days ago
        ("germans", None),
        ("twice", None),  # nobody had two in 30 days
        ("monthly", None),  # March has begun, and nobody has deposited
        ("welcome", 19.5),  # hugo is in through the 20th
        (None, 1),
    ],
)
def test_the_next_change_is_told_exactly(deployed: Casino, name: str | None, days: float | None) -> None:
    at = None if days is None else START + timedelta(days=days)

    told = found(deployed, name)

    assert (told.at, told.exact) == (at, True)
    assert told.since == START


def test_the_segments_that_change_are_named(deployed: Casino) -> None:
    assert found(deployed).segments == ("idle-payers", "payers")
    assert found(deployed, "idle-payers").segments == ("idle-payers",)


def test_after_so_many_looks_it_is_a_bound(deployed: Casino) -> None:
    """Anna's deposit falls out of 30 days, and she has another one."""
    deployed.deposit("cara", 10, days_ago=20)
    deployed.refresh()

    bound, exact = found(deployed, "payers", looks=0), found(deployed, "payers")

    assert (bound.at, bound.exact) == (START + timedelta(days=1), False)
    assert exact.exact
    assert exact.at is not None
    assert exact.at > START + timedelta(days=1)


def test_a_query_cannot_be_looked_ahead(deployed: Casino) -> None:
    deployed.segment("asked", type="sql", query="SELECT player_id FROM payments WHERE occurred_at <= :as_of")
    deployed.apply()

    assert found(deployed).unknown == ("asked",)


def test_what_is_overdue_was_due_since(deployed: Casino) -> None:
    deployed.later(days=5)

    assert found(deployed, "payers").at == START + timedelta(days=1)


@pytest.mark.parametrize("seed", range(6))
def test_nothing_changes_before_it_and_something_does_then(casino: Casino, seed: int) -> None:
    """Among segments of every kind, asked of the engine at instants before it."""
    settings = (casino.root / "segctl.yaml").read_text().replace("timezone: UTC", "timezone: Europe/Malta")
    casino.write("segctl.yaml", settings + "guards:\n  marketing: {all: [{vip_level: {gte: 0}}]}\n")
    furnish(casino)
    choice = random.Random(seed)
    casino.now = datetime.fromisoformat(STARTS[seed % len(STARTS)]).astimezone(UTC)
    write(casino, choice)
    for player in choice.sample(EVERYBODY, 4):
        casino.deposit(player, choice.randint(1, 200), days_ago=choice.choice((-0.5, 0.1, 5, 29)))
    casino.apply()
    refresh(casino.context())

    told = found(casino)

    assert told.exact
    assert told.at is not None
    start, end = told.since, told.at
    for share in (0.3, 0.9, 1 - 1e-9):
        casino.now = start + (end - start) * share if share < 1 - 1e-8 else end - timedelta(microseconds=1)
        assert moved(casino) == [], casino.now
    casino.now = end
    assert moved(casino) == [name for name in told.segments if name != "asked"]


def moved(casino: Casino) -> list[str]:
    """Whose members a refresh would change, and it does."""
    keep = casino.kept()
    effects = refresh(casino.context(), full=True).effects
    keep()
    return sorted(name for name, one in effects.items() if one.before != one.after and name != "asked")
