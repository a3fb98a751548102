"""What the demo warehouse tells: consistent stories, and segments that are neither empty nor everybody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from segctl.demo.tables import EVENTS, PROFILES
from segctl.demo.warehouse import write_warehouse

AS_OF = datetime(2026, 11, 1, tzinfo=UTC)
NOW = "TIMESTAMPTZ '2026-11-01 00:00:00+00'"
PLAYERS = 5_000
COUNTED = [table for table in EVENTS if table != "scores"]
AHEAD = {"time_out_until", "expires_at"}

SEGMENTS = {
    "lapsed German depositors who allow e-mail": f"""
        country = 'DE' AND allows_email AND last_login_at < {NOW} - INTERVAL 30 DAY
        AND player_id IN (SELECT player_id FROM payments WHERE kind = 'deposit' AND status = 'captured')""",
    "several deposits, gone for ten days, nothing left": f"""
        last_login_at < {NOW} - INTERVAL 10 DAY AND real_money_balance = 0
        AND player_id IN (SELECT player_id FROM payments WHERE kind = 'deposit' AND status = 'captured'
                          GROUP BY player_id HAVING count(*) > 1)""",
    "balance under 5 and female": "real_money_balance < 5 AND gender = 'female'",
    "a pending withdrawal now": """
        player_id IN (SELECT player_id FROM payments WHERE kind = 'withdrawal' AND status = 'pending')""",
    "deposited 500 in 30 days": f"""
        player_id IN (SELECT player_id FROM payments WHERE kind = 'deposit' AND status = 'captured'
                      AND occurred_at >= {NOW} - INTERVAL 30 DAY GROUP BY player_id HAVING sum(base_amount) >= 500)""",
    "favourite team": "favourite_team = 'Juventus'",
    "new players of seven days": f"registered_at >= {NOW} - INTERVAL 7 DAY",
    "likely to churn": """
        player_id IN (SELECT player_id FROM scores WHERE model = 'churn'
                      GROUP BY player_id HAVING arg_max(score, scored_at) > 0.7)""",
    "in a time out now": f"time_out_until > {NOW}",
    "self-excluded": "self_excluded",
    "won back": "retention_level = 'won_back'",
    "no country": "country IS NULL",
    "under age": f"date_of_birth > {NOW}::DATE - INTERVAL 18 YEAR",
}

CONTRADICTIONS = {
    "stake is real and bonus": "FROM bets WHERE stake <> stake_real + stake_bonus",
    "base stake is real and bonus": "FROM bets WHERE base_stake <> base_stake_real + base_stake_bonus",
    "a balance is real and bonus": """
        FROM players WHERE total_balance <> real_money_balance + bonus_money_balance
        OR base_total_balance <> base_real_money_balance + base_bonus_money_balance""",
    "euros are their own base": "FROM payments WHERE currency = 'EUR' AND amount <> base_amount",
    "casino bets have games, sports bets teams": """
        FROM bets WHERE (product = 'casino') <> (provider IS NOT NULL AND game IS NOT NULL)
        OR (product = 'sports') <> (team IS NOT NULL AND market IS NOT NULL AND tournament IS NOT NULL)""",
    "nobody bets before the first deposit": """
        FROM bets LEFT JOIN (SELECT player_id, min(occurred_at) AS first_at FROM payments
                             WHERE kind = 'deposit' AND status = 'captured' GROUP BY player_id) USING (player_id)
        WHERE first_at IS NULL OR occurred_at < first_at""",
    "nobody bets after the last session": """
        FROM bets JOIN players USING (player_id) WHERE occurred_at > last_activity_at""",
    "last login is the last session": """
        FROM players LEFT JOIN (SELECT player_id, max(occurred_at) AS latest FROM sessions GROUP BY player_id)
        USING (player_id) WHERE last_login_at IS DISTINCT FROM latest""",
    "currency is the player's": "FROM bets JOIN players USING (player_id) WHERE bets.currency <> players.currency",
    "scores have a number or a label": """
        FROM scores WHERE (model = 'next_best_action') <> (score IS NULL) OR (score IS NULL) = (label IS NULL)""",
    "self-excluded players have the event": """
        FROM players WHERE self_excluded <> (player_id IN
            (SELECT player_id FROM rg_events WHERE kind = 'self_exclusion'))""",
    "payments are known before they change": """
        FROM payments WHERE NOT (occurred_at <= ingested_at AND ingested_at <= updated_at)""",
    "profiles change with safer gambling": f"""
        FROM rg_events JOIN players USING (player_id) WHERE updated_at < least(occurred_at, {NOW})""",
    "postal codes are five digits": "FROM players WHERE NOT regexp_full_match(postal_code, '[0-9]{5}')",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    path: Path = tmp_path_factory.mktemp("demo") / "demo.duckdb"
    write_warehouse(path, players=PLAYERS, seed=1, as_of=AS_OF)
    with duckdb.connect(path, read_only=True) as connection:
        yield connection


def one(demo: duckdb.DuckDBPyConnection, query: str) -> Any:
    return demo.sql(query).fetchall()[0][0]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_everyday_segment_is_neither_empty_nor_everybody(demo: duckdb.DuckDBPyConnection, segment: str) -> None:
    members = one(demo, f"SELECT count(*) FROM players WHERE {SEGMENTS[segment]}")

    assert 0.001 <= members / PLAYERS <= 0.6


@pytest.mark.parametrize("rule", CONTRADICTIONS)
def test_rows_agree(demo: duckdb.DuckDBPyConnection, rule: str) -> None:
    assert one(demo, f"SELECT count(*) {CONTRADICTIONS[rule]}") == 0


def test_events_are_as_many_as_asked_for(demo: duckdb.DuckDBPyConnection) -> None:
    events = sum(one(demo, f"SELECT count(*) FROM {table}") for table in COUNTED)

    assert events == pytest.approx(PLAYERS * 50, rel=0.1)


@pytest.mark.parametrize("table", COUNTED)
def test_event_ids_count_up_in_time_order(demo: duckdb.DuckDBPyConnection, table: str) -> None:
    key = EVENTS[table].split()[0]
    rows, keys, sorted_rows = demo.sql(f"""
        SELECT count(*), count(DISTINCT {key}), count(*) FILTER ({key} = place AND {key} = rowid + 1)
        FROM (SELECT {key}, rowid, row_number() OVER (ORDER BY occurred_at, {key}) AS place FROM {table})""").fetchall()[0]

    assert rows == keys == sorted_rows


@pytest.mark.parametrize("table", [*EVENTS, "player_consents", "player_favourites"])
def test_rows_belong_to_players(demo: duckdb.DuckDBPyConnection, table: str) -> None:
    assert one(demo, f"SELECT count(*) FROM {table} ANTI JOIN players USING (player_id)") == 0


@pytest.mark.parametrize(
    ("table", "key"),
    [("players", "player_id"), ("player_consents", "player_id"), ("player_favourites", "(player_id, provider)")],
)
def test_profile_keys_are_unique(demo: duckdb.DuckDBPyConnection, table: str, key: str) -> None:
    assert one(demo, f"SELECT count(*) - count(DISTINCT {key}) FROM {table}") == 0


@pytest.mark.parametrize("table", PROFILES | EVENTS)
def test_nothing_lies_ahead_but_time_outs_and_expiries(demo: duckdb.DuckDBPyConnection, table: str) -> None:
    kinds = {name: str(kind) for name, kind, *_ in demo.sql(f"DESCRIBE {table}").fetchall()}
    moments = [name for name, kind in kinds.items() if "TIME ZONE" in kind and name not in AHEAD]
    late = [name for name in moments if one(demo, f"SELECT count(*) FROM {table} WHERE {name} > {NOW}")]

    assert late == []


def test_scores_are_several_some_old_and_not_for_everybody(demo: duckdb.DuckDBPyConnection) -> None:
    latest = (
        f"SELECT player_id, count(*) AS times, {NOW} - max(scored_at) AS age FROM scores GROUP BY player_id, model"
    )

    assert one(demo, f"SELECT max(times) FROM ({latest})") > 1
    assert one(demo, f"SELECT count(*) FROM ({latest}) WHERE age > INTERVAL 7 DAY") > 0
    assert one(demo, "SELECT count(*) FROM players ANTI JOIN scores USING (player_id)") > 0
    assert one(demo, "SELECT count(*) FROM scores WHERE model_version IS NULL OR top_reasons IS NULL") == 0


def test_few_players_make_most_of_the_turnover(demo: duckdb.DuckDBPyConnection) -> None:
    share = one(
        demo,
        """SELECT sum(staked) FILTER (tenth = 1) / sum(staked) FROM (
            SELECT sum(base_stake) AS staked, ntile(10) OVER (ORDER BY sum(base_stake) DESC) AS tenth
            FROM bets GROUP BY player_id)""",
    )

    assert share > 0.6
