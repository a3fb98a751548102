"""Conditions on events, sequences, events that let in and out, and scores (sections 2, 3 and 4, line 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from segctl.model.facts import Fact
from segctl.model.rule import Happened, Sequence, Step, Test
from segctl.model.segment import Segment, Trigger
from segctl.model.time import Duration, Rolling
from tests.meaning.cases import Case, ruled
from tests.meaning.casino import ago, did, field, group, offered, paid, scored, who
from tests.model.casino import MICRO, T, days, euros, months

SPORTS = field("kind", eq="sports")
SUM_OF_LOSS = Happened("bets", SPORTS, (), (("loss", (Test("gte", euros("2")),)),))
BOTH = replace(SUM_OF_LOSS, count=(Test("gte", 2),))
LOST = {"kind": "sports", "stake": euros("1.5"), "win": euros("0.5")}
HAPPENED = [
    ruled("event: did it at least once", did("bets", where=SPORTS), [who({"kind": "sports"})], [who(), who({"kind": "casino"}), who({"kind": None})]),
    ruled("event: count counts events", did("bets", where=SPORTS, gte=2), [who(*[{"kind": "sports"}] * 2)], [who({"kind": "sports"}, {"kind": "casino"})]),
    ruled("event: count eq 0 is did not", did("payments", eq=0), [who(), who({})], [who(pays=({},))]),
    ruled("event: count lte 3 includes who has none", did("bets", lte=3), [who(), who(*[{}] * 3)], [who(*[{}] * 4)]),
    ruled("event: sum of a computed column", SUM_OF_LOSS, [who(LOST, LOST)], [who(LOST), who(), who({**LOST, "kind": "casino"}, LOST)]),
    ruled("event: count and sum must both hold", BOTH, [who(LOST, LOST)], [who({"kind": "sports", "stake": euros("9"), "win": euros("0")})]),
    ruled("event: a sum of nothing is 0", Happened("bets", None, (), (("stake", (Test("lte", 0),)),)), [who(), who({"stake": None})], [who({"stake": 1})]),
    ruled("event: where combines conditions of one event", did("bets", where=group("all", SPORTS, field("stake", gte=5))), [who({"kind": "sports", "stake": 5})], [who({"kind": "sports"}, {"stake": 5})]),
    ruled("event: where with at_least", did("bets", where=group("at_least", SPORTS, field("stake", gte=5), field("live", eq=True), n=2)), [who({"kind": "sports", "live": True}), who({"stake": 5, "live": True})], [who({"kind": "sports"}), who({})]),
    ruled("event: where with none is two-valued", did("bets", where=group("none", SPORTS)), [who({"kind": None}), who({"kind": "casino"})], [who({"kind": "sports"}), who()]),
    ruled("event: during scopes it", did("bets", during=Rolling(days(7))), [who({"at_time": ago(days=7) + MICRO})], [who({"at_time": ago(days=7)})]),
]  # fmt: skip

FAILED, WON = Step("payments", field("kind", eq="failed")), Step("bets", field("kind", eq="win"))
HOUR = timedelta(hours=1)


def bet(at: datetime, kind: str = "win") -> dict[str, Fact]:
    return {"at_time": at, "kind": kind}


def pay(at: datetime, kind: str = "failed", **columns: Fact) -> dict[str, Fact]:
    return {"paid_at": at, "kind": kind, **columns}


THEN = Sequence((FAILED, WON))
IN_AN_HOUR = Sequence((FAILED, WON), Duration(seconds=3600))
TWICE = Sequence((WON, WON))
THREE = Sequence((FAILED, WON, FAILED), Duration(seconds=7200))
SEQUENCES = [
    ruled("sequence: in this order", THEN, [who(bet(T), pays=(pay(ago(days=9)),))], [who(bet(ago(days=9)), pays=(pay(T),)), who(bet(T)), who(pays=(pay(T),))]),
    ruled("sequence: a step is strictly later than the one before", THEN, [who(bet(T), pays=(pay(T - MICRO),))], [who(bet(T), pays=(pay(T),))]),
    ruled("sequence: two steps alike need two events", TWICE, [who(bet(T), bet(T - MICRO))], [who(bet(T)), who(bet(T), bet(T))]),
    ruled("sequence: within holds its end", IN_AN_HOUR, [who(bet(T), pays=(pay(T - HOUR),))], [who(bet(T), pays=(pay(T - HOUR - MICRO),))]),
    ruled("sequence: within is from the first step to the last", THREE, [who(bet(T - HOUR), pays=(pay(T - 2 * HOUR), pay(T)))], [who(bet(T - HOUR), pays=(pay(T - 2 * HOUR - MICRO), pay(T)))]),
    ruled("sequence: any chain will do, not only the first", IN_AN_HOUR, [who(bet(T), bet(ago(days=2)), pays=(pay(ago(days=3)), pay(T - HOUR)))], [who(bet(T), bet(ago(days=2)), pays=(pay(ago(days=3)),))]),
    ruled("sequence: other events may stand between", THEN, [who(bet(T), bet(T - MICRO, "loss"), pays=(pay(ago(days=1)), pay(ago(hours=1), "ok")))]),
    ruled("sequence: every event lies in the range", group("all", THEN, during=Rolling(days(2))), [who(bet(T), pays=(pay(ago(days=2) + MICRO),))], [who(bet(T), pays=(pay(ago(days=2)),))]),
    ruled("sequence: nothing after T counts", THEN, [], [who(bet(T + MICRO), pays=(pay(T),))]),
    ruled("sequence: none of it is its complement", group("none", THEN), [who(), who(bet(T))], [who(bet(T), pays=(pay(T - MICRO),))]),
    ruled("sequence: steps without where take any event", Sequence((Step("payments"), Step("bets"))), [who({"at_time": T}, pays=(pay(T - MICRO, "x"),))]),
]  # fmt: skip

CAPTURED = paid("deposit")


def let_in(
    says: str,
    trigger: Trigger,
    inside: list[tuple[dict[str, Fact], ...]],
    outside: list[tuple[dict[str, Fact], ...]],
) -> Case:
    """A triggered segment with players by their payments."""
    plain = ruled(
        says, field("vip", eq=True), [who(pays=pays) for pays in inside], [who(pays=pays) for pays in outside]
    )
    return replace(plain, segments=[Segment("asked", "triggered", trigger=trigger, purpose="analysis")])


ENTER, EXIT = (CAPTURED,), (paid("withdrawal"),)
IN, OUT = pay(ago(days=3), "deposit"), pay(ago(days=2), "withdrawal")
TRIGGERED = [
    let_in("triggered: who had an enter event is in", Trigger(ENTER), [(IN,), (IN, OUT)], [(), (OUT,)]),
    let_in("triggered: an exit after the last enter lets out", Trigger(ENTER, EXIT), [(IN,), (OUT, pay(ago(days=1), "deposit"))], [(IN, OUT), (OUT,)]),
    let_in("triggered: exit wins a tie in time", Trigger(ENTER, EXIT), [(pay(T - MICRO, "withdrawal"), pay(T, "deposit"))], [(pay(T, "deposit"), pay(T, "withdrawal"))]),
    let_in("triggered: for: counts from the latest enter, its end is out", Trigger(ENTER, (), days(14)), [(pay(ago(days=14) + MICRO, "deposit"),), (pay(ago(days=30), "deposit"), IN)], [(pay(ago(days=14), "deposit"),)]),
    let_in("triggered: for: 1mo steps the calendar", Trigger(ENTER, (), months(1)), [(pay(ago(days=30) + MICRO, "deposit"),)], [(pay(ago(days=30), "deposit"),)]),
    let_in("triggered: enter may be a list, any of them", Trigger((CAPTURED, paid("transfer"))), [(IN,), (pay(T, "transfer"),)], [(OUT,)]),
    let_in("triggered: exit may be a list, any of them", Trigger(ENTER, (*EXIT, paid("refund"))), [(IN,)], [(IN, OUT), (IN, pay(T, "refund"))]),
    let_in("triggered: an exit before the enter is over", Trigger(ENTER, EXIT, days(14)), [(pay(ago(days=20), "withdrawal"), IN)], [(pay(ago(days=20), "deposit"), OUT)]),
    let_in("triggered: nothing after T lets in or out", Trigger(ENTER, EXIT), [(IN, pay(T + MICRO, "withdrawal"))], [(pay(T + MICRO, "deposit"),)]),
]  # fmt: skip

HIGH = field("churn", gte=0.5)
SCORES = [
    ruled("4.10 a score is the latest at or before T", HIGH, [scored({"score": 0.9}, {"score": 0.1, "scored_at": ago(days=1)})], [scored({"score": 0.1}, {"score": 0.9, "scored_at": ago(days=1)}), who()]),
    ruled("4.10 a score after T does not count yet", HIGH, [scored({"score": 0.9}, {"score": 0.1, "scored_at": T + MICRO})]),
    ruled("4.10 a score is missing past max_age", HIGH, [scored({"score": 0.9, "scored_at": ago(days=7) + MICRO})], [scored({"score": 0.9, "scored_at": ago(days=7)})]),
    ruled("4.10 past max_age it is_set: false", field("churn", is_set=False), [scored({"score": 0.9, "scored_at": ago(days=7)}), who()], [scored({"score": 0.9})]),
    ruled("4.10 without max_age a score does not age", field("intent", gte=0.5), [scored({"score": 0.9, "model": "intent", "scored_at": ago(days=900)})]),
    ruled("4.10 a score of another model does not count", HIGH, [], [scored({"score": 0.9, "model": "intent"}), scored({"score": 0.9, "model": None})]),
    ruled("4.10 the id breaks a tie in time", HIGH, [scored({"row": 1, "score": 0.1}, {"row": 2, "score": 0.9})], [scored({"row": 2, "score": 0.1}, {"row": 1, "score": 0.9})]),
    ruled("4.10 the latest score may be missing: an older one does not stand in", HIGH, [], [scored({"score": 0.9, "scored_at": ago(days=1)}, {"score": None}), scored({"score": float("nan")})]),
    ruled("4.10 scores may be text", field("next_offer", eq="b"), [offered((T, "b"), (ago(days=1), "a"))], [offered((T, "a"))]),
    ruled("4.10 without an id the value breaks a tie in time: the highest stands", field("next_offer", eq="b"), [offered((T, "b"), (T, "a")), offered((T, "a"), (T, "b")), offered((T, "b"), (T, None))], [offered((T, "c"), (T, "b"))]),
    ruled("4.10 scores are unaffected by during", group("all", field("intent", gte=0.5), did("bets", eq=0), during=Rolling(days(1))), [scored({"score": 0.9, "model": "intent", "scored_at": ago(days=20)})], [who()]),
]  # fmt: skip

CASES = [*HAPPENED, *SEQUENCES, *TRIGGERED, *SCORES]
