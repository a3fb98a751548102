"""The tree of a verdict as rows: what is asked, what is so, yes or no. Texts are raw."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from segctl.model.canonical_rule import rule_document, window_document
from segctl.model.catalog import Catalog
from segctl.model.evaluate import EVER
from segctl.model.funnel import one_ranged
from segctl.model.rule import (
    Bucket,
    Compare,
    Group,
    Happened,
    InSegment,
    Named,
    Now,
    Rule,
    Sequence,
    WasInSegment,
)
from segctl.model.time import Clock, Duration, Lifetime, Window
from segctl.model.verdict import Seen, Verdict
from segctl.plan.private import PRIVATE
from segctl.view.condition import condition
from segctl.view.speech import Speech, window
from segctl.view.verdict import asked, value

MASK = "***"
_UNMASKED = ("is_set", "is_empty", "in_list")


@dataclass(frozen=True, slots=True)
class Branches:
    """The signs that a tree is drawn with."""

    part: str = "├─ "
    last: str = "└─ "
    through: str = "│  "
    beside: str = "   "


LINES = Branches()
ASCII_LINES = Branches("|- ", "`- ", "|  ")


@dataclass(frozen=True, slots=True)
class Said:
    """How to tell of one player's facts: values of `masked` fields are hidden."""

    speech: Speech
    catalog: Catalog
    clock: Clock
    masked: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A line: `rest` is what stands before its further lines, where the text is too long for one."""

    lead: str
    rest: str
    text: str
    value: str = ""
    holds: bool | None = None
    tree: Verdict | None = None


def rows(
    tree: Verdict, said: Said, lines: Branches, lead: str = "", rest: str = "", during: Window = EVER
) -> Iterator[Row]:
    """A tree, the root first. A range around one condition alone is told in the condition's line."""
    if one_ranged(tree.rule):
        yield from rows(tree.parts[0], said, lines, lead, rest, tree.window)
        return
    yield Row(lead, rest, heading(tree, said, during), saw(tree, said), tree.holds, tree)
    for place, part in enumerate(tree.parts, 1):
        last = place == len(tree.parts)
        yield from rows(
            part,
            said,
            lines,
            rest + (lines.last if last else lines.part),
            rest + (lines.beside if last else lines.through),
        )


def heading(tree: Verdict, said: Said, during: Window = EVER) -> str:
    """A condition in words, or what a group asks of its parts, with the range that no line above has told."""
    match tree.rule:
        case Group(word, _, own, n):
            told = f"at least {n} of" if word == "at_least" else word
            return _within(told, own or during)
        case Named(name):
            return _within(f"rule {name}", during)
        case _:
            return sentence(tree.rule, during, said)


def _within(told: str, during: Window) -> str:
    return told if isinstance(during, Lifetime) else f"{told}, {window(window_document(during))}"


def saw(tree: Verdict, said: Said) -> str:
    """What a condition saw, short."""
    if tree.parts:
        return ""
    told = [(seen.what, fact(seen, tree.rule, said)) for seen in tree.seen]
    if isinstance(tree.rule, InSegment | WasInSegment) and len(told) > 1:
        return ", ".join(seen.what for seen in tree.seen if seen.passes) or "in none of them"
    return told[0][1] if len(told) == 1 else ", ".join(f"{what} {each}" for what, each in told)


def fact(seen: Seen, rule: Rule, said: Said) -> str:
    """One fact: masked, as a distance where the condition asks for one, or as it is."""
    if seen.what in said.masked and isinstance(rule, Compare) and seen.value is not None:
        return MASK
    match rule, seen.value:
        case ((InSegment() | WasInSegment()), bool(inside)):
            return "member" if inside else "not a member"
        case Bucket(), float(share):
            return f"{share:.2f} %"
        case _, datetime() as at if any(isinstance(test.value, Duration) for test in seen.tests):
            return distance(at, said.clock.as_of)
        case _:
            return value(seen, said.speech)


def distance(at: datetime, now: datetime) -> str:
    """How far an instant is away: 5 d 3 h ago, in 20 min."""
    seconds = int(abs((now - at).total_seconds()))
    days, hours, minutes = seconds // 86_400, seconds % 86_400 // 3_600, seconds % 3_600 // 60
    parts = [(days, "d"), (hours, "h"), (minutes, "min")]
    first = next((place for place, (count, _) in enumerate(parts) if count), 2)
    told = " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or f"{seconds} s"
    return f"{told} ago" if at <= now else f"in {told}"


def document(rule: Rule, masked: Collection[str]) -> dict[str, Any]:
    """A condition in canonical form, with what a personal field is compared with taken out."""
    found = rule_document(rule)
    if not isinstance(rule, Compare) or rule.field not in masked:
        return found
    told = {"ignore_case", *_UNMASKED}
    told.update(test.op for test in rule.tests if isinstance(test.value, Duration | Now))
    return {rule.field: {key: part if key in told else {PRIVATE: ""} for key, part in found[rule.field].items()}}


def sentence(rule: Rule, during: Window, said: Said) -> str:
    """A condition in words, with the range that scopes it."""
    if isinstance(rule, Compare) and rule.field in said.masked:
        return condition(document(rule, said.masked), said.speech)
    counts = isinstance(rule, Happened | Sequence) or (
        isinstance(rule, Compare) and rule.field in said.catalog.metrics
    )
    return asked(rule, said.speech, during if counts else None)
