"""What a segment adds to a run, for people: its conditions, what is read for them; and for programs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segctl.base.timings import Spent
from segctl.model.canonical_rule import window_document
from segctl.model.cost import ConditionCost, Cost, ReadCost
from segctl.model.time import Lifetime
from segctl.model.verdict import Verdict
from segctl.view.figures import counted
from segctl.view.safe import safe
from segctl.view.tree import Said, document, heading
from segctl.view.width import cells, left, right, wrapped

WIDTH = 100
_INDENT = "  "
_FACTS = 5
_DIGITS = 6
_WHOLE = "Where the time of a whole run goes:  segctl refresh --timings"


def cost_text(cost: Cost, said: Said, *, width: int = WIDTH) -> str:
    """The whole screen."""
    declared = " · by what the files declare" if cost.declared else ""
    head = f"{safe(cost.segment)}   {cost.type} · {safe(cost.purpose)}"
    head += f" · beside {counted(cost.others, 'other segment')}{declared}"
    shown = [head, ""]
    if cost.conditions:
        shown += [*_conditions(cost, said, width), ""]
    shown += [*(_INDENT + line for line in wrapped(_sum(cost), width - len(_INDENT)))]
    shown += [f"{_INDENT}{_INDENT}{line}" for line in _reads(cost)]
    shown += [*(_INDENT + line for line in wrapped(_time(cost), width - len(_INDENT)))] if _time(cost) else []
    return "\n".join([*shown, "", _WHOLE]) + "\n"


def cost_data(cost: Cost, said: Said) -> dict[str, Any]:
    """The same. Seconds are null where nothing was measured."""
    return {
        "segment": cost.segment,
        "declared": cost.declared,
        "others": cost.others,
        "facts": cost.facts,
        "own": cost.own,
        "measured": cost.measured,
        "seconds": round(_seconds(cost), _DIGITS) if cost.measured else None,
        "conditions": [_condition(one, said) for one in cost.conditions],
        "reads": [_read(one) for one in cost.reads],
        "query": None if cost.query is None else _spent(cost.query),
    }


def _conditions(cost: Cost, said: Said, width: int) -> Iterator[str]:
    titles = ("facts", "its own", "shared with")
    rows = [(safe(_asked(one, said)), *_numbers(one)) for one in cost.conditions]
    last = max(cells(titles[2]), *(cells(row[3]) for row in rows))
    room = width - len(_INDENT) - _FACTS - len(titles[1]) - last - 3 * len(_INDENT)
    column = min(max(cells(row[0]) for row in rows), room)
    yield f"{_INDENT}{'':<{column}}  {titles[0]}  {titles[1]}  {titles[2]}"
    for text, facts, own, shared in rows:
        first, *more = wrapped(text, column)
        numbers = f"{right(facts, _FACTS)}  {right(own, len(titles[1]))}  {shared}"
        yield f"{_INDENT}{left(first, column)}  {numbers}".rstrip()
        yield from (f"{_INDENT}{_INDENT}{line}" for line in more)


def _numbers(one: ConditionCost) -> tuple[str, str, str]:
    return str(one.facts), str(one.own) if one.own else "", counted(one.sharing, "segment") if one.sharing else ""


def _asked(one: ConditionCost, said: Said) -> str:
    return heading(Verdict(one.place.rule, holds=True), said, one.place.window)


def _sum(cost: Cost) -> str:
    if cost.kept:
        return "Its members are a list or a snapshot, which no run looks at: it adds nothing to a run."
    whole = counted(cost.facts, "fact")
    if not cost.facts:
        return "It asks for no facts; only its own query is run for it:" if cost.query else "It asks for no facts."
    if not cost.own:
        return f"It adds nothing to what is read: it shares all it asks for ({whole}) with others."
    return f"It asks for {whole}; {cost.facts - cost.own:,} it shares, and {cost.own:,} only it needs:"


def _reads(cost: Cost) -> Iterator[str]:
    for one in cost.reads:
        where = "a table that others read too" if one.shared else "a table that nobody else reads"
        took = "" if one.spent is None else f", {counted(one.spent.rows, 'row')}, {_shown(one.spent.seconds)}"
        yield f"{safe(one.table)}: {one.asked}, {counted(one.facts, 'fact')}{took} · {where}"
    if cost.query is not None:
        yield f"its own query, {counted(cost.query.rows, 'row')}, {_shown(cost.query.seconds)}"


def _time(cost: Cost) -> str:
    if not cost.measured:
        return "Nothing was read. Without --estimate it is measured."
    if not cost.reads and cost.query is None:
        return ""
    shared = (
        " A run reads a table once for all, so that there it is less."
        if any(one.shared for one in cost.reads)
        else ""
    )
    return f"Measured now, by reading just that: {_shown(_seconds(cost))}.{shared}"


def _seconds(cost: Cost) -> float:
    spent = [one.spent for one in cost.reads] + [cost.query]
    return sum(one.seconds for one in spent if one is not None)


def _shown(seconds: float) -> str:
    return f"{round(seconds * 1000):,} ms" if seconds < 1 else f"{seconds:,.2f} s"


def _condition(one: ConditionCost, said: Said) -> dict[str, Any]:
    place = one.place
    data: dict[str, Any] = {
        "condition": document(place.rule, said.masked),
        "facts": one.facts,
        "own": one.own,
        "shared_with": one.sharing,
    }
    if not isinstance(place.window, Lifetime):
        data["during"] = window_document(place.window)
    if place.rule.at is not None and place.rule.at.line:
        data |= {"file": place.rule.at.file, "line": place.rule.at.line}
    return data


def _read(one: ReadCost) -> dict[str, Any]:
    data = {"table": one.table, "asked": one.asked, "facts": one.facts, "read_by_others": one.shared}
    return data | ({"rows": None, "seconds": None} if one.spent is None else _spent(one.spent))


def _spent(spent: Spent) -> dict[str, Any]:
    return {"rows": spent.rows, "seconds": round(spent.seconds, _DIGITS)}
