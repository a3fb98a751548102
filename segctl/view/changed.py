"""A condition or a group whose subject stayed → one line of plain English, with old → new. Raw text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.model.parts import head
from segctl.view.compared import subject
from segctl.view.condition import condition
from segctl.view.english import heading
from segctl.view.events import facets, sequence
from segctl.view.membership import joined, names, part_of
from segctl.view.nouns import either
from segctl.view.phrase import phrase, predicate
from segctl.view.speech import Speech, duration, values, window
from segctl.view.where import events

Rule = Mapping[str, Any]

_NOTHING = {"date range": "no"}
_PRESENCE = {"is_set", "is_empty"}
_SOME = 6  # lists longer than this are told by what came and went


def changed(before: Rule, after: Rule, speech: Speech) -> str:
    """A condition whose subject stayed, with `old → new` where it differs."""
    name = head(after)
    told = ""
    if head(before) == name:
        match name:
            case "event":
                told = _event(before, after, speech)
            case "sequence":
                told = _sequence(before, after, speech)
            case "bucket":
                told = _bucket(before[name], after[name])
            case "in_segment":
                told = _since(before, after)
            case "was_in_segment" | "rule":
                pass
            case _:
                told = _field(name, before[name], after[name], speech)
    return told or f"{condition(before, speech)} → {condition(after, speech)}"


def changed_heading(before: Rule, after: Rule) -> str:
    """A group whose range or number changed: at least 2 of → at least 3 of."""
    ranges = [window(one["during"]) if "during" in one else "no date range" for one in (before, after)]
    same = before.get("during") == after.get("during")
    between = (ranges[1] if "during" in after else "") if same else " → ".join(ranges)
    words = [heading({key: part for key, part in one.items() if key != "during"}) for one in (before, after)]
    said = words[1] if words[0] == words[1] else " → ".join(words)
    return f"{between}, {said}" if between else said


def _event(before: Rule, after: Rule, speech: Speech) -> str:
    told = events(after, speech)
    if told != events(before, speech):
        return ""
    old, new = facets(before, speech), facets(after, speech)
    parts = {**old, **new}
    said = ", ".join(
        _arrow(old.get(key, ""), new.get(key, ""), f"{_NOTHING.get(key, 'any')} {key}") for key in parts
    )
    return f"{told.said(told.many)}: {said}"


def _sequence(before: Rule, after: Rule, speech: Speech) -> str:
    if before["sequence"] != after["sequence"]:
        return ""
    spans = [f"within {duration(one['within'])}" if "within" in one else "" for one in (before, after)]
    told = sequence({"sequence": after["sequence"]}, speech)
    return f"{told}: {_arrow(spans[0], spans[1], 'in any time')}"


def _bucket(before: Rule, after: Rule) -> str:
    if before.get("salt") != after.get("salt"):
        return ""
    return f"split {after.get('salt')}: {_arrow(part_of(before), part_of(after))}"


def _since(before: Rule, after: Rule) -> str:
    old, new = before["in_segment"], after["in_segment"]
    if not (isinstance(old, Mapping) and isinstance(new, Mapping) and old["segment"] == new["segment"]):
        return ""
    told = f"in segment {either(names(new))}"
    return f"{told}, joined: {_arrow(joined(old['since']), joined(new['since']))}"


def _arrow(old: str, new: str, nothing: str = "") -> str:
    return new if old == new else f"{old or nothing} → {new or nothing}"


def _field(name: str, old: Any, new: Any, speech: Speech) -> str:
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or _cased(old) != _cased(new):
        return ""
    was, now = _tests(old), _tests(new)
    if _PRESENCE & (was.keys() | now.keys()):
        return ""
    if was.keys() == now.keys():
        told = ", ".join(_test(key, was[key], now[key], name, speech) for key in now)
    else:
        told = " → ".join(
            " and ".join(predicate(key, one[key], name, speech) for key in one) for one in (was, now)
        )
    return f"{subject(name, new, speech)}: {told}" + (", ignoring case" if _cased(new) else "")


def _test(key: str, before: Any, after: Any, name: str, speech: Speech) -> str:
    if canonical_json(before) == canonical_json(after):
        return predicate(key, after, name, speech)
    words, told = phrase(key, after, name, speech)
    if isinstance(before, list) and isinstance(after, list) and max(len(before), len(after)) > _SOME:
        return f"{words} {_moves(before, after, name, speech)}"
    old_words, was = phrase(key, before, name, speech)
    if old_words != words:  # a list of one value is said as that value
        return f"{old_words} {was} → {words} {told}"
    # private values look alike
    return f"{words} {was} → {'another' if was == told else told}".lstrip()


def _moves(before: Sequence[Any], after: Sequence[Any], name: str, speech: Speech) -> str:
    came = [value for value in after if value not in before]
    went = [value for value in before if value not in after]
    told = [f"{len(after):,} values"]
    told += [f"+ {values(came, name, speech)}"] if came else []
    told += [f"\u2212 {values(went, name, speech)}"] if went else []
    return ", ".join(told)


def _tests(operand: Mapping[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in operand.items() if key in TEST_KEYS and key != "ignore_case"}


def _cased(operand: Mapping[str, Any]) -> bool:
    return operand.get("ignore_case") is True
