"""Section 4, lines 1 and 2: missing values, and players without events."""

from __future__ import annotations

from datetime import date

from tests.meaning.cases import ruled
from tests.meaning.casino import ago, did, field, group, who
from tests.model.casino import days, euros

NOBODY = who()
POSITIVE = {
    "country": ({"eq": "DE"}, {"in": ("DE", "")}, {"contains": ""}, {"starts_with": ""}, {"ends_with": ""}, {"matches": ""}),
    "visits": ({"eq": 0}, {"gte": 0}, {"gt": -1}, {"lte": 0}, {"lt": 1}, {"between": (-9, 9)}, {"in": (0,)}),
    "balance": ({"lt": 1}, {"eq": 0}), "score": ({"gt": -1}, {"eq": 0}), "vip": ({"eq": True}, {"eq": False}),
    "born": ({"before": date(2100, 1, 1)}, {"after": date(1800, 1, 1)}, {"older_than": days(0)}),
    "seen": ({"older_than": days(0)}, {"after": date(1800, 1, 1)}, {"within": days(9)}, {"within_next": days(9)}),
    "tags": ({"contains": "a"}, {"contains_any": ("a",)}, {"contains_all": ("a",)}), "age": ({"gte": -200},),
    "last_stake": ({"lte": 0},), "mean_stake": ({"eq": 0},), "per_bet": ({"eq": 0},), "churn": ({"gte": 0},),
}  # fmt: skip
SETTABLE = ("country", "visits", "balance", "score", "vip", "born", "seen", "age", "last_stake", "churn")

TWO_VALUED = [
    *(
        ruled(
            f"4.1 a positive operator on a missing value is false: {name} {test}",
            field(name, **test),
            [],
            [NOBODY],
        )
        for name, tests in POSITIVE.items()
        for test in tests
    ),
    *(
        ruled(f"4.1 none is the exact complement: {name}", group("none", field(name, **tests[0])), [NOBODY])
        for name, tests in POSITIVE.items()
    ),
    *(
        ruled(f"4.1 is_set: false asks for missing: {name}", field(name, is_set=False), [NOBODY])
        for name in SETTABLE
    ),
    *(ruled(f"4.1 is_set: true is false of missing: {n}", field(n, is_set=True), [], [NOBODY]) for n in SETTABLE),
    ruled(
        "4.1 ne is true of a missing value",
        field("country", ne="DE"),
        [NOBODY, who(country="FR")],
        [who(country="DE")],
    ),
    ruled(
        "4.1 not_in is true of a missing value",
        field("country", not_in=("DE", "AT")),
        [NOBODY, who(country="FR")],
        [who(country="AT")],
    ),
    ruled(
        "4.1 ne of a number is true of a missing one",
        field("visits", ne=0),
        [NOBODY, who(visits=1)],
        [who(visits=0)],
    ),
    ruled(
        "4.1 none of several conditions is true where all are false or missing",
        group("none", field("country", eq="DE"), field("visits", gte=3)),
        [NOBODY, who(country="FR"), who(visits=2)],
        [who(country="DE"), who(visits=3)],
    ),
    ruled(
        "4.1 is_empty is true for a missing list",
        field("tags", is_empty=True),
        [NOBODY, who(tags=())],
        [who(tags=("a",))],
    ),
    ruled(
        "4.1 is_empty: false wants an element",
        field("tags", is_empty=False),
        [who(tags=("a",))],
        [NOBODY, who(tags=())],
    ),
    ruled(
        "4.1 the empty text is a value",
        field("country", is_set=True, eq="", matches="^$"),
        [who(country="")],
        [NOBODY],
    ),
    ruled(
        "4.1 not a number is missing",
        field("score", is_set=False, ne=1),
        [who(score=float("nan"))],
        [who(score=0.5)],
    ),
    ruled(
        "3 several operators are AND-ed",
        field("visits", gte=5, lt=7),
        [who(visits=5), who(visits=6)],
        [who(visits=4), who(visits=7)],
    ),
    ruled(
        "3 at_least counts its conditions",
        group("at_least", field("country", eq="DE"), field("visits", gte=3), field("vip", eq=True), n=2),
        [who(country="DE", visits=3), who(visits=3, vip=True), who(country="DE", visits=3, vip=True)],
        [NOBODY, who(country="DE"), who(vip=True, visits=2)],
    ),
    ruled(
        "3 at_least counts a condition twice that is written twice",
        group("at_least", field("country", eq="DE"), field("country", eq="DE"), field("vip", eq=True), n=2),
        [who(country="DE")],
        [who(vip=True)],
    ),
]

ZERO = ("bet_count", "stakes", "losses", "points", "teams", "active_days", "bet")
ABSENT = (
    "first_bet", "last_bet", "second_bet", "last_stake", "last_team", "mean_stake", "least_stake", "most_stake",
    "best_odds", "per_bet", "after_win",
)  # fmt: skip
NO_EVENTS = [
    *(
        ruled(f"4.2 without events count and sum are 0: {name}", field(name, eq=0, lte=3), [NOBODY])
        for name in ZERO
    ),
    *(ruled(f"4.2 without events it is missing: {name}", field(name, is_set=False), [NOBODY]) for name in ABSENT),
    ruled(
        "4.2 exists is false without events, never missing",
        field("played", eq=False, is_set=True),
        [NOBODY],
        [who({})],
    ),
    ruled(
        "4.2 an event without a value sums to 0 and has no average", field("stakes", eq=0), [who({"stake": None})]
    ),
    ruled(
        "4.2 an average of nothing is missing",
        field("mean_stake", is_set=False),
        [who({"stake": None})],
        [who({"stake": 1})],
    ),
    ruled("4.2 a ratio over 0 is missing", field("per_bet", is_set=False), [NOBODY], [who({"stake": None})]),
    ruled(
        "4.2 first and last order by time, then event id",
        field("first_stake", eq=euros("2")),
        [
            who({"id": 9, "stake": euros("1")}, {"id": 7, "stake": euros("2")}),
            who({"id": 7, "stake": euros("1")}, {"id": 9, "stake": euros("2"), "at_time": ago(seconds=1)}),
        ],
        [who({"id": 7, "stake": euros("1")}, {"id": 9, "stake": euros("2")})],
    ),
    ruled(
        "4.2 the last is the highest id of the latest instant",
        field("last_team", eq="A"),
        [
            who({"id": 9, "team": "A"}, {"id": 10, "team": "B", "at_time": ago(seconds=1)}),
            who({"id": 8, "team": "B"}, {"id": 9, "team": "A"}),
        ],
        [who({"id": 10, "team": "B"}, {"id": 9, "team": "A"})],
    ),
    ruled(
        "4.2 the value of the chosen event may be missing",
        field("last_stake", is_set=False),
        [who({"stake": 1}, {"stake": None})],
    ),
    ruled(
        "4.2 nth counts from the first",
        field("second_stake", eq=2),
        [who({"stake": 1}, {"stake": 2}, {"stake": 3})],
        [who({"stake": 2})],
    ),
    ruled(
        "4.2 did not: count eq 0",
        did("bets", where=field("kind", eq="sports"), eq=0),
        [NOBODY, who({"kind": "casino"}), who({"kind": None})],
        [who({"kind": "sports"})],
    ),
]

CASES = [*TWO_VALUED, *NO_EVENTS]
