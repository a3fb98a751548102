"""Rules, lists, fields and events that nothing uses (SEG609, SEG610, SEG611)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from segctl.base.diagnostic import Diagnostic
from segctl.base.source import Source
from segctl.base.span import Span
from segctl.lint.ground import Ground
from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Derived, Field, Metric
from segctl.model.expand import mentions
from segctl.model.rule import Rule, used_events, used_fields
from segctl.model.segment import Segment
from segctl.spec.places import catalog_places


def unused_names(ground: Ground) -> Iterator[Diagnostic]:
    """Named rules and lists that no segment or guard comes to, directly or through others."""
    used: frozenset[str] = reduce(
        frozenset.union, (mentions(rule, ground.names) for rule in _used_rules(ground)), frozenset()
    )
    for name, rule in ground.project.rules.items():
        if f"rule.{name}" not in used:
            yield _unused("SEG609", rule.at, f"the rule `{name}`", f"rule: {name}")
    for name, one in ground.project.lists.items():
        if f"list.{name}" not in used:
            yield _unused("SEG610", one.at, f"the list `{name}`", f"in_list: {name}")


def _unused(code: str, at: Span | None, what: str, use: str) -> Diagnostic:
    help_line = f"Use it (`{use}`), or remove the document."
    return Diagnostic(code, at or Span("", 1, 1, 1, 2), f"Nothing uses {what}.", (help_line,))


def unused_fields(ground: Ground) -> Iterator[Diagnostic]:
    """Fields of the catalog, and events, that no rule and no other field comes to."""
    fields, events = _used_of_catalog(ground)
    places = catalog_places([Source(file, text.encode()) for file, text in ground.texts.items()])
    if places is None:
        return
    catalog = ground.catalog
    homes = (("attributes", catalog.attributes), ("metrics", catalog.metrics), ("scores", catalog.scores))
    for home, names in homes:
        for name in names.keys() - fields:
            yield Diagnostic("SEG611", places.key(home, name), f"No rule uses the field `{name}`.", (_OR_NOT,))
    for name in catalog.events.keys() - events:
        detail = f"No rule and no metric uses the event `{name}`."
        yield Diagnostic("SEG611", places.key("events", name), detail, (_OR_NOT,))


_OR_NOT = "Nothing is wrong if it waits for its first segment; else remove it."


def number_unused(ground: Ground) -> tuple[int, int]:
    """How many fields no rule uses, and of how many."""
    fields, _ = _used_of_catalog(ground)
    return len(ground.catalog.fields.keys() - fields), len(ground.catalog.fields)


def _used_rules(ground: Ground) -> Iterator[Rule]:
    for segment in ground.project.segments.values():
        yield from (rule for rule in (segment.rules, segment.scope) if rule is not None)
    yield from (guard.rule for guard in ground.project.guards.values())


def _used_of_catalog(ground: Ground) -> tuple[set[str], set[str]]:
    catalog = ground.catalog
    rules = [*_used_rules(ground), *(one.rule for one in ground.project.rules.values())]
    fields = {name for rule in rules for name in used_fields(rule)}
    fields |= {one.limit.by for one in ground.project.segments.values() if one.limit is not None}
    waiting = list(fields)
    while waiting:
        field = catalog.field(waiting.pop())
        more = _made_of(field) - fields if field is not None else set()
        fields |= more
        waiting += more
    events = {name for rule in rules for name in used_events(rule)} | _triggers(ground)
    return fields, events | {event for one in catalog.metrics.values() for event in _events(one)}


def _made_of(field: Field) -> set[str]:
    match field:
        case Metric(how=Derived(_, left, right)):
            return {left, right}
        case Attribute(source=AgeOf(of)):
            return {of}
        case _:
            return set()


def _events(metric: Metric) -> set[str]:
    match metric.how:
        case Aggregate(events):
            return {events}
        case ByMoney(both=both):
            return {both.events}
        case Derived():
            return set()


def _triggers(ground: Ground) -> set[str]:
    segments: list[Segment] = list(ground.project.segments.values())
    triggers = [segment.trigger for segment in segments if segment.trigger is not None]
    return {step.events for trigger in triggers for step in (*trigger.enter, *trigger.exit)}
