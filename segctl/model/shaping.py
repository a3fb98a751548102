"""A player for whom a rule holds, or does not, and just so: by one condition and no other. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from segctl.model.boundaries import Target, targets
from segctl.model.catalog import AgeOf, Attribute, Score
from segctl.model.evaluate import Memberships, field_type, field_value
from segctl.model.facts import Fact
from segctl.model.invented import Setting
from segctl.model.rule import (
    Bucket,
    Compare,
    Condition,
    Group,
    Happened,
    InSegment,
    Named,
    Rule,
    Test,
    WasInSegment,
)
from segctl.model.rule import Sequence as Steps
from segctl.model.sketch import Sketch, with_count, with_field, with_steps
from segctl.model.time import Window, interval, moment, step_months
from segctl.model.verdict import Asked, verdict

_SECOND, _MINUTE = timedelta(seconds=1), timedelta(minutes=1)
_ROUNDS = 6
Path = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A rule, whether it should hold, and the path of the condition that should decide it, if one should."""

    rule: Rule
    holds: bool = True
    path: Path | None = None


def shaped(wishes: Sequence[Wish], sketch: Sketch, player: str, setting: Setting) -> Sketch | None:
    """A sketch for which every wish comes true; None if a few rounds of mending do not find one."""
    if any(wish.path for wish in wishes):
        sketch = _round(wishes, sketch, player, setting)
    for _ in range(_ROUNDS):
        if all(true_of(wish.rule, sketch, player, setting) == wish.holds for wish in wishes):
            return sketch
        sketch = _round(wishes, sketch, player, setting)
    return None


def _round(wishes: Sequence[Wish], sketch: Sketch, player: str, setting: Setting) -> Sketch:
    for wish in wishes:
        sketch = _wished(wish.rule, sketch, player, setting, wish.path, holds=wish.holds)
    return sketch


def true_of(rule: Rule, sketch: Sketch, player: str, setting: Setting) -> bool:
    """Does the rule hold for a sketch, under the range in force?"""
    asked = Asked(sketch.facts(player), setting.catalog, setting.clock, _memberships(sketch, setting))
    return verdict(rule, asked, setting.window).holds


def variants(condition: Condition, sketch: Sketch, setting: Setting) -> Iterator[tuple[str, Sketch]]:
    """The sketch with each value worth a look, and a word for it. What does not come out as meant is left out."""
    match condition:
        case Compare():
            for word, value in _values(condition, setting):
                made = with_field(sketch, condition, value, setting)
                if isinstance(value, date) or _fact(condition, made, setting) == value:
                    yield word, made
        case Happened():
            yield from _counts(condition, sketch, setting)
        case InSegment(segments) | WasInSegment(segments):
            yield "a member", replace(sketch, member=sketch.member | {segments[0]})
            yield "no member", replace(sketch, member=sketch.member - set(segments))
        case Steps():
            yield from _sequences(condition, sketch, setting)
        case Bucket() | Named():
            pass


def _fact(rule: Compare, sketch: Sketch, setting: Setting) -> Fact:
    return field_value(
        rule.field,
        sketch.facts(""),
        catalog=setting.catalog,
        clock=setting.clock,
        window=setting.window,
        dimensions=rule.dimensions,
        money=rule.money,
    )


def _counts(rule: Happened, sketch: Sketch, setting: Setting) -> Iterator[tuple[str, Sketch]]:
    own = replace(setting, window=rule.during or setting.window)
    table = setting.catalog.events[rule.events]
    counted: tuple[Test, ...] = rule.count or (() if rule.sums else (Test("gte", 1),))
    asked = [(None, test) for test in counted] + [(column, test) for column, tests in rule.sums for test in tests]
    for column, test in asked:
        kind = "integer" if column is None else table.column(column).type
        for word, value in targets(test, kind, (), setting.clock):
            if value is not None and _countable(value):
                yield f"{column or 'count'} {word}", with_count(sketch, rule, column, value, own)


def _countable(value: Fact) -> bool:
    return not isinstance(value, int) or value >= 0


def _values(rule: Compare, setting: Setting) -> Iterator[Target]:
    field, kind = setting.catalog.field(rule.field), field_type(rule.field, setting.catalog)
    values = field.values if isinstance(field, Attribute | Score) else ()
    for test in rule.tests:
        for word, value in targets(test, kind, values, setting.clock):
            if isinstance(field, Attribute) and isinstance(field.source, AgeOf) and isinstance(value, int):
                yield from _birthdays(word, value, setting)
            else:
                yield word, value


