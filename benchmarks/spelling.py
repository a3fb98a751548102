"""What DuckDB and PostgreSQL spell differently, for one query a segment: for each what is fast there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

MICROS_PER_DAY = 86_400_000_000


class Spelling(Protocol):
    """An engine's own words."""

    double: str

    def part(self, name: str, day: str) -> str:
        """The year, month or day of a date."""

    def text(self, op: str, value: str, wanted: str) -> str:
        """A test of a text other than equality."""

    def over(self, aggregate: str, value: str, passing: str) -> str:
        """An aggregate over the rows that pass a condition; all of them, if it is empty."""

    def ordered(self, kind: str, value: str, time: str, identity: str, ordinal: int, passing: str) -> str:
        """The value of the first, last or nth row by (time, id)."""

    def local_day(self, time: str, first: int, later: Iterable[tuple[int, int]]) -> str:
        """The local day of an instant, by its zone's offsets in microseconds: the first, and later ones, newest
        first, each with the instant from which it holds.
        """


class DuckDB:
    """CASE, and order as one number, which is compared faster than a pair."""

    double = "DOUBLE"

    def part(self, name: str, day: str) -> str:
        return f"{name}({day})"

    def text(self, op: str, value: str, wanted: str) -> str:
        return f"{'regexp_matches' if op == 'matches' else op}({value}, {wanted})"

    def over(self, aggregate: str, value: str, passing: str) -> str:
        distinct, of = (
            ("DISTINCT ", value.removeprefix("DISTINCT ")) if value.startswith("DISTINCT ") else ("", value)
        )
        return f"{aggregate}({distinct}{_when(of, passing)})"

    def ordered(self, kind: str, value: str, time: str, identity: str, ordinal: int, passing: str) -> str:
        order = _when(f"CAST(epoch_us({time}) AS HUGEINT) * {2**63} + {identity}", passing)
        if kind == "nth":  # columns with NULL would need row_number(); the demo's have none
            return f"arg_min({value}, {order}, {ordinal})[{ordinal}]"
        return f"{'arg_min_null' if kind == 'first' else 'arg_max_null'}({value}, {order})"

    def local_day(self, time: str, first: int, later: Iterable[tuple[int, int]]) -> str:
        east = _chosen(first, ((f"epoch_us({time}) >= {at}", offset) for at, offset in later))
        return f"(epoch_us({time}) + {east}) // {MICROS_PER_DAY}"


class PostgreSQL:
    """FILTER, and arrays in order."""

    double = "DOUBLE PRECISION"

    def part(self, name: str, day: str) -> str:
        return f"CAST(extract({name} FROM {day}) AS INTEGER)"

    def text(self, op: str, value: str, wanted: str) -> str:
        match op:
            case "matches":
                return f"{value} ~ {wanted}"
            case "contains":
                return f"strpos({value}, {wanted}) > 0"
            case "ends_with":
                return f"right({value}, length({wanted})) = {wanted}"
            case _:
                return f"{op}({value}, {wanted})"

    def over(self, aggregate: str, value: str, passing: str) -> str:
        return f"{aggregate}({value}){_filter(passing)}"

    def ordered(self, kind: str, value: str, time: str, identity: str, ordinal: int, passing: str) -> str:
        way = "DESC" if kind == "last" else "ASC"
        place = ordinal if kind == "nth" else 1
        return f"(array_agg({value} ORDER BY {time} {way}, {identity} {way}){_filter(passing)})[{place}]"

    def local_day(self, time: str, first: int, later: Iterable[tuple[int, int]]) -> str:
        bounds = ((f"{time} >= to_timestamp({at // 1_000_000})", offset) for at, offset in later)
        return f"CAST({time} + {_chosen(first, bounds)} * INTERVAL '1 microsecond' AS DATE)"


def _when(value: str, passing: str) -> str:
    return f"CASE WHEN {passing} THEN {value} END" if passing else value


def _filter(passing: str) -> str:
    return f" FILTER (WHERE {passing})" if passing else ""


def _chosen(first: int, later: Iterable[tuple[str, int]]) -> str:
    cases = "".join(f" WHEN {condition} THEN {offset}" for condition, offset in later)
    return f"CASE{cases} ELSE {first} END" if cases else str(first)


DUCKDB, POSTGRES = DuckDB(), PostgreSQL()
