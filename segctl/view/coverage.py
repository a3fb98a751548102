"""What the tests of segments hold: for people a percentage and the gaps, for programs every check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from segctl.model.canonical import adjustment_document, limit_document
from segctl.model.canonical_rule import duration_text, rule_document, step_document
from segctl.model.covered import Coverage, Covered, Part
from segctl.model.rule import Sequence as Following
from segctl.model.rule import Step
from segctl.model.segment import Adjustment, Guard, Limit, Trigger
from segctl.view.beside import adjustment, limit
from segctl.view.events import one_of
from segctl.view.safe import safe
from segctl.view.speech import Speech, duration
from segctl.view.style import PLAIN, Style, painted
from segctl.view.verdict import asked
from segctl.view.where import clause


def coverage_text(found: Sequence[Coverage], speech: Speech, style: Style = PLAIN) -> str:
    """A line for each segment with its percentage, and below it the gaps: what, where, and what is missing."""
    lines: list[str] = []
    for one in found:
        how = style.added if one.percent == 100 else style.changed
        lines.append(f"{painted(f'{one.percent:>3} %', how)}  {safe(one.segment)}")
        for covered in one.items:
            if not all(covered.checks):
                at = f"{covered.at.file}:{covered.at.line}" if covered.at else ""
                lines.append(f"       {safe(at)}  {safe(_told(covered, speech))}")
                lines.append(f"         {', '.join(_gaps(covered))}")
    return "\n".join(lines)


def coverage_data(one: Coverage) -> dict[str, Any]:
    """One segment for programs. A check that has no meaning for a part is null; players are only counted."""
    return {
        "segment": one.segment,
        "percent": one.percent,
        "conditions": [
            {
                "part": covered.part,
                "condition": _document(covered),
                "file": covered.at.file if covered.at else None,
                "line": covered.at.line if covered.at else None,
                "seen_true": covered.true,
                "seen_false": covered.false,
                "removal_fails": covered.removal,
                "negation_fails": covered.negation,
            }
            for covered in one.items
        ],
    }


def _told(covered: Covered, speech: Speech) -> str:
    match covered.what:
        case Step() as step:
            return _event(covered.part, step, speech)
        case Adjustment() as entry:
            told = adjustment(adjustment_document(entry))
            return f"until {entry.until}" if covered.part == "until" else f"{covered.part}: {told}"
        case Limit() as one:
            return f"limit: {limit(limit_document(one), speech)}"
        case Guard(purpose):
            return f"guard {purpose}"
        case Trigger(stay=time) | Following(within=time) if covered.part in _TIMES and time is not None:
            return f"{_TIMES[covered.part]} {duration(duration_text(time))}"
        case Trigger():
            return covered.part
        case condition:
            return asked(condition, speech)


def _event(part: Part, step: Step, speech: Speech) -> str:
    if part == "where" and step.where is not None:
        return f"{step.events} where {clause(rule_document(step.where), speech.of(step.events))}"
    return f"{_EVENTS.get(part, '')}{one_of(step_document(step), speech)}"


_TIMES: Mapping[str, str] = {"for": "stays", "within": "within"}
_EVENTS: Mapping[str, str] = {"enter": "enters by ", "exit": "leaves by ", "sequence": "sequence: "}


def _gaps(covered: Covered) -> Iterator[str]:
    """The checks that do not hold."""
    seen, unseen = _SEEN.get(covered.part, ("never seen true", "never seen false"))
    turned = "no test fails when" if covered.removal else "nor when"
    said = (
        (covered.true, seen),
        (covered.false, unseen),
        (covered.removal, "no test fails without it"),
        (covered.negation, f"{turned} it is turned round"),
    )
    return (words for holds, words in said if holds is False)


_HAPPENED = ("nobody had it", "everybody had it")
_SEEN: Mapping[str, tuple[str, str]] = {
    "sequence": _HAPPENED,
    "enter": _HAPPENED,
    "exit": _HAPPENED,
    "where": ("true of no event", "false of no event"),
    "within": ("nobody is too slow", ""),
    "for": ("nobody's time runs out", ""),
    "include": ("nobody is in by it", ""),
    "exclude": ("nobody is kept out by it", ""),
    "until": ("nobody is in or out since it is over", ""),
    "limit": ("nobody is cut by it", ""),
    "guard": ("nobody is kept out by it", ""),
}


def _document(covered: Covered) -> dict[str, Any]:
    match covered.what:
        case Step() as step:
            return step_document(step)
        case Adjustment(players) as entry:
            document = adjustment_document(entry)
            if covered.part == "until":
                return {"until": document["until"]}
            return {covered.part: document | ({"players": len(set(players))} if players else {})}
        case Limit() as one:
            return {"limit": limit_document(one)}
        case Guard(purpose):
            return {"guard": purpose}
        case Trigger(stay=time) | Following(within=time) if covered.part in _TIMES and time is not None:
            return {covered.part: duration_text(time)}
        case Trigger():
            return {}
        case condition:
            return rule_document(condition)
