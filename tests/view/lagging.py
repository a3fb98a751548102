"""What is late, as views are given it: the list, the state of things, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from segctl.view.data import json_text
from segctl.view.lateness import Failing, Lateness, LateRow, lateness_data, lateness_text
from segctl.view.listing import Listed, segments_table
from segctl.view.status import Status, status_text
from segctl.view.style import Style
from segctl.view.table import Table
from segctl.view.tables import table_json, table_text

NOW = datetime(2026, 11, 22, 1, 31, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)


def lagging(said: Callable[[str], str], style: Style) -> dict[str, str]:
    """The text of each of these views by name."""
    late = _late(said)
    well = replace(late, late=(), failing=(), why=None, waiting=0, oldest=None)
    return {
        "list-late": table_text(_listed(said), style=style),
        "list-late-json": table_json(_listed(said)),
        "status-late": status_text(
            Status(said("acme"), "dev", segments=3, serial=4, scheduled=2, late=1, next="segctl status"),
            style=style,
        ),
        "late": lateness_text(late, style=style),
        "late-json": json_text(lateness_data(late)),
        "late-well": lateness_text(well, style=style),
        "late-no-schedule": lateness_text(
            replace(well, scheduled=0, seen_at=None, refreshed_at=None), style=style
        ),
        **{
            f"late-{why.replace(' ', '-')}": lateness_text(replace(late, why=why, failing=()), style=style)
            for why in ("no worker", "worker down", "under way", "too slow")
        },
    }


def _listed(said: Callable[[str], str]) -> Table:
    rows = [
        Listed(said("lapsed-depositors-de"), said("Lapsed depositors (DE)"), "dynamic", 12408, (said("de"),), said("crm"), NOW, stale_seconds=7506, schedule="1h", late=True),
        Listed(said("vip"), said("VIP"), "dynamic", 1310, (), "", NOW, stale_seconds=42, schedule="1d", late=False),
        Listed(said("newcomers"), said("Newcomers"), "dynamic", None, (), "", NOW, schedule="1mo", late=True),
        Listed(said("germans"), said("Germans"), "dynamic", 88, (), "", NOW, stale_seconds=42),
        Listed(said("picks"), said("Picks"), "players", 3, (), "", NOW),
    ]  # fmt: skip
    return segments_table(rows)


def _late(said: Callable[[str], str]) -> Lateness:
    return Lateness(
        environment=said("production"),
        at=NOW,
        late=(
            LateRow(said("lapsed-depositors-de"), "1h", NOW - 2 * HOUR, 3906.4, refreshed=True),
            LateRow(said("vip"), "15min", NOW - HOUR, 2700.0, refreshed=False),
            LateRow(said("newcomers"), "1mo", None, 0.0, refreshed=False),
        ),
        scheduled=5,
        why="failing",
        seen_at=NOW - timedelta(seconds=20),
        refreshed_at=NOW - 2 * HOUR,
        seconds=71.26,
        failing=(Failing("refresh", said("The warehouse cannot be reached."), NOW - HOUR, 58, NOW + timedelta(seconds=40)),),
        waiting=1204,
        oldest=NOW - HOUR,
    )  # fmt: skip
