"""Explanations and attrition against the engine: who is in, how many are left, and when time alone moves a player."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from segctl.model.explanation import Explanation
from segctl.workflow.attrition import attrition
from segctl.workflow.explain import explained
from tests.support import random_project
from tests.support.casino import Casino, refused
from tests.support.casino_facts import PLAYERS
from tests.support.random_project import NAMES

SEEDS = int(os.environ.get("SEGCTL_WORLDS", "2"))
_TICK = timedelta(microseconds=1)


def explanation(casino: Casino, segment: str, player: str, *, declared: bool = False) -> Explanation:
    return explained(casino.context(), casino.loaded(), segment, player, declared=declared)


def explained_members(
    casino: Casino, segment: str, players: Iterable[str] = NAMES, *, declared: bool = False
) -> set[str]:
    return {one for one in players if explanation(casino, segment, one, declared=declared).inside}


def left(casino: Casino, segment: str, *, declared: bool = False) -> list[tuple[str, int | None, int | None]]:
    found = attrition(casino.context(), casino.loaded(), segment, declared=declared).funnel
    return [(one.word, one.alone, one.left) for one in found.steps]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_explanations_and_steps_say_what_the_engine_found(casino: Casino, seed: int) -> None:
    rng = Random(seed)
    names = random_project.write(casino, rng)
    some = rng.sample(NAMES, 3)
    undeployed = {name: explained_members(casino, name, some) for name in names}
    casino.apply()
    for days in (0, 4.3):
        casino.later(days=days)
        casino.refresh()
        for name in names:
            engine = casino.members(name)

            assert explained_members(casino, name, some) == engine & set(some), name
            assert days or undeployed[name] == engine & set(some), name
            assert left(casino, name)[-1] == ("result", None, len(engine)), name


@pytest.mark.parametrize("seed", range(100, 100 + SEEDS))
def test_the_next_change_comes_at_its_instant_and_not_before(casino: Casino, seed: int) -> None:
    rng = Random(seed)
    names = random_project.write(casino, rng, segments=4, limits=False)
    some = rng.sample(NAMES, 3)
    casino.apply()
    for _ in range(3):
        if not next_change(casino, names, some):
            break


def test_the_next_change_of_who_asks_the_history(casino: Casino) -> None:
    casino.segment(
        "active", type="triggered", enter={"event": "payments", "where": {"kind": "deposit"}}, **{"for": "8d"}
    )
    casino.segment("germans", {"country": "DE"})
    casino.segment("german-long", {"in_segment": {"segment": "germans", "since": {"older_than": "2d"}}})
    casino.segment("entered-lately", {"in_segment": {"segment": "active", "since": {"within": "5d"}}})
    casino.segment("lately", {"was_in_segment": {"segment": "germans", "during": {"last": "3d"}}})
    casino.apply()
    casino.later(hours=5)
    casino.change("anna", country="IT")
    casino.refresh()
    names = ["active", "german-long", "entered-lately", "lately"]

    changes = [next_change(casino, names, ("anna", "bert")) for _ in range(4)]

    assert {name for found in changes for name, _ in found} == set(names)


def next_change(casino: Casino, names: Iterable[str], players: Iterable[str]) -> set[tuple[str, str]]:
    """Goes to the next instant that explanations name, and holds the engine to it; who moves then."""
    said = {(name, one): explanation(casino, name, one) for name in names for one in players}
    due = {pair: found.ahead.at for pair, found in said.items() if found.ahead is not None and found.ahead.at}
    if not due:
        return set()
    soon = min(due.values())
    before = {pair for pair, found in said.items() if found.inside}
    moving = {pair for pair, at in due.items() if at == soon}

    assert soon > casino.now
    assert members_at(casino, said, soon - _TICK) == before
    assert members_at(casino, said, soon) ^ before == moving
    return moving


def members_at(casino: Casino, pairs: Iterable[tuple[str, str]], at: datetime) -> set[tuple[str, str]]:
    """The pairs of segment and player who is in, by the engine."""
    casino.now = at
    casino.refresh()
    members = {name: casino.members(name) for name, _ in pairs}
    return {(name, one) for name, one in pairs if one in members[name]}


def test_an_instant_can_be_looked_at_without_a_run(casino: Casino, tmp_path: Path) -> None:
    casino.segment("quiet", {"last_login": {"older_than": "8d"}})
    casino.apply()
    other = Casino(Path(shutil.copytree(casino.root, tmp_path / "other")))
    for days in (-3, 4):
        casino.now = other.now + timedelta(days=days)

        assert explained_members(casino, "quiet") == {
            one for one, _, _, _, ago in PLAYERS if ago is not None and ago + days >= 8
        }
        assert left(casino, "quiet")[-1][2] == len(explained_members(casino, "quiet"))
    assert casino.stored() == other.stored()


def test_steps_are_told_alone_and_together(casino: Casino) -> None:
    casino.write(
        "segctl.yaml", (casino.root / "segctl.yaml").read_text() + "guards: {marketing: {vip_level: {lt: 3}}}\n"
    )
    casino.segment(
        "some",
        {"all": [{"country": "DE"}, {"any": [{"vip_level": {"gte": 1}}, {"deposit_count": {"gte": 2}}]}]},
        include=[{"players": ["ines", "hugo", "nobody"]}],
        exclude=[{"players": ["bert", "finn"]}],
        scope={"vip_level": {"is_set": True}},
        limit={"top": 2, "by": "deposit_amount"},
    )
    casino.apply()

    assert left(casino, "some") == [
        ("start", None, 10),
        ("group", 4, None),
        ("condition", 4, 4),
        ("group", 8, 4),
        ("condition", 7, None),
        ("condition", 1, None),
        ("include", 3, 7),
        ("exclude", 2, 6),
        ("guard", 6, 3),
        ("scope", 9, 3),
        ("limit", None, 2),
        ("result", None, 2),
    ]


def test_what_is_edited_is_explained_by_the_files_when_asked(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.segment("germans", {"country": "GB"})

    assert explained_members(casino, "germans") == {"anna", "bert", "cara", "dora"}
    assert explained_members(casino, "germans", declared=True) == {"emil", "finn", "gwen"}
    assert left(casino, "germans", declared=True)[-1][2] == 3
    assert explanation(casino, "germans", "anna", declared=True).declared
    assert not explanation(casino, "germans", "anna").declared


def test_what_only_the_files_have_is_explained_by_them(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})

    found = explanation(casino, "germans", "anna")

    assert (found.declared, found.inside, found.state) == (True, True, None)


def test_queries_named_rules_and_lists_are_explained(casino: Casino) -> None:
    casino.write("segments/wealthy.yaml", "kind: Rule\nname: wealthy\nrules: {deposit_amount: {gte: 100}}\n")
    casino.write("segments/dach.yaml", "kind: List\nname: dach\nvalues: [DE, AT, CH]\n")
    casino.segment(
        "queried", {"country": "DE"}, type="sql", query="SELECT player_id FROM payments WHERE amount < 200"
    )
    casino.segment("named", {"all": [{"rule": "wealthy"}, {"country": {"in_list": "dach"}}]})
    casino.segment(
        "recent", {"during": {"last": "30d"}, "all": [{"rule": "wealthy"}, {"country": {"is_set": True}}]}
    )
    casino.apply()

    for name in ("queried", "named", "recent"):
        assert explained_members(casino, name) == casino.members(name)
        assert left(casino, name)[-1][2] == len(casino.members(name))
    assert casino.members("queried") == {"anna", "cara"}
    assert casino.members("named") == {"anna", "bert"}


def test_a_snapshot_is_told_apart_from_its_rules_today(casino: Casino) -> None:
    casino.segment("once", {"country": "DE"}, type="static")
    casino.apply()
    casino.later(days=1)
    casino.change("anna", country="IT")
    casino.change("emil", country="DE")

    stayed, new = explanation(casino, "once", "anna"), explanation(casino, "once", "emil")

    assert stayed.snapshot is not None
    assert new.snapshot is not None
    assert (stayed.inside, stayed.snapshot.today, stayed.snapshot.serial) == (True, False, 1)
    assert (new.inside, new.snapshot.today) == (False, True)


def test_a_rank_counts_ties_by_player_id(casino: Casino) -> None:
    casino.segment("top", {"country": "DE"}, limit={"top": 2, "by": "vip_level", "order": "asc"})
    casino.segment("tied", {"vip_level": {"is_set": True}}, limit={"top": 3, "by": "vip_level"})
    casino.apply()

    places = {one: rank.place for one in NAMES if (rank := explanation(casino, "tied", one).rank) is not None}

    assert places == dict(
        zip(["ines", "dora", "gwen", "cara", "hugo", "bert", "finn", "anna", "emil"], range(1, 10), strict=True)
    )
    rank = explanation(casino, "top", "bert").rank
    assert rank is not None
    assert (rank.place, rank.among, rank.lets_in) == (2, 4, 2)


def test_what_is_not_there_is_refused_with_the_way_on(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("gone", {"country": "GB"})
    casino.apply()
    casino.remove("gone")
    casino.apply()

    with refused(casino, "`ann`", "segctl members"):
        explanation(casino, "germans", "ann")
    with refused(casino, "`german`", "`germans`"):
        explanation(casino, "german", "anna")
    with refused(casino, "archived", "segctl history gone"):
        explanation(casino, "gone", "anna")
    with refused(casino, "`germens`", "`germans`"):
        attrition(casino.context(), casino.loaded(), "germens")
    (casino.root / "warehouse.duckdb").unlink()
    with refused(casino, "warehouse.duckdb"):
        explanation(casino, "germans", "anna")
    with refused(casino, "warehouse.duckdb"):
        attrition(casino.context(), casino.loaded(), "germans")
