"""Shows that formulas cannot have certain values together, going through alternatives one by one. Pure.

`known.py` looks at each formula by itself and forgets which alternative it was; here nothing is forgotten, within
a bounded number of steps. "No" means "not shown".
"""

from __future__ import annotations

from collections.abc import Sequence

from segctl.lint.formula import Cosmos, Formula, Leaf
from segctl.lint.known import NOTHING, Known, assumed

Claim = tuple[Formula, bool]
_MOST_STEPS = 2_000


def implies(one: Formula, other: Formula, cosmos: Cosmos) -> bool:
    """Is the other certainly true wherever the one is?"""
    return _refuted([(one, True), (other, False)], NOTHING, cosmos, [_MOST_STEPS])


def _refuted(claims: Sequence[Claim], known: Known, cosmos: Cosmos, left: list[int]) -> bool:
    """Spends one of the steps that are `left`."""
    left[0] -= 1
    if left[0] < 0:
        return False
    open_claims = _taken_apart(claims)
    narrowed = _narrowed([*open_claims, *open_claims], known, cosmos)
    if narrowed is None:
        return True
    unsettled = [claim for claim in open_claims if not _settled(claim, narrowed, cosmos)]
    choices = [(claim, ways) for claim in unsettled if (ways := _ways(*claim))]
    if not choices:
        return False
    fewest, ways = min(choices, key=lambda choice: len(choice[1]))
    rest = [claim for claim in open_claims if claim is not fewest]
    return all(_refuted([*rest, way], narrowed, cosmos, left) for way in ways)


def _narrowed(claims: Sequence[Claim], known: Known, cosmos: Cosmos) -> Known | None:
    narrowed: Known | None = known
    for made, value in claims:
        narrowed = None if narrowed is None else assumed(made, narrowed, cosmos, value=value)
    return narrowed


def _taken_apart(claims: Sequence[Claim]) -> list[Claim]:
    """Groups whose every part has to have a value become their parts."""
    found: list[Claim] = []
    for made, value in claims:
        if isinstance(made, Leaf) or (made.word, value) not in (("all", True), ("any", False), ("none", True)):
            found.append((made, value))
        else:
            found += _taken_apart([(part, made.word == "all") for part in made.parts])
    return found


def _ways(made: Formula, value: bool) -> list[Claim]:  # noqa: FBT001 - the value of a claim
    """The alternatives of a group of which one part has to have a value; none for others."""
    if isinstance(made, Leaf) or (made.word, value) not in (("all", False), ("any", True), ("none", False)):
        return []
    return [(part, made.word != "all") for part in made.parts]


def _settled(claim: Claim, known: Known, cosmos: Cosmos) -> bool:
    """Does it follow from what is known already?"""
    made, value = claim
    return assumed(made, known, cosmos, value=not value) is None
