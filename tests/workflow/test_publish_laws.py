"""Whatever happens to a state between two passes, its mirrors have its members and its moves, and nothing else."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from segctl.publish.mirror import Put
from tests.support.casino import Casino, new_casino
from tests.support.casino_facts import PLAYERS
from tests.support.publishing import agree, published, publishing

EVERYBODY = [one[0] for one in PLAYERS]
NAMES = ("a", "b", "c", "d")
DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}


class Life:
    """Random runs of a casino with a few segments that come, go, change and are called otherwise."""

    def __init__(self, casino: Casino, choice: random.Random) -> None:
        self.casino, self.choice = casino, choice
        self.living: set[str] = set()
        casino.segment("payers", type="triggered", enter=DEPOSIT, **{"for": "20d"})
        self.edit()
        self.apply()

    def step(self) -> None:
        self.casino.later(hours=self.choice.choice([1, 30, 300]))
        what = self.choice.choice(["facts", "facts", "edit", "archive", "rename", "forget"])
        match what:
            case "facts":
                self.facts()
                self.casino.refresh()
                return
            case "edit":
                self.edit()
            case "archive" if self.living:
                name = self.choice.choice(sorted(self.living))
                self.casino.remove(name)
                self.living.discard(name)
            case "rename" if self.living:
                self.rename()
            case "forget":
                self.forget()
        self.apply()

    def facts(self) -> None:
        for player in self.choice.sample(EVERYBODY, 3):
            self.casino.change(player, vip_level=self.choice.randint(0, 4))
            self.casino.deposit(player, 10)

    def edit(self) -> None:
        for name in self.choice.sample(NAMES, 2):
            rules = {"vip_level": {"gte": self.choice.randint(0, 4)}}
            self.casino.segment(name, rules)
            self.living.add(name)

    def rename(self) -> None:
        old = self.choice.choice(sorted(self.living))
        text = (self.casino.root / f"segments/{old}.yaml").read_text()
        new = f"{old}x"
        if (self.casino.root / f"segments/{new}.yaml").exists() or "renamed_from" in text:
            return
        self.casino.remove(old)
        self.casino.write(
            f"segments/{new}.yaml", text.replace(f"name: {old}\n", f"name: {new}\nrenamed_from: {old}\n")
        )
        self.apply()
        self.casino.write(f"segments/{new}.yaml", text.replace(f"name: {old}\n", f"name: {new}\n"))
        self.living = (self.living - {old}) | {new}

    def forget(self) -> None:
        player = self.choice.choice(EVERYBODY)
        self.casino.forget(player, "CS-1")
        if self.choice.random() < 0.5:
            self.casino.sql("DELETE FROM players WHERE player_id = ?", player)
        if self.choice.random() < 0.5:
            self.casino.refresh()

    def apply(self) -> None:
        if self.casino.plan().changes:
            self.casino.apply()


@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_a_mirror_has_the_members_and_the_moves(tmp_path: Path, seed: int, postgres: str) -> None:
    choice = random.Random(seed)
    life = Life(new_casino(_folder(tmp_path)), choice)
    for _ in range(8):
        for _ in range(choice.randint(0, 3)):
            life.step()
        for address in (postgres, "duckdb:///published.duckdb", "parquet:///published"):
            reader = publishing(life.casino, address)
            published(life.casino)
            agree(reader)
    for address in (postgres, "duckdb:///published.duckdb", "parquet:///published"):
        publishing(life.casino, address)
        assert published(life.casino, full=True).mended == Put(), "passes have left nothing to put right"


def _folder(tmp_path: Path) -> Path:
    made = tmp_path / "casino"
    made.mkdir()
    return made
