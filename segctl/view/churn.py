"""How long members stay: of those who joined in a period, how many were in after one more, two more, and now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from segctl.model.periods import Period
from segctl.view.figures import counted, moment
from segctl.view.table import Cell, Column, Table


@dataclass(frozen=True, slots=True)
class Cohort:
    """Who joined for the first time in a period.

    `after[k - 1]` were in at the end of the k-th period after it, as far as that is over. `now` are in now,
    `stayed` of them without ever having left, and `returned` left and came back at least once.
    """

    first: date
    joined: int
    after: tuple[int, ...]
    now: int
    stayed: int
    returned: int


@dataclass(frozen=True, slots=True)
class Churn:
    """The cohorts of a segment, oldest first. `forgotten` are moves of players whom nobody can name any more."""

    segment: str
    period: Period
    at: datetime
    cohorts: tuple[Cohort, ...]
    forgotten: int


def churn_counts(found: Churn) -> Table:
    """One row for each cohort, in players."""
    return _table(found, shares=False)


def churn_shares(found: Churn) -> Table:
    """The same in percent of those who joined."""
    return _table(found, shares=True)


def _table(found: Churn, *, shares: bool) -> Table:
    longest = max((len(one.after) for one in found.cohorts), default=0)
    columns = (
        Column("from", found.period),
        Column("joined", "joined"),
        Column("returned", "returned"),
        Column("stayed", "stayed"),
        Column("now", "now"),
        *(Column(f"after_{number}", f"+{number}", least=0, optional=True) for number in range(1, longest + 1)),
    )
    rows = tuple(_row(one, longest, shares=shares) for one in found.cohorts)
    return Table(columns, rows, f"Nobody joined {found.segment} in this time.", _note(found, shares=shares))


def _row(one: Cohort, longest: int, *, shares: bool) -> tuple[Cell, ...]:
    def told(number: int) -> int:
        return round(100 * number / one.joined) if shares else number

    missing = [None] * (longest - len(one.after))
    ends = (told(one.stayed), told(one.now))
    return (one.first, one.joined, one.returned, *ends, *(told(number) for number in one.after), *missing)


def _note(found: Churn, *, shares: bool) -> str:
    unit = "In % of those who joined" if shares else "In players"
    text = f"{unit}. As of {moment(found.at)}."
    if found.forgotten:
        text += f" {counted(found.forgotten, 'move')} of forgotten players left out."
    return text
