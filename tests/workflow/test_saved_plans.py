"""A saved plan does exactly what it says, or is refused with its own message and writes nothing."""

from typing import Any

import pytest

from segctl.plan.document import Plan
from tests.support.casino import ON_BOTH, START, Casino, actions, refused

pytestmark = ON_BOTH

DE: dict[str, Any] = {"country": "DE"}
GB: dict[str, Any] = {"country": "GB"}


def deployed(casino: Casino) -> None:
    casino.segment("base", DE)
    casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 1}}]})
    casino.segment("aside", GB)
    casino.apply()
    casino.later(days=1)


def planned_edit(casino: Casino) -> Plan:
    casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 2}}]})
    return casino.plan()


def test_a_saved_plan_is_applied_to_the_players_of_today(casino: Casino) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    casino.later(hours=5)
    casino.change("emil", country="DE", vip_level=3)

    applied = casino.apply_saved(plan)

    assert applied.plan.id == plan.id
    assert casino.members("user") == {"cara", "dora", "emil"}
    assert casino.plan().empty


def test_a_plan_is_applied_once(casino: Casino) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    casino.apply_saved(plan)

    with refused(casino, "applied already", "state 2", "2025-03-02", "Ann"):
        casino.apply_saved(plan)


def test_a_plan_of_another_state_is_refused(casino: Casino) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    casino.forget_state()
    casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 1}}]})
    casino.apply()
    planned_edit(casino)

    with refused(casino, plan.lineage[:8], "this is state"):
        casino.apply_saved(plan)


def test_a_plan_for_another_environment_is_refused(casino: Casino) -> None:
    deployed(casino)
    plan = casino.plan("other")

    with refused(casino, "`other`", "`dev`", "--env other"):
        casino.apply_saved(plan)


@pytest.mark.parametrize("how", ["edited", "gone", "reverted"])
def test_files_that_say_otherwise_are_refused(casino: Casino, how: str) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    match how:
        case "edited":
            casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 3}}]})
        case "gone":
            casino.remove("user")
        case _:
            casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 1}}]})

    with refused(casino, "files no longer say", "segment.user", "commit"):
        casino.apply_saved(plan)


def test_other_edits_in_the_files_wait_for_their_own_plan(casino: Casino) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    casino.segment("base", GB)
    casino.segment("later", DE)

    casino.apply_saved(plan)

    assert casino.members("user") == {"cara", "dora"}
    assert actions(casino.plan()) == {"segment.base": ("update",), "segment.later": ("create",)}


def test_facts_older_than_the_state_are_refused(casino: Casino) -> None:
    deployed(casino)
    casino.refresh()
    plan = planned_edit(casino)
    casino.now = START

    with refused(casino, "later instant", "--as-of", "2025-03-02 12:00:00 UTC", "2025-03-01 12:00:00 UTC"):
        casino.apply_saved(plan)
    with refused(casino, "later instant"):
        casino.refresh()
    with refused(casino, "later instant"):
        casino.plan()


def test_a_plan_without_changes_is_refused_before_the_state_as_well(casino: Casino) -> None:
    deployed(casino)
    casino.refresh()
    casino.later(microseconds=-1)

    with refused(casino, "later instant", "--as-of"):
        casino.plan()