def _birthdays(word: str, age: int, setting: Setting) -> Iterator[Target]:
    """Who turns so old today, and who will tomorrow."""
    if not word.startswith("exactly"):
        return
    tomorrow = setting.clock.today + timedelta(days=1)
    for day, when in ((setting.clock.today, "today"), (tomorrow, "tomorrow")):
        born: date = step_months(day, -12 * age)
        yield f"{age} {when}", born
    yield f"{age + 10}", step_months(setting.clock.today, -12 * (age + 10))


def _sequences(rule: Steps, sketch: Sketch, setting: Setting) -> Iterator[tuple[str, Sketch]]:
    stretch = interval(setting.window, setting.clock)
    count, last = len(rule.steps), moment(stretch.until) - _MINUTE
    apart = _MINUTE if rule.within is None else timedelta(seconds=rule.within.seconds) / (2 * count) or _MINUTE
    times = tuple(last - apart * (count - 1 - number) for number in range(count))
    yield "in order", with_steps(sketch, rule, times, setting)
    yield "in the wrong order", with_steps(sketch, rule, tuple(reversed(times)), setting)
    if rule.within is not None and rule.within.seconds:
        whole = timedelta(seconds=rule.within.seconds)
        yield "just in time", with_steps(sketch, rule, (last - whole, *times[1:-1], last), setting)
        yield "1s too late", with_steps(sketch, rule, (last - whole - _SECOND, *times[1:-1], last), setting)
    yield "never", with_steps(sketch, rule, (), setting)


def _wished(
    rule: Rule, sketch: Sketch, player: str, setting: Setting, path: Path | None, *, holds: bool
) -> Sketch:
    """One round of mending. With a path, what stands beside it is made not to decide."""
    if not isinstance(rule, Group):
        return _bent(rule, sketch, player, setting, holds=holds)
    below = setting if rule.during is None else replace(setting, window=rule.during)
    first = path[0] if path else None
    for place, (part, wanted) in enumerate(_parts(rule, first, holds=holds)):
        if wanted is None:
            continue
        deeper = path[1:] if path and place == first else None
        if deeper is not None or true_of(part, sketch, player, below) != wanted:
            sketch = _wished(part, sketch, player, below, deeper, holds=wanted)
        if first is None and _enough(rule, holds=holds) and true_of(rule, sketch, player, setting) == holds:
            return sketch
    return sketch


def _parts(group: Group, first: int | None, *, holds: bool) -> list[tuple[Rule, bool | None]]:
    """What each part should be; None where it does not matter."""
    match group.word:
        case "all":
            return [(part, holds if first in (None, place) else True) for place, part in enumerate(group.rules)]
        case "any":
            return [(part, holds if first in (None, place) else False) for place, part in enumerate(group.rules)]
        case "none":
            return [
                (part, not holds if first in (None, place) else False) for place, part in enumerate(group.rules)
            ]
        case "at_least":
            if first is None:
                return [(part, holds) for part in group.rules]
            others = [place for place in range(len(group.rules)) if place != first][: group.n - 1]
            return [(part, holds if place == first else place in others) for place, part in enumerate(group.rules)]


def _enough(group: Group, *, holds: bool) -> bool:
    """Is one part of a group enough to make it so?"""
    return (group.word in ("any", "at_least") and holds) or (group.word in ("all", "none") and not holds)


def _bent(rule: Condition, sketch: Sketch, player: str, setting: Setting, *, holds: bool) -> Sketch:
    """The first variant with the wanted verdict, known values before missing ones; the sketch if there is none."""
    if true_of(rule, sketch, player, setting) == holds:
        return sketch
    found = [one for one in variants(rule, sketch, setting) if true_of(rule, one[1], player, setting) == holds]
    best = min(found, key=lambda one: one[0] == "missing", default=None)
    return sketch if best is None else best[1]


def _memberships(sketch: Sketch, setting: Setting) -> Memberships:
    now = setting.clock.as_of
    stretch_end = setting.clock.micros
    return Memberships(
        lambda name: name in sketch.member,
        lambda name: now if name in sketch.member else None,
        lambda name, stretch: name in sketch.member and stretch.after < stretch_end <= stretch.until,
    )


def at_path(rule: Rule, path: Path, window: Window) -> tuple[Condition, Window]:
    """The condition at a path, and the range in force there. Raises: TypeError, where the path ends at a group."""
    for place in path:
        if isinstance(rule, Group):
            window = rule.during or window
            rule = rule.rules[place]
    if isinstance(rule, Group):
        raise TypeError("a group is no condition")
    return rule, window
