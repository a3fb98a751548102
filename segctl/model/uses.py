"""Who names whom: segments, rules, lists, guards, fields and events, each use with its place. Plain data.

An address is a kind and a name: `segment.vip`, `rule.r`, `list.l`, `guard.marketing`, `field.country`,
`event.bets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.base.span import Span
from segctl.model.catalog import AgeOf, Aggregate, Attribute, ByMoney, Catalog, Derived, Metric
from segctl.model.rule import Compare, Happened, InSegment, Named, Rule, Sequence, WasInSegment, leaves
from segctl.model.segment import Segment

Place = Span | None


@dataclass(frozen=True, slots=True)
class Use:
    """`user` names `used`; `at` is where, None for what stands in no file."""

    user: str
    used: str
    at: Place = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Through:
    """One who uses an address: directly, or `through` somebody who does, nearest to the address."""

    user: str
    at: Place
    through: str | None = None


def named(rule: Rule | None) -> Iterator[tuple[str, Place]]:
    """The addresses that a rule names, in the order in which they stand; one may stand there more than once."""
    for leaf in leaves(rule) if rule is not None else ():
        match leaf:
            case Compare(field, tests):
                yield f"field.{field}", leaf.at
                yield from ((f"list.{test.value}", leaf.at) for test in tests if test.op == "in_list")
            case InSegment(segments) | WasInSegment(segments):
                yield from ((f"segment.{name}", leaf.at) for name in segments)
            case Named(name):
                yield f"rule.{name}", leaf.at
            case Happened(events):
                yield f"event.{events}", leaf.at
            case Sequence(steps):
                yield from ((f"event.{step.events}", step.at or leaf.at) for step in steps)
            case _:
                pass


def uses(
    catalog: Catalog,
    segments: Iterable[Segment],
    rules: Mapping[str, tuple[Rule, Place]],
    guards: Mapping[str, tuple[Rule, Place]],
) -> Iterator[Use]:
    """Every use there is; the catalog's own have no place. A segment uses the guard of its purpose."""
    for segment in segments:
        yield from (Use(segment.address, used, at or segment.at) for used, at in named_by(segment))
        if segment.purpose in guards:
            yield Use(segment.address, f"guard.{segment.purpose}", segment.at)
    for kind, objects in (("rule", rules), ("guard", guards)):
        for name, (rule, place) in objects.items():
            yield from (Use(f"{kind}.{name}", used, at or place) for used, at in named(rule))
    made: list[Attribute | Metric] = [*catalog.attributes.values(), *catalog.metrics.values()]
    for one in made:
        yield from (Use(f"field.{one.name}", used) for used in parts_of(one))


def users(all_uses: Iterable[Use], address: str) -> list[Through]:
    """Who uses an address, each once, where first: directly, then through others, each part by address."""
    by_used: dict[str, dict[str, Place]] = {}
    for one in all_uses:
        by_used.setdefault(one.used, {}).setdefault(one.user, one.at)
    found: dict[str, Through] = {}
    nearest = [address]
    while nearest:
        further: dict[str, Through] = {}
        for used in sorted(nearest):
            for user, at in by_used.get(used, {}).items():
                if user != address and user not in found:
                    further.setdefault(user, Through(user, at, None if used == address else used))
        found |= dict(sorted(further.items()))
        nearest = list(further)
    return list(found.values())


def parts_of(one: Attribute | Metric) -> Iterator[str]:
    """The addresses that a field of the catalog is made of."""
    match one:
        case Attribute(source=AgeOf(of)):
            yield f"field.{of}"
        case Metric(how=Derived(_, first, second)):
            yield from (f"field.{first}", f"field.{second}")
        case Metric(how=Aggregate(events)) | Metric(how=ByMoney(both=Aggregate(events))):
            yield f"event.{events}"
        case _:
            pass


def named_by(segment: Segment) -> Iterator[tuple[str, Place]]:
    """The addresses that a segment names, in its rules and beside them."""
    yield from named(segment.rules)
    yield from named(segment.scope)
    if segment.trigger is not None:
        yield from ((f"event.{step.events}", step.at) for step in (*segment.trigger.enter, *segment.trigger.exit))
    for entry in (*segment.include, *segment.exclude):
        yield from ((f"segment.{name}", entry.at) for name in entry.segments)
    if segment.limit is not None:
        yield f"field.{segment.limit.by}", segment.limit.at
