"""What stands below the line of an object in a plan: what to look out for, and what differs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from segctl.plan.document import Change, Outside, RuleChange
from segctl.view.change import LONGEST_WHAT, Row, catalog_changes
from segctl.view.difference import Line, difference
from segctl.view.figures import counted, moment, moved, short
from segctl.view.keys import Told, created, moves, risk
from segctl.view.safe import safe
from segctl.view.speech import Speech
from segctl.view.style import Style, painted
from segctl.view.width import cells, cut, left, wrapped

_INDENT = 8
_DEEPEST = 12
_LEAST = 30
_MOST_LINES = 2  # of a text that is told on one line where it fits


def details(row: Row, speech: Speech, style: Style, width: int, *, in_full: bool = True) -> Iterator[str]:
    """The lines below an object; `in_full` tells the rules of new segments too."""
    impact, change = row.impact, row.change
    if impact is not None and (impact.joining_by_time or impact.leaving_by_time):
        yield f"{' ' * _INDENT}of these {moved(impact.joining_by_time, impact.leaving_by_time)} by time"
    if change is None:
        return
    for symbol, text in (*_warnings(change), *_parts(change, speech)):
        yield from _told(symbol, text, style, width)
    if change.kind == "catalog":
        yield from _catalog(change, width)
    file = safe((change.file or "").rpartition("/")[2])
    for line in difference(_rules(change, in_full=in_full), speech):
        place = f"{file}:{line.line}" if file and line.line else ""
        yield from _rule(line, place, style, width)


def _warnings(change: Change) -> Iterator[Told]:
    if change.kind == "guard":
        yield "!", risk(change)
    if change.outside is not None:
        yield "!", _outside(change.outside)
    if change.unknown_players:
        number = counted(change.unknown_players, "listed player is", "listed players are")
        yield "!", f"{number} unknown to the warehouse"


def _outside(one: Outside) -> str:
    """What a plan from these files would undo."""
    source = f"commit {short(one.commit)}{' (dirty)' if one.dirty else ''}" if one.commit else "no commit"
    return f"changed outside of these files: version {one.version} by {one.by}, {moment(one.at)}, {source}"


def _parts(change: Change, speech: Speech) -> Iterator[Told]:
    """What differs beside the rules, or stands beside new ones."""
    if change.kind == "catalog" or change.after is None:
        return
    if change.before is not None:
        yield from moves(change.before, change.after, speech)
    else:
        yield from (("+", text) for text in created(change.kind, change.after, speech))


def _rules(change: Change, *, in_full: bool) -> Sequence[RuleChange]:
    """What others lean on is told in full when it comes and when it goes; a segment when it comes."""
    if change.rules or not (change.kind in ("guard", "rule") or (change.kind == "segment" and in_full)):
        return change.rules
    before, after = ((one or {}).get("rules") for one in (change.before, change.after))
    if change.kind == "segment" and change.before is not None:
        return ()
    if (before is None) == (after is None):
        return ()
    return (RuleChange("-" if after is None else "+", 0, before, after),)


def _catalog(change: Change, width: int) -> Iterator[str]:
    """What differs, if it was too long for the line of the catalog."""
    if change.before is None or change.after is None:
        return
    told = catalog_changes(change.before, change.after)
    if len(told) > LONGEST_WHAT:
        yield from (f"{' ' * _INDENT}{line}" for line in wrapped(safe(told), width - _INDENT))


def _told(symbol: str, text: str, style: Style, width: int) -> Iterator[str]:
    """A line with a symbol; a long one goes on below, further in, but not for ever."""
    how = {"+": style.added, "-": style.removed, "!": style.warning}.get(symbol, style.changed)
    room = width - _INDENT
    first, *more = [safe(text)] if cells(safe(text)) <= room else wrapped(safe(text), room - 2)
    yield f"      {painted(symbol, how)} {first}".rstrip()
    if len(more) > _MOST_LINES:
        more = [*more[: _MOST_LINES - 1], cut(" ".join(more[_MOST_LINES - 1 :]), room - 2)]
    yield from (f"{' ' * _INDENT}  {rest}" for rest in more)


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
