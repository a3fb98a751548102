"""Where a missing value, or no event at all, lets a player in without anybody saying so (SEG613)."""

from __future__ import annotations

from collections.abc import Iterator

from segctl.base.diagnostic import Diagnostic
from segctl.base.span import Span
from segctl.lint.formula import Cosmos, Formula, Leaf, formula
from segctl.lint.ground import Ground, Stated, place
from segctl.lint.known import NOTHING, Known, assumed
from segctl.lint.subject import Subject
from segctl.lint.walk import Visit, given
from segctl.model.expand import expanded
from segctl.model.operators import PRESENCE
from segctl.model.rule import Compare, Group, Happened
from segctl.model.segment import Segment
from segctl.model.strict import strict

_SMALL = frozenset(("lt", "lte", "between"))
_LARGE = frozenset(("gt", "gte"))


def missing_counts(ground: Ground) -> Iterator[Diagnostic]:
    """Conditions that are true of a missing value, or of who has no events, where nothing else keeps them out."""
    for _, stated in ground.segments():
        risky = [one for one in stated.walk.visits if _risks(one, stated.walk.cosmos)]
        guarded = _guarded(stated, ground) if risky else NOTHING
        for visit in risky:
            yield from _told(visit, stated, guarded)


def _risks(visit: Visit, cosmos: Cosmos) -> bool:
    asks = isinstance(visit.part.rule, Compare | Happened)
    return asks and any(_how(leaf, visit, cosmos) is not None for leaf in _leaves(visit.part))


def _leaves(part: Formula) -> tuple[Leaf, ...]:
    """The tests of one condition."""
    return (part,) if isinstance(part, Leaf) else tuple(one for one in part.parts if isinstance(one, Leaf))


def _guarded(stated: Stated, ground: Ground) -> Known:
    """What the guard asks of every member, in the cases of this walk."""
    guard = ground.project.guards.get(stated.owner.purpose) if isinstance(stated.owner, Segment) else None
    if guard is None:
        return NOTHING
    cosmos = stated.walk.cosmos
    made = formula(strict(expanded(guard.rule, ground.names), ground.catalog), cosmos)
    return assumed(made, NOTHING, cosmos) or NOTHING


def _told(visit: Visit, stated: Stated, guarded: Known) -> Iterator[Diagnostic]:
    cosmos = stated.walk.cosmos
    leaves = _leaves(visit.part)
    for leaf in leaves:
        how = _how(leaf, visit, cosmos)
        if how is None:
            continue
        around = visit.around if visit.negated else (*visit.around, (leaves, True))
        known = given(Visit(visit.part, visit.negated, around), cosmos, guarded)
        if known is None or not _open(leaf, known, how, cosmos):
            continue
        yield _diagnostic(leaf, visit, how, stated)
        return


def _how(leaf: Leaf, visit: Visit, cosmos: Cosmos) -> str | None:
    """What may count here: a `missing` value, or no `events`."""
    subject, op = cosmos.subjects[leaf.subject], leaf.test.op
    if op in PRESENCE:
        return None
    lets_in = leaf.negated != visit.negated
    if subject.missing:
        return "missing" if lets_in else None
    if not subject.events or subject.kind == "boolean":
        return None
    if not visit.negated and not leaf.negated:
        return "events" if op in _SMALL else None
    return "events" if op in _LARGE and lets_in and not _just_none(leaf) else None


def _just_none(leaf: Leaf) -> bool:
    """`none` of "at least one" is the plain way to say "no event at all"."""
    return (leaf.test.op == "gte" and leaf.test.value == 1) or (leaf.test.op == "gt" and leaf.test.value == 0)


def _open(leaf: Leaf, known: Known, how: str, cosmos: Cosmos) -> bool:
    """Can a player without a value be in, for all that stands around? Who must have an event is not."""
    cases = cosmos.cases(leaf.subject)
    left = known.get(leaf.subject, cases.all)
    if how == "missing":
        return bool(left & cases.missing)
    sides = cosmos.sides(leaf)
    passing = sides.true if not leaf.negated else sides.false
    own = passing if leaf.test.op in _SMALL else sides.false
    return bool(left & cases.nothing & own) and not _has_events(cosmos.subjects[leaf.subject], known, cosmos)


def _has_events(subject: Subject, known: Known, cosmos: Cosmos) -> bool:
    return any(
        cosmos.subjects[place].events == subject.events and not left & cosmos.cases(place).nothing
        for place, left in known.items()
    )


def _diagnostic(leaf: Leaf, visit: Visit, how: str, stated: Stated) -> Diagnostic:
    rule = leaf.rule
    at: Span = place(rule, stated.owner)
    word = _word(leaf, visit)
    if how == "missing":
        name = rule.field if isinstance(rule, Compare) else ""
        listed = stated.walk.cosmos.subjects[leaf.subject].kind == "list"
        known = "is_empty: false" if listed else "is_set: true"
        detail = f"Players without a value of `{name}` are in as well: {word} is true of them."
        return Diagnostic(
            "SEG613", at, detail, (f"To leave them out, add `{name}: {{{known}}}` under `all`.", _MEANT)
        )
    subject = stated.walk.cosmos.subjects[leaf.subject]
    what = f"`{rule.field}`" if isinstance(rule, Compare) else f"the number or sum of `{subject.name}`"
    detail = f"Players with nothing in `{subject.events}` are in as well: {what} is 0 for them."
    return Diagnostic("SEG613", at, detail, (_WITH_ONE.format(subject.events), _MEANT))


_WITH_ONE = "To leave them out, add `event: {}` under `all`: at least one, ever or in the same range."
_MEANT = "If they are meant: `# segctl: ignore SEG613` with the reason, above the line."


def _word(leaf: Leaf, visit: Visit) -> str:
    if leaf.negated and not visit.negated:
        return "`ne`" if leaf.test.op == "eq" else "`not_in`"
    group: Formula | None = visit.parent
    rule = group.rule if group is not None else None
    return "`none`" if not isinstance(rule, Group) or rule.word == "none" else "a group below `none`"
