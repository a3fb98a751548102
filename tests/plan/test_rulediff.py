"""The difference of two rules: what is one line, and laws that hold for any two."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segctl.base.digest import canonical_json
from segctl.model.parts import conditions, group_word, ordered, parts
from segctl.plan.rulediff import rule_changes

BETS = {"event": "bets", "where": {"provider": {"eq": "studio_x"}}}


def diff(before, after):
    return rule_changes(before, after, lambda _: None)


def signs(before, after):
    return [(change.symbol, change.before, change.after) for change in diff({"all": before}, {"all": after})[1:]]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({**BETS, "count": {"gte": 3}}, {**BETS, "count": {"gte": 5}}),
        (BETS, {**BETS, "count": {"eq": 0}}),
        ({**BETS, "sum": {"stake": {"gte": 5}}}, {**BETS, "count": {"gte": 5}}),
        ({**BETS, "during": {"last": "30d"}}, {**BETS, "during": {"last": "60d"}}),
        ({"event": "bets", "count": {"eq": 0}}, {**BETS, "count": {"eq": 0}}),
        ({"sequence": [BETS, BETS], "within": "1h"}, {"sequence": [BETS, BETS], "within": "2h"}),
        ({"bucket": {"salt": "a", "percent": [0, 10]}}, {"bucket": {"salt": "a", "percent": [0, 20]}}),
        ({"in_segment": "vip"}, {"in_segment": {"segment": "vip", "since": {"older_than": "30d"}}}),
        ({"in_segment": "vip"}, {"in_segment": ["vip", "whales"]}),
        ({"was_in_segment": {"segment": "vip"}}, {"was_in_segment": {"segment": "vip", "during": {"last": "7d"}}}),
        ({"country": {"in_list": "dach"}}, {"country": {"in_list": "nordics"}}),
    ],
)
def test_what_speaks_of_the_same_is_one_line(old, new) -> None:
    rest = [{"age": {"gte": 18}}, {"event": "sessions"}]

    assert signs([old, *rest], [*rest, new]) == [("~", old, new)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BETS, {"event": "payments"}),
        ({"event": "bets", "count": {"eq": 0}}, {**BETS, "count": {"gte": 3}}),
        ({"bucket": {"salt": "a", "percent": [0, 10]}}, {"bucket": {"salt": "b", "percent": [0, 10]}}),
        ({"in_segment": "vip"}, {"in_segment": "whales"}),
        ({"in_segment": "vip"}, {"was_in_segment": {"segment": "vip"}}),
        ({"sequence": [BETS, BETS]}, {"sequence": [BETS, {"event": "payments"}]}),
        ({"rule": "active"}, {"rule": "loyal"}),
    ],
)
def test_what_speaks_of_something_else_came_and_went(old, new) -> None:
    assert sorted(signs([old, {"age": {"gte": 18}}], [new, {"age": {"gte": 18}}]), key=str) == [
        ("+", None, new),
        ("-", old, None),
    ]


def test_the_nearer_condition_is_the_partner() -> None:
    slots, wheel = (
        {"event": "bets", "where": {"game": {"eq": game}}, "count": {"gte": 3}} for game in ("slots", "wheel")
    )
    more = {**wheel, "count": {"gte": 5}}

    assert signs([slots, wheel], [more, {"age": {"gte": 18}}]) == [
        ("+", None, {"age": {"gte": 18}}),
        ("~", wheel, more),
        ("-", slots, None),
    ]


def test_a_changed_number_is_on_the_line_of_the_group() -> None:
    below = [{"age": {"gte": 18}}, {"rule": "active"}, BETS]

    told = diff({"at_least": {"n": 2, "of": below}}, {"at_least": {"n": 3, "of": [*below, {"rule": "loyal"}]}})

    assert [(change.symbol, change.depth, change.before, change.after) for change in told] == [
        ("~", 0, {"at_least": {"n": 2, "of": []}}, {"at_least": {"n": 3, "of": []}}),
        ("+", 1, None, {"rule": "loyal"}),
    ]


def test_a_repeated_condition_that_went_is_told() -> None:
    assert signs([BETS, BETS], [BETS]) == [("-", BETS, None)]


NUMBERS = st.integers(1, 3)
RANGES = st.sampled_from([{}, {"during": {"last": "30d"}}, {"during": {"last": "7d"}}])
WHERES = st.sampled_from(
    [{}, {"where": {"provider": {"eq": "x"}}}, {"where": {"all": [{"team": {"eq": "a"}}, {"stake": {"gt": 1}}]}}]
)
CONDITIONS = st.one_of(
    st.builds(lambda name, n: {name: {"gte": n}}, st.sampled_from(["age", "vip_level"]), NUMBERS),
    st.builds(lambda where, n, during: {"event": "bets", **where, "count": {"gte": n}, **during}, WHERES, NUMBERS, RANGES),
    st.builds(lambda where: {"event": "payments", **where}, WHERES),
    st.builds(lambda n: {"sequence": [{"event": "a"}, {"event": "b"}], "within": f"{n}h"}, NUMBERS),
    st.builds(lambda salt, n: {"bucket": {"salt": salt, "percent": [0, n]}}, st.sampled_from("ab"), NUMBERS),
    st.builds(lambda names: {"in_segment": sorted(names)}, st.sets(st.sampled_from("abc"), min_size=1)),
    st.builds(lambda name, n: {"in_segment": {"segment": name, "since": {"older_than": f"{n}d"}}}, st.sampled_from("ab"), NUMBERS),
    st.builds(lambda name, during: {"was_in_segment": {"segment": name, **during}}, st.sampled_from("ab"), RANGES),
    st.builds(lambda name: {"rule": name}, st.sampled_from("ab")),
)  # fmt: skip


def _groups(below):
    some = st.lists(below, min_size=1, max_size=4)
    return st.one_of(
        st.builds(lambda word, rules, during: {word: rules, **during}, st.sampled_from(["all", "any", "none"]), some, RANGES),
        st.builds(lambda n, rules, during: {"at_least": {"n": n, "of": rules}, **during}, NUMBERS, some, RANGES),
    )  # fmt: skip


RULES = st.recursive(CONDITIONS, _groups, max_leaves=12).map(ordered)


def _turned(rule):
    """The rule with everything below its groups the other way round."""
    word = group_word(rule)
    if word is None:
        return rule
    below = [_turned(part) for part in reversed(parts(rule))]
    return {**rule, word: {**rule[word], "of": below} if word == "at_least" else below}


def _mentioned(changes, side):
    """The conditions on one side of the lines that are marked."""
    marked = [getattr(change, side) for change in changes if change.symbol != " "]
    return Counter(canonical_json(one) for rule in marked if rule is not None for one in conditions(rule))


@given(RULES)
def test_nothing_differs_from_itself_in_any_order(rule) -> None:
    assert diff(rule, rule) == ()
    assert diff(rule, _turned(rule)) == ()


@given(RULES, RULES)
def test_each_condition_that_differs_is_told_once(before, after) -> None:
    told = diff(before, after)

    kept = []
    for rule, side in ((before, "before"), (after, "after")):
        everything = Counter(canonical_json(one) for one in conditions(rule))
        assert _mentioned(told, side) <= everything
        kept.append(everything - _mentioned(told, side))
    assert kept[0] == kept[1]


@given(RULES, RULES)
def test_the_other_way_round_the_sides_are_exchanged(before, after) -> None:
    exchanged = {"+": "-", "-": "+"}
    forth, back = diff(before, after), diff(after, before)

    assert Counter((change.symbol, change.depth, canonical_json([change.before, change.after])) for change in forth) == Counter(
        (exchanged.get(change.symbol, change.symbol), change.depth, canonical_json([change.after, change.before]))
        for change in back
    )  # fmt: skip
