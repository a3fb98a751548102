"""What a plan does that somebody must allow: the hazards, each with its code and both of its numbers. Pure.

A plan is refused while a hazard is not allowed: by `--allow` on a command line, or by `allow` in segctl.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, Decimal
from typing import Final

from segctl.model.settings import NO_LIMITS, Limits
from segctl.plan.document import Change, Hazard, Impact, Secondary

# what people write after `--allow`
WORDS: Final[Mapping[str, str]] = {
    "max_change": "SEG901",
    "min_members": "SEG902",
    "max_members": "SEG903",
    "empty": "SEG904",
    "protected": "SEG905",
    "used": "SEG906",
    "guard": "SEG907",
    "purpose": "SEG908",
    "rename": "SEG909",
    "sql": "SEG910",
    "catalog": "SEG911",
}
_WORD_OF: Final = {code: word for word, code in WORDS.items()}
_TENTH = Decimal("0.1")
SETTINGS = "segctl.yaml"


@dataclass(frozen=True, slots=True)
class Around:
    """What no change says of itself.

    `protected`, `notifying` and `users` are what the state says of what is archived, by address. `guards` gives
    the numbers of who passes a guard before and after, and the segments under it; `widened` the guard that a
    segment leaves behind; `renamed` what went with the same body, by what came; `fields` the catalog's fields
    that mean something else and were in use, and `readers` who used them.
    """

    protected: AbstractSet[str] = frozenset()
    notifying: AbstractSet[str] = frozenset()
    users: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    guards: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    widened: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    readers: int = 0


def hazards(
    changes: Iterable[Change], secondary: Iterable[Secondary], around: Around, limits: Limits = NO_LIMITS
) -> tuple[Hazard, ...]:
    """The hazards of a plan, by address and code."""
    changes = tuple(changes)
    found: list[Hazard] = []
    for change in changes:
        found += _of_members(change.address, change.impact, limits) if "archive" not in change.actions else ()
        found += _of_change(change, around, changes)
    for one in secondary:
        found += _of_members(one.address, one.impact, limits)
    return tuple(sorted(found, key=lambda one: (one.address, one.code)))


def kind_of(hazard: Hazard) -> str:
    """The word of its kind: max_change."""
    return _WORD_OF[hazard.code]


def word(hazard: Hazard) -> str:
    """What allows it, and nothing else: max_change:vip."""
    return f"{_WORD_OF[hazard.code]}:{hazard.name}"


def permission(text: str) -> str | None:
    """A permission as it is kept, from a word or a code, maybe with a name; None if there is no such hazard."""
    kind, colon, name = text.strip().partition(":")
    kind = _WORD_OF.get(kind.upper(), kind.lower().replace("-", "_"))
    return f"{kind}{colon}{name}" if kind in WORDS and bool(colon) == bool(name) else None


def judged(found: Iterable[Hazard], asked: Iterable[str], settings: AbstractSet[str]) -> tuple[Hazard, ...]:
    """The hazards, each with what allows it: permissions asked for now, then those of the settings."""
    by_word = {**dict.fromkeys(settings, SETTINGS), **dict.fromkeys(asked, "--allow")}
    return tuple(replace(one, allowed=by_word.get(word(one)) or by_word.get(_WORD_OF[one.code])) for one in found)


def refused(found: Iterable[Hazard]) -> tuple[Hazard, ...]:
    """Those that nothing allows."""
    return tuple(one for one in found if one.allowed is None)


def _of_members(address: str, impact: Impact | None, limits: Limits) -> Iterator[Hazard]:
    """What a plan does to the size of a segment. Whom time moves the plan does not move."""
    if impact is None:
        return
    before, after = impact.before, impact.after
    moved = impact.joining - impact.joining_by_time + impact.leaving - impact.leaving_by_time
    share = Decimal(100 * moved) / before if before else Decimal(0)
    if limits.max_change is not None and share > limits.max_change:
        shown = float(share.quantize(_TENTH, ROUND_CEILING))
        yield Hazard("SEG901", address, before, after, shown, float(limits.max_change))
    if limits.min_members is not None and after < limits.min_members:
        yield Hazard("SEG902", address, before, after, after, limits.min_members)
    if limits.max_members is not None and after > limits.max_members:
        yield Hazard("SEG903", address, before, after, after, limits.max_members)
    if before and not after:
        yield Hazard("SEG904", address, before, after)


def _of_change(change: Change, around: Around, changes: tuple[Change, ...]) -> Iterator[Hazard]:
    match change.kind:
        case "segment":
            yield from _of_segment(change, around, changes)
        case "guard" if change.before is not None:
            before, after, under = around.guards.get(change.name, (0, 0, 0))
            yield Hazard("SEG907", change.address, before, after, under)
        case "catalog" if around.fields:
            yield Hazard("SEG911", change.address, 0, 0, around.readers, others=around.fields)


def _of_segment(change: Change, around: Around, changes: tuple[Change, ...]) -> Iterator[Hazard]:
    before, after = _numbers(change)
    address = change.address
    if "archive" in change.actions:
        if address in around.protected:
            yield Hazard("SEG905", address, before, after)
        users = around.users.get(address, ())
        if users or address in around.notifying:
            yield Hazard("SEG906", address, before, after, len(users), others=users)
    if change.name in around.widened:
        yield Hazard("SEG908", address, before, after, others=(around.widened[change.name],))
    if address in around.renamed:
        went = next(one for one in changes if one.address == around.renamed[address])
        place = f"{change.file}:{change.line}" if change.file else None
        yield Hazard("SEG909", address, _numbers(went)[0], after, others=(went.name,), place=place)
    if change.type == "sql" and "archive" not in change.actions and _queries(change):
        yield Hazard("SEG910", address, before, after)


def _queries(change: Change) -> bool:
    return change.before is None or "recover" in change.actions or "query" in change.keys


def _numbers(change: Change) -> tuple[int, int]:
    return (change.impact.before, change.impact.after) if change.impact else (0, 0)
