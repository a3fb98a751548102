"""A hazard as a person reads it: what would happen, with both numbers, and how to allow it. Texts are raw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from segctl.plan.document import Hazard
from segctl.plan.hazards import word
from segctl.view.figures import count, counted, number, some
from segctl.view.safe import safe
from segctl.view.style import Style, painted
from segctl.view.width import wrapped

_MOST_NAMED = 3
_INDENT = 4


def hazard_text(one: Hazard) -> str:
    """One sentence."""
    return _SENTENCES[one.code](one)


def hazard_lines(hazards: Sequence[Hazard], style: Style, width: int) -> Iterator[str]:
    """Below the changes of a plan: each hazard, and what allows it."""
    for one in hazards:
        after = f"  allowed by {one.allowed}" if one.allowed else f"  --allow {word(one)}"
        told = f"{one.code} {hazard_text(one)}"
        first, *more = wrapped(safe(told), width - _INDENT)
        fits = len((more or [first])[-1]) + len(after) <= width - _INDENT
        lines = [first, *more]
        lines = [*lines[:-1], lines[-1] + safe(after)] if fits else [*lines, safe(after).strip()]
        yield f"  {painted('!', style.faint if one.allowed else style.warning)} {lines[0]}"
        yield from (f"{' ' * _INDENT}{rest}" for rest in lines[1:])


def permissions(hazards: Sequence[Hazard]) -> str:
    """The options that allow what nothing allows yet: --allow max_change:vip --allow sql:top.

    Of more than a few of one kind, all are allowed at once.
    """
    words = [word(one) for one in hazards if one.allowed is None]
    kinds = Counter(one.partition(":")[0] for one in words)
    told = [one if kinds[kind := one.partition(":")[0]] <= _MOST_NAMED else kind for one in words]
    return " ".join(f"--allow {one}" for one in dict.fromkeys(told))


def _members(one: Hazard) -> str:
    return f"{count(one.before)} → {counted(one.after, 'member')}"


def _change(one: Hazard) -> str:
    return f"{one.name}: {_percent(one.found)} of members change; limit {_percent(one.limit)}."


def _guard(one: Hazard) -> str:
    under = counted(int(one.found or 0), "segment")
    return f"guard {one.name}: changes; {count(one.before)} → {count(one.after)} players pass, over {under}."


def _archived(one: Hazard) -> str:
    uses = f"{some(one.others)} {'use' if len(one.others) > 1 else 'uses'} it" if one.others else "sends webhooks"
    return f"{one.name}: would be archived, and {uses}; {_members(one)}."


def _renamed(one: Hazard) -> str:
    went, where = some(one.others), f" into {one.place}" if one.place else ""
    said = f"{one.name}: says the same as {went}, which goes; {_members(one)}."
    return f"{said} To rename, write `renamed_from: {went}`{where}."


def _catalog(one: Hazard) -> str:
    readers = counted(int(one.found or 0), "segment or guard reads it", "segments and guards read it")
    fields = counted(len(one.others), "field")
    return f"catalog {one.name}: the meaning of {fields} in use changes ({some(one.others)}); {readers}."


_SENTENCES: Mapping[str, Callable[[Hazard], str]] = {
    "SEG901": _change,
    "SEG902": lambda one: f"{one.name}: {_members(one)}; at least {_number(one.limit)} are asked for.",
    "SEG903": lambda one: f"{one.name}: {_members(one)}; at most {_number(one.limit)} may be in.",
    "SEG904": lambda one: f"{one.name}: {_members(one)}; nobody would be left.",
    "SEG905": lambda one: f"{one.name}: is protected, and would be archived; {_members(one)}.",
    "SEG906": _archived,
    "SEG907": _guard,
    "SEG908": lambda one: f"{one.name}: {some(one.others)} would not hold any more; {_members(one)}.",
    "SEG909": _renamed,
    "SEG910": lambda one: f"{one.name}: its members come from SQL, which no catalog checks; {_members(one)}.",
    "SEG911": _catalog,
}


def _percent(value: float | None) -> str:
    return f"{_number(value)} %"


def _number(value: float | None) -> str:
    return number(0 if value is None else value).removesuffix(".0")
