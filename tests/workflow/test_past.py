"""What the history says of an instant is what a full evaluation found then."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from segctl.workflow.members import members_at, total
from segctl.workflow.state import deployed_segments, looking
from tests.support.casino import ON_BOTH, Casino, refused

RULES: list[dict[str, Any]] = [
    {"country": ["DE", "IT"]},
    {"vip_level": {"gte": 2}},
    {"last_login": {"within": "20d"}},
    {"during": {"last": "30d"}, "all": [{"deposit_amount": {"gte": 20}}, {"country": {"ne": "IT"}}]},
]
STAYING = ("anna", "bert", "cara", "dora", "emil", "finn", "gwen", "ines", "jack")
Seen = dict[str, dict[str, datetime | None]]


def write(casino: Casino, choice: random.Random, name: str) -> None:
    casino.segment(name, {"any": choice.sample(RULES, 2)}, title=f"A {choice.random()}")
    casino.segment("static", {"any": choice.sample(RULES, 2)}, type="static")
    casino.segment("picks", type="players", players=sorted({*choice.sample(STAYING, 4), "ghost"}))
    casino.segment("user", {"all": [{"in_segment": name}, {"vip_level": {"gte": 1}}]})


def rename(casino: Casino, name: str, new: str) -> None:
    casino.remove(name)
    casino.segment(new, RULES[0], renamed_from=name)
    casino.segment("user", {"all": [{"in_segment": new}, {"vip_level": {"gte": 1}}]})
    casino.apply()


def archive(casino: Casino, name: str) -> None:
    casino.remove(name)
    casino.apply()


def forget(casino: Casino, player: str) -> None:
    casino.forget(player)
    casino.sql("DELETE FROM players WHERE player_id = ?", player)
    casino.refresh()


def edit(casino: Casino, choice: random.Random, name: str) -> None:
    write(casino, choice, name)
    casino.apply()


def move(casino: Casino, choice: random.Random) -> None:
    level, country = choice.randint(0, 4), choice.choice(["DE", "GB"])
    casino.change(choice.choice(STAYING), country=country, vip_level=level)
    casino.refresh()


def seen(casino: Casino) -> Seen:
    """The whole members of now, as the last run left them, of all segments that are deployed."""
    with looking(casino.context()) as connection:
        names = [one.name for one in deployed_segments(connection)]
    return {name: casino.since(name) for name in names}


@ON_BOTH
@pytest.mark.parametrize("seed", range(2))
def test_the_history_answers_as_every_evaluation_did(casino: Casino, seed: int) -> None:
    choice = random.Random(seed)
    steps = [
        lambda: edit(casino, choice, "first"),
        lambda: move(casino, choice),
        lambda: edit(casino, choice, "first"),
        lambda: rename(casino, "first", "second"),
        lambda: archive(casino, "picks"),
        lambda: forget(casino, "hugo"),
        lambda: move(casino, choice),
        lambda: edit(casino, choice, "second"),
    ]
    recorded: list[tuple[datetime, Seen]] = []
    for step in steps:
        step()
        recorded.append((casino.now, seen(casino)))
        casino.later(days=choice.randint(1, 9), hours=choice.randint(0, 5))

    assert sum(len(since) for _, then in recorded for since in then.values()) > 80
    for at, then in recorded:
        for segment, since in then.items():
            page = members_at(
                casino.context(), "second" if segment == "first" else segment, at + timedelta(hours=1)
            )
            assert {one.player_id: one.since for one in page.members} == without(since, "hugo")
            assert (page.total, page.forgotten) == (len(since), "hugo" in since)
    assert any("hugo" in since for _, then in recorded for since in then.values())


@ON_BOTH
def test_who_was_in_an_archived_segment_is_known_of_every_instant_before(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    first = casino.now
    casino.later(days=1)
    archive(casino, "germans")

    assert total(casino.context(), "germans", first) == 4
    assert total(casino.context(), "germans", casino.now) == 0


def without(since: dict[str, datetime | None], player: str) -> dict[str, datetime | None]:
    return {one: at for one, at in since.items() if one != player}


def test_an_instant_between_two_runs_is_answered_by_the_first(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    first = casino.now
    casino.later(days=2)
    casino.change("anna", country="GB")
    casino.refresh()

    page = members_at(casino.context(), "germans", casino.now - timedelta(microseconds=1))

    assert {one.player_id: one.since for one in page.members} == dict.fromkeys(
        ("anna", "bert", "cara", "dora"), first
    )


def test_a_renamed_segment_says_what_it_was_called(casino: Casino) -> None:
    casino.segment("old", {"country": "DE"})
    casino.apply()
    first = casino.now
    casino.later(days=1)
    casino.remove("old")
    casino.segment("new", {"country": "DE"}, renamed_from="old")
    casino.apply()

    assert members_at(casino.context(), "new", first).called == "old"
    assert members_at(casino.context(), "new", casino.now).called is None


def test_neither_the_future_nor_what_was_before_the_segment_is_made_up(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()

    with refused(casino, "still to come", "--at"):
        members_at(casino.context(), "germans", casino.now + timedelta(seconds=1))
    with refused(casino, "was not deployed", "segctl versions germans"):
        members_at(casino.context(), "germans", casino.now - timedelta(days=1))
