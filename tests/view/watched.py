"""A segment over time, beside others, and a player's page, as views are given them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from segctl.view.churn import Churn, Cohort, churn_counts, churn_shares
from segctl.view.data import json_text
from segctl.view.history import PlayerMove
from segctl.view.overlap import Overlap, overlap_text, pairs_table
from segctl.view.player import Page, Since, page_data, page_text
from segctl.view.stats import Edit, Stats, Stretch, stats_data, stats_table, stats_text
from segctl.view.style import Style
from segctl.view.tables import table_csv, table_text

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)


def watched(said: Callable[[str], str], style: Style) -> dict[str, str]:
    """The text of each of these views by name."""
    stats, churn, overlap, page = _stats(said), _churn(said), _overlap(said), _page(said)
    return {
        "stats": stats_text(stats, style=style),
        "stats-wide": stats_text(stats, width=100, symbols=False, style=style),
        "stats-json": json_text(stats_data(stats)),
        "stats-csv": table_csv(stats_table(stats)),
        "churn": table_text(churn_shares(churn), style=style),
        "churn-csv": table_csv(churn_counts(churn)),
        "overlap": overlap_text(overlap, width=80, style=style),
        "overlap-csv": table_csv(pairs_table(overlap)),
        "player-page": page_text(page, style=style),
        "player-page-json": json_text(page_data(page)),
    }


def _stats(said: Callable[[str], str]) -> Stats:
    return Stats(
        segment=said("vip"),
        title=said("VIP players"),
        period="week",
        zone="Europe/Malta",
        since=NOW.replace(month=10, day=28),
        until=NOW,
        before=1_204,
        stretches=(
            Stretch(date(2026, 10, 26), 1_204),
            Stretch(date(2026, 11, 2), 1_310, {"data": 90, "definition": 50}, {"clock": 34}),
            Stretch(date(2026, 11, 9), 1_290, {}, {"data": 20}),
            Stretch(date(2026, 11, 16), 1_291, {"guard": 1}, {}),
        ),
        sizes=((NOW.replace(day=3), 1_310), (NOW.replace(day=10), 1_290), (NOW, 1_291)),
        edits=(Edit(NOW.replace(day=3), date(2026, 11, 2), 2, "update"),),
    )


def _churn(said: Callable[[str], str]) -> Churn:
    cohorts = (
        Cohort(date(2026, 9, 1), 12_408, (6_204, 4_000), 3_000, 1_000, 2_500),
        Cohort(date(2026, 10, 1), 3, (2,), 2, 2, 0),
        Cohort(date(2026, 11, 1), 1, (), 1, 1, 0),
    )
    return Churn(said("vip"), "month", NOW, cohorts, 3)


def _overlap(said: Callable[[str], str]) -> Overlap:
    common = ((1_310, 35, 0), (35, 68, 6), (0, 6, 0))
    return Overlap((said("vip"), said("high-value"), said("nobody")), common, NOW, 1)


def _page(said: Callable[[str], str]) -> Page:
    segments = (Since(said("vip"), said("VIP players"), NOW), Since("dormant", "", None))
    moves = (PlayerMove(NOW, said("vip"), "joined", "data", 412), PlayerMove(NOW, "dormant", "left", "clock", 411))
    return Page(said("p_8841"), segments, moves, NOW, more=True)
