"""Refreshing at whom something touched finds what refreshing at everybody finds: members, history and causes."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from segctl.workflow.refresh import refresh
from tests.support.casino import CATALOG, Casino
from tests.support.casino_facts import PLAYERS
from tests.support.decoded import decoded

EVERYBODY = [one[0] for one in PLAYERS]
RUNS = max(3, int(os.environ.get("SEGCTL_WORLDS", "50")) // 16)
DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}
LATER = {"event": "payments", "where": {"amount": {"gte": 20}}}
# an hour before clocks change in Malta, which is an hour before a month ends as well two days later
STARTS = ("2025-03-29T23:30:00+00:00", "2025-10-25T23:30:00+00:00", "2025-02-28T22:30:00+00:00")
STEPS = (timedelta(minutes=5), timedelta(hours=1), timedelta(days=1), timedelta(days=20))


def write(casino: Casino, choice: random.Random) -> None:
    """Segments of every type, with windows of every kind; the numbers in them change with an edit."""
    level, days = choice.randint(1, 3), choice.choice((1, 7, 30))
    casino.segment("vips", {"vip_level": {"gte": level}}, purpose="analysis")
    casino.segment("lapsed", {"last_login": {"older_than": f"{days}d"}})
    casino.segment("payers", {"during": {"last": f"{days}d"}, "all": [{"deposit_count": {"gte": 1}}]}, title="P")
    casino.segment(
        "rollers",
        {"all": [{"during": {"calendar": "this_month"}, "all": [{"deposit_amount": {"gte": 10 * level}}]}, {"country": {"ne": "IT"}}]},
    )  # fmt: skip
    casino.segment("first-week", {"first_deposit": {"within": "7d"}})
    casino.segment("recent", {"last_deposit": {"within": "1mo"}})
    casino.segment("average", {"average_deposit": {"gte": 40}})
    casino.segment("days", {"during": {"last": "30d", "before": "1d"}, "all": [{"deposit_days": {"gte": level}}]})
    during = {"last": f"{choice.choice((1, 2, 7, 30))}d"}
    for name in ("largest", "smallest", "latest", "second"):
        casino.segment(name, {"during": during, "all": [{name: {"gte": 10 * choice.randint(1, 9)}}]})
    casino.segment(
        "moments",
        {"during": during, "any": [{"first_deposit": {"within": "3d"}}, {"last_deposit": {"older_than": "2d"}}]},
    )
    casino.segment("sizes", {"during": during, "all": [{"sizes": {"gte": 1}}]})
    casino.segment("told", {"all": [{"opted_in": True}, {"likes": {"contains": "slots"}}]})
    casino.segment("share", {"recent_share": {"gte": 0.5}})
    casino.segment("twice", {"sequence": [DEPOSIT, LATER], "within": f"{days}d"})
    casino.segment("split", {"bucket": {"salt": "spring", "percent": [0, 40]}})
    casino.segment(
        "top", {"vip_level": {"gte": 0}}, limit={"top": 3, "by": "deposit_amount", "during": {"last": "30d"}}
    )
    casino.segment(
        "chosen",
        {"in_segment": "payers"},
        exclude=[{"segments": ["vips"]}, {"players": ["jack"], "until": "2025-03-31"}],
    )
    casino.segment("settled", {"in_segment": {"segment": "payers", "since": {"older_than": "1d"}}})
    casino.segment("was", {"was_in_segment": {"segment": "payers", "during": {"last": "2d"}}})
    casino.segment("entered", type="triggered", enter=DEPOSIT, **{"for": f"{days}d"})
    casino.segment("picks", {"deposit_count": {"gte": 1}}, type="players", players=["anna", "emil", "ghost"])
    casino.segment(
        "asked", type="sql", query="SELECT player_id FROM payments WHERE occurred_at <= :as_of AND amount >= 100"
    )


MORE = """\
  first_deposit: {of: payments, where: {kind: deposit}, first: occurred_at}
  last_deposit: {of: payments, where: {kind: deposit}, last: occurred_at}
  average_deposit: {of: payments, where: {kind: deposit}, avg: amount}
  deposit_days: {of: payments, count_days: true}
  recent_share: {ratio: [average_deposit, deposit_amount]}
  largest: {of: payments, where: {kind: deposit}, max: amount}
  smallest: {of: payments, where: {kind: deposit}, min: amount}
  latest: {of: payments, where: {kind: deposit}, last: amount}
  second: {of: payments, where: {kind: deposit}, nth: 2, value: amount}
  sizes: {of: payments, where: {kind: deposit}, distinct: kind}
"""
BESIDE = """\
  opted_in: {table: consents, player: player_id, column: email, type: boolean}
  likes: {table: favourites, player: player_id, column: game, type: list}
