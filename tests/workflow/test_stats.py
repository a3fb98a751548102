"""The size of a segment over time is what every run left, and every move is told once."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from segctl.base.timings import Timings
from segctl.view.stats import Stats
from segctl.workflow.stats import stats
from tests.support.casino import ON_BOTH, START, Casino, refused


def lived(casino: Casino) -> dict[object, int]:
    """A segment's life over two months: the size that each day ended with."""
    sizes: dict[object, int] = {}

    def seen() -> None:
        sizes[casino.now.date()] = len(casino.members("germans"))
        casino.later(days=5, hours=3)

    casino.segment("germans", {"country": "DE"}, title="Germans")
    casino.apply()
    seen()
    for player, country in (("anna", "GB"), ("emil", "DE"), ("finn", "DE"), ("gwen", "DE")):
        casino.change(player, country=country)
        casino.refresh()
        seen()
    casino.segment("germans", {"country": ["DE", "IT"]}, title="Germans")
    casino.apply()
    seen()
    casino.forget("bert")
    casino.sql("DELETE FROM players WHERE player_id = 'bert'")
    casino.refresh()
    seen()
    return sizes


@ON_BOTH
def test_each_day_ends_with_the_members_of_its_last_run(casino: Casino) -> None:
    sizes = lived(casino)

    found = stats(casino.context(), "germans", START - timedelta(days=9), "day")

    assert [one.first for one in found.stretches] == [START.date() + timedelta(days=day) for day in range(37)]
    last = 0
    for one in found.stretches:
        last = sizes.get(one.first, last)
        assert one.members == last
    assert [one.members for one in found.runs] == [4, 3, 4, 5, 6, 8, 7]
    assert found.members == 7


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("days", [1, 12, 26, 400])
def test_before_and_joined_less_left_are_the_members(casino: Casino, period: str, days: int) -> None:
    lived(casino)

    found = stats(casino.context(), "germans", casino.now - timedelta(days=days), period)  # type: ignore[arg-type]

    members = found.before
    for one in found.stretches:
        members += sum(one.joined.values()) - sum(one.left.values())
        assert one.members == members
    assert members == len(casino.members("germans"))


def test_moves_are_told_by_cause_and_versions_by_the_instant_they_hold_from(casino: Casino) -> None:
    lived(casino)

    found = stats(casino.context(), "germans", START, None)

    assert found.causes() == {"definition": (6, 0), "data": (3, 1), "erasure": (0, 1)}
    assert [(one.at, one.version, one.action) for one in found.edits] == [
        (START, 1, "create"),
        (START + timedelta(days=25, hours=15), 2, "update"),
    ]


def test_a_version_stands_where_its_members_begin_and_not_where_it_was_written(casino: Casino) -> None:
    casino.wall = START + timedelta(days=40)
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.now = casino.wall

    found = stats(casino.context(), "germans", START, "day")

    assert [one.at for one in found.edits] == [START]
    assert found.stretches[0].members == 4


def test_a_later_start_knows_who_was_in_before(casino: Casino) -> None:
    lived(casino)

    found: Stats = stats(casino.context(), "germans", START + timedelta(days=12), "week")

    assert (found.before, found.edits[0].version) == (4, 2)


@ON_BOTH
def test_each_run_keeps_what_each_segment_took(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("vip", {"vip_level": {"gte": 4}})
    ticks = count()
    asked = [Timings(lambda: float(next(ticks)) ** 2 / 1_000)]
    casino.timings = asked[0]
    casino.apply()
    for player in ("anna", "hugo", "hugo"):
        casino.later(days=1)
        casino.change(player, country="FR")
        asked.append(Timings(asked[0].ticks))
        casino.timings = asked[-1]
        casino.refresh()

    found = {name: stats(casino.context(), name, START).runs for name in ("germans", "vip")}

    expected = {name: [one.segments[name] * 1_000 for one in asked] for name in found}
    took = {name: [one.milliseconds for one in found[name]] for name in found}
    assert took == {name: pytest.approx(one, abs=1e-3) for name, one in expected.items()}
    assert [(one.serial, one.members, dict(one.left)) for one in found["germans"]] == [
        (1, 4, {}),
        (2, 3, {"data": 1}),
        (3, 3, {}),
        (4, 3, {}),
    ]
    assert len(stats(casino.context(), "vip", START + timedelta(days=2)).runs) == 2


def test_a_run_of_which_no_time_is_known_is_told_where_it_moved_someone(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)
    casino.refresh()

    found = stats(casino.context(), "germans", START)

    assert [(one.serial, one.milliseconds) for one in found.runs] == [(1, None)]


def test_what_is_not_deployed_has_no_stats(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()

    with refused(casino, "germany", "germans"):
        stats(casino.context(), "germany", START)
