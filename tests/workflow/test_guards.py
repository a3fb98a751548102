"""Guards hold over everything that a segment of their purpose has, and say when it was they who moved a player."""

import pytest

from tests.support.casino import Casino, actions, change_of, refused
from tests.support.casino_facts import SETTINGS

LEVELS = {"bert", "cara", "dora", "finn", "gwen", "hugo", "ines"}


def guard(casino: Casino, rule: str, purpose: str = "marketing") -> None:
    casino.write("segctl.yaml", SETTINGS + f"guards: {{{purpose}: {rule}}}\n")


def test_a_guard_holds_for_rules_lists_includes_and_snapshots(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"})
    casino.segment("listed", type="players", players=["anna", "bert", "nobody"])
    casino.segment("once", {"country": "DE"}, type="static")
    casino.segment("invited", {"country": "IT"}, include=[{"players": ["anna", "emil", "finn"], "reason": "host"}])
    casino.apply()

    assert casino.members("germans") == {"bert", "cara", "dora"}
    assert casino.members("listed") == {"bert"}
    assert casino.members("once") == {"bert", "cara", "dora"}
    assert casino.members("invited") == {"hugo", "ines", "finn"}


def test_a_missing_value_does_not_pass_a_guard(casino: Casino) -> None:
    guard(casino, "{none: [{vip_level: {lt: 1}}]}")
    casino.segment("everybody", {"any": [{"country": {"is_set": True}}, {"country": {"is_set": False}}]})
    casino.apply()

    assert casino.members("everybody") == LEVELS


def test_segments_of_another_purpose_are_not_guarded(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"}, purpose="analysis")
    casino.apply()

    assert casino.members("germans") == {"anna", "bert", "cara", "dora"}


def test_a_guard_that_lets_go_is_the_cause(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"})
    casino.segment("once", {"country": "DE"}, type="static")
    casino.apply()
    casino.later(days=1)
    casino.change("bert", vip_level=0)
    casino.change("anna", vip_level=4)

    casino.refresh()

    assert casino.members("germans") == casino.members("once") == {"anna", "cara", "dora"}
    assert casino.causes("germans") == casino.causes("once") == {"guard": (1, 1)}


def test_a_new_guard_moves_whom_it_does_not_pass(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)
    guard(casino, "{vip_level: {gte: 1}}")

    plan = casino.apply()

    assert actions(plan) == {"guard.marketing": ("create",)}
    (second,) = plan.secondary
    assert (second.name, second.because, second.impact.leaving) == ("germans", ("guard.marketing",), 1)
    assert casino.causes("germans") == {"guard": (0, 1)}
    assert casino.plan().empty


def test_an_edited_guard_moves_members_and_takes_no_new_snapshot(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"})
    casino.segment("once", {"country": "DE"}, type="static")
    casino.apply()
    casino.later(days=1)
    casino.change("gwen", country="DE")
    guard(casino, "{vip_level: {gte: 2}}")

    plan = casino.apply()

    assert actions(plan) == {"guard.marketing": ("update",)}
    assert casino.members("germans") == {"cara", "dora", "gwen"}
    assert casino.members("once") == {"cara", "dora"}
    assert casino.causes("germans") == {"guard": (0, 1), "data": (1, 0)}


def test_a_removed_guard_lets_everybody_back(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"})
    casino.segment("once", {"country": "DE"}, type="static")
    casino.apply()
    casino.write("segctl.yaml", SETTINGS)

    plan = casino.apply()

    assert actions(plan) == {"guard.marketing": ("archive",)}
    assert casino.members("germans") == casino.members("once") == {"anna", "bert", "cara", "dora"}
    assert casino.plan().empty


def test_a_segment_that_becomes_marketing_is_guarded_by_its_own_edit(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"}, purpose="analysis")
    casino.apply()
    casino.segment("germans", {"country": "DE"})

    plan = casino.apply()

    assert change_of(plan, "germans").actions == ("update",)
    assert casino.causes("germans") == {"definition": (0, 1)}


def test_a_saved_plan_is_stale_when_its_guard_was_changed(casino: Casino) -> None:
    guard(casino, "{vip_level: {gte: 1}}")
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.segment("germans", {"country": "GB"})
    plan = casino.plan()
    casino.segment("germans", {"country": "DE"})
    guard(casino, "{vip_level: {gte: 2}}")
    casino.apply()
    casino.segment("germans", {"country": "GB"})

    with refused(casino, "stale", "guard.marketing"):
        casino.apply_saved(plan)


def test_a_scope_is_a_guard_of_one_segment(casino: Casino) -> None:
    casino.segment("vips", {"vip_level": {"gte": 2}}, scope={"country": ["DE", "GB"]})
    casino.apply()

    assert casino.members("vips") == {"cara", "dora", "gwen"}


@pytest.mark.parametrize(
    "rule", ["{in_segment: germans}", "{all: [{in_segment: germans}, {vip_level: {gte: 1}}]}"]
)
def test_a_guard_may_ask_about_segments_of_another_purpose(casino: Casino, rule: str) -> None:
    guard(casino, rule)
    casino.segment("germans", {"country": "DE"}, purpose="analysis")
    casino.segment("vips", {"vip_level": {"gte": 1}})
    casino.apply()
    assert casino.members("vips") == {"bert", "cara", "dora"}
    casino.later(days=1)
    casino.change("bert", country="IT")

    casino.refresh()

    assert casino.members("vips") == {"cara", "dora"}
    assert casino.causes("vips") == {"guard": (0, 1)}
