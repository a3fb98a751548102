"""How many players are left after each condition, for people: a tree with numbers and bars; and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from segctl.model.canonical_rule import window_document
from segctl.model.evaluate import EVER
from segctl.model.funnel import Funnel, Place, Step, costliest
from segctl.model.rule import Group
from segctl.model.time import Lifetime
from segctl.model.verdict import Verdict
from segctl.view import figures
from segctl.view.data import instant_text
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style, painted
from segctl.view.tree import LINES, Branches, Said, document, heading
from segctl.view.width import cells, left, right, wrapped

WIDTH = 100
_BAR, _LEAST_TEXT = 20, 24
_INDENT = "  "
_STARTS = {
    "dynamic": "all players",
    "static": "all players",
    "players": "in its list",
    "triggered": "let in by events",
    "sql": "returned by its query",
}
_WORDS = {"include": "or included", "exclude": "and not excluded", "scope": "scope", "limit": "limit"}


def attrition_text(
    funnel: Funnel,
    said: Said,
    *,
    lines: Branches = LINES,
    width: int = WIDTH,
    style: Style = PLAIN,
) -> str:
    """The whole screen."""
    as_of = figures.moment(said.clock.as_of)
    declared = " · by what the files declare" if funnel.declared else ""
    head = f"{safe(funnel.segment)}   {funnel.type} · {safe(funnel.purpose)} · as of {as_of}{declared}"
    told = list(zip(funnel.steps, _leads(funnel.steps, lines), strict=True))
    numbers = max(len(figures.count(max(funnel.players, 1))), len("alone"))
    room = width - len(_INDENT) - 2 * (numbers + 2) - _BAR - 2
    texts = [(lead, rest, _text(step, funnel, said)) for step, (lead, rest) in told]
    column = min(max(cells(lead) + cells(text) for lead, _, text in texts), max(room, _LEAST_TEXT))
    titles = f"{_INDENT}{'':<{column}}  {right('alone', numbers)}  {right('left', numbers)}"
    shown = [head, "", painted(titles, style.strong)]
    for (step, _), (lead, rest, text) in zip(told, texts, strict=True):
        first, *more = wrapped(text, max(column - cells(lead), 12))
        alone, after = ("" if one is None else figures.count(one) for one in (step.alone, step.left))
        bar = "" if step.left is None else _bar(step.left, funnel, lines)
        line = f"{_INDENT}{left(lead + first, column)}  {right(alone, numbers)}  {right(after, numbers)}  {bar}"
        shown.append(line.rstrip())
        shown += [f"{_INDENT}{rest}{one}".rstrip() for one in more]
    hint = _hint(funnel, said)
    shown += ["", *(_INDENT + line for line in wrapped(hint, width - 2))] if hint else []
    return "\n".join(shown) + "\n"


def attrition_data(funnel: Funnel, said: Said) -> dict[str, Any]:
    """The same for programs. `left` is null where a line does not narrow by itself."""
    as_of: datetime = said.clock.as_of
    return {
        "segment": funnel.segment,
        "declared": funnel.declared,
        "as_of": instant_text(as_of),
        "players": funnel.players,
        "members": funnel.members,
        "steps": [_step(step, said) for step in funnel.steps],
    }


def _step(step: Step, said: Said) -> dict[str, Any]:
    data: dict[str, Any] = {"step": step.word, "depth": step.depth, "alone": step.alone, "left": step.left}
    if step.place is None:
        return data
    rule = step.place.rule
    if isinstance(rule, Group):
        data["group"] = rule.word
    else:
        data["condition"] = document(rule, said.masked)
    if not isinstance(step.place.window, Lifetime):
        data["during"] = window_document(step.place.window)
    if rule.at is not None and rule.at.line:
        data |= {"file": rule.at.file, "line": rule.at.line}
    return data


def _leads(steps: Sequence[Step], lines: Branches) -> Iterator[tuple[str, str]]:
    """What stands before each line's text, and before its further lines."""
    for place, step in enumerate(steps):
        if step.place is None or not step.depth:
            yield "", ""
            continue
        through = "".join(
            lines.through if _goes_on(steps, place, depth) else lines.beside for depth in range(1, step.depth)
        )
        goes_on = _goes_on(steps, place, step.depth)
        yield (
            through + (lines.part if goes_on else lines.last),
            through + (lines.through if goes_on else lines.beside),
        )


def _goes_on(steps: Sequence[Step], place: int, depth: int) -> bool:
    """Does another line of this depth follow, before one that stands less deep?"""
    for step in steps[place + 1 :]:
        if step.place is None or step.depth < depth:
            return False
        if step.depth == depth:
            return True
    return False


def _text(step: Step, funnel: Funnel, said: Said) -> str:
    if step.place is not None:
        return safe(_asked(step.place, said))
    match step.word:
        case "start":
            return "in its snapshot" if funnel.kept else _STARTS[funnel.type]
        case "guard":
            return safe(f"guard {funnel.purpose}")
        case "result":
            return "members"
        case _:
            return _WORDS[step.word]


def _asked(place: Place, said: Said) -> str:
    return heading(Verdict(place.rule, holds=True), said, place.window if place.ranged else EVER)


def _bar(count: int, funnel: Funnel, lines: Branches) -> str:
    """Its share of all players; who is left is seen, however few."""
    whole = max(funnel.players, 1)
    length = min(_BAR, round(_BAR * count / whole))
    sign = "█" if lines is LINES else "#"
    return sign * max(length, 1 if count else 0)


def _hint(funnel: Funnel, said: Said) -> str:
    found = costliest(funnel)
    if found is None or found.place is None or found.alone is None:
        return ""
    share = figures.number(round(100 * found.alone / max(funnel.players, 1), 1))
    text = _asked(found.place, said)
    return safe(f"Costs most: {text}. Alone it leaves {found.alone:,} of {funnel.players:,} players ({share} %).")
