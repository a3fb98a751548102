"""An explanation for programs: conditions in canonical form, values as they are, personal ones masked."""

from __future__ import annotations

from typing import Any

from segctl.model.explanation import Explanation, tells_personal
from segctl.model.reasons import Part
from segctl.model.remedy import Obstacle, in_the_way, remedy
from segctl.model.rule import Compare, Group
from segctl.model.verdict import Verdict
from segctl.view.data import fact_data, instant_text
from segctl.view.tree import MASK, document

Data = dict[str, Any]


def explanation_data(one: Explanation, *, reveal: bool = False) -> Data:
    """The same as on the screen. Keys stay, and where there is nothing to tell they are null."""
    masked = frozenset() if reveal else one.personal
    obstacles = [] if one.inside else in_the_way(one.reasons.parts)
    return {
        "segment": one.segment.name,
        "player": one.player,
        "as_of": instant_text(one.clock.as_of),
        "declared": one.declared,
        "in": one.inside,
        "parts": [_part(part, masked, obstacles) for part in one.reasons.parts],
        "would_enter_if": None if one.inside else _would_enter(one, masked),
        "rank": _rank(one),
        "snapshot": _snapshot(one),
        "entered": None if one.entered is None else instant_text(one.entered),
        "state": _state(one),
        "next": _next(one, hidden=tells_personal(one) and not reveal),
    }


def _would_enter(one: Explanation, masked: frozenset[str]) -> list[Data]:
    """The fewest conditions that would have to be otherwise; what rules and guard both ask stands once."""
    found: list[Data] = []
    for each in remedy(one.reasons.parts):
        wanted = _wanted(each, masked)
        if wanted not in found:
            found.append(wanted)
    return found


def _wanted(each: Obstacle, masked: frozenset[str]) -> Data:
    """A condition, or a part of the segment, and the answer that would let the player in."""
    if isinstance(each, Part):
        return {"part": each.word, "holds": True}
    return {"condition": document(each.rule, masked), "holds": not each.holds}


def _part(part: Part, masked: frozenset[str], obstacles: list[Obstacle]) -> Data:
    data: Data = {"part": part.word, "holds": part.holds, "in_the_way": any(part is each for each in obstacles)}
    if part.reason:
        data["reason"] = part.reason
    if part.verdict is not None:
        data["verdict"] = _tree(part.verdict, masked, obstacles)
    return data


def _tree(tree: Verdict, masked: frozenset[str], obstacles: list[Obstacle]) -> Data:
    data: Data = {"holds": tree.holds}
    if tree.rule.at is not None and tree.rule.at.line:
        data |= {"file": tree.rule.at.file, "line": tree.rule.at.line}
    if tree.parts:
        group = isinstance(tree.rule, Group)
        data["group" if group else "rule"] = (
            tree.rule.word if isinstance(tree.rule, Group) else document(tree.rule, masked)["rule"]
        )
        data["parts"] = [_tree(part, masked, obstacles) for part in tree.parts]
        return data
    hidden = isinstance(tree.rule, Compare) and tree.rule.field in masked
    data["condition"] = document(tree.rule, masked)
    data["in_the_way"] = any(tree is each for each in obstacles)
    data["seen"] = [
        {
            "what": seen.what,
            "value": MASK if hidden and seen.value is not None else fact_data(seen.value),
            "passes": seen.passes,
        }
        for seen in tree.seen
    ]
    return data


def _rank(one: Explanation) -> Data | None:
    if one.rank is None:
        return None
    return {"place": one.rank.place, "among": one.rank.among, "lets_in": one.rank.lets_in}


def _snapshot(one: Explanation) -> Data | None:
    if one.snapshot is None:
        return None
    return {"state": one.snapshot.serial, "at": instant_text(one.snapshot.at), "rules_today": one.snapshot.today}


def _state(one: Explanation) -> Data | None:
    held = one.state
    if held is None:
        return None
    since = None if held.since is None else instant_text(held.since)
    return {"in": held.inside, "since": since, "as_of": instant_text(held.as_of)}


def _next(one: Explanation, *, hidden: bool) -> Data | None:
    if one.ahead is None:
        return None
    if hidden:
        return {"at": MASK, "in": not one.ahead.inside, "looked_until": MASK}
    at = None if one.ahead.at is None else instant_text(one.ahead.at)
    inside = one.ahead.inside if at is None else not one.ahead.inside
    return {"at": at, "in": inside, "looked_until": instant_text(one.ahead.until)}
