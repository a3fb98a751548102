"""A condition whose subject stayed is told on one line, with the old and the new of what differs."""

from __future__ import annotations

import pytest

from segctl.plan.document import FieldAbout
from segctl.view.changed import changed, changed_heading
from segctl.view.speech import Speech

SPEECH = Speech({"bets.stake": FieldAbout("money")}, "EUR")
STUDIO = {"event": "bets", "where": {"provider": {"eq": "x"}}}
STEPS = [{"event": "sessions"}, {"event": "bets"}]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (STUDIO, {**STUDIO, "count": {"eq": 0}}, "bets where provider is x: at least 1 → none"),
        (STUDIO, {**STUDIO, "during": {"last": "7d"}}, "bets where provider is x: at least 1, no date range → in the last 7 days"),
        (
            {**STUDIO, "sum": {"stake": {"gte": 5}}},
            {**STUDIO, "sum": {"stake": {"gte": 9}}},
            "bets where provider is x: total stake at least EUR 5.00 → total stake at least EUR 9.00",
        ),
        (
            {**STUDIO, "count": {"gte": 3}},
            {**STUDIO, "sum": {"stake": {"gte": 9}}},
            "bets where provider is x: at least 3 → any number, any total stake → total stake at least EUR 9.00",
        ),
        (STUDIO, {"event": "bets"}, "at least 1 bet where provider is x → at least 1 bet"),
        ({"sequence": STEPS}, {"sequence": STEPS, "within": "1h"}, "a session, then a bet: in any time → within 1 hour"),
        ({"sequence": STEPS}, {"sequence": STEPS[::-1]}, "a session, then a bet → a bet, then a session"),
        (
            {"in_segment": "vip"},
            {"in_segment": {"segment": "vip", "since": {"older_than": "30d"}}},
            "in segment vip → in segment vip, joined more than 30 days ago",
        ),
        (
            {"bucket": {"salt": "s", "percent": [0, 50]}},
            {"bucket": {"salt": "s", "percent": [50, 100]}},
            "split s: the first 50 % → the last 50 %",
        ),
        ({"rule": "a"}, {"rule": "b"}, "matches the rule a → matches the rule b"),
    ],
)  # fmt: skip
def test_conditions(before, after, told) -> None:
    assert changed(before, after, SPEECH) == told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ({"at_least": {"n": 2, "of": []}}, {"at_least": {"n": 3, "of": []}}, "at least 2 of → at least 3 of"),
        ({"all": []}, {"all": [], "during": {"last": "7d"}}, "no date range → in the last 7 days, all of"),
        (
            {"at_least": {"n": 2, "of": []}, "during": {"last": "7d"}},
            {"at_least": {"n": 3, "of": []}, "during": {"last": "7d"}},
            "in the last 7 days, at least 2 of → at least 3 of",
        ),
    ],
)
def test_headings(before, after, told) -> None:
    assert changed_heading(before, after) == told
