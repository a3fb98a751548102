"""Segment tests: what their documents mean, on the oracle and on DuckDB alike."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from segctl.base.errors import Refused
from segctl.model.segment import PlayerList, Segment
from segctl.model.segment_test import ClockStep, Expected, SegmentTest
from segctl.model.trial import Stage, played
from segctl.model.tried import tried
from segctl.warehouse.brought import Brought
from segctl.workflow.replay import replayed
from segctl.workflow.testing import chosen, stage_of, tally_of
from tests.support.generate import World, worlds
from tests.support.trials import AT, only, project, run, wrong

VIP = "{kind: Segment, name: vip, type: dynamic, purpose: analysis, rules: {vip_level: {gte: 3}}}"
GUARDS = "guards: {marketing: {all: [{self_excluded: false}, {age: {gte: 18}}]}}\n"


def test_the_example_of_the_language_holds(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: lapsed
type: dynamic
rules:
  all: [{country: DE}, {consent_email: true}, {total_deposit_count: {gte: 1}}, {last_login: {older_than: 7d}}]
"""
    test = """
kind: SegmentTest
segment: lapsed
players:
  anna:
    country: DE
    consent_email: true
    last_login: 2026-11-01T10:00:00Z
    payments: [{kind: deposit, status: captured, amount: 20, occurred_at: 2026-10-01T09:00:00Z}]
  bert: {like: anna, last_login: 2026-11-20T10:00:00Z}
steps:
  - {at: 2026-11-21T00:00:00Z, expect: {in: [anna], out: [bert]}}
  - {at: 2026-11-28T00:00:00Z, expect: {in: [anna, bert]}}
"""
    went = only(tmp_path, segment, test)

    assert went.passed
    assert went.expectations == 4


def test_a_failure_names_the_step_the_player_and_the_condition_that_decided(tmp_path: Path) -> None:
    test = f"""
kind: SegmentTest
segment: vip
players: {{anna: {{vip_level: 2}}}}
steps:
  - {{at: {AT}, expect: {{in: [anna]}}}}
"""
    went = only(tmp_path, VIP, test)

    assert wrong(went) == [("2026-11-21", "anna", "in", "out")]
    (failure,) = went.failures
    assert failure.place is not None
    assert failure.place.line == 6
    assert failure.why is not None
    (part,) = failure.why.parts
    assert part.verdict is not None
    assert [(seen.what, seen.value, seen.passes) for seen in part.verdict.seen] == [("vip_level", 2, False)]


def test_only_says_who_is_in_and_the_rest_need_not_be_named(tmp_path: Path) -> None:
    test = f"""
kind: SegmentTest
segment: vip
players: {{anna: {{vip_level: 3}}, bert: {{vip_level: 4}}, carl: {{}}}}
steps:
  - {{at: {AT}, expect: {{only: [anna]}}}}
  - {{at: 2026-11-22T00:00:00Z, expect: {{only: [bert, anna]}}}}
"""
    assert wrong(only(tmp_path, VIP, test)) == [("2026-11-21", "", "[anna]", "[anna, bert]")]


def test_defaults_are_what_every_player_has_and_null_takes_away(tmp_path: Path) -> None:
    test = f"""
kind: SegmentTest
segment: vip
defaults: {{vip_level: 3}}
players: {{anna: {{}}, bert: {{vip_level: 2}}, carl: {{vip_level: null}}}}
steps:
  - {{at: {AT}, expect: {{only: [anna]}}}}
"""
    assert only(tmp_path, VIP, test).passed


def test_cases_are_players_like_another_but_for_some_facts(tmp_path: Path) -> None:
    test = f"""
kind: SegmentTest
segment: vip
players: {{anna: {{vip_level: 3}}}}
at: {AT}
cases:
  - {{of: anna, in: true}}
  - {{of: anna, with: {{vip_level: 2}}, in: false}}
  - {{of: anna, matrix: {{country: [DE, AT], vip_level: [3, 4]}}, in: true}}
  - {{name: nobody knows, with: {{country: DE}}, in: false, at: 2026-11-22T00:00:00Z}}
"""
    # the first case has no facts of its own, so it would have its base's name
    test = test.replace("{of: anna, in: true}", "{name: as she is, of: anna, in: true}")
    went = only(tmp_path, VIP, test)

    assert went.passed
    assert list(went.test.players) == [
        "anna",
        "as she is",
        "anna, vip_level 2",
        "anna, country DE, vip_level 3",
        "anna, country DE, vip_level 4",
        "anna, country AT, vip_level 3",
        "anna, country AT, vip_level 4",
        "nobody knows",
    ]
    assert [len(scene.step.expected.inside) for scene in went.scenes] == [5, 0]


