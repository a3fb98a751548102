"""Create, update, archive and recover: what each does to definitions, members and history."""

import pytest

from segctl.plan.document import Impact
from segctl.workflow.listing import listing
from segctl.workflow.members import total
from segctl.workflow.show import shown
from segctl.workflow.story import audit_log
from tests.support.casino import ON_BOTH, START, Casino, actions, change_of

pytestmark = ON_BOTH

GERMANS = {"anna", "bert", "cara", "dora"}


def test_what_is_new_is_created_with_its_members(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"}, title="Germans", tags=["geo"])

    plan = casino.apply()

    assert actions(plan) == {"catalog.small": ("create",), "segment.germans": ("create",)}
    assert change_of(plan, "germans").impact == Impact(before=0, after=4, joining=4, leaving=0)
    assert casino.members("germans") == GERMANS
    assert set(casino.since("germans").values()) == {START}
    assert casino.causes("germans") == {"definition": (4, 0)}


def test_changed_rules_move_members_and_keep_since(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.apply()
    casino.later(days=1)
    casino.segment("germans", {"all": [{"country": ["DE", "IT"]}, {"vip_level": {"gte": 2}}]})

    plan = casino.apply()

    assert actions(plan) == {"segment.germans": ("update",)}
    assert change_of(plan, "germans").keys == ("rules",)
    assert change_of(plan, "germans").impact == Impact(before=4, after=4, joining=2, leaving=2)
    assert casino.members("germans") == {"cara", "dora", "hugo", "ines"}
    assert casino.since("germans")["cara"] == START
    assert casino.since("germans")["hugo"] == casino.now
    assert casino.causes("germans") == {"definition": (2, 2)}


@pytest.mark.parametrize(
    "keys", [{"title": "New"}, {"description": "New"}, {"tags": ["new"]}, {"owner": "new"}, {"protected": True}]
)
def test_what_does_not_decide_members_moves_nobody(casino: Casino, keys: dict[str, object]) -> None:
    casino.segment("germans", {"country": "DE"}, title="Old")
    casino.apply()
    casino.later(days=1)
    casino.change("emil", country="DE")
    casino.segment("germans", {"country": "DE"}, **{"title": "Old", **keys})

    plan = casino.apply()

    assert change_of(plan, "germans").actions == ("update",)
    assert change_of(plan, "germans").keys == tuple(keys)
    assert change_of(plan, "germans").impact is None
    assert casino.members("germans") == GERMANS
    assert casino.causes("germans") == {"definition": (4, 0)}  # still the first run's
    assert casino.plan().empty


def test_an_archived_segment_releases_its_members(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("british", {"country": "GB"})
    casino.apply()
    casino.later(days=1)
    casino.remove("germans")

    plan = casino.apply()

    assert actions(plan) == {"segment.germans": ("archive",)}
    assert change_of(plan, "germans").impact == Impact(before=4, after=0, joining=0, leaving=4)
    assert total(casino.context(), "germans") == 0
    assert casino.causes("germans") == {"definition": (0, 4)}
    assert casino.story("anna") == [("germans", "joined", "definition"), ("germans", "left", "definition")]
    assert [one.segment.name for one in listing(casino.context())] == ["british"]
    assert [one.segment.status for one in listing(casino.context(), archived=True)] == ["active", "archived"]
    assert casino.plan().empty


def test_an_archived_name_planned_again_is_recovered(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("british", {"country": "GB"})
    casino.apply()
    casino.remove("germans")
    casino.apply()
    casino.later(days=1)
    casino.segment("germans", {"all": [{"country": "DE"}, {"vip_level": {"gte": 1}}]})

    plan = casino.apply()

    assert actions(plan) == {"segment.germans": ("recover",)}
    assert casino.members("germans") == {"bert", "cara", "dora"}
    assert set(casino.since("germans").values()) == {casino.now}
    assert [one.action for one in shown(casino.context(), "germans").versions] == ["recover", "archive", "create"]
    assert casino.plan().empty


@pytest.mark.parametrize("kind", ["dynamic", "static"])
def test_what_is_recovered_unchanged_gets_members_of_now(casino: Casino, kind: str) -> None:
    path = casino.segment("germans", {"country": "DE"}, type=kind)
    text = path.read_text()
    casino.apply()
    path.unlink()
    casino.apply()
    casino.change("emil", country="DE")
    path.write_text(text)

    casino.apply()

    assert casino.members("germans") == GERMANS | {"emil"}


@pytest.mark.parametrize(
    ("before", "after", "action", "members"),
    [
        ("dynamic", "static", "replace", GERMANS | {"emil"}),
        ("static", "dynamic", "update", GERMANS | {"emil"}),
        ("dynamic", "players", "update", {"anna", "emil"}),
        ("players", "dynamic", "update", GERMANS | {"emil"}),
        ("static", "players", "update", {"anna", "emil"}),
        ("players", "static", "replace", GERMANS | {"emil"}),
    ],
)
def test_a_segment_may_change_its_type(
    casino: Casino, before: str, after: str, action: str, members: set[str]
) -> None:
    listed = {"players": ["anna", "emil", "gwen"]}
    casino.segment("germans", {"country": "DE"}, type=before, **(listed if before == "players" else {}))
    casino.apply()
    casino.later(days=1)
    casino.change("emil", country="DE")
    casino.segment("germans", {"country": "DE"}, type=after, **(listed if after == "players" else {}))

    plan = casino.apply()

    assert change_of(plan, "germans").actions == (action,)
    assert "type" in change_of(plan, "germans").keys
    assert casino.members("germans") == members
    assert casino.plan().empty
    casino.refresh()
    assert casino.members("germans") == members


def test_every_change_has_its_line_in_the_audit_log(casino: Casino) -> None:
    casino.segment("germans", {"country": "DE"})
    casino.segment("old", {"country": "GB"})
    casino.apply()
    casino.segment("germans", {"country": "IT"})
    casino.remove("old")

    plan = casino.apply()

    log = [one for one in audit_log(casino.context(), 50, None) if one.serial == 2]
    assert {(one.address, one.action): one.detail for one in log} == {
        ("segment.germans", "update"): {"joined": 2, "left": 4},
        ("segment.old", "archive"): {"joined": 0, "left": 3},
        (None, "apply"): {"changes": 2, "joined": 2, "left": 7, "segments": 2},
    }
    assert {one.plan_id for one in log} == {plan.id}
