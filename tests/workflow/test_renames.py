"""A rename keeps members, history and versions, and is refused where there is nothing to rename."""

import pytest

from segctl.base.errors import Mistakes
from segctl.workflow.show import shown
from tests.support.casino import START, Casino, actions, change_of

RULES = {"country": "DE"}


def deployed(casino: Casino) -> None:
    casino.segment("germans", RULES)
    casino.segment("rich", {"all": [{"in_segment": "germans"}, {"vip_level": {"gte": 2}}]})
    casino.apply()
    casino.later(days=1)


def renamed(casino: Casino, rules: dict[str, object] = RULES) -> None:
    casino.remove("germans")
    casino.segment("deutsche", rules, renamed_from="germans")
    casino.segment("rich", {"all": [{"in_segment": "deutsche"}, {"vip_level": {"gte": 2}}]})


def test_a_rename_moves_nobody_and_keeps_the_story(casino: Casino) -> None:
    deployed(casino)
    renamed(casino)

    plan = casino.apply()

    assert actions(plan) == {"segment.deutsche": ("rename",), "segment.rich": ("update",)}
    assert change_of(plan, "deutsche").renamed_from == "germans"
    assert casino.members("deutsche") == {"anna", "bert", "cara", "dora"}
    assert set(casino.since("deutsche").values()) == {START}
    assert casino.causes("deutsche") == {"definition": (4, 0)}
    assert casino.story("anna") == [("deutsche", "joined", "definition")]
    assert [one.address for one in shown(casino.context(), "deutsche").versions] == [
        "segment.deutsche",
        "segment.germans",
    ]
    impact = change_of(plan, "rich").impact
    assert impact is not None
    assert (impact.joining, impact.leaving) == (0, 0)


def test_renamed_from_may_stay_in_the_file(casino: Casino) -> None:
    deployed(casino)
    renamed(casino)
    casino.apply()

    assert casino.plan().empty


def test_renamed_from_may_leave_the_file(casino: Casino) -> None:
    deployed(casino)
    renamed(casino)
    casino.apply()

    casino.segment("deutsche", RULES)

    assert casino.plan().empty


def test_the_old_name_is_free_again(casino: Casino) -> None:
    deployed(casino)
    renamed(casino)
    casino.apply()
    casino.segment("germans", {"country": "GB"})

    plan = casino.apply()

    assert actions(plan) == {"segment.germans": ("create",)}
    assert casino.members("germans") == {"emil", "finn", "gwen"}
    assert casino.members("deutsche") == {"anna", "bert", "cara", "dora"}
    assert casino.plan().empty


def test_a_rename_may_change_the_rules_too(casino: Casino) -> None:
    deployed(casino)
    renamed(casino, {"all": [{"country": "DE"}, {"vip_level": {"lte": 2}}]})

    plan = casino.apply()

    assert change_of(plan, "deutsche").actions == ("rename", "update")
    assert casino.members("deutsche") == {"anna", "bert", "cara"}
    assert casino.since("deutsche")["anna"] == START
    assert casino.members("rich") == {"cara"}
    assert casino.causes("deutsche") == {"definition": (0, 1)}
    assert casino.plan().empty


def test_there_and_back_again(casino: Casino) -> None:
    deployed(casino)
    renamed(casino)
    casino.apply()
    casino.remove("deutsche")
    casino.segment("germans", RULES, renamed_from="deutsche")
    casino.segment("rich", {"all": [{"in_segment": "germans"}, {"vip_level": {"gte": 2}}]})

    casino.apply()

    assert casino.plan().empty
    assert set(casino.since("germans").values()) == {START}


@pytest.mark.parametrize(
    ("name", "former", "obstacle"),
    [
        ("deutsche", "germany", "Nothing deployed is called `germany`."),
        ("deutsche", "rich", "still declares `rich`"),
        ("deutsche", "gone", "`gone` is archived"),
        ("germans", "rich", "`germans` is taken: it is deployed"),
        ("gone", "germans", "`gone` is taken: it is archived"),
    ],
)
def test_nothing_to_rename_points_at_the_key(casino: Casino, name: str, former: str, obstacle: str) -> None:
    deployed(casino)
    casino.segment("gone", RULES)
    casino.apply()
    casino.remove("gone")
    casino.apply()
    casino.segment(name, RULES, renamed_from=former)
    before = casino.stored()

    with pytest.raises(Mistakes) as mistakes:
        casino.plan()

    (found,) = mistakes.value.diagnostics
    text = (casino.root / found.span.file).read_text().splitlines()[found.span.line - 1]
    assert found.code == "SEG109"
    assert found.span.file == f"segments/{name}.yaml"
    assert text[found.span.column - 1 : found.span.end_column - 1] == former
    assert obstacle in found.detail
    assert casino.stored() == before
