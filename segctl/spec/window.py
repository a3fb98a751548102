"""`during:`, the activity date range: its node → a window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import get_args

from segctl.model.time import Between, CalendarPeriod, Lifetime, Period, Rolling, Window
from segctl.spec.moments import read_date_or_moment, read_duration
from segctl.spec.node import Mapping, Node, Scalar
from segctl.spec.page import Page, shown
from segctl.spec.suggest import listed

_PERIODS: dict[str, Period] = {name: name for name in get_args(Period)}
_FORMS = "Write `{last: 30d}`, `{calendar: this_month}`, `{from: 2026-01-01, to: 2026-02-01}` or `lifetime`."


def read_window(page: Page, node: Node) -> Window | None:
    """The stretch of time that a `during:` speaks of."""
    if type(node) is Scalar:
        if node.text == "lifetime":
            return Lifetime()
    elif type(node) is Mapping and node.entries:
        form = _FORM_OF.get(next(iter(node.entries)))
        if form is None:
            key = next(iter(node.entries.values()))[0]
            page.mistake(
                "SEG212",
                key,
                f"`during` has no key {shown(key.text)}.",
                page.did_you_mean(key.text, _FORM_OF),
                _FORMS,
            )
            return None
        keys, reader = form
        return reader(page, node) if _only(page, node, keys) else None
    page.mistake("SEG212", node, "This is not an activity date range.", _FORMS)
    return None


def _only(page: Page, node: Mapping, keys: tuple[str, ...]) -> bool:
    for name, (key, _) in node.entries.items():
        if name not in keys:
            page.mistake("SEG212", key, f"{shown(name)} does not go with {listed(keys)}.", _FORMS)
            return False
    return True


def _rolling(page: Page, node: Mapping) -> Rolling | None:
    last, before = node.get("last"), node.get("before")
    if last is None:
        page.mistake("SEG212", node, "`before` says how much earlier; `last` says how long.", "Add `last: 30d`.")
        return None
    length = read_duration(page, last)
    if before is None:
        return None if length is None else Rolling(length)
    earlier = read_duration(page, before)
    return None if length is None or earlier is None else Rolling(length, earlier)


def _calendar(page: Page, node: Mapping) -> CalendarPeriod | None:
    value = node.entries["calendar"][1]
    text = value.text if type(value) is Scalar else ""
    if text in _PERIODS:
        return CalendarPeriod(_PERIODS[text])
    page.mistake("SEG212", value, f"`calendar` is one of {listed(_PERIODS)}.", page.did_you_mean(text, _PERIODS))
    return None


def _between(page: Page, node: Mapping) -> Between | None:
    bounds = {
        name: read_date_or_moment(page, value, what=f"`{name}`") for name, (_, value) in node.entries.items()
    }
    if None in bounds.values():
        return None
    start, end = bounds.get("from"), bounds.get("to")
    if start is None or end is None or isinstance(start, datetime) is not isinstance(end, datetime) or start < end:
        return Between(start, end)
    detail = "`to` is not after `from`; the range ends where `to` begins."
    page.mistake("SEG209", node.entries["to"][1], detail)
    return None


_Form = tuple[tuple[str, ...], Callable[[Page, Mapping], Window | None]]
_FORM_OF: dict[str, _Form] = {
    "last": (("last", "before"), _rolling),
    "before": (("last", "before"), _rolling),
    "calendar": (("calendar",), _calendar),
    "from": (("from", "to"), _between),
    "to": (("from", "to"), _between),
}
