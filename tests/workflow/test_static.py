"""A static segment keeps its snapshot, until its own rules change."""

from segctl.plan.document import Impact
from tests.support.casino import Casino, change_of

GERMANS = {"anna", "bert", "cara", "dora"}


def deployed(casino: Casino) -> None:
    casino.segment("base", {"country": "DE"})
    casino.segment("snapshot", {"in_segment": "base"}, type="static", title="Old")
    casino.segment("follower", {"all": [{"in_segment": "snapshot"}, {"vip_level": {"gte": 2}}]})
    casino.apply()
    casino.later(days=1)


def test_new_data_leaves_a_snapshot_alone(casino: Casino) -> None:
    deployed(casino)
    casino.change("anna", country="GB")
    casino.change("emil", country="DE")

    casino.refresh()

    assert casino.members("snapshot") == GERMANS
    assert casino.members("base") == GERMANS - {"anna"} | {"emil"}
    assert casino.causes("snapshot") == {"definition": (4, 0)}


def test_a_changed_segment_that_it_uses_leaves_a_snapshot_alone(casino: Casino) -> None:
    deployed(casino)
    casino.segment("base", {"country": "GB"})

    plan = casino.apply()
    casino.refresh()

    assert [one.name for one in plan.secondary] == []
    assert casino.members("snapshot") == GERMANS
    assert casino.members("follower") == {"cara", "dora"}
    assert casino.members("base") == {"emil", "finn", "gwen"}


def test_who_uses_a_snapshot_follows_it_with_new_data(casino: Casino) -> None:
    deployed(casino)
    casino.change("anna", vip_level=4)
    casino.change("hugo", country="DE")

    casino.refresh()

    assert casino.members("follower") == {"anna", "cara", "dora"}


def test_changed_rules_take_a_new_snapshot(casino: Casino) -> None:
    deployed(casino)
    casino.change("anna", country="GB")
    casino.segment("snapshot", {"any": [{"in_segment": "base"}, {"country": "IT"}]}, type="static", title="Old")

    plan = casino.plan()

    assert change_of(plan, "snapshot").actions == ("replace",)
    assert change_of(plan, "snapshot").impact == Impact(before=4, after=5, joining=2, leaving=1)
    assert [one.name for one in plan.secondary] == ["follower"]
    casino.apply()
    assert casino.members("snapshot") == {"bert", "cara", "dora", "hugo", "ines"}
    assert casino.causes("snapshot") == {"definition": (2, 1)}
    assert casino.members("follower") == {"cara", "dora", "hugo", "ines"}


def test_a_new_title_keeps_the_snapshot(casino: Casino) -> None:
    deployed(casino)
    casino.change("anna", country="GB")
    casino.segment("snapshot", {"in_segment": "base"}, type="static", title="New")

    plan = casino.apply()

    assert change_of(plan, "snapshot").actions == ("update",)
    assert change_of(plan, "snapshot").impact is None
    assert casino.members("snapshot") == GERMANS


def test_a_renamed_snapshot_is_kept(casino: Casino) -> None:
    deployed(casino)
    casino.change("anna", country="GB")
    casino.remove("snapshot")
    casino.segment("kept", {"in_segment": "base"}, type="static", title="Old", renamed_from="snapshot")
    casino.segment("follower", {"all": [{"in_segment": "kept"}, {"vip_level": {"gte": 2}}]})

    plan = casino.apply()

    assert change_of(plan, "kept").actions == ("rename",)
    assert casino.members("kept") == GERMANS
    assert casino.members("follower") == {"cara", "dora"}


def test_a_changed_catalog_leaves_a_snapshot_alone(casino: Casino) -> None:
    casino.segment("snapshot", {"deposit_count": {"gte": 1}}, type="static")
    casino.apply()
    before = casino.members("snapshot")
    catalog = casino.root / "segments/catalog.yaml"
    catalog.write_text(catalog.read_text().replace("kind: deposit}, count", "kind: withdrawal}, count"))

    plan = casino.apply()

    assert [change.name for change in plan.changes] == ["small"]
    assert plan.secondary == ()
    assert casino.members("snapshot") == before != set()
