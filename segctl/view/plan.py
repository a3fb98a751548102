"""A plan as a person reads it: what would change, to how many players, and what to type next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from segctl.plan.document import Plan, totals
from segctl.view.change import Row, rows
from segctl.view.columns import Layout, shown_row
from segctl.view.difference import Line, difference
from segctl.view.english import listed_players
from segctl.view.figures import count, counted, moment, moved, short
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import PLAIN, Style, painted
from segctl.view.width import cells, cut, left, wrapped

WIDTH = 100
_INDENT = 8
_PLAIN_KEYS = ("type", "purpose", "title", "owner", "protected")
_UNSET = "none"


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
    if row.impact is not None and (row.impact.joining_by_time or row.impact.leaving_by_time):
        by_time = moved(row.impact.joining_by_time, row.impact.leaving_by_time)
        yield f"{' ' * _INDENT}of these {by_time} by time"
    change = row.change
    if change is None:
        return
    if change.unknown_players:
        number = counted(change.unknown_players, "listed player is", "listed players are")
        yield f"      {painted('!', style.warning)} {number} unknown to the warehouse"
    if change.before is None or change.after is None:
        return
    if change.kind == "segment":
        for key in (*_PLAIN_KEYS, "players"):
            yield from _key(key, change.before.get(key), change.after.get(key), style, width)
    place = safe((change.file or "").rpartition("/")[2])
    for line in difference(change.rules, speech):
        yield from _rule(line, place, style, width)


def _key(key: str, before: Any, after: Any, style: Style, width: int) -> Iterator[str]:
    """A changed key whose values are short enough to be told."""
    if before == after:
        return
    old, new = (_told(key, value) for value in (before, after))
    if old == new:
        new = f"another {new}"
    text = f"{key}  {old} → {new}"
    yield f"      {painted('~', style.changed)} {cut(safe(text), width - _INDENT)}"


def _told(key: str, value: Any) -> str:
    if value is None:
        return {"purpose": "marketing", "protected": "no"}.get(key, _UNSET)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return listed_players(value) if key == "players" else str(value)


def _rule(line: Line, file: str, style: Style, width: int) -> Iterator[str]:
    how = {"+": style.added, "-": style.removed, "~": style.changed}.get(line.symbol, "")
    place = f"{file}:{line.line}" if file and line.line else ""
    indent = "  " * min(line.depth, 12)
    room = width - _INDENT - len(indent)
    text = safe(line.text)
    room_for_text = room - (cells(place) + 2 if place else 0)
    first, *more = [text] if cells(text) <= room_for_text else wrapped(text, max(room_for_text, 30))
    shown = f"      {line.symbol} {indent}"
    tail = painted(place, style.faint)
    yield (painted(shown, how) + (left(first, room_for_text) + "  " + tail if place else first)).rstrip()
    for rest in more:
        yield f"{' ' * _INDENT}{indent}  {rest}"
