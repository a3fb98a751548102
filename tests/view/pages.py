"""Segments' pages, and a plan of all kinds of objects, given the texts of users."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from segctl.plan.document import FieldAbout
from segctl.view.plan import plan_text
from segctl.view.segment import Page, Revision
from segctl.view.speech import Speech
from segctl.view.style import Style
from tests.view.language import edited, named, new
from tests.view.plans import plan

NOW = datetime(2026, 11, 22, 1, 31, 4, 123456, tzinfo=UTC)
Said = Callable[[str], str]


def page(said: Said) -> Page:
    return Page(
        name=said("lapsed-depositors-de"),
        definition={
            "title": said("Lapsed depositors (DE)"),
            "description": said("Depositors from Germany who stopped logging in."),
            "type": "dynamic",
            "tags": [said("reactivation"), said("de")],
            "owner": said("crm-retention"),
            "protected": True,
            "rules": {
                "all": [
                    {"country": {"eq": said("DE")}},
                    {"last_login": {"older_than": "7d"}},
                    {"none": [{"in_segment": said("bonus-abusers")}]},
                ]
            },
        },
        speech=Speech({"country": FieldAbout("string", said("Country")), "last_login": FieldAbout("datetime", "Last login")}),
        players=12408,
        as_of=NOW,
        uses=(said("bonus-abusers"),),
        used_by=(said("vip-weekend"),),
        versions=[
            Revision(number, "update" if number > 1 else "create", NOW - timedelta(days=9 - number), said("Ann"), said("3f2a91c0d4"))
            for number in range(7, 0, -1)
        ],
        yaml=said("rules:\n  all:\n    - country: DE\n    - last_login: {older_than: 7d}\n    - none: [{in_segment: bonus-abusers}]\n"),
        file=said("segments/lifecycle/lapsed.yaml"),
    )  # fmt: skip


def triggered(said: Said) -> Page:
    """A segment with everything that may stand beside rules, and a guard."""
    return Page(
        name=said("welcome-back"),
        definition={
            "type": "triggered",
            "enter": [{"event": said("payments"), "where": {"all": [{"amount": {"gte": 100}}, {"kind": {"eq": said("deposit")}}, {"status": {"eq": "captured"}}]}}],
            "exit": [{"event": "payments", "where": {said("kind"): {"eq": "withdrawal"}}}, {"event": "rg_events"}],
            "for": "14d",
            "include": [{"players": {"count": 2, "private": "aa"}, "reason": said("VIP host request"), "until": said("2026-12-31")}],
            "exclude": [{"segments": [said("self-excluded-now"), said("vip")]}, {"players": {"count": 1, "private": "bb"}, "reason": said("complaint CS-4411")}],
            "scope": {"brand": {"eq": said("A")}, "region": {"in": ["EU", said("UK")]}},
            "limit": {"percent": 5, "by": said("total_deposits"), "during": {"last": "90d"}},
            "rules": {"at_least": {"n": 2, "of": [{"bucket": {"salt": said("spring-test"), "percent": [0, 10]}}, {"rule": said("active")}, {"event": "bets", "where": {"provider": {"eq": said("studio_x")}}}]}},
        },
        speech=Speech({"brand": FieldAbout("string", "Brand"), "payments.amount": FieldAbout("money")}, "EUR"),
        players=7,
        as_of=NOW,
        guard={"kind": "Guard", "rules": {"all": [{"age": {"gte": 18}}, {said("self_excluded"): {"eq": False}}, {"none": [{"in_segment": said("minors")}]}]}},
    )  # fmt: skip


def queried(said: Said) -> Page:
    lines = "\n".join(said(f"  and country <> '{number:02}'") for number in range(50))
    return Page(
        name=said("hosts"),
        definition={"type": "sql", "purpose": said("service"), "query": f"select player_id\nfrom {said('vip_hosts')}\n{lines}"},
        speech=Speech(),
        guard={"rules": {"brand": {"eq": said("A")}}},
    )  # fmt: skip


def objects(said: Said, style: Style) -> str:
    """Guards, lists, rules and what stands beside rules, in a plan."""
    beside = {
        "enter": [
            {
                "event": said("bets"),
                "where": {"any": [{said("team"): {"eq": said("Inter")}}, {"team": {"in": [said("AC"), "BC"]}}]},
            }
        ],
        "include": [{"segments": [said("a")], "reason": said("asked"), "until": said("2026-12-31")}],
        "scope": {said("brand"): {"eq": said("A")}},
        "limit": {"top": 10, "by": said("age")},
        "query": f"select {said('player_id')}\nfrom {said('hosts')}",
    }
    changes = (
        named("guard", said("marketing"), {"rules": {"age": {"gte": 18}}}, {"rules": {"rule": said("adult")}}),
        named("list", said("dach"), {"values": [said("AT"), "DE"]}, {"values": ["DE", said("CH")]}),
        named("rule", said("active"), None, {"rules": {"any": [{"country": {"in_list": said("dach")}}, {"was_in_segment": {"segment": said("vip")}}]}}),
        new("made", "triggered", 5, **beside),
        edited("lost", beside, {}, "triggered"),
        edited("won", {"query": "select 1", "limit": {"top": 10, "by": "age"}}, beside, "sql"),
    )  # fmt: skip
    return plan_text(plan(*changes), style=style)
