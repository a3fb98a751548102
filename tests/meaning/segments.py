"""Whole segments: types, include and exclude, guards, scope, limits, and what segments say of others (sections 2 and 4.9)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from segctl.model.expand import Names
from segctl.model.rule import InSegment, Named, Test, WasInSegment
from segctl.model.segment import Adjustment, Limit, Segment, Trigger
from segctl.model.time import Rolling
from tests.meaning.cases import GUARDED, Case, ruled
from tests.meaning.casino import ago, did, dynamic, field, group, listed, paid, who
from tests.model.casino import MICRO, T, days, euros

VIP = field("vip", eq=True)
TODAY = date(2026, 5, 15)
DAY = timedelta(days=1)
ANNA, BERT, CARO = who(vip=True), who(vip=False), who(vip=True, country="DE")
ALL = {"anna": ANNA, "bert": BERT, "caro": CARO}


def asked(says: str, segments: list[Segment], members: str, players=ALL, **more) -> Case:
    """Segments, of which the last is asked; `members` are names with spaces between."""
    return Case(says, segments, players, frozenset(members.split()), **more)


def adjusted(*players: str, segments: tuple[str, ...] = (), until: date | None = None) -> tuple[Adjustment, ...]:
    return (Adjustment(players, segments, "reason", until),)


SQL = Segment("asked", "sql", query="SELECT", purpose="analysis")
STATIC = Segment("asked", "static", VIP, purpose="analysis")
SNAPSHOT = {"asked": frozenset({"bert", "caro"})}
TYPES = [
    asked("dynamic: who matches the rules now", [dynamic(VIP)], "anna caro"),
    asked("static: who matched when it was applied", [STATIC], "bert caro", snapshots=SNAPSHOT),
    asked("static: before its first snapshot it is who matches now", [STATIC], "anna caro"),
    asked("static: visible members are the snapshot and the guard now", [replace(STATIC, purpose=GUARDED)], "caro", snapshots=SNAPSHOT, guard=VIP),
    asked("static: who is excluded now is out of the snapshot", [replace(STATIC, exclude=adjusted("bert"))], "caro", snapshots=SNAPSHOT),
    asked("static: who is included now waits for the next snapshot", [replace(STATIC, include=adjusted("anna"))], "bert caro", snapshots=SNAPSHOT),
    asked("players: the ids of the list", [listed("anna", "bert")], "anna bert"),
    asked("players: an id unknown to the warehouse is kept", [listed("anna", "ghost")], "anna ghost"),
    asked("players: rules narrow the list, and none holds of an unknown id", [replace(listed("anna", "bert", "ghost"), rules=group("none", field("country", eq="DE")))], "anna bert"),
    asked("players: a guard never holds of an unknown id", [listed("anna", "ghost", purpose=GUARDED)], "anna", guard=group("none", field("vip", eq=False))),
    asked("players: an unknown id comes into no dynamic segment", [listed("anna", "ghost", name="list"), dynamic(InSegment(("list",)))], "anna"),
    asked("sql: the ids of the query", [SQL], "bert", rows={"asked": frozenset({"bert"})}),
    asked("sql: ids unknown to the warehouse are dropped", [SQL], "bert", rows={"asked": frozenset({"bert", "ghost"})}),
    asked("sql: rules narrow it", [replace(SQL, rules=VIP)], "caro", rows={"asked": frozenset({"bert", "caro"})}),
    asked("triggered: rules narrow it", [Segment("asked", "triggered", VIP, trigger=Trigger((paid("deposit"),)), purpose="analysis")], "anna", {"anna": who(vip=True, pays=({"kind": "deposit"},)), "bert": who(vip=False, pays=({"kind": "deposit"},)), "caro": CARO}),
]  # fmt: skip

ADJUSTED = [
    asked("include: is in whatever the rules say", [dynamic(VIP, include=adjusted("bert"))], "anna bert caro"),
    asked("exclude: is out whatever the rules say", [dynamic(VIP, exclude=adjusted("caro"))], "anna"),
    asked("exclude beats include", [dynamic(VIP, include=adjusted("bert"), exclude=adjusted("bert"))], "anna caro"),
    asked("include: members of segments", [listed("bert", name="hosts"), dynamic(VIP, include=adjusted(segments=("hosts",)))], "anna bert caro"),
    asked("exclude: members of segments", [listed("caro", name="hosts"), dynamic(VIP, exclude=adjusted(segments=("hosts",)))], "anna"),
    asked("until: runs through that local day", [dynamic(VIP, include=adjusted("bert", until=TODAY))], "anna bert caro"),
    asked("until: is over on the day after", [dynamic(VIP, include=adjusted("bert", until=TODAY - DAY))], "anna caro"),
    asked("until: the same for exclude", [dynamic(VIP, exclude=(*adjusted("anna", until=TODAY), *adjusted("caro", until=TODAY - DAY)))], "caro"),
    asked("include: an id unknown to the warehouse is kept without a guard", [dynamic(VIP, include=adjusted("ghost"))], "anna caro ghost"),
]  # fmt: skip

ADULT = field("age", gte=18)
GUARD = group("all", ADULT, group("none", field("country", eq="DE")))
OLD = {"born": date(1990, 1, 1)}
GUARDS = {
    "anna": who(vip=True, country="FR", **OLD), "bert": who(vip=False, country="FR", **OLD),
    "caro": who(vip=True, country="DE", **OLD), "dora": who(vip=True, country="FR"), "emil": who(vip=True, **OLD),
}  # fmt: skip
TOP = Limit("visits", 1)
RANKED = {name: who(visits=visits) for name, visits in (("a", 5), ("b", 9), ("c", None), ("d", 5), ("e", 7))}
EVERYBODY = group("none", field("country", eq="XX"))
GUARDING = [
    asked("4.1 a guard does not pass on a missing value, also not under none", [dynamic(VIP, purpose=GUARDED)], "anna", GUARDS, guard=GUARD),
    asked("nothing overrides a guard: not include", [dynamic(VIP, purpose=GUARDED, include=adjusted("caro", "dora", "emil", "ghost"))], "anna", GUARDS, guard=GUARD),
    asked("nothing overrides a guard: not a list", [listed("anna", "caro", "dora", purpose=GUARDED)], "anna", GUARDS, guard=GUARD),
    asked("nothing overrides a guard: not a query", [replace(SQL, purpose=GUARDED)], "anna bert", GUARDS, guard=GUARD, rows={"asked": frozenset(GUARDS)}),
    asked("nothing overrides a guard: not a snapshot", [replace(STATIC, purpose=GUARDED)], "anna bert", GUARDS, guard=GUARD, snapshots={"asked": frozenset(GUARDS)}),
    asked("a guard is of one purpose", [dynamic(VIP)], "anna caro dora emil", GUARDS, guard=GUARD),
    asked("a guard may ask for missing itself", [dynamic(VIP, purpose=GUARDED)], "emil", GUARDS, guard=group("all", field("country", is_set=False))),
    asked("a guard with any passes where one part is known to be true", [dynamic(VIP, purpose=GUARDED)], "anna caro emil", GUARDS, guard=group("any", ADULT, field("country", eq="AT"))),
    asked("a guard with at_least counts what is known", [dynamic(EVERYBODY, purpose=GUARDED)], "anna", GUARDS, guard=group("at_least", ADULT, field("country", eq="FR"), VIP, n=3)),
    asked("a guard's condition of several operators is unknown where its value is missing", [dynamic(VIP, purpose=GUARDED)], "caro", GUARDS, guard=group("none", field("country", is_set=True, ne="DE"))),
    asked("a guard that asks for a segment knows who is not in it", [listed("anna", name="barred"), dynamic(VIP, purpose=GUARDED)], "caro", guard=group("none", InSegment(("barred",)))),
    asked("scope is a guard of its own", [dynamic(VIP, scope=field("country", eq="FR"))], "anna dora", GUARDS),
    asked("scope holds over include", [dynamic(VIP, scope=field("country", eq="FR"), include=adjusted("caro", "emil"))], "anna dora", GUARDS),
    asked("scope and guard both hold", [dynamic(VIP, purpose=GUARDED, scope=field("country", eq="FR"))], "anna", GUARDS, guard=ADULT),
    asked("the limit ranks who is left after the guard", [listed(*RANKED, purpose=GUARDED, limit=TOP)], "e", RANKED, guard=field("visits", lt=9)),
    asked("the limit ranks who is included", [listed("a", "c", "d", "e", include=adjusted("b"), limit=TOP)], "b", RANKED),
    asked("the limit ranks who is not excluded", [listed(*RANKED, exclude=adjusted("b"), limit=TOP)], "e", RANKED),
]  # fmt: skip


def limited(says: str, limit: Limit, members: str, players=RANKED) -> Case:
    return asked(says, [listed(*players, limit=limit)], members, players)


SPENT = {
    "old": who({"stake": euros("9"), "at_time": ago(days=40)}), "new": who({"stake": euros("3")}),
    "none": who(), "one": who({"stake": euros("1"), "at_time": ago(days=1)}),
}  # fmt: skip
LIMITS = [
    limited("limit: top by the highest value", Limit("visits", 2), "b e"),
    limited("limit: asc is by the lowest", Limit("visits", 1, order="asc"), "a"),
    limited("limit: ties by player id", Limit("visits", 3), "a b e"),
    limited("limit: ties by player id, also ascending", Limit("visits", 2, order="asc"), "a d"),
    limited("limit: missing last", Limit("visits", 4), "a b d e"),
    limited("limit: missing last, also ascending", Limit("visits", 4, order="asc"), "a b d e"),
    limited("limit: more than there are is all", Limit("visits", 9), "a b c d e"),
    limited("limit: percent rounds down", Limit("visits", percent=Decimal("59.9")), "b e"),
    limited("limit: a small percent is nobody", Limit("visits", percent=Decimal("19.9")), ""),
    limited("limit: an exact percent is exact", Limit("visits", percent=Decimal(60)), "a b e"),
    limited("limit: by a metric", Limit("stakes", 1), "old", SPENT),
    limited("limit: during scopes the metric", Limit("stakes", 1, during=Rolling(days(30))), "new", SPENT),
    limited("limit: a sum of nothing is 0 and not missing", Limit("stakes", 2, order="asc"), "none one", SPENT),
    limited("limit: by a time, the latest first", Limit("last_bet", 1), "new", SPENT),
    limited("limit: unknown ids have no value and come last", Limit("visits", 2), "x y", {"x": who(visits=1), "y": who(visits=2)}),
    asked("limit: only unknown ids are left when they are few", [listed("zed", "x", limit=Limit("visits", 1))], "x", {"x": who(visits=1)}),
]  # fmt: skip

JOINED = {"vips": {"anna": ((ago(days=40), None),), "bert": ((ago(days=60), ago(days=20)),)}}
SINCE = InSegment(("vips",), (Test("older_than", days(30)),))
FRESH = InSegment(("vips",), (Test("within", days(30)),))
ENTERED = Segment("entered", "triggered", trigger=Trigger((paid("deposit"),)), purpose="analysis")
DEPOSITORS = {
    "anna": who(pays=({"kind": "deposit", "paid_at": ago(days=9)},)),
    "bert": who(pays=({"kind": "deposit"},)),
    "caro": CARO,
}
OTHERS = [
    asked("4.9 in_segment means its members at T after its guard", [dynamic(VIP, "vips", purpose=GUARDED), dynamic(InSegment(("vips",)))], "anna", GUARDS, guard=GUARD),
    asked("4.9 in_segment means its members after its limit", [listed(*RANKED, name="top", limit=TOP), dynamic(InSegment(("top",)))], "b", RANKED),
    asked("4.9 in_segment of a static segment means its visible snapshot", [replace(STATIC, name="old", exclude=adjusted("bert")), dynamic(InSegment(("old",)))], "caro", snapshots={"old": frozenset({"bert", "caro"})}),
    asked("in_segment with a list is any of them", [listed("anna", name="one"), listed("bert", name="two"), dynamic(InSegment(("one", "two")))], "anna bert"),
    asked("in_segment under none", [listed("anna", name="one"), dynamic(group("none", InSegment(("one",)), field("country", eq="DE")))], "bert"),
    asked("in_segment under at_least", [listed("anna", "caro", "ghost", name="one"), listed("caro", "bert", "ghost", name="two"), dynamic(group("at_least", InSegment(("one",)), InSegment(("two",)), VIP, n=2))], "anna caro"),
    asked("4.11 since is when a member joined", [dynamic(VIP, "vips"), dynamic(SINCE)], "anna", history=JOINED),
    asked("4.11 who joins now has been in since now", [dynamic(VIP, "vips"), dynamic(FRESH)], "caro", history=JOINED),
    asked("4.11 who has left has no since", [dynamic(VIP, "vips"), dynamic(group("any", SINCE, FRESH))], "anna caro", history=JOINED),
    asked("4.11 since of a triggered segment is the time of the event", [ENTERED, dynamic(InSegment(("entered",), (Test("older_than", days(3)),)))], "anna", DEPOSITORS, history={"entered": {"bert": ((ago(days=9), None),)}}),
    asked("4.11 who is in a triggered segment by include alone has no since", [replace(ENTERED, include=adjusted("caro")), dynamic(InSegment(("entered",), (Test("before", date(2100, 1, 1)),)))], "anna bert", DEPOSITORS),
    asked("was_in_segment: from history, ever", [dynamic(VIP, "vips"), dynamic(WasInSegment(("vips",)))], "anna bert caro", history=JOINED),
    asked("was_in_segment: at some moment of the range", [dynamic(VIP, "vips"), dynamic(WasInSegment(("vips",), Rolling(days(21))))], "anna bert caro", history=JOINED),
    asked("was_in_segment: who left before the range was not in", [dynamic(VIP, "vips"), dynamic(WasInSegment(("vips",), Rolling(days(20))))], "anna caro", history=JOINED),
    asked("was_in_segment: a range that ended holds no one who joins now", [dynamic(VIP, "vips"), dynamic(WasInSegment(("vips",), Rolling(days(9), days(1))))], "anna", history=JOINED),
    asked("rule: a named rule stands as if it were written here", [dynamic(group("all", Named("active"), during=Rolling(days(30))))], "new one", SPENT, names=Names(rules={"active": field("stakes", gt=0)})),
    asked("rule: rules use rules", [dynamic(group("none", Named("idle")))], "new old one", SPENT, names=Names(rules={"active": did("bets"), "idle": group("none", Named("active"))})),
    asked("in_list: one of a named list of values", [dynamic(field("country", in_list="dach"))], "caro", names=Names(lists={"dach": ("DE", "AT", "CH")})),
    asked("in_list: ignore_case", [dynamic(field("country", in_list="dach", ignore_case=True))], "caro", names=Names(lists={"dach": ("de",)})),
]  # fmt: skip

TWO = [who(country="DE", visits=3), who(country="AT", visits=3)]
ORDER = [
    ruled("4.6 the order of conditions changes nothing: one way", group("all", field("visits", eq=3), field("country", eq="DE")), TWO[:1], TWO[1:]),
    ruled("4.6 the order of conditions changes nothing: the other way", group("all", field("country", eq="DE"), field("visits", eq=3)), TWO[:1], TWO[1:]),
    ruled("4.6 the order of rows changes nothing: one way", field("last_stake", eq=2), [who({"id": 1, "stake": 2}, {"id": 0, "stake": 1, "at_time": T - MICRO})]),
    ruled("4.6 the order of rows changes nothing: the other way", field("last_stake", eq=2), [who({"id": 0, "stake": 1, "at_time": T - MICRO}, {"id": 1, "stake": 2})]),
]  # fmt: skip

CASES = [*TYPES, *ADJUSTED, *GUARDING, *LIMITS, *OTHERS, *ORDER]
