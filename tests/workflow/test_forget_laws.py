"""Players forgotten at random among edits, new facts and runs: beside a twin in which nobody is forgotten."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from segctl.store.engine import open_state, reading
from segctl.store.verify import verify
from tests.support.casino import Casino
from tests.support.casino_facts import PLAYERS
from tests.support.decoded import balance, decoded

EVERYBODY = [one[0] for one in PLAYERS]
DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}
EXCLUDED_ALL = ["bert", "cara", "dora", "hugo"] * 2
# who is excluded from what, by name or by a list, from the first apply on
EXCLUDED = {"germans": {"bert", "hugo"}, "rich": {"bert", "cara"}, "low": {"cara", "dora"}}


def write(casino: Casino, choice: random.Random) -> None:
    """Segments that name players in all ways, with a rule that an edit may change."""
    level = choice.randint(1, 3)
    casino.segment("banned", type="players", players=["cara", "dora"], purpose="analysis")
    casino.segment(
        "germans", {"country": ["DE", "GB", "IT"][:level]}, exclude=[{"players": sorted(EXCLUDED["germans"])}]
    )
    casino.segment(
        "rich",
        {"deposit_amount": {"gte": 10 * level}},
        include=[{"players": ["jack", "emil"]}],
        exclude=[{"players": ["bert", "cara"], "reason": "complaint"}],
    )
    casino.segment("low", {"all": [{"vip_level": {"lte": level}}, {"none": [{"in_segment": "banned"}]}]})
    casino.segment("picks", {"vip_level": {"gte": 0}}, type="players", players=["anna", "emil", "ghost", "gwen"])
    casino.segment("snapshot", {"vip_level": {"gte": 1}}, type="static", title=f"Level {level}")
    casino.segment("payers", type="triggered", enter=DEPOSIT, **{"for": f"{level}0d"})
    casino.segment("mails", {"email": {"in": ["anna@example.com", "bert@example.com"]}}, title=f"Mails {level}")


@dataclass
class Twins:
    """One casino in which players are forgotten, and one in which all else is the same."""

    one: Casino
    other: Casino
    choice: random.Random
    forgotten: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)

    def both(self, act: Callable[[Casino], Any]) -> None:
        for casino in (self.one, self.other):
            act(casino)

    def step(self) -> None:
        self.both(lambda casino: casino.later(days=1))
        what = self.choice.choice(["facts", "facts", "edit", "forget", "forget"])
        if what == "facts":
            player, level = self.choice.choice(EVERYBODY), self.choice.randint(0, 4)
            self.both(lambda casino: casino.change(player, vip_level=level))
            self.both(lambda casino: casino.deposit(player, 10 * level))
        elif what == "edit":
            seed = self.choice.random()
            self.both(lambda casino: write(casino, random.Random(seed)))
        else:
            self.forget(self.choice.choice([*EVERYBODY, *EXCLUDED_ALL]))
        self.both(_run)

    def forget(self, player: str) -> None:
        self.one.forget(player)
        assert player not in words(self.one), "nothing of them is there"
        self.forgotten.add(player)
        if self.choice.random() < 0.4:
            self.one.sql("DELETE FROM players WHERE player_id = ?", player)
            self.deleted.add(player)


def _run(casino: Casino) -> None:
    if not casino.plan().empty:
        casino.apply()
        casino.later(hours=1)
    else:
        casino.later(hours=1)
    casino.refresh()


def words(casino: Casino) -> set[str]:
    """All ids and personal values in the state."""
    return {one for one in [*EVERYBODY, "ghost"] if f'"{one}"' in json.dumps(decoded(casino))}


def story_of_others(casino: Casino, forgotten: set[str]) -> dict[str, Any]:
    names = [*EXCLUDED, "banned", "picks", "snapshot", "payers", "mails"]
    others = [one for one in [*EVERYBODY, "ghost"] if one not in forgotten]
    return {
        "members": {name: casino.members(name) - forgotten for name in names},
        "since": {
            name: {who: at for who, at in casino.since(name).items() if who not in forgotten} for name in names
        },
        "moves": {who: casino.story(who) for who in others if who in words(casino)},
    }


@pytest.mark.parametrize("seed", range(4))
def test_whoever_is_forgotten_nobody_else_moves(fresh_casino: Path, tmp_path: Path, seed: int) -> None:
    one, other = (Casino(Path(shutil.copytree(fresh_casino, tmp_path / name))) for name in ("one", "other"))
    twins = Twins(one, other, random.Random(seed))
    twins.both(lambda casino: write(casino, random.Random(seed)))
    twins.both(lambda casino: casino.apply())

    for _ in range(7):
        twins.step()

        for name, out in EXCLUDED.items():
            assert not twins.one.members(name) & out, name
        assert twins.one.plan().empty
    assert twins.forgotten
    assert story_of_others(one, twins.forgotten) == story_of_others(other, twins.forgotten)
    assert not words(one) & twins.deleted
    with reading(open_state(one.context().state)) as connection:
        assert verify(connection) == []
    found = decoded(one)
    for row in found["membership"]:
        assert len(set(balance(found, row["object_id"]))) == 1, row