def test_the_guard_holds_in_tests_too(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: vip, type: dynamic, rules: {vip_level: {gte: 3}}}"
    test = f"""
kind: SegmentTest
segment: vip
defaults: {{vip_level: 3, date_of_birth: 1990-01-01, self_excluded: false}}
players: {{anna: {{}}, bert: {{self_excluded: true}}, carl: {{date_of_birth: null}}, dora: {{date_of_birth: 2008-11-22}}}}
steps:
  - {{at: {AT}, expect: {{in: [anna], out: [bert, carl, dora]}}}}
  - {{at: 2026-11-22T00:00:00Z, expect: {{in: [dora]}}}}
"""
    went = only(tmp_path, segment, test, guards=GUARDS)

    assert went.passed


def test_used_segments_are_evaluated_from_the_same_players_or_fixed(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: quiet-vip
type: dynamic
purpose: analysis
rules: {all: [{in_segment: vip}, {last_login: {older_than: 7d}}]}
"""
    players = "{anna: {vip_level: 3, last_login: 2026-11-01T00:00:00Z}, bert: {last_login: 2026-11-01T00:00:00Z}}"
    test = "{{kind: SegmentTest, segment: quiet-vip, players: {}, {} steps: [{{at: {}, expect: {{only: [{}]}}}}]}}"
    evaluated = test.format(players, "", AT, "anna")
    fixed = test.format(players, "members: {vip: [bert]},", AT, "bert")

    went = run(tmp_path, VIP, segment, evaluated, fixed)

    assert [one.failures for one in went.tried] == [(), ()]
    assert went.passed


def test_steps_are_the_history_of_those_after_them(tmp_path: Path) -> None:
    segments = """
kind: Segment
name: quiet
type: dynamic
purpose: analysis
rules: {last_login: {older_than: 7d}}
---
kind: Segment
name: long-quiet
type: dynamic
purpose: analysis
rules: {in_segment: {segment: quiet, since: {older_than: 7d}}}
---
kind: Segment
name: once-quiet
type: dynamic
purpose: analysis
rules: {was_in_segment: {segment: quiet, during: {last: 10d}}}
"""
    players = "{anna: {last_login: 2026-11-01T00:00:00Z}, bert: {last_login: 2026-11-24T00:00:00Z}}"
    long = f"""
kind: SegmentTest
segment: long-quiet
players: {players}
steps:
  - {{at: 2026-11-21T00:00:00Z, expect: {{out: [anna, bert]}}}}
  - {{at: 2026-11-27T00:00:00Z, expect: {{out: [anna, bert]}}}}
  - {{at: 2026-11-28T00:00:00Z, expect: {{in: [anna], out: [bert]}}}}
  - {{at: 2026-12-08T00:00:00Z, expect: {{in: [anna], out: [bert]}}}}
  - {{at: 2026-12-15T00:00:00Z, expect: {{in: [anna, bert]}}}}
"""
    once = f"""
kind: SegmentTest
segment: once-quiet
players: {players}
steps:
  - {{at: 2026-11-07T00:00:00Z, expect: {{only: []}}}}
  - {{at: 2026-11-08T00:00:00Z, expect: {{only: [anna]}}}}
"""
    went = run(tmp_path, segments, long, once)

    assert [wrong(one) for one in went.tried] == [[], []]
    assert went.passed


def test_a_snapshot_is_taken_at_the_first_step(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: sent, type: static, rules: {last_login: {older_than: 7d}}}"
    test = """
kind: SegmentTest
segment: sent
defaults: {self_excluded: false, date_of_birth: 1990-01-01}
players:
  anna: {last_login: 2026-11-01T00:00:00Z}
  bert: {last_login: 2026-11-20T00:00:00Z}
  carl: {like: anna, date_of_birth: null}
steps:
  - {at: 2026-11-21T00:00:00Z, expect: {only: [anna]}}
  - {at: 2026-12-21T00:00:00Z, expect: {only: [anna]}}
"""
    assert only(tmp_path, segment, test, guards=GUARDS).passed


def test_events_let_in_and_out(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: fresh
type: triggered
purpose: analysis
enter: {event: payments, where: {kind: deposit}}
exit: {event: payments, where: {kind: withdrawal}}
for: 14d
"""
    test = """
kind: SegmentTest
segment: fresh
players:
  anna: {payments: [{kind: deposit, amount: 10, at: 2026-11-20T00:00:00Z}]}
  bert: {like: anna, payments: [{kind: deposit, at: 2026-11-20T00:00:00Z}, {kind: withdrawal, at: 2026-11-25T00:00:00Z}]}
steps:
  - {at: 2026-11-19T00:00:00Z, expect: {only: []}}
  - {at: 2026-11-21T00:00:00Z, expect: {only: [anna, bert]}}
  - {at: 2026-11-25T00:00:00Z, expect: {only: [anna]}}
  - {at: 2026-12-04T00:00:00Z, expect: {only: []}}
"""
    assert only(tmp_path, segment, test).passed


def test_the_rows_of_a_query_are_said(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: picked, type: sql, purpose: analysis, query: SELECT player_id FROM players, rules: {country: DE}}"
    test = f"""
kind: SegmentTest
segment: picked
players: {{anna: {{country: DE}}, bert: {{country: AT}}, carl: {{country: DE}}}}
rows: [anna, bert]
steps: [{{at: {AT}, expect: {{only: [anna]}}}}]
"""
    assert only(tmp_path, segment, test).passed


def test_a_limit_ranks_the_players_of_one_test(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: top, type: dynamic, purpose: analysis, rules: {vip_level: {gte: 1}}, limit: {top: 2, by: vip_level}}"
    test = "{{kind: SegmentTest, segment: top, players: {}, steps: [{{at: {}, expect: {}}}]}}"
    first = test.format(
        "{anna: {vip_level: 3}, bert: {vip_level: 5}, carl: {vip_level: 3}}",
        AT,
        "{order: [bert, anna], out: [carl]}",
    )
    second = test.format("{anna: {vip_level: 1}, bert: {vip_level: 2}}", AT, "{order: [anna, bert]}")

    went = run(tmp_path, segment, first, second)

    assert [wrong(one) for one in went.tried] == [[], [("2026-11-21", "", "[anna, bert]", "[bert, anna]")]]
    assert all(one.discords == () for one in went.tried)


def test_a_player_of_a_bucket_is_known_by_the_name_in_the_test(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: half, type: dynamic, purpose: analysis, rules: {bucket: {salt: spring, percent: [0, 50]}}}"
    names = [f"p{number}" for number in range(20)]
    test = f"{{kind: SegmentTest, segment: half, players: {{{', '.join(f'{name}: {{}}' for name in names)}}}, steps: [{{at: {AT}, expect: {{only: []}}}}]}}"

    went = run(tmp_path, segment, test, test)

    assert all(one.discords == () for one in went.tried)
    assert 0 < went.tried[0].failures[0].got.count("p") < 20


def test_scores_are_of_the_first_step_unless_they_say_when(tmp_path: Path) -> None:
    loaded = project(tmp_path, VIP)
    catalog = (tmp_path / "segments" / "catalog.yaml").read_text()
    score = "churn_score: {table: scores, value: score, type: number, time: scored_at, max_age: 7d}"
    body = catalog if "\nscores:\n" in catalog else f"{catalog}\nscores:\n"
    (tmp_path / "segments" / "catalog.yaml").write_text(
        body.replace("\nscores:\n", f"\nscores:\n  made_up_{score}\n")
    )
    segment = "{kind: Segment, name: leaving, type: dynamic, purpose: analysis, rules: {made_up_churn_score: {gte: 0.7}}}"
    test = """
kind: SegmentTest
segment: leaving
players:
  anna: {made_up_churn_score: 0.7}
  bert: {made_up_churn_score: [{value: 0.9, at: 2026-11-01T00:00:00Z}, {value: 0.2, at: 2026-11-20T00:00:00Z}]}
  carl: {made_up_churn_score: [{value: 0.9, at: 2026-11-27T00:00:00Z}]}
steps:
  - {at: 2026-11-21T00:00:00Z, expect: {only: [anna]}}
  - {at: 2026-11-28T00:00:00Z, expect: {only: [carl]}}
"""
    del loaded
    (tmp_path / "segments" / "leaving.yaml").write_text(segment)
    (tmp_path / "segments" / "leaving.test.yaml").write_text(test)
    from segctl.workflow.load import load  # noqa: PLC0415 - the catalog changed after the project was made

    again = load(tmp_path, tests=True)
    assert not again.failed, again.diagnostics
    (went,) = tally_of(stage_of(again), again.project.tests, again.project.tests.segments).tried

    assert went.passed


def test_a_difference_between_oracle_and_engine_is_told_as_such(tmp_path: Path) -> None:
    test = f"{{kind: SegmentTest, segment: vip, players: {{anna: {{vip_level: 3}}}}, steps: [{{at: {AT}, expect: {{in: [anna]}}}}]}}"
    loaded = project(tmp_path, VIP, test)
    (one,) = loaded.project.tests

    went = tried(one, played(one, stage_of(loaded)), [frozenset()])

    assert went.failures == ()
    assert not went.passed
    assert [discord.players for discord in went.discords] == [("anna",)]


def test_files_and_patterns_choose(tmp_path: Path) -> None:
    test = "{{kind: SegmentTest, segment: {}, players: {{anna: {{}}, bert: {{}}}}, steps: [{{at: {}, expect: {{out: [anna, bert]}}}}]}}"
    other = VIP.replace("name: vip", "name: other")
    loaded = project(tmp_path, VIP, other, test.format("vip", AT), test.format("other", AT))

    assert [one.segment for one in chosen(loaded, [], None)] == ["vip", "other"]
    assert [one.segment for one in chosen(loaded, [tmp_path / "segments" / "03.yaml"], None)] == ["other"]
    assert [one.segment for one in chosen(loaded, [tmp_path / "segments"], "v*")] == ["vip"]
    assert [one.steps[0].expected.outside for one in chosen(loaded, [], "ann?")] == [("anna",), ("anna",)]
    with pytest.raises(Refused):
        chosen(loaded, [], "zora")
    with pytest.raises(Refused):
        chosen(loaded, [tmp_path / "segments" / "00.yaml"], None)


def test_segments_without_a_test_are_named(tmp_path: Path) -> None:
    test = f"{{kind: SegmentTest, segment: vip, players: {{anna: {{}}}}, steps: [{{at: {AT}, expect: {{out: [anna]}}}}]}}"

    assert run(tmp_path, VIP, VIP.replace("name: vip", "name: other"), test).untested == ("other",)


def _without_query(segment: Segment) -> Segment:
    """Segment tests have no warehouse that a query could be asked of."""
    return (
        replace(segment, type="players", query=None, players=PlayerList(())) if segment.type == "sql" else segment
    )


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(world=worlds(players=8, segments=12))
def test_duckdb_finds_the_members_of_random_tests_that_the_oracle_defines(world: World) -> None:
    rng = Random(world.seed)
    segments = {name: _without_query(segment) for name, segment in world.segments.items()}
    stage = Stage(world.catalog, segments, world.clock.zone, world.guards, world.names)
    tests = [
        SegmentTest(
            name,
            {player.player_id: player for player in world.players if rng.random() < 0.7},
            (ClockStep(world.clock.as_of, Expected()),),
        )
        for name in segments
    ]
    scenes = [scene for test in tests for scene in played(test, stage)]
    brought = Brought(stage.zone)
    try:
        found = replayed(scenes, [test.segment for test in tests], stage, brought)
    finally:
        brought.close()

    oracle = [
        scene.found[test.segment].intersection(test.players) for scene, test in zip(scenes, tests, strict=True)
    ]
    assert found == oracle
