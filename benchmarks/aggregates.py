"""The features that one segment asks of one event table, as one grouped subquery with conditional aggregates.

What a careful author of SQL would do is done: only columns in use are read; the time range and the filters go into
WHERE as far as every feature of the segment allows it; what WHERE says already is left out of the CASE.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from benchmarks.conditions import Bind, closed, holds
from benchmarks.spelling import Spelling
from segctl.model.catalog import Aggregate, Difference, EventTable
from segctl.model.rule import Compare, Group, InSegment, Rule
from segctl.model.time import BEGINNING, Clock, Interval, moment, offsets

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
    spelling: Spelling
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
                return " AND ".join(
                    holds(test, self._value(name), field_type, clock, bind, self.spelling) for test in tests
                )
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
        def over(aggregate: str, value: str) -> str:
            return self.spelling.over(aggregate, value, passing)

        measure, time = feature.aggregate.measure, self.events.time
        value = time if measure.column is None else self._value(measure.column)
        match measure.kind:
            case "count" | "exists":
                return over("count", "1") if passing else "count(*)"
            case "sum" | "min" | "max":
                return over(measure.kind, value)
            case "distinct":
                return self._distinct(value, passing)
            case "count_days":
                return self._distinct(self._local_day(clock.zone, feature.stretch), passing)
            case "first" | "last" if measure.column is None:
                return over("min" if measure.kind == "first" else "max", time)
            case "first" | "last" | "nth":
                ordinal = measure.ordinal
                return self.spelling.ordered(measure.kind, value, time, self.events.id, ordinal, passing)
            case _:
                raise TypeError(f"one query a segment was not taught `{measure.kind}`")

    def _distinct(self, value: str, passing: str) -> str:
        return self.spelling.over("count", f"DISTINCT {value}", passing)

    def _local_day(self, zone: ZoneInfo, stretch: Interval) -> str:
        """The local day of an instant by its zone's offsets (since 1970): converting each row is far slower."""
        (_, first), *later = offsets(zone, max(stretch.after, 0), stretch.until)
        return self.spelling.local_day(self.events.time, first, reversed(later))


def combined(word: str, parts: list[str]) -> str:
    """Conditions as a group combines them; below a negation NULL is made false."""
    if word == "none":
        return f"NOT {closed(' OR '.join(f'({part})' for part in parts))}"
    return (" AND " if word == "all" else " OR ").join(f"({part})" for part in parts)
