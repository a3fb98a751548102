"""What the tests of a segment hold of it: conditions, events, adjustments, limit, guard."""

from __future__ import annotations

from pathlib import Path

from segctl.model.covered import Coverage, Covered
from segctl.model.trial import played
from segctl.model.tried import Tally, tried
from segctl.workflow.testing import covered, stage_of
from tests.support.trials import AT, project, wrong

GUARDS = "guards: {marketing: {all: [{self_excluded: false}]}}\n"

TRIGGERED = """
kind: Segment
name: s
type: triggered
purpose: analysis
enter: {event: payments, where: {all: [{kind: deposit}, {amount: {gte: 100}}]}}
exit: {event: payments, where: {kind: withdrawal}}
for: 14d
"""
LOOSE = """
kind: SegmentTest
segment: s
players:
  anna: {payments: [{kind: deposit, amount: 100, occurred_at: 2026-11-20T00:00:00Z}]}
  bert: {}
steps: [{at: 2026-11-21T00:00:00Z, expect: {in: [anna], out: [bert]}}]
"""
CLOSE = """
kind: SegmentTest
segment: s
players:
  anna: {payments: [{kind: deposit, amount: 100, occurred_at: 2026-11-10T00:00:00Z}]}
  bert: {payments: [{kind: deposit, amount: 99, occurred_at: 2026-11-10T00:00:00Z}]}
  carl: {payments: [{amount: 100, occurred_at: 2026-11-10T00:00:00Z}]}
  dora:
    payments:
      - {kind: deposit, amount: 100, occurred_at: 2026-11-09T00:00:00Z}
      - {kind: withdrawal, amount: 5, occurred_at: 2026-11-10T00:00:00Z}
  emil:
    payments:
      - {kind: deposit, amount: 100, occurred_at: 2026-11-09T00:00:00Z}
      - {kind: deposit, amount: 5, occurred_at: 2026-11-10T00:00:00Z}
steps:
  - {at: 2026-11-10T00:00:00Z, expect: {only: [anna, emil]}}
  - {at: 2026-11-24T00:00:00Z, expect: {only: []}}
"""


def of(root: Path, *documents: str, guards: str = "") -> Coverage:
    """The coverage of the one segment that is tested, on the oracle; its test passes."""
    loaded = project(root, *documents, guards=guards)
    (test,), stage = loaded.project.tests, stage_of(loaded)
    scenes = played(test, stage)
    went = tried(test, scenes, [scene.found[test.segment] for scene in scenes])
    assert went.passed, wrong(went)
    (found,) = covered(Tally(stage, (went,), ()))
    return found


def checks(one: Covered) -> tuple[bool | None, ...]:
    return (one.true, one.false, one.removal, one.negation)


def told(found: Coverage) -> dict[str, list[tuple[bool | None, ...]]]:
    """The checks of all items, by the part that they are of."""
    parts: dict[str, list[tuple[bool | None, ...]]] = {}
    for one in found.items:
        parts.setdefault(one.part, []).append(checks(one))
    return parts


