"""What segments come to, held against the warehouse's own sums over the same members."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from segctl.model.time import Duration, Rolling
from segctl.view.insights import Insights, insights_data, insights_text
from segctl.workflow.insights import insights
from tests.support.casino import ON_BOTH, Casino

NAMED = {
    "deposit_count": ("deposit_count",),
    "deposit_amount": ("deposit_amount",),
    "age": ("vip_level",),
}
MONTH = Rolling(Duration(30 * 86_400))


@pytest.fixture
def deployed(casino: Casino) -> Casino:
    casino.segment("germans", {"country": "DE"})
    casino.segment("picks", type="players", players=["anna", "gwen", "ghost"])
    casino.segment("nobody", {"country": "FR"})
    casino.apply()
    return casino


def told(casino: Casino, *names: str) -> Insights:
    return insights(casino.context(), names, MONTH, NAMED)


def warehouse(casino: Casino, members: set[str]) -> tuple[Any, ...]:
    """Deposits and their sum, for ever and in 30 days; the average level."""
    with duckdb.connect(str(casino.root / "warehouse.duckdb")) as connection:
        listed = ", ".join(f"'{one}'" for one in sorted(members))
        since = casino.now - timedelta(days=30)
        sums = connection.execute(
            "SELECT count(*), coalesce(sum(amount), 0), count(*) FILTER (occurred_at > ?), "
            f"coalesce(sum(amount) FILTER (occurred_at > ?), 0) FROM payments WHERE player_id IN ({listed})",
            [since, since],
        ).fetchone()
        level = connection.execute(f"SELECT avg(vip_level) FROM players WHERE player_id IN ({listed})").fetchone()
    assert sums is not None
    assert level is not None
    return *sums, level[0]


@pytest.mark.parametrize("casino", ["sqlite", "postgres"], indirect=True)
def test_each_segment_comes_to_what_its_members_do(deployed: Casino) -> None:
    found = told(deployed, "germans", "picks", "nobody")

    data = insights_data(found, "30d")
    for one in data["segments"][:2]:
        count, amount, recent, recently, level = warehouse(deployed, deployed.members(one["segment"]))
        assert one["lifetime"]["deposit_count"] == count
        assert one["during"]["deposit_count"] == recent
        assert (one["lifetime"]["deposit_amount"], one["during"]["deposit_amount"]) == (f"{amount}", f"{recently}")
        assert one["lifetime"]["age"] == round(level, 1)
    assert data["segments"][0]["lifetime"]["country"] == {"DE": 4}
    assert data["segments"][1]["lifetime"]["country"] == {"DE": 1, "GB": 1}
    empty = data["segments"][2]
    assert (empty["players"], empty["lifetime"]["deposit_count"], empty["lifetime"]["age"]) == (0, 0, None)


def test_all_players_stand_beside_the_segments(deployed: Casino) -> None:
    data = insights_data(told(deployed, "germans"), "30d")

    assert data["players"]["players"] == 10
    assert data["segments"][0]["share_of_base"] == 40.0
    assert Decimal(data["players"]["lifetime"]["deposit_amount"]) == 5_930


def test_whom_the_warehouse_does_not_know_comes_to_nothing_and_is_said(deployed: Casino) -> None:
    found = told(deployed, "picks")

    assert (found.segments[0].members, found.segments[0].crowd.players) == (3, 2)
    assert "1 member not in the warehouse." in insights_text(found, during="30d", width=80)


def test_figures_without_a_field_are_left_out_and_said(deployed: Casino) -> None:
    found = told(deployed, "germans")
    text = insights_text(found, during="30d", width=80)

    assert {one.name for one in found.left} == {
        "withdrawal_count",
        "withdrawal_amount",
        "ggr",
        "email",
        "sms",
        "push",
    }
    assert "Left out: ggr, since the catalog has no field `gross_gaming_revenue`." in text
    wrong = insights(deployed.context(), ("germans",), None, {**NAMED, "age": ("country",), "push": ()})
    assert ("age", "`country` is string") in [(one.name, one.why) for one in wrong.left]
    assert "push" not in [one.name for one in wrong.left]
    assert wrong.windows == 1


def test_members_are_those_of_the_last_run_and_figures_of_now(deployed: Casino) -> None:
    deployed.later(days=1)
    deployed.change("anna", country="GB")
    deployed.deposit("anna", 1_000)

    data = insights_data(told(deployed, "germans"), "30d")

    assert data["segments"][0]["players"] == 4
    assert Decimal(data["segments"][0]["during"]["deposit_amount"]) == 1_000 + 50 + 500
    assert data["segments"][0]["lifetime"]["country"] == {"DE": 3, "GB": 1}


@ON_BOTH
def test_a_forgotten_player_is_in_no_segment_and_no_figure_of_one(deployed: Casino) -> None:
    deployed.forget("bert")

    data = insights_data(told(deployed, "germans"), "30d")

    assert data["segments"][0]["players"] == 3
    assert Decimal(data["segments"][0]["lifetime"]["deposit_amount"]) == 170


def test_settings_name_the_fields(deployed: Casino) -> None:
    settings = deployed.root / "segctl.yaml"
    settings.write_text(
        settings.read_text() + "insights: {deposit_count: deposit_count, email: [a, b], push: []}\n"
    )

    loaded = deployed.loaded()

    assert loaded.settings is not None
    assert loaded.settings.insights == {"deposit_count": ("deposit_count",), "email": ("a", "b"), "push": ()}
