"""The casino of the model's tests with scores, sessions and withdrawals; players and segments in one line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from segctl.model.catalog import Attribute, Column, EventColumn, EventTable, Score
from segctl.model.facts import Fact, PlayerFacts
from segctl.model.rule import Compare, Group, GroupWord, Happened, Rule, Step, Test, Value, Values
from segctl.model.segment import PlayerList, Segment
from segctl.model.time import Window
from tests.model import casino
from tests.model.casino import T, days

PAYMENTS = EventTable(
    "payments",
    "payments",
    id="payment",
    player="player_id",
    time="paid_at",
    columns=(EventColumn("kind", "string", "kind"), EventColumn("amount", "money", "base_amount")),
    timezone="UTC",
)
SCORES = [
    Score(
        "churn", "number", "scores", "score", "scored_at", "player_id", (("model", ("churn",)),), days(7), "row"
    ),
    Score("intent", "number", "scores", "score", "scored_at", "player_id", (("model", ("intent",)),), id="row"),
    Score("next_offer", "string", "offers", "offer", "offered_at", "player_id"),
]
CATALOG = replace(
    casino.CATALOG,
    attributes={**casino.CATALOG.attributes, "tags": Attribute("tags", "list", Column("tag", "player_tags"))},
    events={**casino.CATALOG.events, "payments": PAYMENTS},
    scores={score.name: score for score in SCORES},
)


def ago(**length: float) -> datetime:
    """So long before noon."""
    return T - timedelta(**length)


def who(*bets: dict[str, Fact], pays: tuple[dict[str, Fact], ...] = (), **attributes: Fact) -> PlayerFacts:
    """A player. Bets and payments happened at T, and are numbered, unless they say otherwise."""
    events = {
        "bets": [{"id": number, "at_time": T, **bet} for number, bet in enumerate(bets)],
        "payments": [{"payment": number, "paid_at": T, **pay} for number, pay in enumerate(pays)],
    }
    return PlayerFacts("", attributes, {name: rows for name, rows in events.items() if rows})


def scored(*rows: dict[str, Fact]) -> PlayerFacts:
    """A player of whom models said these scores at T, unless they say otherwise."""
    numbered = [{"row": number, "scored_at": T, "model": "churn", **row} for number, row in enumerate(rows)]
    return PlayerFacts("", {}, {"scores.churn": numbered, "scores.intent": numbered})


def offered(*rows: tuple[datetime, str | None]) -> PlayerFacts:
    """A player to whom a model offered these, when."""
    offers: list[dict[str, Fact]] = [{"offered_at": at, "offer": offer} for at, offer in rows]
    return PlayerFacts("", {}, {"scores.next_offer": offers})


def field(name: str, **operators: Value | Values) -> Compare:
    """`name: {operator: value}`; `ignore_case=True` stands beside."""
    ignore_case = bool(operators.pop("ignore_case", False))
    return Compare(name, tuple(Test(op, value, ignore_case) for op, value in operators.items()))


def group(word: GroupWord, *rules: Rule, during: Window | None = None, n: int = 0) -> Group:
    return Group(word, rules, during, n)


def did(events: str, *, where: Rule | None = None, during: Window | None = None, **count: int) -> Happened:
    """`event: …`, with a `count` if one is given."""
    return Happened(events, where, tuple(Test(op, value) for op, value in count.items()), during=during)


def paid(kind: str) -> Step:
    return Step("payments", field("kind", eq=kind))


def dynamic(rule: Rule, name: str = "asked", **beside) -> Segment:
    """A segment of a purpose that has no guard, unless it says otherwise."""
    return Segment(name, "dynamic", rule, **{"purpose": "analysis", **beside})


def listed(*players: str, name: str = "asked", **beside) -> Segment:
    return Segment(name, "players", players=PlayerList(players), **{"purpose": "analysis", **beside})
