"""Random segments of a small casino: every type, and all that may stand beside rules."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from random import Random
from typing import Any

from tests.support.casino import Casino
from tests.support.casino_facts import PLAYERS, SETTINGS

NAMES = tuple(player for player, *_ in PLAYERS)
_DEPOSIT = {"event": "payments", "where": {"kind": "deposit"}}
_GUARDS = ("{vip_level: {gte: 0}}", "{all: [{country: {is_set: true}}, {last_login: {within: 41d}}]}")


def condition(rng: Random, used: Sequence[str]) -> dict[str, Any]:
    """One condition, or a small group; `used` are segments that it may ask about."""
    days = rng.choice((1, 2, 3, 5, 6, 9, 10, 29, 40))
    kinds: list[dict[str, Any]] = [
        {"country": rng.choice(("DE", "GB", ["DE", "IT"]))},
        {"vip_level": {"gte": rng.randint(0, 4)}},
        {"email": {"contains": rng.choice("aeo")}},
        {"last_login": {rng.choice(("older_than", "within")): f"{days + rng.randint(0, 2)}d"}},
        {"deposit_count": {"gte": rng.randint(1, 2)}},
        {"during": {"last": f"{days + 2}d"}, "all": [{"deposit_amount": {"gte": rng.choice((10, 50, 200))}}]},
        {"during": {"calendar": rng.choice(("this_month", "last_week"))}, "none": [{"deposit_count": {"gte": 1}}]},
        {**_DEPOSIT, "count": {"gte": 1}, "during": {"last": f"{days + 1}d"}},
        {"bucket": {"salt": "spring", "percent": [0, rng.choice((30, 70))]}},
    ]
    if used:
        kinds += [{"in_segment": rng.choice(used)}] * 2
    return deepcopy(rng.choice(kinds))  # YAML would write one object twice as an alias


def rules(rng: Random, used: Sequence[str], depth: int = 0) -> dict[str, Any]:
    """A group of conditions and groups."""
    count = rng.randint(2, 4)
    parts = [
        rules(rng, used, depth + 1) if depth < 2 and rng.random() < 0.3 else condition(rng, used)
        for _ in range(count)
    ]
    word = rng.choice(("all", "any", "any", "none", "at_least"))
    if word == "at_least" and count > 2:
        return {"at_least": {"n": 2, "of": parts}}
    return {"all" if word == "at_least" else word: parts}


def segment(rng: Random, used: Sequence[str]) -> dict[str, Any]:
    """A document without its name."""
    kind = rng.choice(("dynamic", "dynamic", "dynamic", "static", "players", "triggered"))
    found: dict[str, Any] = {"type": kind, "purpose": "analysis" if rng.random() < 0.5 else "marketing"}
    if kind in ("dynamic", "static") or rng.random() < 0.5:
        found["rules"] = rules(rng, used)
    if kind == "players":
        found["players"] = [*rng.sample(NAMES, 6), "nobody"]
    if kind == "triggered":
        found |= {"enter": deepcopy(_DEPOSIT), "for": f"{rng.choice((4, 8, 30))}d"}
    if rng.random() < 0.4:
        found["include"] = [
            {"players": rng.sample(NAMES, 2), "reason": "host", "until": f"2025-03-0{rng.randint(2, 7)}"}
        ]
    if rng.random() < 0.4:
        found["exclude"] = [
            {"players": rng.sample(NAMES, 2), "reason": "rest", "until": f"2025-03-0{rng.randint(2, 7)}"}
        ]
    if rng.random() < 0.3:
        found["scope"] = {"country": ["DE", "GB"]}
    return found


def write(casino: Casino, rng: Random, *, segments: int = 5, limits: bool = True) -> list[str]:
    """Writes segments s0, s1, … and a guard; their names."""
    casino.write("segctl.yaml", SETTINGS + f"guards: {{marketing: {rng.choice(_GUARDS)}}}\n")
    names: list[str] = []
    safe: list[str] = []
    for number in range(segments):
        name = f"s{number}"
        document = segment(rng, safe)
        if limits and rng.random() < 0.4:
            by = rng.choice(("deposit_amount", "vip_level", "last_login"))
            document["limit"] = {"top": rng.randint(1, 3), "by": by, "order": rng.choice(("asc", "desc"))}
        casino.segment(name, document.pop("rules", None), **document)
        names.append(name)
        if document["purpose"] == "analysis":
            safe.append(name)  # a guarded one may not stand under `none`
    return names
