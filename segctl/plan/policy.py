"""Which approvals a plan needs, and which of those given count. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from segctl.model.policy import Policies, Policy, When
from segctl.model.segment import MARKETING
from segctl.model.time import Clock, Duration, micros, shifted
from segctl.plan.approval import Approval, within
from segctl.plan.document import Change, Impact, Need, Plan, totals
from segctl.plan.hazards import kind_of

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Given:
    """An approval, where it is kept, and whether the key of who gives it has signed it."""

    approval: Approval
    file: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need, the approvals that count, and those that do not, each with the reason."""

    need: Need
    counting: tuple[Given, ...]
    others: tuple[tuple[Given, str], ...]


def needs(plan: Plan, policies: Policies) -> tuple[Need, ...]:
    """The approvals that a plan needs, by policy, with what needs them."""
    found = []
    for policy in policies.policies:
        addresses = tuple(sorted(_matching(plan, policy.when)))
        if addresses:
            found.append(Need(policy.name, policy.approvals, policy.by, policy.signed, addresses))
    return tuple(found)


def unmet(
    plan: Plan, policies: Policies, given: Sequence[Given], authors: AbstractSet[str], now: datetime
) -> tuple[Unmet, ...]:
    """What is missing. `authors` are those who made the changes: they approve nothing of them."""
    by_name = {policy.name: policy for policy in policies.policies}
    found = []
    for need in needs(plan, policies):
        policy = by_name[need.policy]
        judged = [(one, _against(one, plan, policies, policy, authors, now)) for one in given]
        counting = {one.approval.by.casefold(): one for one, reason in judged if reason is None}
        if len(counting) < need.approvals:
            others = tuple((one, reason) for one, reason in judged if reason is not None)
            found.append(Unmet(need, tuple(counting.values()), others))
    return tuple(found)


def of_intent(plan: Plan, given: Iterable[Given]) -> tuple[Given, ...]:
    """The approvals that speak of what the plan would do, whether they count or not."""
    return tuple(one for one in given if one.approval.intent == plan.intent)


def _against(
    one: Given, plan: Plan, policies: Policies, policy: Policy, authors: AbstractSet[str], now: datetime
) -> str | None:
    """Why an approval does not count; None if it does."""
    approval, people = one.approval, policies.people(policy)
    by, at = approval.by.casefold(), approval.when
    reasons = (
        (approval.intent != plan.intent, "it approves another plan"),
        (approval.environment != plan.environment, f"it is for environment {approval.environment}"),
        (by in authors, "who gives it made the change"),
        (bool(people) and by not in people, "who gives it is not among those who may"),
        (policy.signed and not one.signed, "it is not signed by the key that segctl.yaml names"),
        (at > now, "it lies in the future"),
        (policy.max_age is not None and _is_older(at, now, policy.max_age), "it is too old"),
        (not within(approval, plan), _drifted(approval, plan)),
    )
    return next((reason for holds, reason in reasons if holds), None)


def _drifted(approval: Approval, plan: Plan) -> str:
    sums = totals(plan)
    was, now = f"+{approval.joining:,} -{approval.leaving:,}", f"+{sums.joining:,} -{sums.leaving:,}"
    return f"{was} players were approved, and now it is {now}"


def _is_older(at: datetime, now: datetime, most: Duration) -> bool:
    return micros(at) < shifted(Clock(now, _UTC), most, -1)


def _matching(plan: Plan, when: When) -> Iterator[str]:
    hazards: dict[str, set[str]] = {}
    for hazard in plan.hazards:
        hazards.setdefault(hazard.address, set()).add(kind_of(hazard))
    pii = {name for name, about in plan.fields.items() if about.pii}
    for change in plan.changes:
        if _matches(change, when, hazards.get(change.address, set()), pii):
            yield change.address
    if when == When(moves=when.moves, members=when.members):  # nothing but numbers, which others have too
        yield from (one.address for one in plan.secondary if _sized(one.impact, when))


def _matches(change: Change, when: When, hazards: set[str], pii: set[str]) -> bool:
    before, after = change.before or {}, change.after or {}
    asked: tuple[tuple[AbstractSet[str], set[str]], ...] = (
        (when.kinds, {change.kind}),
        (when.actions, set(change.actions)),
        (when.types, _both(before, after, "type", change.type)),
        (when.tags, {*before.get("tags", ()), *after.get("tags", ())}),
        (when.purposes, _both(before, after, "purpose", MARKETING) if change.kind == "segment" else set()),
        (when.owners, _both(before, after, "owner", "")),
        (when.hazards, hazards),
    )
    if any(wanted and wanted.isdisjoint(found) for wanted, found in asked):
        return False
    words = _keys(before) | _keys(after)
    if (when.during and "during" not in words) or (when.pii and words.isdisjoint(pii)):
        return False
    return _sized(change.impact, when)


def _sized(impact: Impact | None, when: When) -> bool:
    if when.moves is None and when.members is None:
        return True
    if impact is None:
        return False
    moves, members = impact.joining + impact.leaving, max(impact.before, impact.after)
    return moves >= (when.moves or 0) and members >= (when.members or 0)


def _both(before: Mapping[str, Any], after: Mapping[str, Any], key: str, default: str) -> set[str]:
    return {str(one.get(key, default)) for one in (before, after) if one} or {default}


def _keys(document: Any) -> set[str]:
    """Every key in a definition, and every field that it is ranked by."""
    if isinstance(document, Mapping):
        by = {str(document["by"])} if isinstance(document.get("by"), str) else set()
        return set(document).union(by, *(_keys(value) for value in document.values()))
    if isinstance(document, list):
        return set().union(*(_keys(value) for value in document))
    return set()
