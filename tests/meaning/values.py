"""Section 4, lines 3 to 5 and 8: no coercion, money, text, age."""

from __future__ import annotations

from datetime import date

from segctl.model.time import Clock
from tests.meaning.cases import Case, ruled
from tests.meaning.casino import did, field, who
from tests.model.casino import MALTA, MICRO, euros, local, utc

NOBODY = who()
NUMBERS = who({"stake": euros("1.10"), "win": euros("2")}, {"stake": None}, visits=5, balance=euros("0.30"))

NO_COERCION = [
    ruled(
        "4.3 player texts stay texts",
        field("country", eq="1"),
        [who(country="1")],
        [who(country="1.0"), who(country="true")],
    ),
    ruled("4.3 a number is compared as a number", field("visits", eq=1), [who(visits=1)], [who(visits=0)]),
    ruled(
        "4.3 true is not a text",
        field("country", eq="true"),
        [who(country="true", vip=True)],
        [who(vip=True), who(country="True")],
    ),
    Case(
        "4.3 player ids are texts: 007 is not 7",
        ruled("", field("vip", eq=True), []).segments,
        {"007": who(vip=True), "7": who(), "1e5": who(vip=True), "100000": who()},
        frozenset({"007", "1e5"}),
        exact=True,
    ),
]

MONEY = [
    ruled(
        "4.4 money is exact: three tenths",
        field("stakes", eq=euros("0.3")),
        [who(*[{"stake": euros("0.1")}] * 3)],
        [who({"stake": euros("0.3001")})],
    ),
    ruled("4.4 a finer amount is never equal", field("balance", eq=euros("0.30001")), [], [NUMBERS]),
    ruled("4.4 a finer amount is a bound", field("balance", gt=euros("0.29999"), lt=euros("0.30001")), [NUMBERS]),
    ruled(
        "4.4 a difference of money is exact, and misses where a side does",
        field("losses", eq=euros("-0.90")),
        [NUMBERS],
        [NOBODY],
    ),
    ruled(
        "3 between includes both ends",
        field("visits", between=(2, 4)),
        [who(visits=2), who(visits=4)],
        [who(visits=1), who(visits=5)],
    ),
    ruled(
        "4.4 integers are exact at any size",
        field("visits", gt=2**63 - 2),
        [who(visits=2**63 - 1)],
        [who(visits=2**63 - 2)],
    ),
    ruled(
        "4.4 numbers are binary floating point",
        field("score", gt=euros("0.3")),
        [who(score=0.1 + 0.2)],
        [who(score=0.3)],
    ),
]

CASES_OF_CASE = (("ÉCOLE", "école"), ("İ", "i"), ("ΔΣΔ", "δσδ"), ("\u01c5", "\u01c6"), ("\u212a", "k"))
TEXT = [
    ruled(
        "4.5 text compares by code point",
        field("country", eq="\u00e9"),
        [who(country="\u00e9")],
        [who(country="e\u0301"), who(country="\u00c9")],
    ),
    ruled(
        "4.5 text compares as stored",
        field("country", eq="DE"),
        [who(country="DE")],
        [who(country="DE "), who(country="de")],
    ),
    *(
        ruled(
            f"4.5 ignore_case lower-cases both sides: {stored!r} {written!r}",
            field("country", eq=written, ignore_case=True),
            [who(country=stored), who(country=written)],
        )
        for stored, written in CASES_OF_CASE
    ),
    ruled(
        "4.5 ignore_case is the simple mapping: no folding",
        field("country", **{"in": ("SS", "δσ")}, ignore_case=True),
        [who(country="ss"), who(country="Δσ")],
        [who(country="ß"), who(country="δς")],
    ),
    *(
        ruled(
            f"4.5 ignore_case reaches {op}",
            field("country", **{op: text}, ignore_case=True),
            [who(country="Strasse")],
            [who(country="Weg")],
        )
        for op, text in {
            "contains": "TRA",
            "starts_with": "sTR",
            "ends_with": "SSe",
            "matches": "^S.R",
            "in": ("x", "STRASSE"),
        }.items()
    ),
    ruled(
        "4.5 ignore_case reaches ne",
        field("country", ne="STRASSE", ignore_case=True),
        [who(country="Weg"), NOBODY],
        [who(country="Strasse")],
    ),
    ruled(
        "4.5 contains takes its text literally",
        field("country", contains="%_"),
        [who(country="100%_a.")],
        [who(country="100 aa"), who(country="%a")],
    ),
    ruled(
        "4.5 starts_with and ends_with are literal",
        field("country", starts_with="100%", ends_with="."),
        [who(country="100%_.")],
        [who(country="1000.")],
    ),
    ruled(
        "4.5 contains in where is literal and by code point",
        did("bets", where=field("team", contains="%")),
        [who({"team": "a%b"})],
        [who({"team": "ab"}), who({"team": None})],
    ),
    ruled(
        "3 matches searches anywhere", field("country", matches="b"), [who(country="abc")], [who(country="ABC")]
    ),
    ruled(
        "3 $ is the end of the text", field("country", matches="c$"), [who(country="abc")], [who(country="abc\n")]
    ),
    ruled(
        "3 a list contains any",
        field("tags", contains_any=("x", "b")),
        [who(tags=("a", "b"))],
        [who(tags=("a",)), who(tags=("bb",))],
    ),
    ruled(
        "3 a list contains all, in no order",
        field("tags", contains_all=("b", "a")),
        [who(tags=("a", "b", "c"))],
        [who(tags=("a",)), NOBODY],
    ),
]

MIDNIGHT = utc(2026, 5, 14, 22)
AGE = [
    ruled(
        "4.8 age before local midnight of the birthday",
        field("age", eq=25),
        [who(born=date(2000, 5, 15))],
        clock=Clock(MIDNIGHT - MICRO, MALTA),
    ),
    ruled(
        "4.8 age rises at local midnight of the birthday",
        field("age", eq=26),
        [who(born=date(2000, 5, 15))],
        clock=Clock(MIDNIGHT, MALTA),
    ),
    ruled(
        "4.8 born on 29 February: not yet on 28 February",
        field("age", eq=17),
        [who(born=date(2008, 2, 29))],
        clock=Clock(local(MALTA, 2026, 2, 28, 12), MALTA),
    ),
    ruled(
        "4.8 born on 29 February: older on 1 March of common years",
        field("age", eq=18),
        [who(born=date(2008, 2, 29))],
        clock=Clock(local(MALTA, 2026, 3, 1), MALTA),
    ),
    ruled(
        "4.8 born on 29 February: on the day itself in leap years",
        field("age", eq=20),
        [who(born=date(2008, 2, 29))],
        clock=Clock(local(MALTA, 2028, 2, 29), MALTA),
    ),
    ruled(
        "4.8 born tomorrow is -1",
        field("age", eq=-1),
        [who(born=date(2026, 5, 16))],
        [who(born=date(2026, 5, 15))],
    ),
]

CASES = [*NO_COERCION, *MONEY, *TEXT, *AGE]
