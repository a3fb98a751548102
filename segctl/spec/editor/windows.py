"""`during`, the activity date range, in all its forms. Plain data."""

from __future__ import annotations

from typing import get_args

from segctl.model.time import Period
from segctl.spec.editor.parts import Schema, about, by_shape, has, keys, of, one_of, ref, snippets

_PERIODS = {
    "today": "Since midnight.",
    "yesterday": "The day before today.",
    "this_week": "Since Monday.",
    "last_week": "The week before this one, Monday to Sunday.",
    "this_month": "Since the first of the month.",
    "last_month": "The month before this one.",
    "this_year": "Since 1 January.",
    "last_year": "The year before this one.",
}


def window() -> Schema:
    """What stands under `during`."""
    return {
        **about(
            "Activity date range",
            "Which events count: rolling, by the calendar, between two dates, or of the whole lifetime.",
        ),
        "type": ["string", "object"],
        **snippets(
            "{last: ${1:30d}}",
            "{last: ${1:30d}, before: ${2:30d}}",
            "{calendar: ${1:this_month}}",
            "{from: ${1:2026-01-01}, to: ${2:2026-02-01}}",
            "lifetime",
        ),
        **by_shape(string={"enum": ["lifetime"]}, mapping=ref("range")),
    }


def ranges() -> Schema:
    """The mapping that a range is; its first key says which form it has."""
    rolling = {
        "last": of("duration", "string", "Last", "How long the range is; it ends now."),
        "before": of("duration", "string", "Before", "How much earlier the range ends."),
    }
    calendar = {"calendar": one_of(_periods(), "Calendar", "A stretch of the project's own calendar.")}
    between = {
        "from": of("moment", "string", "From", "The first day that counts."),
        "to": of("moment", "string", "To", "The first day that does not count any more."),
    }
    forms = [
        (has("last"), keys(rolling)),
        (has("before"), keys(rolling, "last")),
        (has("calendar"), keys(calendar)),
        (has("from"), keys(between)),
        (has("to"), keys(between)),
    ]
    found = keys({**rolling, **calendar, **between}, minProperties=1)
    for condition, form in reversed(forms):
        found = {"if": condition, "then": form, "else": found}
    return found


def _periods() -> dict[str, str]:
    return {period: _PERIODS[period] for period in get_args(Period)}
