"""A segment over time, beside others, and a player's page, as views are given them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

from segctl.members.sums import Crowd, Sum
from segctl.model.insight import FIGURES, Left
from segctl.view.churn import Churn, Cohort, churn_counts, churn_shares
from segctl.view.data import json_text
from segctl.view.history import PlayerMove
from segctl.view.insights import Insight, Insights, insights_data, insights_table, insights_text
from segctl.view.overlap import Overlap, overlap_text, pairs_table
from segctl.view.player import Page, Since, page_data, page_text
from segctl.view.stats import Edit, Ran, Stats, Stretch, stats_data, stats_table, stats_text
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
        "insights": insights_text(_insights(said), during="30d", width=80, style=style),
        "insights-json": json_text(insights_data(_insights(said), "30d")),
        "insights-csv": table_csv(insights_table(_insights(said), "30d")),
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
        runs=(
            Ran(4, NOW.replace(day=3), 1_310, {"data": 2}, {}, 12.5),
            Ran(5, NOW.replace(day=10), 1_290, {}, {"clock": 20}),
            Ran(6, NOW, 1_291, {"data": 1}, {}, 4.25),
        ),
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


def _insights(said: Callable[[str], str]) -> Insights:
    figures = {one.name: one for one in FIGURES}
    return Insights(
        figures=tuple(figures[name] for name in ("deposit_count", "deposit_amount", "age", "country", "email")),
        ranged=frozenset(("deposit_count", "deposit_amount")),
        left=(Left("ggr", said("the catalog has no field `gross_gaming_revenue`")),),
        currency="EUR",
        money=frozenset(("deposit_amount",)),
        windows=2,
        at=NOW,
        everyone=Insight("", 5_000, _crowd(said, 5_000), None),
        segments=(Insight(said("vip"), 1_310, _crowd(said, 1_308), NOW), Insight("nobody", 0, Crowd(), NOW)),
    )


def _crowd(said: Callable[[str], str], players: int) -> Crowd:
    return Crowd(
        players,
        {
            "deposit_count 0": Sum(Decimal(12_408), players),
            "deposit_count 1": Sum(Decimal(3), players),
            "deposit_amount 0": Sum(Decimal("1234567.80"), players),
            "deposit_amount 1": Sum(Decimal("-0.05"), players),
            "age 0": Sum(Decimal(40) * players, players),
        },
        {"email 0": players // 2},
        {"country 0": Counter({said("DE"): players // 3, "GB": 7})},
    )


def _page(said: Callable[[str], str]) -> Page:
    segments = (Since(said("vip"), said("VIP players"), NOW), Since("dormant", "", None))
    moves = (PlayerMove(NOW, said("vip"), "joined", "data", 412), PlayerMove(NOW, "dormant", "left", "clock", 411))
    return Page(said("p_8841"), segments, moves, NOW, more=True)
