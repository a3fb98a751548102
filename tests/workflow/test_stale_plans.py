"""A saved plan is stale when something that it changes or stands on has moved, and only then."""

import shutil
from typing import Any

import pytest

from segctl.plan.document import Plan
from tests.support.casino import ON_BOTH, Casino, refused

pytestmark = ON_BOTH

DE: dict[str, Any] = {"country": "DE"}
GB: dict[str, Any] = {"country": "GB"}


def deployed(casino: Casino) -> None:
    casino.segment("base", DE)
    casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 1}}]})
    casino.segment("aside", GB)
    casino.apply()
    casino.later(days=1)


def colleague(casino: Casino) -> Casino:
    """Another checkout of the same files over the same state and warehouse."""
    copy = casino.root.with_name("colleague")
    shutil.copytree(casino.root, copy)
    settings = (copy / "segctl.yaml").read_text()
    (copy / "segctl.yaml").write_text(settings.replace(":///", f":///{casino.root}/"))
    return Casino(copy, casino.now)


def planned_edit(casino: Casino) -> Plan:
    casino.segment("user", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 2}}]})
    return casino.plan()


def test_a_plan_is_stale_when_its_object_was_changed(casino: Casino) -> None:
    deployed(casino)
    other = colleague(casino)
    plan = planned_edit(casino)
    other.segment("user", {"in_segment": "base"})
    other.apply()

    with refused(casino, "stale", "segment.user", "Ann", "2025-03-02", "state 2", "segctl plan"):
        casino.apply_saved(plan)


def test_a_plan_is_stale_when_a_segment_it_uses_was_changed(casino: Casino) -> None:
    deployed(casino)
    other = colleague(casino)
    plan = planned_edit(casino)
    other.segment("base", GB)
    other.apply()

    with refused(casino, "stale", "segment.base", "state 2"):
        casino.apply_saved(plan)


def test_a_plan_is_stale_when_the_catalog_was_changed(casino: Casino) -> None:
    deployed(casino)
    other = colleague(casino)
    plan = planned_edit(casino)
    catalog = other.root / "segments/catalog.yaml"
    catalog.write_text(catalog.read_text().replace("column: vip_level", "column: vip_level, group: Value"))
    other.apply()

    with refused(casino, "stale", "catalog.small"):
        casino.apply_saved(plan)


@pytest.mark.parametrize("name", ["user", "aside"], ids=["its object", "a segment it uses"])
def test_a_plan_is_stale_when_something_of_it_was_archived(casino: Casino, name: str) -> None:
    deployed(casino)
    other = colleague(casino)
    casino.segment("new", {"in_segment": "aside"})
    casino.segment("user", GB)
    plan = casino.plan()
    other.remove(name)
    other.apply()

    with refused(casino, "stale", f"segment.{name}", "archived", "state 2"):
        casino.apply_saved(plan)


def test_a_plan_to_recover_is_stale_when_that_was_done(casino: Casino) -> None:
    deployed(casino)
    text = (casino.root / "segments/aside.yaml").read_text()
    casino.remove("aside")
    casino.apply()
    casino.write("segments/aside.yaml", text)
    other = colleague(casino)
    plan = casino.plan()
    other.later(hours=1)
    other.apply()

    with refused(casino, "stale", "segment.aside was archived", "state 3"):
        casino.apply_saved(plan)


def test_a_plan_is_stale_when_what_it_creates_is_there(casino: Casino) -> None:
    deployed(casino)
    other = colleague(casino)
    casino.segment("new", DE)
    plan = casino.plan()
    other.segment("new", GB)
    other.apply()

    with refused(casino, "stale", "segment.new", "not there"):
        casino.apply_saved(plan)


def test_an_unrelated_change_leaves_a_plan_good(casino: Casino) -> None:
    deployed(casino)
    other = colleague(casino)
    plan = planned_edit(casino)
    other.segment("aside", {"country": "IT"})
    other.segment("another", DE)
    other.apply()

    casino.apply_saved(plan)

    assert casino.members("user") == {"cara", "dora"}
    assert casino.members("aside") == {"hugo", "ines"}, (
        "what the plan does not name stays as the colleague left it"
    )
    assert other.members("another") == {"anna", "bert", "cara", "dora"}


def test_a_refresh_leaves_a_plan_good(casino: Casino) -> None:
    deployed(casino)
    plan = planned_edit(casino)
    casino.refresh()

    casino.apply_saved(plan)

    assert casino.members("user") == {"cara", "dora"}
