"""The features that one segment asks of one event table, as one grouped subquery with conditional aggregates.

What a careful author of SQL would do is done: only columns in use are read; the time range and the filters go into
WHERE as far as every feature of the segment allows it; what WHERE says already is left out of the CASE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from benchmarks.conditions import Bind, closed, holds
from segctl.model.catalog import Aggregate, Difference, EventTable
from segctl.model.rule import Compare, Group, InSegment, Rule
from segctl.model.time import BEGINNING, Clock, Interval, moment, offsets

MICROS_PER_DAY = 86_400_000_000
Keys = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """An aggregate over the events of a stretch of time whose dimensions have one of the values in `keys`."""

    aggregate: Aggregate
    stretch: Interval
    keys: Keys


@dataclass(slots=True)
class EventQuery:
    """Features of one table under construction; each becomes column `f0`, `f1`, … of the subquery `alias`."""

    events: EventTable
    alias: str
    features: list[Feature] = field(default_factory=list)

    def column(self, feature: Feature) -> str:
        """Where a feature will stand; it is NULL for players without events."""
        if feature not in self.features:
            self.features.append(feature)
        return f"{self.alias}.f{self.features.index(feature)}"

    def subquery(self, clock: Clock, bind: Bind) -> str:
        """The whole subquery: one row for each player with events that count."""
        key = self.events.player
        after = min(feature.stretch.after for feature in self.features)
        until = max(feature.stretch.until for feature in self.features)
        filters = {feature: self._filter(feature, clock, bind) for feature in self.features}
        texts = list(dict.fromkeys(filters.values()))
        where = self._times(Interval(after, until), Interval(BEGINNING, until + 1), bind)
        if "" not in texts:
            where.append(" OR ".join(texts))
        columns = []
        for number, feature in enumerate(self.features):
            passing = self._times(feature.stretch, Interval(after, until), bind)
            passing += [filters[feature]] if filters[feature] and len(texts) > 1 else []
            columns.append(f"{self._aggregate(feature, ' AND '.join(passing), clock)} AS f{number}")
        return (
            f"SELECT {key}, {', '.join(columns)} FROM {self.events.table} "
            f"WHERE {' AND '.join(f'({part})' for part in where)} GROUP BY {key}"
        )

    def _times(self, stretch: Interval, known: Interval, bind: Bind) -> list[str]:
        """The conditions on time that are not known to hold already."""
        found = []
        if stretch.after > known.after:
            found.append(f"{self.events.time} > {bind(moment(stretch.after))}")
        if stretch.until < known.until:
            found.append(f"{self.events.time} <= {bind(moment(stretch.until))}")
        return found

    def _filter(self, feature: Feature, clock: Clock, bind: Bind) -> str:
        parts = [
            f"{self._value(name)} IN ({', '.join(bind(value) for value in values)})"
            for name, values in feature.keys
        ]
        if feature.aggregate.where is not None:
            parts.append(self._passes(feature.aggregate.where, clock, bind))
        return " AND ".join(parts)

    def _passes(self, rule: Rule, clock: Clock, bind: Bind) -> str:
        match rule:
            case Compare(name, tests):
                field_type = self.events.column(name).type
                return " AND ".join(holds(test, self._value(name), field_type, clock, bind) for test in tests)
            case Group(word, rules):
                return combined(word, [self._passes(part, clock, bind) for part in rules])
            case InSegment():
                raise TypeError("an event is in no segment")

    def _value(self, name: str) -> str:
        source = self.events.column(name).source
        if isinstance(source, Difference):
            return f"({self._value(source.minuend)} - {self._value(source.subtrahend)})"
        return source

    def _aggregate(self, feature: Feature, passing: str, clock: Clock) -> str:
        def when(value: str) -> str:
            return f"CASE WHEN {passing} THEN {value} END" if passing else value

        measure, time = feature.aggregate.measure, self.events.time
        value = time if measure.column is None else self._value(measure.column)
        match measure.kind:
            case "count" | "exists":
                return f"count({when('1')})" if passing else "count(*)"
            case "sum" | "min" | "max":
                return f"{measure.kind}({when(value)})"
            case "distinct":
                return f"count(DISTINCT {when(value)})"
            case "count_days":
                return f"count(DISTINCT {when(_local_day(time, clock.zone, feature.stretch))})"
            case "first" | "last" if measure.column is None:
                return f"{'min' if measure.kind == 'first' else 'max'}({when(time)})"
            case _:
                return self._ordered(feature, value, when)

    def _ordered(self, feature: Feature, value: str, when: Callable[[str], str]) -> str:
        """First, last, nth by (time, id) in one number, which DuckDB compares faster than a pair."""
        measure = feature.aggregate.measure
        order = when(f"CAST(epoch_us({self.events.time}) AS HUGEINT) * {2**63} + {self.events.id}")
        match measure.kind:
            case "first":
                return f"arg_min_null({value}, {order})"
            case "last":
                return f"arg_max_null({value}, {order})"
            case "nth":  # columns with NULL would need row_number(); the demo's have none
                return f"arg_min({value}, {order}, {measure.ordinal})[{measure.ordinal}]"
            case _:
                raise TypeError(f"one query a segment was not taught `{measure.kind}`")


def combined(word: str, parts: list[str]) -> str:
    """Conditions as a group combines them; below a negation NULL is made false."""
    if word == "none":
        return f"NOT {closed(' OR '.join(f'({part})' for part in parts))}"
    return (" AND " if word == "all" else " OR ").join(f"({part})" for part in parts)


def _local_day(time: str, zone: ZoneInfo, stretch: Interval) -> str:
    """The local day of an instant by its zone's offsets (since 1970): converting each row is far slower."""
    (_, first), *later = offsets(zone, max(stretch.after, 0), stretch.until)
    cases = "".join(f" WHEN epoch_us({time}) >= {at} THEN {east}" for at, east in reversed(later))
    east = f"CASE{cases} ELSE {first} END" if later else str(first)
    return f"(epoch_us({time}) + {east}) // {MICROS_PER_DAY}"
