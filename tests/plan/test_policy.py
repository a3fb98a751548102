"""Which approvals a plan needs, and which of those given count."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from segctl.model.policy import Policies, Policy, When
from segctl.model.time import Duration
from segctl.plan.approval import Approval, approval_text, read_approval, within
from segctl.plan.document import Hazard, Impact, Plan, Secondary, totals
from segctl.plan.policy import Given, needs, unmet
from segctl.plan.seal import sealed
from tests.view.plans import FIELDS, created, plan, updated

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DE, AT = {"country": {"eq": "DE"}}, {"country": {"eq": "AT"}}
LATER = {"all": [{"during": {"last": "30d"}, "all": [{"total_deposit_count": {"gte": 1}}]}]}
PERSONAL = FIELDS | {"email": replace(FIELDS["email"], pii=True)}


def asked(one: Plan, **when: Any) -> tuple[str, ...]:
    (policy,) = (Policy("p", When(**{key: _set(value) for key, value in when.items()})),)
    found = needs(one, Policies((policy,)))
    return found[0].addresses if found else ()


def _set(value: Any) -> Any:
    return frozenset(value) if isinstance(value, (tuple, list)) else value


EDIT = sealed(
    plan(
        updated("vip", DE, AT),
        secondary=(Secondary("segment.weekend", ("segment.vip",), Impact(488, 503, 19, 4)),),
    )
)


@pytest.mark.parametrize(
    ("when", "found"),
    [
        ({"kinds": ["segment"]}, True),
        ({"kinds": ["guard", "catalog"]}, False),
        ({"actions": ["update", "archive"]}, True),
        ({"actions": ["create"]}, False),
        ({"types": ["dynamic"]}, True),
        ({"types": ["sql"]}, False),
        ({"purposes": ["marketing"]}, True),
        ({"purposes": ["service"]}, False),
        ({"tags": ["vip"]}, False),
        ({"owners": ["crm"]}, False),
        ({"moves": 174}, True),
        ({"moves": 175}, False),
        ({"members": 1310}, True),
        ({"members": 1311}, False),
        ({"during": True}, False),
        ({"pii": True}, False),
        ({"hazards": ["max_change"]}, False),
        ({"kinds": ["segment"], "moves": 175}, False),
    ],
)  # fmt: skip
def test_what_a_policy_is_for(when: dict[str, Any], *, found: bool) -> None:
    assert ("segment.vip" in asked(EDIT, **when)) == found


def test_parts_that_only_some_changes_have() -> None:
    tagged = updated("vip", DE, AT)
    tagged = replace(tagged, before={**tagged.before, "tags": ["gold"], "owner": "crm"}, after=tagged.after)
    assert asked(plan(tagged), tags=["gold", "x"]) == asked(plan(tagged), owners=["crm"]) == ("segment.vip",)
    assert asked(plan(updated("vip", DE, LATER)), during=True) == ("segment.vip",)
    private = {"email": {"eq": {"private": "d" * 64}}}
    assert asked(plan(updated("vip", DE, private), fields=PERSONAL), pii=True) == ("segment.vip",)
    hazard = Hazard("SEG901", "segment.vip", 1, 2, 100.0, 30.0)
    assert asked(plan(updated("vip", DE, AT), hazards=(hazard,)), hazards=["max_change"]) == ("segment.vip",)


def test_who_only_moves_along_is_counted_too() -> None:
    assert asked(EDIT, moves=20) == ("segment.vip", "segment.weekend")
    assert asked(EDIT, moves=20, kinds=["segment"]) == ("segment.vip",)


POLICY = Policy("big", When(kinds=frozenset(["segment"])), 2, ("leads",), max_age=Duration(7 * 86_400))
RULES = Policies((POLICY,), {"leads": ("ann@example.org", "bob@example.org", "cid@example.org")})


def yes(by: str, *, signed: bool = False, **keys: Any) -> Given:
    sums = totals(EDIT)
    standard = {
        "intent": EDIT.intent,
        "plan": EDIT.id,
        "environment": EDIT.environment,
        "by": by,
        "at": "2026-11-26T11:00:00Z",
        "joining": sums.joining,
        "leaving": sums.leaving,
    }
    return Given(Approval(**(standard | keys)), f"{by}.approval", signed)


def lacking(*given: Given, rules: Policies = RULES, authors: tuple[str, ...] = (), one: Plan = EDIT) -> list[str]:
    return [
        reason for missing in unmet(one, rules, given, frozenset(authors), NOW) for _, reason in missing.others
    ]


def test_enough_different_people_are_enough() -> None:
    assert unmet(EDIT, RULES, [yes("ann@example.org"), yes("Bob@Example.org")], frozenset(), NOW) == ()
    (missing,) = unmet(EDIT, RULES, [yes("ann@example.org"), yes("ANN@example.org")], frozenset(), NOW)
    assert len(missing.counting) == 1


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"by": "eve@example.org"}, "who gives it is not among those who may"),
        ({"intent": "0" * 64}, "it approves another plan"),
        ({"environment": "dev"}, "it is for environment dev"),
        ({"at": "2026-11-19T11:59:59Z"}, "it is too old"),
        ({"at": "2026-11-26T12:00:01Z"}, "it lies in the future"),
        ({"joining": 100}, "+100 -38 players were approved, and now it is +159 -38"),
    ],
)
def test_what_does_not_count(keys: dict[str, Any], reason: str) -> None:
    one = yes(**{"by": "ann@example.org", **keys})

    assert lacking(one, yes("bob@example.org")) == [reason]


def test_an_author_approves_nothing_of_their_own() -> None:
    assert lacking(yes("ann@example.org"), yes("bob@example.org"), authors=("ann@example.org",)) == [
        "who gives it made the change"
    ]


def test_where_signatures_are_asked_for_a_claim_does_not_count() -> None:
    rules = replace(RULES, policies=(replace(POLICY, signed=True, approvals=1),))

    assert lacking(yes("ann@example.org"), rules=rules) == ["it is not signed by the key that segctl.yaml names"]
    assert lacking(yes("ann@example.org", signed=True), rules=rules) == []


def test_nobody_named_is_anybody() -> None:
    rules = replace(RULES, policies=(replace(POLICY, by=(), approvals=1),))

    assert lacking(yes("eve@example.org"), rules=rules) == []


@pytest.mark.parametrize(
    ("then", "now", "tolerance", "holds"),
    [(100, 110, 10, True), (100, 111, 10, False), (100, 89, 10, False), (3, 13, 0, True), (3, 14, 0, False), (0, 10, 0, True)],
)  # fmt: skip
def test_the_tolerance_of_an_approval(then: int, now: int, tolerance: float, *, holds: bool) -> None:
    one = yes("ann@example.org", joining=then, leaving=0, tolerance=tolerance).approval

    assert within(one, plan(created("a", Impact(0, now, now, 0)))) == holds


def test_an_approval_survives_a_new_instant_and_no_other_change() -> None:
    again = sealed(replace(EDIT, as_of="2026-11-27T00:00:00Z", serial=500))
    other = sealed(plan(replace(updated("vip", DE, AT), digest="e" * 64)))

    assert again.intent == EDIT.intent
    assert other.intent != EDIT.intent


def test_an_approval_is_read_back() -> None:
    one = yes("ann@example.org", reason="as agreed", ci={"system": "github"}).approval

    assert read_approval(approval_text(one)) == one


@pytest.mark.parametrize(
    "text",
    [
        "",
        "segctl approval v1\n",
        "segctl approval v1\n{}\n",
        "segctl approval v2\n{}\n",
        "segctl approval v1\n[1]\n",
        approval_text(yes("a").approval).replace('"joining":159', '"joining":"many"'),
        approval_text(yes("a").approval).replace('"joining":159', '"joining":-1'),
        approval_text(yes("a").approval).replace("T11:00:00Z", "T11:00:00"),
        approval_text(yes("a").approval).replace('"reason":""', '"reason":"","more":1'),
    ],
)
def test_what_is_no_approval(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        read_approval(text)


def test_ages_are_held_against_the_instant() -> None:
    old = yes("ann@example.org", at=(NOW - timedelta(days=7)).isoformat())

    assert lacking(old, yes("bob@example.org")) == []