def test_coverage_tells_what_was_never_seen_and_what_nobody_would_miss(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules:
  all: [{vip_level: {gte: 3}}, {country: DE}, {consent_email: true}]
"""
    test = f"""
kind: SegmentTest
segment: s
players:
  anna: {{vip_level: 3, country: DE, consent_email: true}}
  bert: {{like: anna, vip_level: 2}}
  carl: {{like: anna, vip_level: 2, country: AT}}
steps: [{{at: {AT}, expect: {{in: [anna], out: [bert, carl]}}}}]
"""
    found = of(tmp_path, segment, test)

    level, country, consent = found.items
    assert checks(level) == (True, True, True, True)
    assert checks(country) == (True, True, False, True)
    assert checks(consent) == (True, False, False, True)
    assert found.percent == 75


def test_a_triggered_segment_is_covered_by_its_events_and_its_time(tmp_path: Path) -> None:
    found = of(tmp_path, TRIGGERED, LOOSE)

    assert [one.part for one in found.items] == ["enter", "where", "where", "exit", "where", "for"]
    assert told(found) == {
        "enter": [(True, True, True, None)],
        "where": [(True, False, False, True), (True, False, False, True), (False, True, True, True)],
        "exit": [(False, True, False, None)],
        "for": [(False, None, False, None)],
    }
    assert [one.at.line for one in found.items if one.at] == [6, 6, 6, 7, 7, 8]


def test_events_that_all_but_pass_cover_a_triggered_segment(tmp_path: Path) -> None:
    found = of(tmp_path, TRIGGERED, CLOSE)

    assert [one.part for one in found.items if not all(one.checks)] == []
    assert found.percent == 100


def test_each_of_several_events_that_let_in_is_asked_for(tmp_path: Path) -> None:
    segment = TRIGGERED.replace("enter: {event", "enter: [{event: sessions}, {event").replace("}]}}", "}]}}]")
    found = of(tmp_path, segment, LOOSE)

    assert told(found)["enter"] == [(False, True, False, None), (True, True, True, None)]


def test_what_is_asked_of_an_event_inside_a_condition_counts(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules:
  all:
    - event: bets
      where: {all: [{provider: studio_x}, {product: casino}]}
      during: {last: 30d}
    - vip_level: {gte: 3}
"""
    test = f"""
kind: SegmentTest
segment: s
players:
  anna: {{vip_level: 3, bets: [{{provider: studio_x, product: casino, occurred_at: 2026-11-20T00:00:00Z}}]}}
  bert: {{vip_level: 3, bets: [{{provider: netent, product: casino, occurred_at: 2026-11-20T00:00:00Z}}]}}
  carl: {{vip_level: 3, bets: [{{provider: studio_x, product: sports, occurred_at: 2026-01-01T00:00:00Z}}]}}
  dora: {{vip_level: 2, bets: [{{provider: studio_x, product: casino, occurred_at: 2026-11-20T00:00:00Z}}]}}
steps: [{{at: {AT}, expect: {{only: [anna]}}}}]
"""
    found = of(tmp_path, segment, test)

    assert told(found)["rules"] == [(True, True, True, True)] * 2
    provider, product = told(found)["where"]
    assert provider == (True, True, True, True)
    assert product == (True, False, False, True)  # the bet on sports is out of the range


def test_each_step_of_a_sequence_and_its_time_count(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules:
  sequence: [{event: sessions}, {event: payments, where: {status: failed}}]
  within: 1h
"""
    test = f"""
kind: SegmentTest
segment: s
players:
  anna:
    sessions: [{{occurred_at: 2026-11-20T12:00:00Z}}]
    payments: [{{status: failed, occurred_at: 2026-11-20T12:30:00Z}}]
  bert: {{}}
steps: [{{at: {AT}, expect: {{only: [anna]}}}}]
"""
    more = """
  no-login: {payments: [{status: failed, occurred_at: 2026-11-20T12:30:00Z}]}
  login-alone: {sessions: [{occurred_at: 2026-11-20T12:00:00Z}]}
  it-worked: {like: anna, payments: [{status: captured, occurred_at: 2026-11-20T12:30:00Z}]}
  too-late: {like: anna, payments: [{status: failed, occurred_at: 2026-11-20T13:30:00Z}]}
steps"""

    few = of(tmp_path / "few", segment, test)
    many = of(tmp_path / "many", segment, test.replace("\nsteps", more))

    assert told(few) == {
        "rules": [(True, True, True, True)],
        "sequence": [(True, True, False, None), (True, True, False, None)],
        "where": [(True, False, False, True)],
        "within": [(False, None, False, None)],
    }
    assert many.percent == 100


def test_entries_count_where_they_move_somebody_and_a_test_says_so(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules: {vip_level: {gte: 3}}
include:
  - {players: [anna], until: 2026-11-21}
  - {players: [bert]}
exclude:
  - {players: [carl], until: 2026-11-21}
  - {players: [nobody]}
"""
    test = """
kind: SegmentTest
segment: s
players: {anna: {}, bert: {vip_level: 3}, carl: {vip_level: 3}, dora: {}}
steps:
  - {at: 2026-11-21T12:00:00Z, expect: {only: [anna, bert]}}
"""
    later = "  - {at: 2026-11-22T12:00:00Z, expect: {only: [bert, carl]}}\n"

    once = of(tmp_path / "once", segment, test)
    twice = of(tmp_path / "twice", segment, test + later)

    assert told(once)["include"] == [(True, None, True, None), (False, None, False, None)]
    assert told(once)["exclude"] == [(True, None, True, None), (False, None, False, None)]
    assert told(once)["until"] == [(False, None, False, None)] * 2
    assert told(twice)["until"] == [(True, None, True, None)] * 2


def test_who_is_moved_without_being_expected_is_seen_and_not_missed(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules: {vip_level: {gte: 3}}
exclude: [{players: [carl]}]
"""
    test = f"""
kind: SegmentTest
segment: s
players: {{anna: {{vip_level: 3}}, bert: {{}}, carl: {{vip_level: 3}}}}
steps: [{{at: {AT}, expect: {{in: [anna], out: [bert]}}}}]
"""

    assert told(of(tmp_path, segment, test))["exclude"] == [(True, None, False, None)]


def test_a_limit_cuts_somebody_and_its_order_is_missed(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
purpose: analysis
rules: {country: DE}
limit: {top: 2, by: vip_level}
"""
    test = f"""
kind: SegmentTest
segment: s
defaults: {{country: DE}}
players: {{anna: {{vip_level: 3}}, bert: {{vip_level: 4}}, carl: {{country: AT, vip_level: 5}}, dora: {{vip_level: 1}}}}
steps: [{{at: {AT}, expect: {{in: [anna, bert], out: [carl]}}}}]
"""
    room = test.replace("{vip_level: 1}", "{country: AT}")

    assert told(of(tmp_path / "room", segment, room))["limit"] == [(False, None, False, False)]
    assert told(of(tmp_path / "cut", segment, test))["limit"] == [(True, None, False, True)]
    ordered = room.replace("in: [anna, bert]", "order: [bert, anna]")
    assert told(of(tmp_path / "order", segment, ordered))["limit"] == [(False, None, True, True)]
    exact = test.replace("out: [carl]", "out: [carl, dora]")
    assert of(tmp_path / "exact", segment, exact).percent == 100


def test_the_guard_counts_as_one_and_a_scope_by_its_conditions(tmp_path: Path) -> None:
    segment = """
kind: Segment
name: s
type: dynamic
rules: {vip_level: {gte: 3}}
scope: {brand: aurora}
"""
    test = f"""
kind: SegmentTest
segment: s
defaults: {{self_excluded: false, brand: aurora, vip_level: 3}}
players: {{anna: {{}}, bert: {{vip_level: 2}}, carl: {{brand: borealis}}}}
steps: [{{at: {AT}, expect: {{only: [anna]}}}}]
"""
    guarded = test.replace("carl:", "dora: {self_excluded: true}, carl:")

    assert told(of(tmp_path / "no", segment, test, guards=GUARDS)) == {
        "rules": [(True, True, True, True)],
        "scope": [(True, True, True, True)],
        "guard": [(False, None, False, None)],
    }
    assert of(tmp_path / "yes", segment, guarded, guards=GUARDS).percent == 100
    assert "guard" not in told(of(tmp_path / "none", segment, test))


def test_a_guard_shows_at_a_snapshot_too(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: s, type: static, rules: {vip_level: {gte: 3}}}"
    test = f"""
kind: SegmentTest
segment: s
defaults: {{self_excluded: false}}
players: {{anna: {{vip_level: 3}}, bert: {{vip_level: 3, self_excluded: true}}, carl: {{vip_level: 2}}}}
steps:
  - {{at: {AT}, expect: {{only: [anna]}}}}
  - {{at: 2026-12-21T00:00:00Z, expect: {{only: [anna]}}}}
"""

    assert of(tmp_path, segment, test, guards=GUARDS).percent == 100


def test_a_query_and_a_list_have_no_condition(tmp_path: Path) -> None:
    segment = "{kind: Segment, name: s, type: sql, purpose: analysis, query: SELECT player_id FROM players}"
    test = f"""
kind: SegmentTest
segment: s
players: {{anna: {{}}}}
rows: [anna]
steps: [{{at: {AT}, expect: {{in: [anna]}}}}]
"""
    found = of(tmp_path, segment, test)

    assert found.items == ()
    assert found.percent == 100
