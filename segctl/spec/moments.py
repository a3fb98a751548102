"""Durations, dates and points in time: their texts → values. Reads no clock."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from segctl.model.time import Duration
from segctl.spec.node import Node, Scalar
from segctl.spec.page import Page, shown
from segctl.spec.scalar import is_null, kind_of

_SECONDS = {"min": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MONTHS = {"mo": 1, "y": 12}
_MOST_SECONDS = 36_525 * 86_400
_MOST_MONTHS = 1_200
_UNITS = "Units are `min`, `h`, `d`, `w`, `mo` and `y`: `90min`, `24h`, `30d`, `2w`, `3mo`, `1y`."
_LONG_UNITS = {
    **dict.fromkeys(("minute", "minutes", "mins"), "min"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), "h"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("week", "weeks"), "w"),
    **dict.fromkeys(("month", "months", "mon"), "mo"),
    **dict.fromkeys(("year", "years", "yr"), "y"),
}

_duration = re.compile(r"([0-9]{1,9}) ?([a-zA-Z]*)").fullmatch
_day = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})").fullmatch
_moment = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]+([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)(?:\.([0-9]+))? ?"
    r"(?:([Zz])|([-+][0-9]{2}):?([0-9]{2})?)?",
).fullmatch
# Years whose neighbouring days every calendar here can still count.
_YEARS = range(1000, 9999)


def read_duration(page: Page, node: Node) -> Duration | None:
    """A stretch of time such as `30d`."""
    if type(node) is not Scalar:
        page.mistake("SEG207", node, "A duration is one text, such as `30d`.")
        return None
    if is_null(node):
        page.mistake("SEG113", node, "A duration is wanted here.", _UNITS)
        return None
    found = _duration(node.text)
    if found is None:
        page.mistake("SEG207", node, f"{shown(node.text)} is not a duration.", _UNITS)
        return None
    count, unit = int(found[1]), found[2]
    if (unit not in _SECONDS and unit not in _MONTHS) or " " in node.text:
        page.mistake("SEG207", node, f"{shown(node.text)} is not a duration.", _unit_help(count, unit))
        return None
    return _within_bounds(page, node, count, unit)


def _within_bounds(page: Page, node: Scalar, count: int, unit: str) -> Duration | None:
    result = Duration(months=count * _MONTHS[unit]) if unit in _MONTHS else Duration(count * _SECONDS[unit])
    if count == 0:
        page.mistake("SEG207", node, "A duration cannot be zero.")
    elif result.seconds > _MOST_SECONDS or result.months > _MOST_MONTHS:
        page.mistake("SEG207", node, f"{shown(node.text)} is longer than 100 years.")
    else:
        return result
    return None


def _unit_help(count: int, unit: str) -> str:
    if unit in ("m", "M"):
        return f"Write `min` or `mo`: `{count}min` are minutes, `{count}mo` are months."
    if not unit:
        return f"Say of what: `{count}d` are days, `{count}h` are hours."
    known = _LONG_UNITS.get(unit.lower(), unit.lower())
    return f"Write `{count}{known}`." if known in _SECONDS or known in _MONTHS else _UNITS


def counts_hours(text: str) -> bool:
    """Is a duration's text in hours or minutes?"""
    return text.endswith(("h", "min"))


def read_date(page: Page, node: Node, *, what: str) -> date | None:
    """A day such as `2026-01-31`. `what` names who wants it, for the message."""
    if type(node) is Scalar:
        found = _day(node.text)
        if found is not None:
            return _real_day(page, node)
        if _moment(node.text):
            detail = f"{what} takes a day, and {shown(node.text)} has a time of day."
            page.mistake("SEG208", node, detail, f"Write `{node.text[:10]}`.")
            return None
    _not_a_time(page, node, f"{what} takes a day, such as `2026-01-31`.")
    return None


def read_date_or_moment(page: Page, node: Node, *, what: str) -> date | datetime | None:
    """A day, or a point in time such as `2026-01-31T10:00:00Z`, which comes back in UTC."""
    if type(node) is Scalar:
        if _day(node.text) is not None:
            return _real_day(page, node)
        found = _moment(node.text)
        if found is not None:
            return _real_moment(page, node, found)
    _not_a_time(
        page, node, f"{what} takes a day, such as `2026-01-31`, or a time, such as `2026-01-31T10:00:00Z`."
    )
    return None


def looks_like_a_time(scalar: Scalar) -> bool:
    """Would other readers of YAML take an unquoted text for a date?"""
    return scalar.plain and scalar.text[:4].isdecimal() and bool(_day(scalar.text) or _moment(scalar.text))


def _not_a_time(page: Page, node: Node, detail: str) -> None:
    if type(node) is Scalar and kind_of(node) == "null":
        page.mistake("SEG113", node, detail)
    else:
        page.mistake("SEG208", node, detail)


def _real_day(page: Page, node: Scalar) -> date | None:
    try:
        day = date.fromisoformat(node.text)
    except ValueError:
        page.mistake("SEG208", node, f"There is no day {shown(node.text)}.")
        return None
    return _in_years(page, node, day)


def _real_moment(page: Page, node: Scalar, found: re.Match[str]) -> datetime | None:
    day, time, fraction, utc, hours, minutes = found.groups()
    if utc is None and hours is None:
        help_line = f"Write `{day}T{time}Z`, or with an offset: `{day}T{time}+01:00`."
        page.mistake("SEG208", node, f"{shown(node.text)} does not say in which time zone.", help_line)
        return None
    if fraction is not None and len(fraction) > 6:
        page.mistake("SEG208", node, f"{shown(node.text)} is finer than microseconds.")
        return None
    offset = "+00:00" if utc else f"{hours}:{minutes or '00'}"
    part = f".{fraction:0<6}" if fraction else ""
    try:
        result = datetime.fromisoformat(
            f"{day}T{time if len(time) == 8 else time + ':00'}{part}{offset}"
        ).astimezone(UTC)
    except (ValueError, OverflowError):
        page.mistake("SEG208", node, f"There is no time {shown(node.text)}.")
        return None
    return result if _in_years(page, node, result) else None


def _in_years(page: Page, node: Scalar, day: date) -> date | None:
    if day.year in _YEARS:
        return day
    page.mistake("SEG208", node, f"{shown(node.text)} is outside the years {_YEARS[0]} to {_YEARS[-1]}.")
    return None