"""


def furnish(casino: Casino) -> None:
    """The catalog that these segments ask, and its tables beside the players."""
    casino.write("segments/catalog.yaml", CATALOG.replace("events:\n", f"{BESIDE}events:\n") + MORE)
    casino.sql("CREATE TABLE consents (player_id VARCHAR, email BOOLEAN)")
    casino.sql("INSERT INTO consents SELECT player_id, vip_level > 1 FROM players")
    casino.sql("CREATE TABLE favourites (player_id VARCHAR, game VARCHAR)")


class Twins:
    """A casino that refreshes at whom something touched, and one that looks at everybody; all else is the same."""

    def __init__(self, folder: Path, fresh: Path, seed: int) -> None:
        self.choice = random.Random(seed)
        self.some, self.all = (Casino(Path(shutil.copytree(fresh, folder / name))) for name in ("some", "all"))
        start = self.choice.choice(STARTS)
        self.both(lambda casino: _begin(casino, start, seed))
        self.narrowed = 0

    def both(self, act: Callable[[Casino], Any]) -> None:
        for casino in (self.some, self.all):
            act(casino)

    def step(self) -> str:
        step, seed = self.choice.choice(STEPS), self.choice.random()
        self.both(lambda casino: setattr(casino, "now", casino.now + step))
        what = self.choice.choice(ACTIONS)
        self.both(lambda casino: what(casino, random.Random(seed)))
        looked = refresh(self.some.context()).looked
        self.narrowed += looked.players < looked.of
        refresh(self.all.context(), full=True)
        return f"{what.__name__} after {step}: {looked}"


def _begin(casino: Casino, start: str, seed: int) -> None:
    settings = casino.root / "segctl.yaml"
    guards = "guards:\n  marketing: {all: [{vip_level: {gte: 0}}, {none: [{country: GB}]}]}\n"
    settings.write_text(settings.read_text().replace("timezone: UTC", "timezone: Europe/Malta") + guards)
    furnish(casino)
    casino.now = casino.now.fromisoformat(start)
    write(casino, random.Random(seed))
    casino.apply()
    casino.refresh()


def _nothing(casino: Casino, choice: random.Random) -> None:
    """Only the clock has moved."""


def _deposits(casino: Casino, choice: random.Random) -> None:
    """Of now, late ones, one that lies ahead, and one that comes twice under one id."""
    for _ in range(choice.randint(1, 3)):
        casino.deposit(
            choice.choice(EVERYBODY), choice.randint(1, 200), days_ago=choice.choice((0, 0, 1, 6.9, 29, -1))
        )
    if choice.random() < 0.3:
        casino.sql(
            "INSERT INTO payments SELECT payment_id, player_id, occurred_at, ?, kind, amount FROM payments"
            " WHERE payment_id = 1",
            casino.now,
        )


def _profile(casino: Casino, choice: random.Random) -> None:
    player = choice.choice(EVERYBODY)
    casino.change(
        player, vip_level=choice.randint(0, 4), last_login_at=casino.now - timedelta(days=choice.randint(-1, 9))
    )


def _delete(casino: Casino, choice: random.Random) -> None:
    casino.sql("DELETE FROM players WHERE player_id = ?", choice.choice(EVERYBODY))


def _return(casino: Casino, choice: random.Random) -> None:
    """Somebody who was deleted, or never there, is there under an id that may have events."""
    player = choice.choice((*EVERYBODY, f"new-{choice.randint(0, 9)}"))
    casino.sql("DELETE FROM players WHERE player_id = ?", player)
    casino.sql("INSERT INTO players VALUES (?, 'DE', 1, NULL, ?, ?)", player, casino.now, casino.now)


def _arrivals(casino: Casino, choice: random.Random) -> None:
    """New players, one of whom says of an earlier day that its row became known, or does not say when."""
    for said in (casino.now, choice.choice((None, casino.now - timedelta(days=9), casino.now))):
        player = f"guest-{choice.random()}"
        casino.sql("INSERT INTO players VALUES (?, 'DE', 3, NULL, ?, ?)", player, casino.now, said)
        casino.sql("INSERT INTO favourites VALUES (?, 'slots')", player)


def _beside(casino: Casino, choice: random.Random) -> None:
    """Tables that do not say when they changed: two rows change places, another one comes, or goes."""
    one, other = choice.sample(EVERYBODY, 2)
    casino.sql("UPDATE consents SET email = NOT email WHERE player_id IN (?, ?)", one, other)
    if choice.random() < 0.5:
        casino.sql("INSERT INTO favourites VALUES (?, ?)", one, choice.choice(("slots", "poker")))
    else:
        casino.sql("DELETE FROM favourites WHERE player_id = ?", other)


def _edit(casino: Casino, choice: random.Random) -> None:
    write(casino, choice)
    if not casino.plan().empty:
        casino.apply()


ACTIONS = (_nothing, _deposits, _deposits, _deposits, _profile, _delete, _return, _arrivals, _beside, _edit)


def state_of(casino: Casino) -> dict[str, list[dict[str, Any]]]:
    """Members, and every change with its cause."""
    tables = decoded(casino)
    runs = [{key: run[key] for key in ("serial", "as_of", "joined", "left")} for run in tables["run"]]
    return {"membership": tables["membership"], "change": tables["change"], "run": runs}


@pytest.mark.parametrize("seed", range(RUNS))
def test_whatever_happens_members_history_and_causes_are_those_of_a_full_refresh(
    fresh_casino: Path, tmp_path: Path, seed: int
) -> None:
    twins, told = Twins(tmp_path, fresh_casino, seed), []
    for _ in range(12):
        told.append(twins.step())
        some, all_ = state_of(twins.some), state_of(twins.all)
        for name, rows in some.items():
            assert rows == all_[name], (name, told[-2:])

    assert twins.narrowed, told
