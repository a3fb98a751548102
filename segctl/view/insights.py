"""What segments are worth: side by side for people, one row a segment for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from segctl.members.sums import Crowd
from segctl.model.insight import Figure, Left
from segctl.view.data import instant_text
from segctl.view.figures import count, counted, moment
from segctl.view.safe import safe
from segctl.view.style import PLAIN, Style
from segctl.view.table import Cell, Column, Table
from segctl.view.tables import table_text

# a total, an average, a number of players, or players by text
Value = Decimal | float | int | dict[str, int] | None

_TOP = 3
# more segments than these are told in a row each
_BESIDE = 4


@dataclass(frozen=True, slots=True)
class Insight:
    """A segment: its members, and what those that the warehouse knows come to. Without a name: everybody."""

    segment: str
    members: int
    crowd: Crowd
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True)
class Insights:
    """Segments beside each other and beside all players, at an instant.

    `ranged` are the figures that a window changes; `windows` is 2 where there is one beside the lifetime.
    """

    figures: tuple[Figure, ...]
    ranged: frozenset[str]
    left: tuple[Left, ...]
    currency: str
    money: frozenset[str]
    windows: int
    at: datetime
    everyone: Insight
    segments: tuple[Insight, ...]


def insights_text(found: Insights, *, during: str, width: int | None, style: Style = PLAIN) -> str:
    """A column for each segment and one for everybody; of many segments, a row each."""
    few = len(found.segments) <= _BESIDE
    table = _beside(found, during) if few else insights_table(found, during)
    lines = [table_text(table, width=width, style=style), _said(found)]
    lines += [f"Left out: {safe(one.name)}, since {safe(one.why)}." for one in found.left]
    return "\n".join(lines) + "\n"


def insights_table(found: Insights, during: str) -> Table:
    """One row for each segment, the last for all players, with plain numbers."""
    figures = list(_figures(found, during))
    columns = (
        Column("segment", "segment", stays=True, least=12),
        Column("players", "players"),
        Column("share_of_base", "% of base"),
        *(Column(key, title, optional=True) for key, title, _, _ in figures),
    )
    rows = tuple(
        (
            one.segment or "all players",
            one.members,
            _share(one.members, found.everyone.members),
            *(_plain(_value(one.crowd, figure, window)) for _, _, figure, window in figures),
        )
        for one in (*found.segments, found.everyone)
    )
    return Table(columns, rows)


def insights_data(found: Insights, during: str) -> dict[str, Any]:
    """Everything for programs; exact amounts are text."""
    return {
        "at": instant_text(found.at),
        "during": during or None,
        "currency": found.currency,
        "left_out": [{"figure": one.name, "why": one.why} for one in found.left],
        "players": _one(found, found.everyone),
        "segments": [_one(found, one) for one in found.segments],
    }


def _one(found: Insights, one: Insight) -> dict[str, Any]:
    windows = ["lifetime", "during"][: found.windows]
    data: dict[str, Any] = {
        "segment": one.segment or None,
        "as_of": None if one.as_of is None else instant_text(one.as_of),
        "players": one.members,
        "in_warehouse": one.crowd.players,
        "share_of_base": _share(one.members, found.everyone.members),
    }
    for number, window in enumerate(windows):
        data[window] = {
            figure.name: _data(_value(one.crowd, figure, number))
            for figure in found.figures
            if number == 0 or figure.name in found.ranged
        }
    return data


def _data(value: Value) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else f"{value:f}"
    return value


def _beside(found: Insights, during: str) -> Table:
    """Figures as rows."""
    everybody = (*found.segments, found.everyone)
    columns = (
        Column("figure", "", stays=True, least=14),
        *(Column(one.segment, safe(one.segment) or "all players") for one in everybody),
    )
    rows: list[tuple[Cell, ...]] = [
        ("Players", *(count(one.members) for one in everybody)),
        ("% of all players", *(_percent(one.members, found.everyone.members) for one in everybody)),
    ]
    for _, title, figure, window in _figures(found, during):
        values = [_value(one.crowd, figure, window) for one in everybody]
        sizes = [one.crowd.players for one in everybody]
        if figure.kind == "top":
            rows += [(f"{title} {place + 1}", *_placed(values, sizes, place)) for place in range(_TOP)]
        else:
            money = figure.name in found.money
            rows.append(
                (title, *(_shown(one, size, money=money) for one, size in zip(values, sizes, strict=True)))
            )
    return Table(columns, tuple(rows))


def _placed(values: Sequence[Value], sizes: Sequence[int], place: int) -> Iterator[str]:
    """The text that is so many's, and their share."""
    for value, size in zip(values, sizes, strict=True):
        texts = list(value.items()) if isinstance(value, dict) else []
        yield f"{texts[place][0]} {_percent(texts[place][1], size)}" if place < len(texts) else "-"


def _figures(found: Insights, during: str) -> Iterator[tuple[str, str, Figure, int]]:
    """The key and the title of each figure and window, in their order."""
    for figure in found.figures:
        unit = f" {found.currency}" if figure.name in found.money else ""
        yield figure.name, f"{figure.title}{unit}", figure, 0
        if found.windows > 1 and figure.name in found.ranged:
            yield f"{figure.name}_during", f"  in {during}", figure, 1


def _value(crowd: Crowd, figure: Figure, window: int) -> Value:
    name = f"{figure.name} {window}"
    match figure.kind:
        case "sum":
            return crowd.sums[name].total if name in crowd.sums else Decimal(0)
        case "mean":
            known = crowd.sums.get(name)
            return None if known is None or not known.known else float(round(known.total / known.known, 1))
        case "top":
            texts = crowd.texts.get(name) or Counter[str]()
            return dict(sorted(texts.items(), key=lambda item: (-item[1], item[0]))[:_TOP])
        case "all":
            return crowd.flags.get(name, 0)


def _plain(value: Value) -> Cell:
    if isinstance(value, dict):
        return tuple(f"{word}:{number}" for word, number in value.items())
    return int(value) if isinstance(value, Decimal) and value.as_tuple().exponent == 0 else value


def _shown(value: Value, size: int, *, money: bool) -> str:
    match value:
        case Decimal():
            return f"{value:,.2f}" if money else f"{value:,f}"
        case float():
            return f"{value:,}"
        case int():
            return _percent(value, size)
        case None | dict():
            return "-"


def _share(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _said(found: Insights) -> str:
    """As of when, and of whom the warehouse knows nothing."""
    instants = [one.as_of for one in found.segments if one.as_of is not None]
    members = f"Members as of {moment(min(instants))}, figures" if instants else "Figures"
    text = f"{members} as of {moment(found.at)}."
    strangers = sum(one.members - one.crowd.players for one in found.segments)
    return f"{text}\n{counted(strangers, 'member')} not in the warehouse." if strangers else text
