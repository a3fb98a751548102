"""A small catalog and one-line helpers for tests of meaning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from segctl.model.catalog import (
    AgeOf,
    Aggregate,
    Attribute,
    ByMoney,
    Catalog,
    Column,
    Derived,
    Difference,
    EventColumn,
    EventTable,
    Measure,
    Metric,
    PlayerTable,
)
from segctl.model.evaluate import field_value, holds
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.operators import FieldType
from segctl.model.rule import Compare, Group, Now, Rule, Test, Value, Values
from segctl.model.time import Clock, Duration, Lifetime, Window

MALTA = ZoneInfo("Europe/Malta")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
T = datetime(2026, 5, 15, 10, 30, tzinfo=UTC)
NOON = Clock(T, MALTA)
MICRO = timedelta(microseconds=1)
NOW = Now()

ATTRIBUTES: dict[str, FieldType] = {
    "country": "string", "score": "number", "visits": "integer", "balance": "money", "vip": "boolean",
    "born": "date", "seen": "datetime", "tags": "list",
}  # fmt: skip
COLUMNS: dict[str, FieldType] = {
    "kind": "string", "team": "string", "points": "integer", "stake": "money", "win": "money",
    "stake_real": "money", "stake_bonus": "money", "live": "boolean", "odds": "number", "match_day": "date",
}  # fmt: skip


def days(count: int) -> Duration:
    return Duration(seconds=86_400 * count)


def months(count: int) -> Duration:
    return Duration(months=count)


def is_(field: str, value: Value) -> Compare:
    return Compare(field, (Test("eq", value),))


def of(kind: str, column: str | None = None, where: Rule | None = None, n: int = 1) -> Aggregate:
    return Aggregate("bets", Measure(kind, column, n), where)


BETS = EventTable(
    "bets",
    "bets",
    id="id",
    player="player_id",
    time="at_time",
    columns=(
        *(EventColumn(name, kind, name) for name, kind in COLUMNS.items()),
        EventColumn("loss", "money", Difference("stake", "win")),
    ),
)
SPORTS = is_("kind", "sports")
METRICS = [
    Metric("bet_count", "integer", of("count"), ("team",)),
    Metric("sports_count", "integer", of("count", where=SPORTS)),
    Metric("not_sports_count", "integer", of("count", where=Group("none", (SPORTS,)))),
    Metric("other_count", "integer", of("count", where=Compare("kind", (Test("ne", "sports"),)))),
    Metric("played", "boolean", of("exists")),
    Metric("stakes", "money", of("sum", "stake"), ("team", "kind")),
    Metric("losses", "money", of("sum", "loss")),
    Metric("points", "integer", of("sum", "points")),
    Metric("teams", "integer", of("distinct", "team")),
    Metric("active_days", "integer", of("count_days")),
    Metric("first_bet", "datetime", of("first")),
    Metric("last_bet", "datetime", of("last")),
    Metric("second_bet", "datetime", of("nth", n=2)),
    Metric("first_stake", "money", of("first", "stake")),
    Metric("last_stake", "money", of("last", "stake")),
    Metric("second_stake", "money", of("nth", "stake", n=2)),
    Metric("last_team", "string", of("last", "team")),
    Metric("mean_stake", "number", of("avg", "stake")),
    Metric("least_stake", "money", of("min", "stake")),
    Metric("most_stake", "money", of("max", "stake")),
    Metric("best_odds", "number", of("max", "odds")),
    Metric("after_win", "money", Derived("subtract", "stakes", "last_stake")),
    Metric("per_bet", "number", Derived("ratio", "stakes", "bet_count")),
    Metric("bet", "money", ByMoney(of("sum", "stake_real"), of("sum", "stake_bonus"), of("sum", "stake"))),
]
CATALOG = Catalog(
    "casino",
    "EUR",
    PlayerTable("players", "player_id"),
    attributes={
        **{name: Attribute(name, kind, Column(name)) for name, kind in ATTRIBUTES.items()},
        "age": Attribute("age", "integer", AgeOf("born")),
    },
    events={"bets": BETS},
    metrics={metric.name: metric for metric in METRICS},
)


def player(*bets: dict[str, Fact], **attributes: Fact) -> PlayerFacts:
    """Bets get an id by their place, and T as their time, unless they say otherwise."""
    numbered = [{"id": number, "at_time": T, **bet} for number, bet in enumerate(bets)]
    return PlayerFacts("p", attributes, {"bets": numbered} if numbered else {})


def value(name: str, who: PlayerFacts, clock: Clock = NOON, window: Window = Lifetime(), **scope) -> Fact:  # noqa: B008
    return field_value(name, who, catalog=CATALOG, clock=clock, window=window, **scope)


def true(rule: Rule, who: PlayerFacts, clock: Clock = NOON, **how) -> bool:
    return holds(rule, who, catalog=CATALOG, clock=clock, **how)


def stands(field: str, fact: Fact, clock: Clock = NOON, **operator: Value | Values) -> bool:
    """Does `field: {operator: value}` hold for a player with that fact?"""
    ignore_case = bool(operator.pop("ignore_case", False))
    tests = tuple(Test(op, wanted, ignore_case) for op, wanted in operator.items())
    return true(Compare(field, tests), player(**{field: fact}), clock)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def local(zone: ZoneInfo, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=zone)


def euros(text: str) -> Decimal:
    return Decimal(text)
