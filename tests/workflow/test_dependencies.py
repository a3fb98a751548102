"""Segments in the rules of segments: a change travels down the chain, and circles are refused."""

import pytest

from segctl.base.errors import Mistakes
from tests.support.casino import Casino, actions, change_of


def chain(casino: Casino) -> None:
    casino.segment("base", {"country": "DE"})
    casino.segment("middle", {"all": [{"in_segment": "base"}, {"vip_level": {"gte": 1}}]})
    casino.segment("top", {"all": [{"in_segment": "middle"}, {"none": [{"vip_level": {"gte": 3}}]}]})
    casino.segment("aside", {"country": "GB"})
    casino.apply()
    casino.later(days=1)


def test_a_change_travels_down_the_chain(casino: Casino) -> None:
    chain(casino)
    casino.segment("base", {"country": ["DE", "IT"]})

    plan = casino.apply()

    assert actions(plan) == {"segment.base": ("update",)}
    assert [(one.name, one.because, one.impact.joining) for one in plan.secondary] == [
        ("middle", ("segment.base",), 2),
        ("top", ("segment.middle",), 1),
    ]
    assert casino.members("top") == {"bert", "cara", "hugo"}
    assert casino.causes("middle") == {"dependency": (2, 0)}
    assert casino.causes("top") == {"dependency": (1, 0)}
    assert casino.since("top")["hugo"] == casino.now


def test_a_change_that_moves_nobody_below_is_not_told_there(casino: Casino) -> None:
    chain(casino)
    casino.segment("base", {"country": ["DE", "FR"]})

    plan = casino.plan()

    assert plan.secondary == ()


def test_data_travels_down_the_chain_on_refresh(casino: Casino) -> None:
    chain(casino)
    casino.change("emil", country="DE", vip_level=2)

    casino.refresh()

    assert casino.members("top") == {"bert", "cara", "emil"}
    assert casino.causes("base") == {"data": (1, 0)}
    assert casino.causes("top") == {"dependency": (1, 0)}


def test_archiving_what_others_use_is_a_mistake(casino: Casino) -> None:
    chain(casino)
    casino.remove("base")

    with pytest.raises(Mistakes) as mistakes:
        casino.plan()

    (found,) = (one for one in mistakes.value.diagnostics if one.severity == "error")
    assert (found.code, found.span.file) == ("SEG105", "segments/middle.yaml")


def test_a_chain_is_archived_from_its_end(casino: Casino) -> None:
    chain(casino)
    casino.remove("base")
    casino.remove("middle")
    casino.segment("top", {"vip_level": 0})

    plan = casino.apply()

    assert actions(plan) == {
        "segment.base": ("archive",),
        "segment.middle": ("archive",),
        "segment.top": ("update",),
    }
    impact = change_of(plan, "top").impact
    assert impact is not None
    assert (impact.before, impact.after) == (2, 2)
    assert casino.members("top") == {"anna", "emil"}


@pytest.mark.parametrize("through", [["base"], ["top", "base"]], ids=["itself", "a longer way"])
def test_circles_are_refused_and_shown(casino: Casino, through: list[str]) -> None:
    chain(casino)
    before = casino.stored()
    casino.segment("base", {"any": [{"in_segment": through[0]}, {"country": "DE"}]})

    with pytest.raises(Mistakes) as mistakes:
        casino.plan()

    (found,) = (one for one in mistakes.value.diagnostics if one.severity == "error")
    assert found.code == "SEG106"
    assert all(f"`{name}`" in found.detail or name in found.detail for name in through)
    assert casino.stored() == before


def test_turning_a_chain_around_is_no_circle(casino: Casino) -> None:
    chain(casino)
    casino.segment("top", {"country": "IT"})
    casino.segment("middle", {"in_segment": "top"})
    casino.segment("base", {"in_segment": "middle"})

    casino.apply()

    assert casino.members("base") == casino.members("middle") == casino.members("top") == {"hugo", "ines"}
    assert casino.plan().empty


def test_a_new_segment_uses_old_ones_as_they_are_now(casino: Casino) -> None:
    chain(casino)
    casino.change("anna", country="GB")
    casino.segment("new", {"all": [{"in_segment": "base"}, {"vip_level": {"lte": 1}}]})

    casino.apply()

    assert casino.members("new") == {"bert"}
