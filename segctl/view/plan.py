"""A plan as a person reads it: what would change, to how many players, and what to type next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from segctl.plan.document import Change, Plan, totals
from segctl.view.change import LONGEST_WHAT, Row, catalog_changes, rows
from segctl.view.columns import Layout, shown_row
from segctl.view.difference import Line, difference
from segctl.view.english import listed
from segctl.view.figures import count, counted, moment, moved, short
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, cut, left, wrapped

WIDTH = 100
_INDENT = 8
_DEEPEST = 12
_LEAST = 30
# Keys that are told with both values, and what stands for a missing one.
_PLAIN_KEYS = {"type": "none", "purpose": "marketing", "title": "none", "owner": "nobody", "protected": False}


def plan_text(plan: Plan, *, then: str = "", style: Style = PLAIN, width: int = WIDTH) -> str:
    """The whole plan. `then` is what stands below the summary: where it was saved, the next command."""
    parts = [header(plan), ""]
    if not plan.empty:
        parts += [*_body(plan, style, width), ""]
    parts.append(summary(plan))
    if then:
        parts.append(then)
    return "\n".join(parts) + "\n"


def header(plan: Plan) -> str:
    """What the plan was made from."""
    commit = plan.commit
    source = f"commit {safe(short(commit.id))} ({'dirty' if commit.dirty else 'clean'})" if commit else "no commit"
    as_of = moment(plan.as_of, seconds=True)
    return f"{safe(plan.environment)} · state {plan.serial} · as of {safe(as_of)} · {source}"


def summary(plan: Plan) -> str:
    """The line that other programs may read; a number that is 0 is left out."""
    if plan.empty:
        return f"No changes. {counted(plan.declared, 'segment is', 'segments are')} as declared."
    sums = totals(plan)
    actions = (
        (sums.create, "create"),
        (sums.update, "update"),
        (sums.replace, "replace"),
        (sums.rename, "rename"),
        (sums.archive, "archive"),
    )
    players = [f"+{count(sums.joining)} joining"] if sums.joining else []
    players += [f"-{count(sums.leaving)} leaving"] if sums.leaving else []
    told = ", ".join(f"{count(number)} to {action}" for number, action in actions if number)
    return f"Plan: {told}." + (f" Players: {', '.join(players)}." if players else "")


def saved(file: str) -> str:
    """What to say below a plan that was saved."""
    return f"Saved {safe(file)}. To do exactly this:  segctl apply {safe(file)}"


def _body(plan: Plan, style: Style, width: int) -> Iterator[str]:
    told = rows(plan.changes, plan.secondary)
    layout = Layout.of(told, width)
    speech = Speech(plan.fields, plan.currency)
    for row in told:
        yield from shown_row(row, layout, style)
        yield from _details(row, speech, style, width)


def _details(row: Row, speech: Speech, style: Style, width: int) -> Iterator[str]:
    """What stands below the line of an object."""
    impact, change = row.impact, row.change
    if impact is not None and (impact.joining_by_time or impact.leaving_by_time):
        yield f"{' ' * _INDENT}of these {moved(impact.joining_by_time, impact.leaving_by_time)} by time"
    if change is None:
        return
    if change.unknown_players:
        number = counted(change.unknown_players, "listed player is", "listed players are")
        yield f"      {painted('!', style.warning)} {number} unknown to the warehouse"
    if change.before is not None and change.after is not None:
        told = _catalog if change.kind == "catalog" else _keys
        yield from told(change.before, change.after, style, width)
        yield from _rules(change, speech, style, width)


def _catalog(before: Mapping[str, Any], after: Mapping[str, Any], _style: Style, width: int) -> Iterator[str]:
    """What differs, if it was too long for the line of the catalog."""
    told = catalog_changes(before, after)
    if len(told) > LONGEST_WHAT:
        yield from (f"{' ' * _INDENT}{line}" for line in wrapped(safe(told), width - _INDENT))


def _keys(before: Mapping[str, Any], after: Mapping[str, Any], style: Style, width: int) -> Iterator[str]:
    """The changed keys whose values are short enough to be told."""
    for told in _values(before, after):
        yield f"      {painted('~', style.changed)} {cut(safe(told), width - _INDENT)}"


def _values(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for key, default in _PLAIN_KEYS.items():
        old, new = before.get(key, default), after.get(key, default)
        if old != new:
            yield f"{key}: {_told(old)} → {_told(new)}"
    old, new = before.get("players"), after.get("players")
    if old is not None and new is not None and old != new:
        numbers = [count(listed(one)) for one in (old, new)]
        others = " others" if numbers[0] == numbers[1] else ""
        yield f"listed players: {' → '.join(numbers)}{others}"


def _told(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _rules(change: Change, speech: Speech, style: Style, width: int) -> Iterator[str]:
    file = safe((change.file or "").rpartition("/")[2])
    for line in difference(change.rules, speech):
        place = f"{file}:{line.line}" if file and line.line else ""
        yield from _rule(line, place, style, width)


def _rule(line: Line, place: str, style: Style, width: int) -> Iterator[str]:
    """A line of the difference, its place at the right. What does not fit goes on below, further in."""
    indent = "  " * min(line.depth, _DEEPEST)
    room = width - _INDENT - len(indent) - (cells(place) + 2 if place else 0)
    text = safe(line.text)
    first, *more = [text] if cells(text) <= room else wrapped(text, max(room, _LEAST))
    how = {"+": style.added, "-": style.removed, "~": style.changed}.get(line.symbol, "")
    symbol = painted(f"      {line.symbol} {indent}", how)
    yield (f"{symbol}{left(first, room)}  {painted(place, style.faint)}" if place else symbol + first).rstrip()
    yield from (f"{' ' * _INDENT}{indent}  {rest}" for rest in more)
