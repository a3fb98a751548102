"""What would let a player in: it does, and nothing smaller would; held to trying every set of conditions."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from segctl.model.comparison import combined
from segctl.model.reasons import Part
from segctl.model.remedy import in_the_way, remedy
from segctl.model.rule import Bucket, Group, GroupWord, Named
from segctl.model.verdict import Verdict, conditions

LEAF = Bucket("x", 0, 50)


def leaf(*, holds: bool) -> Verdict:
    return Verdict(LEAF, holds)


def group(word: GroupWord, parts: list[Verdict], n: int) -> Verdict:
    n = min(n, len(parts))
    rules = tuple(part.rule for part in parts)
    return Verdict(Group(word, rules, n=n), combined(word, (part.holds for part in parts), n), parts=tuple(parts))


def named(inner: Verdict) -> Verdict:
    return Verdict(Named("other"), inner.holds, parts=(inner,))


def trees() -> st.SearchStrategy[Verdict]:
    leaves = st.booleans().map(lambda holds: leaf(holds=holds))
    words = st.sampled_from(("all", "any", "none", "at_least"))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(group, words, st.lists(inner, min_size=1, max_size=3), st.integers(1, 3)), inner.map(named)
        ),
        max_leaves=6,
    )


def turned(tree: Verdict, changed: Iterable[Verdict]) -> bool:
    """What a tree says with some conditions the other way round."""
    if not tree.parts:
        return tree.holds != any(tree is one for one in changed)
    answers = (turned(part, changed) for part in tree.parts)
    return combined(tree.rule.word, answers, tree.rule.n) if isinstance(tree.rule, Group) else next(answers)


def lets_in(parts: list[Part], changed: Iterable[Verdict]) -> bool:
    return all(turned(part.verdict, changed) for part in parts if part.verdict is not None)


@given(st.lists(trees(), min_size=1, max_size=2))
def test_a_remedy_lets_in_and_nothing_smaller_does(found: list[Verdict]) -> None:
    parts = [Part("rules", tree.holds, tree) for tree in found]
    every = [each for tree in found for each in conditions(tree)]
    needed = [each for each in remedy(parts) if isinstance(each, Verdict)]

    assert lets_in(parts, needed)
    for count in range(len(needed)):
        assert not any(lets_in(parts, some) for some in combinations(every, count))


@given(st.lists(trees(), min_size=1, max_size=2))
def test_what_is_alone_in_the_way_is_each_condition_that_would_be_enough(found: list[Verdict]) -> None:
    parts = [Part("rules", tree.holds, tree) for tree in found]
    every = [each for tree in found for each in conditions(tree)]
    enough = [each for each in every if lets_in(parts, [each])]

    assert all(part.holds for part in parts) or [id(one) for one in in_the_way(parts)] == [
        id(one) for one in enough
    ]


def test_a_part_without_conditions_is_a_remedy_itself() -> None:
    out, no = Part("exclude", holds=False), leaf(holds=False)

    assert remedy([out, Part("rules", no.holds, no)]) == (out, no)
    assert in_the_way([out, Part("rules", no.holds, no)]) == []
    assert in_the_way([out]) == [out]
