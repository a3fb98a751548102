"""What checks look at: a project that was read without mistakes, the texts of its files, and the instant. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from segctl.base.span import Span
from segctl.lint.formula import Cosmos, Formula, formula, of_where
from segctl.lint.subject import Subject
from segctl.lint.walk import Walk, walked
from segctl.model.catalog import Catalog
from segctl.model.expand import Names
from segctl.model.rule import Happened, Rule, Sequence, Step, leaves
from segctl.model.segment import Guard, NamedRule, Segment
from segctl.model.time import Clock
from segctl.spec.project import Project

Owner = Segment | NamedRule | Guard
# Read with three values (strict.py): what is never true is never true there either, and no more is certain.
TOLD_STRICTLY = frozenset(("guards", "scope"))
_NewCosmos = Callable[[], Cosmos]


@dataclass(frozen=True, slots=True)
class Stated:
    """A rule that a document states, and how it was walked through. `part` is the key that it stands under."""

    owner: Owner
    part: str
    rule: Rule
    made: Formula
    walk: Walk
    asks: frozenset[Subject] = field(repr=False)

    @property
    def at(self) -> Span:
        """Where it begins."""
        return place(self.rule, self.owner)


@dataclass(frozen=True, slots=True)
class Ground:
    """`texts` are the files by name. `stated` is every rule of the project, those of `where` included."""

    project: Project
    catalog: Catalog
    clock: Clock
    texts: Mapping[str, str]
    names: Names
    stated: tuple[Stated, ...] = field(repr=False)

    _asked: dict[int, frozenset[Subject]] = field(default_factory=dict, repr=False)

    def asks(self, rule: Rule) -> frozenset[Subject]:
        """What a rule that some document states asks about."""
        if not self._asked:
            self._asked.update((id(one.rule), one.asks) for one in self.stated)
        return self._asked[id(rule)]

    def segments(self) -> Iterator[tuple[Segment, Stated]]:
        """The segments that have rules, with them."""
        for one in self.stated:
            if one.part == "rules" and isinstance(one.owner, Segment):
                yield one.owner, one

    def cosmos(self) -> Cosmos:
        """An empty one, to compare rules in."""
        return Cosmos(self.catalog, self.names, self.clock.zone)


def ground(project: Project, catalog: Catalog, clock: Clock, texts: Mapping[str, str]) -> Ground:
    """Walks through all rules of a project."""
    names = Names(
        {name: one.rule for name, one in project.rules.items()},
        {name: one.values for name, one in project.lists.items()},
    )
    stated = tuple(_all_stated(project, lambda: Cosmos(catalog, names, clock.zone)))
    return Ground(project, catalog, clock, texts, names, stated)


def place(rule: Rule, owner: Owner) -> Span:
    """Where a rule stands; what has no place of its own, at the name of its document."""
    return rule.at or owner.at or Span("", 1, 1, 1, 2)


def _all_stated(project: Project, cosmos: _NewCosmos) -> Iterator[Stated]:
    for segment in project.segments.values():
        for part, rule in (("rules", segment.rules), ("scope", segment.scope)):
            if rule is not None:
                yield from _stated(segment, part, rule, cosmos)
        if segment.trigger is not None:
            for step in (*segment.trigger.enter, *segment.trigger.exit):
                yield from _of_step(segment, step, cosmos)
    for named in project.rules.values():
        yield from _stated(named, "rules", named.rule, cosmos)
    for guard in project.guards.values():
        yield from _stated(guard, "guards", guard.rule, cosmos)


def _stated(owner: Owner, part: str, rule: Rule, cosmos: _NewCosmos) -> Iterator[Stated]:
    world = cosmos()
    made = formula(rule, world)
    yield Stated(owner, part, rule, made, walked(made, world), frozenset(world.subjects))
    for leaf in leaves(rule):
        if isinstance(leaf, Happened) and leaf.where is not None:
            yield from _of_step(owner, Step(leaf.events, leaf.where), cosmos)
        elif isinstance(leaf, Sequence):
            for step in leaf.steps:
                yield from _of_step(owner, step, cosmos)


def _of_step(owner: Owner, step: Step, cosmos: _NewCosmos) -> Iterator[Stated]:
    if step.where is None:
        return
    world = cosmos()
    made = of_where(step.where, world.catalog.events[step.events], world)
    yield Stated(owner, "where", step.where, made, walked(made, world), frozenset(world.subjects))
