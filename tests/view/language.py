"""Plans to look at that speak of everything beside fields: events, splits, adjustments, limits, guards, lists."""

from __future__ import annotations

from segctl.plan.document import Base, Change, FieldAbout, Impact
from segctl.plan.rulediff import rule_changes
from tests.view.plans import FIELDS, created, plan, segment, updated

ABOUTS = FIELDS | {
    "brand": FieldAbout("string", "Brand"),
    "region": FieldAbout("string", "Region"),
    "self_excluded": FieldAbout("boolean", "Self-excluded"),
    "registration_date": FieldAbout("datetime", "Registration"),
    "payments.amount": FieldAbout("money"),
    "payments.kind": FieldAbout("string"),
    "payments.status": FieldAbout("string"),
    "bets.stake": FieldAbout("money"),
    "bets.loss": FieldAbout("money"),
    "bets.provider": FieldAbout("string"),
}

DEPOSIT = {"event": "payments", "where": {"all": [{"amount": {"gte": 100}}, {"kind": {"eq": "deposit"}}, {"status": {"eq": "captured"}}]}}  # fmt: skip
WITHDRAWAL = {"event": "payments", "where": {"kind": {"eq": "withdrawal"}}}
BETS = {"event": "bets", "where": {"provider": {"eq": "studio_x"}}}
QUERY = "select player_id\nfrom vip_hosts\nwhere since < :as_of\n  and country = 'DE'\n"
MANY = [f"P{number:03}" for number in range(300)]


def named(kind, name, before, after, **keys):
    """A change of an object that is no segment."""
    action = "create" if before is None else "archive" if after is None else "update"
    sides = [None if one is None else {"kind": kind.capitalize(), **one} for one in (before, after)]
    rules = [(one or {}).get("rules") for one in sides]
    return Change(
        f"{kind}.{name}",
        (action,),
        "",
        keys=tuple(key for key in (after or {}) if before and before.get(key) != after[key]),
        before=sides[0],
        after=sides[1],
        base=None if before is None else Base(1, "b" * 64),
        digest=None if after is None else "d" * 64,
        rules=rule_changes(*rules, lambda _: None) if None not in rules else (),
        **keys,
    )


def new(name, kind, number, **keys):
    """A segment that is created."""
    purpose = keys.pop("purpose", "marketing")
    made = created(name, Impact(0, number, number, 0))
    return Change(made.address, made.actions, kind, purpose, after=segment(name, type=kind, **keys), impact=made.impact)  # fmt: skip


def edited(name, before, after, kind="dynamic"):
    """A segment of which something beside its rules was edited."""
    sides = [segment(name, {"country": {"eq": "DE"}}, **{"type": kind, **one}) for one in (before, after)]
    keys = tuple(sorted(key for key in {*before, *after} if before.get(key) != after.get(key)))
    return Change(f"segment.{name}", ("update",), kind, "marketing", keys=keys, before=sides[0], after=sides[1], impact=Impact(100, 90, 0, 10))  # fmt: skip


def counted(number, mark="aa", **keys):
    """An adjustment as plans hold it: of players, only how many."""
    return {"players": {"count": number, "private": mark}, **keys}


GUARD = {"all": [{"age": {"gte": 18}}, {"self_excluded": {"eq": False}}]}
STRICTER = {"all": [{"age": {"gte": 21}}, {"self_excluded": {"eq": False}}]}

OBJECTS = plan(
    named("guard", "marketing", {"rules": GUARD}, {"rules": STRICTER}),
    named("guard", "service", None, {"rules": {"self_excluded": {"eq": False}}}),
    named("guard", "research", {"rules": {"age": {"gte": 18}}}, None),
    named("list", "dach", {"values": ["AT", "CH", "DE"]}, {"values": ["AT", "DE", "LI"]}),
    named("list", "providers", {"values": MANY}, {"values": [*MANY[20:], "new"]}),
    named("list", "hosts", {"values": {"count": 12, "private": "aa"}}, {"values": {"count": 13, "private": "bb"}}),
    named("list", "nordics", None, {"title": "Nordics", "values": ["DK", "FI", "NO", "SE"]}),
    named("list", "old", {"values": ["a", "b"]}, None),
    named("rule", "active", {"title": "Active", "rules": {**BETS, "count": {"gte": 3}}}, {"title": "Active player", "rules": {**BETS, "count": {"gte": 5}}}),
    named("rule", "whale", None, {"rules": {"all": [{"vip_level": {"gte": 4}}, DEPOSIT]}}),
    updated("vip", {"in_segment": "a"}, {"in_segment": "b"}),
    fields=ABOUTS,
)  # fmt: skip

