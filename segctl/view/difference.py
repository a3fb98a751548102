"""The structured difference of two rules → lines in plain English. Raw: made safe where it is shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from segctl.base.digest import canonical_json
from segctl.model.operators import TEST_KEYS
from segctl.plan.document import RuleChange
from segctl.view.condition import condition, subject
from segctl.view.english import group_word, heading, outline
from segctl.view.phrase import phrase, predicate
from segctl.view.speech import Speech, values, window

_PRESENCE = {"is_set", "is_empty"}
_SOME = 6  # lists longer than this are told by what came and went


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference. `line` is its place in the file, where it has one."""

    symbol: str
    depth: int
    text: str
    line: int | None = None


def difference(changes: Iterable[RuleChange], speech: Speech) -> list[Line]:
    """The lines of a difference; a group that came or went takes one for each of its conditions."""
    return [line for change in changes for line in _lines(change, speech)]


def changed(before: Mapping[str, Any], after: Mapping[str, Any], speech: Speech) -> str:
    """A condition whose subject stayed, with `old → new` where it differs."""
    ((name, old),) = before.items()
    new = after[name]
    if not isinstance(old, Mapping) or not isinstance(new, Mapping) or _cased(old) != _cased(new):
        return f"{condition(before, speech)} → {condition(after, speech)}"
    was, now = _tests(old), _tests(new)
    if _PRESENCE & (was.keys() | now.keys()):
        return f"{condition(before, speech)} → {condition(after, speech)}"
    if was.keys() == now.keys():
        told = ", ".join(_test(key, was[key], now[key], name, speech) for key in now)
    else:
        told = " → ".join(
            " and ".join(predicate(key, one[key], name, speech) for key in one) for one in (was, now)
        )
    return f"{subject(after, speech)}: {told}" + (", ignoring case" if _cased(new) else "")


def _lines(change: RuleChange, speech: Speech) -> Iterator[Line]:
    before, after = change.before, change.after
    if before is None or after is None:
        for place, (depth, text) in enumerate(outline(after if before is None else before, speech)):
            yield Line(change.symbol, change.depth + depth, text, None if place else change.line)
    elif group_word(after) is not None:
        yield Line(change.symbol, change.depth, f"{_heading(before, after)}:", change.line)
    else:
        yield Line(change.symbol, change.depth, changed(before, after, speech), change.line)


def _heading(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    if before.get("during") == after.get("during"):
        return heading(after)
    old, new = (window(one["during"]) if "during" in one else "no date range" for one in (before, after))
    bare = {key: part for key, part in after.items() if key != "during"}
    return f"{old} → {new}, {heading(bare)}"


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
