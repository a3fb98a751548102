"""Segment tests as they went, for people: a line for each, below it what failed and why, and one last line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segctl.model.reasons import Part, Reasons
from segctl.model.tried import Failure, Tally, Tried
from segctl.model.verdict import Verdict, deciding
from segctl.view.figures import counted, elapsed, moment
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.verdict import answered, asked

_MOST_REASONS = 12
_UNTESTED_SHOWN = 5
# A document that begins here is the first of its file.
_FIRST_LINES = 3


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands before a test that passed, and before one that failed."""

    passed: str = "✓"
    failed: str = "✗"


ASCII = Marks("ok  ", "FAIL")


def tried_text(run: Tally, speech: Speech, *, seconds: float, marks: Marks, style: Style = PLAIN) -> str:
    """All tests, and the last line."""
    lines = [line for one in run.tried for line in _test(one, speech, marks, style)]
    return "\n".join([*lines, *([""] if lines else []), last_line(run, seconds)])


def last_line(run: Tally, seconds: float) -> str:
    """12 tests: 11 passed, 1 failed (34 expectations) in 0.4 s. 3 of 28 segments have no test."""
    failed = sum(not one.passed for one in run.tried)
    expectations = counted(sum(one.expectations for one in run.tried), "expectation")
    said = [f"{len(run.tried) - failed:,} passed"] + ([f"{failed:,} failed"] if failed else [])
    line = f"{counted(len(run.tried), 'test')}: {', '.join(said)} ({expectations}) in {elapsed(seconds)}."
    return f"{line} {untested(run)}" if run.untested else line


def untested(run: Tally) -> str:
    """How many segments no test names, and which, if they are few."""
    names, whole = run.untested, len(run.stage.segments)
    named = f": {', '.join(names)}" if len(names) <= _UNTESTED_SHOWN else ""
    verb = "has" if len(names) == 1 else "have"
    return f"{len(names):,} of {counted(whole, 'segment')} {verb} no test{named}."


def _test(one: Tried, speech: Speech, marks: Marks, style: Style) -> Iterator[str]:
    mark = painted(marks.passed, style.added) if one.passed else painted(marks.failed, style.removed)
    place = (
        one.test.file if one.test.at is None or one.test.at.line <= 3 else f"{one.test.file}:{one.test.at.line}"
    )
    about = f" · {one.test.title}" if one.test.title else ""
    yield f"{mark} {safe(f'{place}  {one.test.segment}{about}')}  {painted(_score(one), style.faint)}"
    yield from failure_lines(one, speech)


def failure_lines(one: Tried, speech: Speech) -> Iterator[str]:
    """What failed in a test, and why."""
    for failure in one.failures:
        yield from _failure(failure, speech)
    for discord in one.discords:
        yield f"    {moment(discord.as_of)}  {safe(', '.join(discord.players))}: the oracle and DuckDB disagree."
        yield "      This is a bug in segctl, not your mistake; please report it with this test."


def _score(one: Tried) -> str:
    if not one.failures:
        return counted(one.expectations, "expectation")
    return f"{len(one.failures):,} of {counted(one.expectations, 'expectation')} failed"


def _failure(failure: Failure, speech: Speech) -> Iterator[str]:
    who = f"{failure.player} " if failure.player else "members "
    place = f"  ({failure.place.file}:{failure.place.line})" if failure.place else ""
    said = f"{moment(failure.as_of)}  {who}expected {failure.expected}, got {failure.got}{place}"
    yield f"    {safe(said)}"
    if failure.why is not None:
        yield from _reasons(failure.why, speech)


def _reasons(why: Reasons, speech: Speech) -> Iterator[str]:
    """What decided: of a player who is in, all that let them in; of one who is out, what keeps them out."""
    lines = [line for part in why.parts if part.holds == why.inside for line in _part(part, speech)]
    yield from (f"      {safe(line)}" for line in lines[:_MOST_REASONS])
    if len(lines) > _MOST_REASONS:
        yield f"      … and {len(lines) - _MOST_REASONS:,} more"


def _part(part: Part, speech: Speech) -> Iterator[str]:
    if part.verdict is None:
        yield _PARTS[part.word][part.holds] + (f" ({part.reason})" if part.reason else "")
        return
    for tree in deciding(part.verdict):
        yield f"{'' if part.word == 'rules' else f'{part.word}: '}{_condition(tree, speech)}"


_PARTS = {
    "snapshot": ("not in the snapshot", "in the snapshot"),
    "candidates": ("not in the list, the rows or by an event", "in the list, the rows or by an event"),
    "rules": ("unknown to the warehouse", "rules"),
    "include": ("not included", "included"),
    "exclude": ("excluded", "not excluded"),
    "guard": ("guard: unknown to the warehouse", "guard"),
    "scope": ("scope: unknown to the warehouse", "scope"),
    "limit": ("ranked behind the limit", "within the limit"),
}


def _condition(tree: Verdict, speech: Speech) -> str:
    at = tree.rule.at
    place = f"  ({at.file}:{at.line})" if at is not None else ""
    saw, holds = answered(tree, speech), "yes" if tree.holds else "no"
    return f"{asked(tree.rule, speech, tree.window)}: {f'{saw} → {holds}' if saw else holds}{place}"