CREATES = plan(
    new(
        "a-rules",
        "dynamic",
        12,
        rules={"all": [{"country": {"eq": "DE"}}, {"vip_level": {"gte": 2}}]},
        limit={"top": 1000, "by": "total_deposit_amount", "during": {"last": "90d"}},
    ),
    new("b-snapshot", "static", 9, exclude=[{"segments": ["vip", "whales"], "reason": "have a host"}]),
    new(
        "c-list",
        "players",
        3,
        purpose="service",
        players={"count": 3, "private": "aa"},
        scope={"brand": {"eq": "A"}},
    ),
    new("d-events", "triggered", 7, enter=[DEPOSIT], exit=[WITHDRAWAL, {"event": "rg_events"}], **{"for": "14d"}),
    new("e-events", "triggered", 7, enter=[WITHDRAWAL]),
    new("f-query", "sql", 5, query=QUERY, include=[counted(2, reason="VIP host request", until="2026-12-31")]),
    new("g-long", "sql", 5, query="\n".join(f"-- line {number}" for number in range(40))),
    fields=ABOUTS,
)

LIMIT = {"top": 1000, "by": "total_deposit_amount"}
PARTS = plan(
    edited("a-limit", {"limit": LIMIT}, {"limit": {"percent": 5, "by": "registration_date", "order": "asc"}}),
    edited("b-limit", {"limit": LIMIT}, {}),
    edited("c-include", {}, {"include": [counted(2, reason="VIP host request")]}),
    edited(
        "d-exclude",
        {"exclude": [counted(2, reason="complaint CS-4411"), {"segments": ["vip"]}]},
        {"exclude": [counted(2, "bb", reason="complaint CS-4411"), {"segments": ["vip"]}]},
    ),
    edited(
        "e-exclude",
        {"exclude": [{"segments": ["a"]}, {"segments": ["b"]}]},
        {"exclude": [{"segments": ["c"], "until": "2026-12-31"}]},
    ),
    edited("f-scope", {"scope": {"brand": {"eq": "A"}}}, {"scope": {"brand": {"eq": "A"}, "region": {"eq": "EU"}}}),
    edited("g-events", {"enter": [DEPOSIT], "for": "14d"}, {"enter": [DEPOSIT, WITHDRAWAL], "exit": [BETS], "for": "30d"}, "triggered"),
    edited("h-query", {"query": QUERY}, {"query": QUERY.replace("'DE'", "'AT'") + "limit 10"}, "sql"),
    edited("i-query", {"query": {"private": "aa"}}, {"query": {"private": "bb"}}, "sql"),
    edited("j-purpose", {}, {"purpose": "service"}),
    fields=ABOUTS,
)  # fmt: skip

_BEFORE = {
    "all": [
        {**BETS, "count": {"gte": 3}, "during": {"last": "30d"}},
        {**DEPOSIT, "sum": {"amount": {"gte": 200}}},
        {"event": "sessions", "count": {"eq": 0}},
        {"bucket": {"salt": "spring-test", "percent": [0, 10]}},
        {"in_segment": {"segment": "vip", "since": {"older_than": "30d"}}},
        {"in_segment": "whales"},
        {"was_in_segment": {"segment": "vip", "during": {"last": "90d"}}},
        {"sequence": [{"event": "sessions"}, WITHDRAWAL], "within": "1h"},
        {"rule": "active"},
        {"country": {"in_list": "dach"}},
        {"at_least": {"n": 2, "of": [{"age": {"gte": 18}}, {"event": "bets"}, {"vip_level": {"gte": 3}}]}},
    ]
}
_AFTER = {
    "all": [
        {**BETS, "count": {"gte": 5}, "during": {"last": "60d"}},
        {**DEPOSIT, "sum": {"amount": {"gte": 300}}},
        {"event": "sessions", "where": {"device": {"eq": "ios"}}, "count": {"eq": 0}},
        {"bucket": {"salt": "spring-test", "percent": [0, 20]}},
        {"in_segment": {"segment": "vip", "since": {"older_than": "60d"}}},
        {"in_segment": ["vip", "whales"]},
        {"was_in_segment": {"segment": "vip"}},
        {"sequence": [{"event": "sessions"}, WITHDRAWAL], "within": "2h"},
        {"rule": "very-active"},
        {"country": {"in_list": "nordics"}},
        {"at_least": {"n": 3, "of": [{"age": {"gte": 21}}, {"event": "bets"}, {"vip_level": {"gte": 3}}, {"event": "sessions"}]}},
    ]
}  # fmt: skip

LANGUAGE_PLANS = {
    "objects": OBJECTS,
    "creates": CREATES,
    "parts": PARTS,
    "conditions": plan(updated("lapsed", _BEFORE, _AFTER, places={"event": 9, "at_least": 12}), fields=ABOUTS),
}
