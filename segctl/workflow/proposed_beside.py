"""Players of a proposed segment test for what stands beside the rules: events, lists, adjustments, the limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from segctl.model.evaluate import field_value
from segctl.model.invented import Setting
from segctl.model.membership import in_force
from segctl.model.near import spoilt
from segctl.model.rule import Compare
from segctl.model.segment import Limit, Segment, Trigger
from segctl.model.shaping import Wish, shaped, true_of
from segctl.model.sketch import Sketch, with_entry, with_field
from segctl.model.time import Lifetime, moment, shifted
from segctl.workflow.proposed_table import Table

_HOUR, _SECOND = timedelta(hours=1), timedelta(seconds=1)
# A limit that lets in more asks for too many players.
_CROWD = 20
_HIGH, _LOW = Decimal(100), Decimal(50)


def entries(segment: Segment, base: Sketch, table: Table) -> None:
    """Rows for what lets in and out beside the rules."""
    if segment.trigger is not None:
        _events(segment.trigger, base, table)
    if segment.type == "players":
        table.stranger("not listed", base)
    if segment.type == "sql":
        table.stranger("not returned", base)


def adjusted(segment: Segment, guards: Sequence[Wish], rules: Sequence[Wish], base: Sketch, table: Table) -> None:
    """For each entry in force, a player whom it puts in or takes out."""
    trigger = segment.trigger
    start = base if trigger is None else _never_entered(trigger, base, table.setting)
    for entry in in_force(segment.include, table.setting.clock):
        name = entry.players[0] if entry.players else f"in {entry.segments[0]}"
        outside = [*guards, *(replace(wish, holds=False) for wish in rules)]
        sketch = shaped(outside, start, name, table.setting)
        if sketch is None:
            continue
        if entry.players:
            table.named(name, sketch, stranger=True)
        else:
            table.stranger(name, replace(sketch, member=sketch.member | {entry.segments[0]}))
    for entry in in_force(segment.exclude, table.setting.clock):
        if entry.players:
            table.named(entry.players[0], base, stranger=False)
        else:
            table.add(f"in {entry.segments[0]}", replace(base, member=base.member | {entry.segments[0]}))


def ranked_high(limit: Limit | None, wishes: Sequence[Wish], base: Sketch, name: str, setting: Setting) -> Sketch:
    """The first player with a value that leaves room behind it."""
    return base if limit is None else _with_rank(limit, _HIGH, wishes, base, name, setting) or base


def crowd(limit: Limit | None, wishes: Sequence[Wish], base: Sketch, table: Table) -> None:
    """As many players as a limit lets in, ranked behind the first."""
    if limit is None or limit.top is None or limit.top > _CROWD or table.segment.type == "players":
        return
    behind = _with_rank(limit, _LOW, wishes, base, table.first, table.setting)
    for _ in range(limit.top if behind is not None else 0):
        table.add("ranked behind", behind or base, again=True)


def _with_rank(
    limit: Limit, value: Decimal, wishes: Sequence[Wish], base: Sketch, name: str, setting: Setting
) -> Sketch | None:
    """A player with this rank, 100 standing before 50, who is still in; None if that cannot be made."""
    wanted = value if limit.order == "desc" else _HIGH + _LOW - value
    field = setting.catalog.field(limit.by)
    if field is None or field.type not in ("integer", "number", "money"):
        return None
    own = replace(setting, window=limit.during or Lifetime())
    made = with_field(base, Compare(limit.by, ()), int(wanted) if field.type == "integer" else wanted, own)
    found = field_value(
        limit.by, made.facts(name), catalog=setting.catalog, clock=setting.clock, window=own.window
    )
    fine = found == wanted and all(true_of(wish.rule, made, name, setting) == wish.holds for wish in wishes)
    return made if fine else None


def _events(trigger: Trigger, base: Sketch, table: Table) -> None:
    setting, now = table.setting, table.setting.clock.as_of
    enter = trigger.enter[0]
    leave = trigger.exit[0] if trigger.exit else None
    outside = _never_entered(trigger, base, setting)
    for step in trigger.enter:
        inside = with_entry(outside, step, now - _HOUR, None, None, setting)
        table.add(f"entered by {step.events}", inside)
        for word, sketch in spoilt(step, inside, setting, leave):
            table.add(f"entered by {step.events} {word}", sketch)
    if trigger.stay is not None:
        edge = moment(shifted(setting.clock, trigger.stay, -1))
        table.add("entered just in time", with_entry(base, enter, edge + _SECOND, None, None, setting))
        table.add("stayed for the whole time", with_entry(base, enter, edge, None, None, setting))
    for step in trigger.exit:
        left = with_entry(base, enter, now - 2 * _HOUR, step, now - _HOUR, setting)
        table.add("left again", left)
        for word, sketch in spoilt(step, left, setting, enter):
            table.add(f"left by {step.events} {word}", sketch)
        table.add("came back", with_entry(base, enter, now - _HOUR, step, now - 2 * _HOUR, setting))
    table.add("never entered", outside)


def _never_entered(trigger: Trigger, base: Sketch, setting: Setting) -> Sketch:
    for step in trigger.enter:
        base = with_entry(base, step, None, None, None, setting)
    return base
