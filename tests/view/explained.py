"""An explanation and an attrition, given the texts of users."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from segctl.model.ahead import Ahead
from segctl.model.catalog import Attribute, Catalog, Column, PlayerTable
from segctl.model.evaluate import EVER
from segctl.model.explanation import Explanation, InState, Rank, tidied
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.funnel import Funnel, Step, places
from segctl.model.membership import Society
from segctl.model.reasons import Part, reasons
from segctl.model.rule import Compare, Group, InSegment, Rule, Test
from segctl.model.segment import Limit, Segment
from segctl.model.time import Clock, Duration
from segctl.plan.document import FieldAbout
from segctl.view.attrition import attrition_data, attrition_text
from segctl.view.data import json_text
from segctl.view.explanation import explanation_text
from segctl.view.explanation_data import explanation_data
from segctl.view.speech import Speech
from segctl.view.style import Style
from segctl.view.tree import Said as Told
from tests.view.pages import NOW, Said


def _catalog() -> Catalog:
    fields = {
        "country": Attribute("country", "string", Column("country")),
        "email": Attribute("email", "string", Column("email"), pii=True),
        "balance": Attribute("balance", "money", Column("balance")),
        "last_login": Attribute("last_login", "datetime", Column("last_login")),
    }
    return Catalog("igaming", "EUR", PlayerTable("players", "player_id"), fields, {}, {})


def _speech(said: Said) -> Speech:
    abouts = {
        "country": FieldAbout("string", said("Country")),
        "email": FieldAbout("string", said("E-mail address")),
        "balance": FieldAbout("money", said("Balance")),
        "last_login": FieldAbout("datetime", said("Last login")),
    }
    return Speech(abouts, "EUR")


def _rules(said: Said) -> Group:
    login: Rule = Compare("last_login", (Test("older_than", Duration(604_800)),))
    return Group(
        "all",
        (
            Compare("country", (Test("eq", said("DE")),)),
            Group("any", (Compare("email", (Test("contains", said("@example")),)), Compare("balance", (Test("gte", Decimal(500)),)))),
            login,
            Group("none", (InSegment((said("bonus-abusers"),)),)),
        ),
    )  # fmt: skip


def _explanation(said: Said, *, away: timedelta = timedelta(days=5, hours=3)) -> Explanation:
    player, clock = said("p_8841"), Clock(NOW, ZoneInfo("Europe/Malta"))
    segment = Segment(said("lapsed-de"), "dynamic", _rules(said), limit=Limit("balance", 100))
    facts: dict[str, Fact] = {
        "country": said("DE"),
        "email": said("anna@example.org"),
        "balance": Decimal("120.50"),
        "last_login": NOW - away,
    }
    society = Society(
        {segment.name: segment},
        _catalog(),
        clock,
        {player: PlayerFacts(player, facts)},
        guards={"marketing": Compare("country", (Test("ne", said("GB")),))},
    )
    found = reasons(segment, player, society, {said("bonus-abusers"): frozenset()})
    parts = tuple(replace(part, verdict=tidied(part.verdict)) if part.verdict else part for part in found.parts)
    until = NOW + timedelta(days=2)
    return Explanation(
        segment=segment,
        player=player,
        clock=clock,
        catalog=society.catalog,
        reasons=replace(found, parts=parts),
        inside=found.inside,
        rank=Rank(3, 250, 100, Decimal("120.50")) if found.inside else None,
        state=InState(inside=True, since=NOW - timedelta(days=30), as_of=NOW - timedelta(days=1)),
        ahead=Ahead(found.inside, until=until, at=until, because=((_rules(said).rules[2], EVER),)),  # type: ignore[arg-type]
    )


def _listed(said: Said) -> Explanation:
    """Of a list, excluded and ranked too low, by what the files declare."""
    segment = Segment(said("picks"), "players", limit=Limit("balance", 3, order="asc"), purpose="analysis")
    one = _explanation(said)
    parts = (
        Part("candidates", holds=True),
        Part("exclude", holds=False, reason=said("complaint CS-4411")),
        Part("limit", holds=False),
    )
    return Explanation(
        segment=segment,
        player=one.player,
        clock=one.clock,
        catalog=one.catalog,
        reasons=replace(one.reasons, segment=segment.name, parts=parts),
        inside=False,
        rank=Rank(1_204, 12_408, 3, Decimal(5)),
        ahead=Ahead(inside=False, until=NOW + timedelta(days=400)),
        declared=True,
    )  # fmt: skip


def _funnel(said: Said) -> Funnel:
    counts = iter(
        [
            (1_204, None),
            (12_408, 12_408),
            (9_000, 6_000),
            (8_000, None),
            (2_000, None),
            (9_120, 1_300),
            (1_310_000, 1_204),
            (4, None),
        ]
    )
    steps = [Step("start", left=1_310_004)]
    for place in places(_rules(said)):
        alone, left = next(counts)
        steps.append(
            Step("group" if isinstance(place.rule, Group) else "condition", place.depth, place, alone, left)
        )
    steps += [
        Step("include", alone=6, left=1_210),
        Step("exclude", alone=10, left=1_200),
        Step("guard", alone=1_000_000, left=1_000),
    ]
    steps += [Step("scope", alone=900, left=900), Step("limit", left=100), Step("result", left=100)]
    return Funnel(said("lapsed-de"), "dynamic", said("marketing"), 1_310_004, tuple(steps))  # fmt: skip


def explained(said: Said, style: Style) -> dict[str, str]:
    """The views by name."""
    one, speech = _explanation(said), _speech(said)
    told = Told(speech, one.catalog, one.clock, one.personal)
    return {
        "explanation": explanation_text(one, speech, style=style),
        "explanation-in": explanation_text(_explanation(said, away=timedelta(days=400)), speech, style=style),
        "explanation-revealed": explanation_text(one, speech, reveal=True, style=style),
        "explanation-declared": explanation_text(_listed(said), speech, style=style),
        "explanation-json": json_text(explanation_data(one)),
        "attrition": attrition_text(_funnel(said), told, style=style),
        "attrition-json": json_text(attrition_data(_funnel(said), told)),
    }
