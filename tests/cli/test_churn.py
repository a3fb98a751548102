"""segctl churn: percent for people, players for programs."""

from __future__ import annotations

import json

from segctl.view.churn import Churn, Cohort, churn_shares
from segctl.view.tables import table_text
from tests.cli.conftest import Cli
from tests.support.casino import START

FOUND = Churn(
    "vip",
    "month",
    START,
    (
        Cohort(START.date().replace(month=1), 12_000, (6_000, 4_000), 3_000, 1_000, 2_500),
        Cohort(START.date().replace(month=2), 3, (2,), 2, 2, 0),
        Cohort(START.date(), 1, (), 0, 0, 0),
    ),
    3,
)


def test_people_see_percent_of_those_who_joined() -> None:
    assert table_text(churn_shares(FOUND)).splitlines()[:4] == [
        "MONTH       JOINED  RETURNED  STAYED  NOW  +1  +2",
        "2025-01-01  12,000     2,500       8   25  50  33",
        "2025-02-01       3         0      67   67  67",
        "2025-03-01       1         0       0    0",
    ]
    assert "3 moves of forgotten players left out." in table_text(churn_shares(FOUND))


def test_programs_get_players(deployed: Cli) -> None:
    rows = json.loads(deployed("churn", "germans", "--since", "100y", "--json").out)

    assert rows[0] == {"from": "2025-03-01", "joined": 4, "returned": 0, "stayed": 4, "now": 4} | {
        key: 4 for key in rows[0] if key.startswith("after_")
    }
    assert len(rows) == 1


def test_without_rows_it_says_so(deployed: Cli) -> None:
    assert (
        deployed("churn", "germans", "--since", "1d", "--by", "day").out == "Nobody joined germans in this time.\n"
    )
