"""Named rules and lists are objects of their own: who uses them moves with them."""

from tests.support.casino import Casino, actions, change_of


def rule(casino: Casino, rules: str, name: str = "wealthy") -> None:
    casino.write(f"segments/{name}.yaml", f"kind: Rule\nname: {name}\nrules: {rules}\n")


def values(casino: Casino, text: str, name: str = "dach") -> None:
    casino.write(f"segments/{name}.yaml", f"kind: List\nname: {name}\nvalues: {text}\n")


def test_a_named_rule_stands_where_it_is_used(casino: Casino) -> None:
    rule(casino, "{deposit_amount: {gte: 100}}")
    casino.segment(
        "recent", {"during": {"last": "30d"}, "all": [{"rule": "wealthy"}, {"country": {"is_set": True}}]}
    )
    casino.segment("ever", {"rule": "wealthy"})
    casino.apply()

    assert casino.members("recent") == {"bert", "hugo"}
    assert casino.members("ever") == {"anna", "bert", "gwen", "hugo"}


def test_an_edited_rule_moves_who_uses_it_also_through_others(casino: Casino) -> None:
    rule(casino, "{deposit_amount: {gte: 100}}")
    rule(casino, "{all: [{rule: wealthy}, {country: DE}]}", "wealthy-german")
    casino.segment("direct", {"rule": "wealthy"})
    casino.segment("through", {"rule": "wealthy-german"})
    casino.segment("other", {"country": "IT"})
    casino.segment("above", {"in_segment": "direct"})
    casino.apply()
    rule(casino, "{deposit_amount: {gte: 400}}")

    plan = casino.apply()

    assert actions(plan) == {"rule.wealthy": ("update",)}
    assert {one.name: one.because for one in plan.secondary} == {
        "above": ("segment.direct",),
        "direct": ("rule.wealthy",),
        "through": ("rule.wealthy",),
    }
    assert casino.members("direct") == casino.members("above") == {"bert", "gwen"}
    assert casino.causes("direct") == {"definition": (0, 2)}
    assert casino.causes("above") == {"dependency": (0, 2)}
    assert casino.plan().empty


def test_an_edited_list_is_the_cause(casino: Casino) -> None:
    values(casino, "[DE]")
    casino.segment("local", {"country": {"in_list": "dach"}})
    casino.segment("once", {"country": {"in_list": "dach"}}, type="static")
    casino.apply()
    values(casino, "[DE, IT]")

    plan = casino.apply()

    assert actions(plan) == {"list.dach": ("update",)}
    assert casino.members("local") == {"anna", "bert", "cara", "dora", "hugo", "ines"}
    assert casino.causes("local") == {"list": (2, 0)}
    assert casino.members("once") == {"anna", "bert", "cara", "dora"}


def test_a_refresh_goes_by_the_deployed_rule(casino: Casino) -> None:
    rule(casino, "{deposit_amount: {gte: 100}}")
    casino.segment("direct", {"rule": "wealthy"})
    casino.apply()
    rule(casino, "{deposit_amount: {gte: 400}}")
    casino.later(days=1)
    casino.deposit("dora", 100)

    casino.refresh()

    assert casino.members("direct") == {"anna", "bert", "dora", "gwen", "hugo"}
    assert casino.causes("direct") == {"data": (1, 0)}


def test_personal_values_of_a_list_stay_out_of_the_plan(casino: Casino) -> None:
    values(casino, "[anna@example.com, hugo@example.com]", "friends")
    casino.segment("friends-of-us", {"email": {"in_list": "friends"}})

    plan = casino.apply()
    casino.later(days=1)
    casino.refresh()

    assert "anna@example.com" not in str(change_of(plan, "friends").after)
    assert casino.members("friends-of-us") == {"anna", "hugo"}
    assert casino.plan().empty


def test_a_changed_rule_tells_the_line_of_what_changed(casino: Casino) -> None:
    rule(casino, "\n  all:\n    - deposit_amount: {gte: 100}\n    - country: DE")
    casino.segment("direct", {"rule": "wealthy"})
    casino.apply()
    rule(casino, "\n  all:\n    - deposit_amount: {gte: 400}\n    - country: DE")

    change = change_of(casino.plan(), "wealthy")

    assert change.file == "segments/wealthy.yaml"
    assert [one.line for one in change.rules if one.symbol == "~"] == [5]
